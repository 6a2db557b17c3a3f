"""What follows when two insurers cover one liability, or more is asked later. Idempotent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from casework.outbox import after
from casework.steps import perform
from policies import services
from policies.facts import LossFact, SetContribution
from policies.models import Payout
from policies.selectors import contribution_of, payout_position
from policies.terms import COSTS

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("policies")


@after("policies.payout.register")
def divide_between_insurers(event: CaseEvent) -> None:
    """Two policies over one lift bear the loss by their sums insured, and the handler may say otherwise (art 56)."""
    payout = Payout.objects.select_related("policy").get(pk=event.case_id)
    if payout.contribution_note:
        return
    share, others = contribution_of(payout)
    if not others:
        return
    numbers = "、".join(p.number for p in others)
    why = _("事故时另有保单承保，按保险金额的比例") if share != 1 else _("事故时另有保单承保，但没有可以比较的保险金额，请经办人核对")
    facts = SetContribution(f"{share.numerator}/{share.denominator}", numbers, why)
    perform(payout, "set_contribution", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


@after("policies.payout.ask_other_policy")
def ask_the_other_insurer(event: CaseEvent) -> None:
    """The same people and losses go to the other insurer, whose clocks are its own."""
    payout = Payout.objects.select_related("policy", "parent", "incident").get(pk=event.case_id)
    policy_id = (event.record.facts or {})["policy_id"]
    if Payout.objects.filter(parent_id=payout.parent_id, policy_id=policy_id).exclude(state="withdrawn").exists():
        return
    lines = [LossFact(x.person, x.head, x.asked, x.estimate, x.basis) for x in payout_position(payout).lines if x.head not in COSTS]
    note = _("与 %(reference)s 同一责任") % {"reference": payout.reference}
    services.ask_again(payout, policy_id=policy_id, lines=lines, by=BY, happened_at=event.happened_at, note=note)


@after("policies.payout.request_further")
def open_the_further_request(event: CaseEvent) -> None:
    """Bills of later months are a request of their own: own first receipt, own one list, the same limits."""
    payout = Payout.objects.select_related("policy", "parent", "incident").get(pk=event.case_id)
    told = event.record.facts or {}
    note = _("%(reference)s 之后的第 %(number)s 次请求") % {"reference": payout.reference, "number": event.number}
    if Payout.objects.filter(parent_id=payout.parent_id, events__record__facts__note=note).exists():
        return
    lines = [LossFact(x["person"], x["head"], Decimal(x["asked"]), None, x.get("basis", "")) for x in told["lines"]]
    services.ask_again(payout, policy_id=payout.policy_id, lines=lines, by=BY, happened_at=event.happened_at, note=note)
