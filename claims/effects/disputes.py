"""From a claim to the lawsuits and mediations over it, and from their outcome back to the claim. Idempotent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.roles import Role
from casework.outbox import after
from casework.steps import perform
from casework.templatetags.tibao import zh_date
from claims import selectors
from claims.effects.payments import add_task
from claims.facts import Because, NotLiable, RecordCost, RecordJudgment, SettleByMediation, Sue
from claims.models import Claim, ClaimCost
from claims.terms import CostHead, Subject
from disputes import api as disputes
from legislation.money import ZERO
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")
RETRIED = ("liability_fixed", "victim_paid", "not_liable", "closed")
TO_COURT = ("open", "docs_missing", "assessed", "negotiating", "insurer_consent", "settled")
AT_THE_TABLE = ("negotiating", "insurer_consent")


def _facts(event: CaseEvent) -> dict[str, Any]:
    return event.record.facts or {}


def _claim_above(event: CaseEvent) -> Claim | None:
    """The claim over which this dispute is fought, fresh; None for a dispute over something else."""
    found: Claim | None = Claim.objects.filter(pk=event.case.parent_id or 0).first()
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _source(event: CaseEvent) -> str:
    return f"{event.case.reference}-{event.number}"


# -- down: a file for every lawsuit and mediation ---------------------------------------------------------------------


@after("claims.claim.sue")
def open_the_lawsuit(event: CaseEvent) -> None:
    """Court, hearings and judgment have a file of their own; one that lies open is gone on with."""
    claim, told = Claim.objects.get(pk=event.case_id), _facts(event)
    if any(d.kind == "litigation" and d.is_pending for d in disputes.of_case(claim.pk)):
        return
    facts = disputes.OpenLitigation(
        court=told["court"],
        number=told["number"],
        plaintiff=told["plaintiff"],
        defendant=told["defendant"] or selectors.carrier_name(claim.pk),
        side=told["side"],
        led_by=selectors.carried_as(claim.pk).value,
        cause=_("电梯事故人身损害赔偿纠纷"),
        claimed=Decimal(told["claimed"]) if told["claimed"] is not None else None,
        filed_on=_day(told["filed_on"]),
        served_on=_day(told["served_on"]),
        source=_source(event),
    )
    disputes.open_litigation(parent=claim, facts=facts, by=BY, happened_at=event.happened_at)


@after("claims.claim.mediate")
def open_the_mediation(event: CaseEvent) -> None:
    """The committee's sessions, agreement and the court's confirmation have a file of their own."""
    claim, told = Claim.objects.get(pk=event.case_id), _facts(event)
    if claim.parent is None:
        return
    person = claim.people[0]
    known = parties.ref(person["party_id"]) if person["party_id"] else None
    facts = disputes.OpenMediation(
        committee=told["committee"],
        mediator=told["mediator"],
        matter=_("%(day)s，%(lift)s发生事故，乙方%(harm)s，双方就赔偿数额发生争议。")
        % {
            "day": zh_date(claim.accident_at),
            "lift": claim.parent.title,
            "harm": _("受到人身损害") if claim.subject == Subject.INJURY else _("被困"),
        },
        first=disputes.DisputeParty(selectors.carrier_name(claim.pk), organisation_id=selectors.carrier_id(claim.pk)),
        second=disputes.DisputeParty(known.masked_name if known else person["name"], party_id=person["party_id"]),
        led_by=selectors.carried_as(claim.pk).value,
        applied_on=_day(told["applied_on"]),
        claimed=claim.amount,
        source=_source(event),
    )
    disputes.open_mediation(parent=claim, facts=facts, by=BY, happened_at=event.happened_at)


@after("claims.claim.record_victim_paid")
def end_what_was_performed(event: CaseEvent) -> None:
    """Whoever was paid in full has nothing left to enforce: the files that lie open below the claim end with it."""
    disputes.end_what_was_performed(case_id=event.case_id, by=BY, happened_at=event.happened_at, conclusion=_("受害人已全部获赔。"))


# -- up: what came out ------------------------------------------------------------------------------------------------


@after("disputes.litigation.take_effect", "disputes.litigation.settle_in_court")
def take_the_outcome(event: CaseEvent) -> None:
    """A judgment in force or a court settlement fixes the liability (解释四 14(1)), or says that there is none."""
    claim, suit = _claim_above(event), disputes.view(event.case_id)
    if claim is None or suit.effective_on is None or (claim.owed, claim.fixed_on) == (suit.amount, suit.effective_on):
        return
    if claim.state != "litigated":
        says = _("%(ref)s 的结果已生效，本案现在是“%(state)s”，请核对责任要不要改。") % {"ref": suit.reference, "state": claim.state_label}
        add_task(claim, "outcome_beside", says, Role.MANAGER_CLERK)
        return
    paper = f"{suit.number} {suit.document}".strip()[:60]
    if suit.outcome == disputes.Outcome.NOT_LIABLE:
        _do(claim, "record_not_liable", event, NotLiable(paper, suit.effective_on))
    else:
        verb = "record_court_settlement" if suit.outcome == disputes.Outcome.COURT_SETTLEMENT else "record_judgment"
        _do(claim, verb, event, RecordJudgment(suit.amount or ZERO, paper, suit.effective_on))


@after("disputes.litigation.withdraw")
def go_back_to_the_table(event: CaseEvent) -> None:
    """A lawsuit that ended without a judgment decided nothing: unless another one runs, the parties talk again."""
    claim = _claim_above(event)
    others = any(d.kind == "litigation" and d.is_pending for d in disputes.of_case(claim.pk)) if claim else False
    if claim is not None and claim.state == "litigated" and not others:
        _do(claim, "withdraw_suit", event, Because(_facts(event)["reason"]))


@after("disputes.litigation.reopen")
def go_back_to_court(event: CaseEvent) -> None:
    """A retrial reopens what was fixed; a lawsuit filed anew takes the claim from the table."""
    claim, told = _claim_above(event), _facts(event)
    if claim is None:
        return
    if claim.state in RETRIED:
        _do(claim, "retry_in_court", event, Because(told["reason"]))
    elif claim.state in TO_COURT:
        _do(claim, "sue", event, Sue(told["court"], told["number"], claim.plaintiff))


@after("disputes.mediation.agree")
def settle_what_was_agreed(event: CaseEvent) -> None:
    """An agreement before the committee is a settlement: it fixes the liability, and binds the insurer only if it consented."""
    claim, told, file = _claim_above(event), _facts(event), disputes.view(event.case_id)
    if claim is None:
        return
    if claim.state in AT_THE_TABLE:
        signed_on = date.fromisoformat(told["signed_on"])
        _do(claim, "settle_by_mediation", event, SettleByMediation(Decimal(told["amount"]), signed_on, told["terms"], file.forum))
    elif claim.state != "settled" and (claim.owed is None or claim.owed != Decimal(told["amount"])):
        says = _("%(ref)s 达成调解协议，本案现在是“%(state)s”，请核对责任要不要改。") % {"ref": file.reference, "state": claim.state_label}
        add_task(claim, "outcome_beside", says, Role.MANAGER_CLERK)


@after("disputes.litigation.record_cost")
def count_the_cost(event: CaseEvent) -> None:
    """What the lawsuit cost is the insurer's beside the limit, unless agreed otherwise (保险法 66)."""
    claim, told, source = _claim_above(event), _facts(event), str(event.id)
    if claim is None or (claim.is_ended and claim.state != "closed") or ClaimCost.objects.filter(source=source).exists():
        return
    facts = RecordCost(
        CostHead.LITIGATION.value,
        Decimal(told["amount"]),
        date.fromisoformat(told["paid_on"]),
        told["voucher"],
        told["note"] or event.case.reference,
        source,
    )
    if not claim.costs.filter(head=facts.head, voucher=facts.voucher.strip()).exists():
        _do(claim, "record_cost", event, facts)


def _do(claim: Claim, verb: str, event: CaseEvent, facts: object) -> None:
    perform(claim, verb, by=BY, happened_at=event.happened_at, seen=None, facts=facts)
