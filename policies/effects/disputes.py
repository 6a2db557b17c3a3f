"""What lawsuits below a payout mean for it, and what its own objections give rise to. Idempotent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.roles import CaseRole, Role
from casework.models import Task
from casework.outbox import after
from casework.steps import perform, today
from disputes import api as disputes
from policies.facts import RecordAward
from policies.models import Payout
from policies.terms import Suspicion

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("policies")


@after("policies.payout.record_suit")
def open_the_litigation_file(event: CaseEvent) -> None:
    """The insurer answers in court; until the file is over the payout cannot be closed."""
    told = event.record.facts or {}
    disputes.open_litigation(
        parent=Payout.objects.get(pk=event.case_id),
        facts=disputes.OpenLitigation(
            court=told["court"],
            number=told["number"],
            plaintiff=told["plaintiff"],
            defendant=told["defendant"],
            led_by=CaseRole.INSURER.value,
            cause=_("责任保险合同纠纷"),
            claimed=Decimal(told["claimed"]) if told.get("claimed") else None,
            filed_on=date.fromisoformat(told["filed_on"]),
            source=str(event.id),
        ),
        by=BY,
        happened_at=event.happened_at,
    )


@after("disputes.litigation.take_effect", "disputes.litigation.settle_in_court")
def take_the_judgment(event: CaseEvent) -> None:
    """A judgment in force binds the next decision: what it grants is decided anew, what it denies is upheld."""
    payout = Payout.objects.filter(pk=event.case.parent_id).first()
    if payout is None or payout.state != "disputed":
        return
    suit = disputes.view(event.case_id)
    told = RecordAward(
        suit.forum, suit.document or suit.number, suit.effective_on or today(event.happened_at), suit.amount or Decimal("0.00")
    )
    perform(payout, "record_award", by=BY, happened_at=event.happened_at, seen=None, facts=told)


@after("policies.payout.settle")
def end_what_was_performed(event: CaseEvent) -> None:
    """What the judgment ordered is paid: nothing is left to enforce."""
    disputes.end_what_was_performed(case_id=event.case_id, by=BY, happened_at=event.happened_at, conclusion=_("保险人已按裁判付清"))


@after("policies.payout.refer_suspicion")
def ask_for_a_second_look(event: CaseEvent) -> None:
    """A suspicion is somebody's task and nobody's verdict: clocks run on, nothing is refused by it (art 27)."""
    payout = Payout.objects.select_related("policy").get(pk=event.case_id)
    if payout.suspicion == Suspicion.REFERRED:
        says = _("有可疑之处移送核查：%(reason)s") % {"reason": payout.suspicion_reason}
        _task(payout, "suspicion", says, Role.INSURER_APPROVER)


@after("policies.payout.conclude_suspicion")
def take_the_task_away(event: CaseEvent) -> None:
    Task.objects.filter(case_id=event.case_id, code="suspicion", done_at=None).update(done_at=event.happened_at)


def _task(payout: Payout, code: str, says: str, role: Role) -> None:
    Task.objects.get_or_create(
        case_id=payout.pk,
        code=code,
        organisation_id=payout.policy.insurer_id,
        done_at=None,
        defaults={"role": role.value, "says": says[:300], "due_at": None},
    )
