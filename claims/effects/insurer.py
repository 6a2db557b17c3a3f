"""What the use-manager's claim tells the insurer, and what the insurer's answer means for the claim. Idempotent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.roles import CaseRole
from casework.models import Case, CaseOrganisation
from casework.outbox import after
from casework.steps import perform
from claims import services
from claims.facts import AnswerConsent
from claims.models import Claim, VictimPayment
from claims.terms import Payer, Subject
from policies import api as policies

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")
FIXING = (
    "claims.claim.fix_liability",
    "claims.claim.confirm_entrapment",
    "claims.claim.record_judgment",
    "claims.claim.record_court_settlement",
)


def _open_payouts(claim_id: int) -> list[policies.PayoutView]:
    """The payouts of a claim that can still be told something: the newest of each insurer that was asked."""
    found = {p.policy_id: p for p in policies.payouts_of(claim_id=claim_id) if not p.is_ended and p.state != "paid"}
    return list(found.values())


def _open_payout(claim_id: int) -> policies.PayoutView | None:
    """The newest of them."""
    found = _open_payouts(claim_id)
    return found[-1] if found else None


@after("claims.claim.confirm_entrapment")
def ask_for_the_entrapment_money(event: CaseEvent) -> None:
    """Confirmed entrapment money is asked of the insurer at once: nobody retypes it."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.policy_id is not None and claim.payout_asked_at is None and claim.state == "liability_fixed":
        perform(claim, "request_payout", by=BY, happened_at=event.happened_at, seen=None)


@after("claims.claim.request_payout")
def open_the_payout(event: CaseEvent) -> None:
    """The request carries people and losses as they are known; what was paid and fixed before follows at once."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.policy_id is None or claim.parent_id is None or policies.payouts_of(claim_id=claim.pk):
        return
    policies.open_payout(
        claim_case=claim,
        policy_id=claim.policy_id,
        incident_id=claim.parent_id,
        people=services.people_of(claim),
        lines=services.losses_of(claim),
        requested_by=_asks(claim),
        by=BY,
        happened_at=event.happened_at,
        is_complete=claim.subject == Subject.ENTRAPMENT,
    )
    if claim.owed is not None:
        _tell_fixed(claim, event)
    for payment in claim.victim_payments.filter(payer=Payer.MANAGER).order_by("pk"):
        _tell_paid(claim, payment, event)


def _asks(claim: Case) -> int:
    """The use-manager asks; where there is none, the office that carries the claim."""
    for part in (CaseRole.USE_MANAGER, CaseRole.STREET_OFFICE):
        row = CaseOrganisation.objects.filter(case_id=claim.pk, role=part).order_by("pk").first()
        if row is not None:
            return row.organisation_id
    return claim.organisation_ids[0]


@after(*FIXING)
def tell_that_liability_is_fixed(event: CaseEvent) -> None:
    """The two years of the insurance claim run from this day (解释四 18)."""
    _tell_fixed(Claim.objects.get(pk=event.case_id), event)


def _tell_fixed(claim: Claim, event: CaseEvent) -> None:
    if claim.owed is None or claim.fixed_on is None:
        return
    for payout in _open_payouts(claim.pk):
        policies.record_liability_fixed(
            payout_id=payout.id,
            fixed_by=claim.fixed_by,
            fixed_on=claim.fixed_on,
            amount=claim.owed,
            person=claim.people[0]["key"],
            document=claim.court_number,
            by=BY,
            happened_at=event.happened_at,
        )


@after("claims.claim.assess", "claims.claim.revise_assessment", "claims.claim.record_estimate", "claims.claim.record_cost")
def tell_the_loss(event: CaseEvent) -> None:
    """A new worksheet or estimate is what the insurer reserves for."""
    _tell_loss(Claim.objects.get(pk=event.case_id), event)


def _tell_loss(claim: Claim, event: CaseEvent) -> None:
    lines = services.losses_of(claim)
    for payout in _open_payouts(claim.pk):
        if not lines or payout.state == "agreed" or payout.is_further:
            continue  # a further request is about its own bills
        policies.revise_loss(
            payout_id=payout.id,
            people=services.people_of(claim),
            lines=lines,
            by=BY,
            happened_at=event.happened_at,
            why=(event.record.facts or {}).get("reason", ""),
        )


@after("claims.claim.record_payment", "claims.claim.prove_payment")
def tell_what_was_paid(event: CaseEvent) -> None:
    """What the manager proved to have paid, less what it got back, is what the insurer may return to it (保险法 65(3))."""
    payment = VictimPayment.objects.filter(event_id=event.id, payer=Payer.MANAGER).first()
    if payment is not None:
        _tell_paid(Claim.objects.get(pk=event.case_id), payment, event)


def _tell_paid(claim: Claim, payment: VictimPayment, event: CaseEvent) -> None:
    # The hospital's refund may carry the number of the payment: the insurer must not take it for the same proof.
    proof = payment.voucher if payment.amount > 0 else _("%(voucher)s 退款") % {"voucher": payment.voucher}
    for payout in _open_payouts(claim.pk):
        policies.record_victim_payment(
            payout_id=payout.id,
            person=payment.person_key or claim.people[0]["key"],
            amount=payment.amount,
            paid_on=payment.paid_on,
            proof=proof,
            by=BY,
            happened_at=event.happened_at,
        )


@after("claims.claim.identify")
def tell_the_account(event: CaseEvent) -> None:
    """An account that is known now is what the payout waited for."""
    facts = event.record.facts or {}
    for payout in _open_payouts(event.case_id) if facts.get("account_id") else ():
        policies.name_account(
            payout_id=payout.id,
            person=facts["key"],
            account_id=facts["account_id"],
            masked=facts["account"],
            by=BY,
            happened_at=event.happened_at,
        )


@after("claims.claim.ask_consent")
def put_the_draft_before_the_insurer(event: CaseEvent) -> None:
    """The payout is opened first where nobody asked for it yet: the insurer answers there."""
    claim, facts = Claim.objects.get(pk=event.case_id), event.record.facts or {}
    if claim.state != "insurer_consent":
        return
    if _open_payout(claim.pk) is None and claim.payout_asked_at is None:
        open_the_payout(perform(claim, "request_payout", by=BY, happened_at=event.happened_at, seen=None))
    payout = _open_payout(claim.pk)
    if payout is not None:
        policies.ask_settlement_consent(
            payout_id=payout.id,
            amount=Decimal(facts["amount"]),
            person=claim.people[0]["key"],
            draft=facts["draft"],
            by=BY,
            happened_at=event.happened_at,
        )


@after("policies.payout.reopen", "policies.payout.reopen_for_bounce")
def tell_again_what_came_meanwhile(event: CaseEvent) -> None:
    """A payout that was paid or ended heard nothing; opened again it learns the loss, the fixing and the proofs of meanwhile."""
    claim = Claim.objects.filter(pk=event.case.parent_id).first()
    if claim is None:
        return
    _tell_loss(claim, event)
    if claim.owed is not None:
        _tell_fixed(claim, event)
    for payment in claim.victim_payments.filter(payer=Payer.MANAGER).order_by("pk"):
        _tell_paid(claim, payment, event)


@after("policies.payout.answer_consent")
def take_the_answer(event: CaseEvent) -> None:
    """The insurer's word opens the way to the settlement, or back to the table."""
    claim, facts = event.case.parent, event.record.facts or {}
    if claim is not None and claim.kind == "claim" and claim.state == "insurer_consent":
        answer = AnswerConsent(bool(facts["consents"]), facts.get("reason", ""))
        perform(claim, "record_consent", by=BY, happened_at=event.happened_at, seen=None, facts=answer)
