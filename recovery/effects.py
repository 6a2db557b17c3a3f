"""What follows from the steps of a recovery: the account reckoned anew, files of targets and lawsuits, money handed over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.models import Organisation
from access.roles import CaseRole
from casework.models import Case, Task
from casework.outbox import after
from casework.steps import perform, today
from disputes import api as disputes
from legislation.money import ZERO
from recovery import selectors, services
from recovery.facts import Because, PartyAmount, Receive, RecordOutcome
from recovery.models import Receipt, RecoveryFile, RecoveryTarget
from recovery.terms import Basis

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")


def _facts(event: CaseEvent) -> dict[str, Any]:
    return event.record.facts or {}


@after(
    "recovery.recovery_file.record_shares",
    "recovery.recovery_file.hand_over",
    "recovery.recovery_file.receive",
    "recovery.recovery_file.confirm_write_off",
    "recovery.recovery_file.reopen",
    "recovery.recovery_target.name_target",
    "recovery.recovery_target.decide_referral",
    "recovery.recovery_target.collect",
    "recovery.recovery_target.refund",
    "recovery.recovery_target.declare_insolvent",
    "recovery.recovery_target.lift_insolvency",
    "recovery.recovery_target.approve_settlement",
    "recovery.recovery_target.approve_write_off",
    "recovery.recovery_target.record_judgment",
    "recovery.recovery_target.record_court_settlement",
    "recovery.recovery_target.record_dismissal",
    "recovery.recovery_target.resume_talks",
    "recovery.recovery_target.close",
    "recovery.recovery_target.reopen",
)
def reckon_anew(event: CaseEvent) -> None:
    """Whatever changes the account changes what everybody in it owes."""
    services.reckon(event.case.lineage[0], by=BY, happened_at=event.happened_at)


@after("recovery.recovery_file.name_party")
def open_the_claim_against(event: CaseEvent) -> None:
    """A party somebody named by hand, before anybody said who bears what."""
    file: RecoveryFile = RecoveryFile.objects.get(pk=event.case_id)
    facts = _facts(event)
    if selectors.targets_of(file.pk).filter(name=facts["name"].strip()).exists():
        return
    party = services.next_party(file.parent_id or 0, facts["capacity"])
    line = {"party": party, "capacity": facts["capacity"], "name": facts["name"].strip(), "organisation_id": None}
    services.name_target(file, line, by=BY, happened_at=event.happened_at)


@after("recovery.recovery_file.hand_over")
def give_to_the_insurer(event: CaseEvent) -> None:
    """What was handed over counts as collected by the insurer, from the same parties."""
    rows = Receipt.objects.filter(event_id=event.id)
    source = str(event.id)
    insurer = selectors.files_of(event.case.parent_id or 0).filter(basis=Basis.SUBROGATION).order_by("-paid", "pk").first()
    if insurer is None or insurer.events.filter(verb="receive", record__facts__source_event=source).exists():
        return
    if insurer.is_ended:
        perform(insurer, "take_up", by=BY, happened_at=event.happened_at, seen=None)
    facts = Receive(
        source,
        tuple(PartyAmount(row.party, -row.amount) for row in rows),
        date.fromisoformat(_facts(event)["paid_on"]),
        _facts(event)["voucher_number"],
    )
    perform(insurer, "receive", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


# -- the court ----------------------------------------------------------------------------------------------------------


@after("recovery.recovery_target.sue")
def open_the_lawsuit(event: CaseEvent) -> None:
    """The lawsuit has a file of its own; its outcome comes back here."""
    target, facts = RecoveryTarget.objects.get(pk=event.case_id), _facts(event)
    file = RecoveryFile.objects.select_related("payer_organisation").get(pk=target.parent_id)
    part = CaseRole.INSURER if file.basis == Basis.SUBROGATION else CaseRole.USE_MANAGER
    disputes.open_litigation(
        parent=target,
        facts=disputes.OpenLitigation(
            court=facts["court"],
            number=facts["number"],
            plaintiff=file.payer_organisation.name,
            defendant=target.name,
            side=disputes.Side.PLAINTIFF.value,
            led_by=part.value,
            cause=_("追偿权纠纷") if file.basis == Basis.RECOURSE else _("保险人代位求偿权纠纷"),
            claimed=Decimal(facts["claimed"]),
            filed_on=date.fromisoformat(facts["filed_on"]),
            source=str(event.id),
        ),
        by=BY,
        happened_at=event.happened_at,
    )


def _target_of(event: CaseEvent) -> RecoveryTarget | None:
    parent = event.case.parent
    return RecoveryTarget.objects.get(pk=parent.pk) if parent is not None and parent.kind == "recovery_target" else None


@after("disputes.litigation.take_effect", "disputes.litigation.settle_in_court")
def take_the_outcome(event: CaseEvent) -> None:
    """A judgment in force or a court settlement says what the target owes."""
    target = _target_of(event)
    if target is None or target.state != "sued":
        return
    suit = disputes.view(event.case_id)
    amount = suit.amount or ZERO
    verb = "record_court_settlement" if event.verb == "settle_in_court" else "record_judgment" if amount else "record_dismissal"
    facts = RecordOutcome(amount, suit.document or suit.number, suit.effective_on or today(event.happened_at))
    perform(target, verb, by=BY, happened_at=event.happened_at, seen=None, facts=facts)
    if amount > target.claimed:
        says = _("裁判确定 %(judged)s 元，高于按现有份额算出的 %(claimed)s 元：请按裁判登记责任份额") % {
            "judged": f"{amount:,.2f}",
            "claimed": f"{target.claimed:,.2f}",
        }
        _task(target, "judged_above_share", says)


@after("disputes.litigation.withdraw", "disputes.litigation.reopen")
def talk_again(event: CaseEvent) -> None:
    target = _target_of(event)
    if target is not None and target.state in ("sued", "judged", "settled", "dismissed"):
        says = (_facts(event).get("reason") or _("诉讼未经判决结束"))[:300]
        perform(target, "resume_talks", by=BY, happened_at=event.happened_at, seen=None, facts=Because(says))


@after("recovery.recovery_target.collect", "recovery.recovery_target.record_dismissal")
def end_the_lawsuit(event: CaseEvent) -> None:
    """What was judged and paid needs nobody to close the lawsuit's file."""
    target = RecoveryTarget.objects.get(pk=event.case_id)
    if target.state in ("judged", "settled", "dismissed") and target.amount == ZERO:
        disputes.end_what_was_performed(case_id=target.pk, by=BY, happened_at=event.happened_at, conclusion=_("已履行"))


@after("recovery.recovery_target.accept", "recovery.recovery_target.contest")
def tell_the_desk(event: CaseEvent) -> None:
    """What somebody answered by their link is somebody's work here."""
    if event.actor_organisation_id is None and not event.actor_is_system:
        target = RecoveryTarget.objects.get(pk=event.case_id)
        verb = _("承认") if event.verb == "accept" else _("提出异议")
        _task(target, "answered", _("%(name)s 通过链接%(verb)s，请看答复") % {"name": target.name, "verb": verb})


def _task(target: RecoveryTarget, code: str, says: str) -> None:
    file = RecoveryFile.objects.get(pk=target.parent_id)
    role = "insurer_handler" if file.basis == Basis.SUBROGATION else "manager_clerk"
    if Organisation.objects.filter(pk=file.payer_organisation_id).exists():
        Task.objects.update_or_create(
            case_id=Case.objects.get(pk=target.pk).pk,
            code=code,
            organisation_id=file.payer_organisation_id,
            done_at=None,
            defaults={"says": says[:300], "role": role, "due_at": None},
        )
