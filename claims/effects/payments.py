"""Orders to pay, proofs of payment, what is left to recover, and the claim that completes itself. Idempotent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.models import Organisation
from access.roles import CaseRole, Role
from casework.models import Case, CaseOrganisation, Deadline, Task
from casework.outbox import after
from casework.steps import perform
from claims import movements
from claims.facts import FixLiability, PaidAdvance, RecordPayment, ReturnedAdvance
from claims.models import Advance, Claim, VictimPayment
from claims.terms import FixedBy, Payer
from ledger import api as ledger
from legislation.money import ZERO
from recovery import api as recovery

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")
REFUND, CONFIRM = "refund", "confirm_emergency"


def _facts(event: CaseEvent) -> dict[str, Any]:
    return event.record.facts or {}


# -- advances ---------------------------------------------------------------------------------------------------------


@after("claims.advance.approve", "claims.advance.approve_in_emergency")
def order_the_advance(event: CaseEvent) -> None:
    """An approved advance is money to be paid: the cashier finds the order at once."""
    advance = Advance.objects.get(pk=event.case_id)
    if advance.state != "approved" or any(not o.is_gone for o in ledger.orders_of([advance.pk])):
        return
    ledger.open_payment_order(
        parent=advance,
        purpose=ledger.Purpose.ADVANCE,
        payer_organisation_id=advance.payer_organisation_id,
        payee=ledger.Payee(advance.payee_name, advance.account, advance.account_id, advance.bank),
        amount=advance.approved_amount,
        moves=[_to_injured(advance.payer_organisation_id, advance.parent_id)],
        by=BY,
        happened_at=event.happened_at,
        parts=[(advance.payer_organisation_id, CaseRole.USE_MANAGER)],
        note=advance.purpose,
    )


def _to_injured(payer_organisation_id: int, claim_id: int | None) -> ledger.Leg:
    return ledger.Leg(ledger.paid_by(payer_organisation_id), movements.received(claim_id or 0))


@after("ledger.payment_order.mark_paid")
def take_the_proof(event: CaseEvent) -> None:
    """The bank's voucher proves a payment: an advance, or money to the injured from the manager or from the insurer."""
    parent = event.case.parent
    if parent is None:
        return
    paid = _facts(event)
    if parent.kind == "advance" and parent.state == "approved":
        facts = PaidAdvance(event.case_id, paid["voucher_number"], date.fromisoformat(paid["paid_on"]))
        perform(parent, "record_paid", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
    elif parent.kind == "claim":
        _prove(parent, event.case, Payer.MANAGER, event.case.amount or ZERO, event)
    elif parent.kind == "payout" and parent.parent is not None and parent.parent.kind == "claim":
        order = next(o for o in ledger.orders_of([parent.pk]) if o.id == event.case_id)
        if movements.received(parent.parent.pk) in order.into:  # what the insurer gives back to the insured, the injured never saw
            _prove(parent.parent, event.case, Payer.INSURER, order.amount, event)


@after("ledger.payment_order.return_", "ledger.payment_order.cancel")
def take_the_advance_back(event: CaseEvent) -> None:
    """What did not arrive is proposed again with another account, or withdrawn."""
    parent = event.case.parent
    if parent is not None and parent.kind == "advance" and parent.state == "approved":
        facts = ReturnedAdvance(event.case_id, _facts(event).get("reason", ""))
        perform(parent, "record_returned", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


def _prove(claim: Case, source: Case, payer: Payer, amount: Decimal, event: CaseEvent, key: str = "") -> None:
    """Record on the claim what the injured received; each source counts once."""
    paid = _facts(event)
    if amount <= 0 or VictimPayment.objects.filter(source_case_id=source.pk, amount__gt=0).exists():
        return
    facts = RecordPayment(
        payer.value, amount, date.fromisoformat(paid["paid_on"]), paid.get("voucher_number") or paid["voucher"], key, source.pk
    )
    perform(claim, "record_payment", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


@after("claims.advance.record_paid")
def count_the_advance(event: CaseEvent) -> None:
    """An advance counts towards what the injured is owed, and opens the payer's recovery file of the incident."""
    advance = Advance.objects.select_related("parent").get(pk=event.case_id)
    claim = advance.parent
    _prove(claim, advance, Payer.MANAGER, advance.approved_amount or ZERO, event, advance.person_key)
    if claim is not None and claim.parent_id:
        recovery.record_payment(
            incident_id=claim.parent_id,
            payer_organisation_id=advance.payer_organisation_id,
            source_case_id=advance.pk,
            amount=advance.approved_amount or ZERO,
            paid_on=advance.paid_on,
            by=BY,
            happened_at=event.happened_at,
        )


@after("claims.advance.record_refund")
def count_the_refund(event: CaseEvent) -> None:
    """What the hospital gave back was not received by the injured, and need not be recovered."""
    advance = Advance.objects.select_related("parent").get(pk=event.case_id)
    paid = _facts(event)
    amount, received_on = Decimal(paid["amount"]), date.fromisoformat(paid["received_on"])
    facts = RecordPayment(Payer.MANAGER.value, -amount, received_on, paid["voucher"], advance.person_key, advance.pk)
    counted = VictimPayment.objects.filter(source_case_id=advance.pk, amount=-amount, voucher=paid["voucher"], paid_on=received_on)
    if not counted.exists():
        perform(advance.parent, "record_payment", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
    if advance.parent.parent_id:
        recovery.record_reimbursement(
            incident_id=advance.parent.parent_id,
            payer_organisation_id=advance.payer_organisation_id,
            source_case_id=event.case_id,
            amount=amount,
            paid_on=received_on,
            by=BY,
            happened_at=event.happened_at,
            source_number=event.number,
        )


@after("claims.advance.approve_in_emergency")
def ask_the_second_person(event: CaseEvent) -> None:
    """The money goes out at once and ends the advance; what waits for the second person stays in their list until done."""
    due_at = Deadline.objects.filter(case_id=event.case_id, rule="emergency_confirmation").values_list("due_at", flat=True).first()
    says = _("%(ref)s 紧急垫付，等补充确认") % {"ref": event.case.reference}
    add_task(event.case, CONFIRM, says, Role.MANAGER_APPROVER, due_at=due_at)


@after("claims.advance.confirm_emergency", "claims.advance.object_to_emergency", "claims.advance.amend")
def the_second_person_has_looked(event: CaseEvent) -> None:
    _done(event.case, CONFIRM, event)


@after("claims.advance.object_to_emergency")
def look_into_the_emergency(event: CaseEvent) -> None:
    """An emergency that the second person does not share is settled inside the organisation, never with the injured."""
    add_task(event.case, "emergency_objected", _("紧急垫付有异议：%(why)s") % {"why": _facts(event)["reason"]}, Role.MANAGER_APPROVER)


# -- the claim --------------------------------------------------------------------------------------------------------


@after("claims.claim.settle", "claims.claim.settle_at_own_risk", "claims.claim.settle_by_mediation")
def fix_what_was_settled(event: CaseEvent) -> None:
    """A signed agreement fixes the liability (解释四 14(2))."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.state != "settled":
        return
    facts = FixLiability(claim.settled_amount or ZERO, FixedBy.AGREEMENT.value, claim.settled_on)
    perform(claim, "fix_liability", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


@after("claims.claim.order_payment")
def order_the_payment(event: CaseEvent) -> None:
    """What the use-manager itself pays to the injured goes the same way as every payment: an order, released by a third person."""
    facts, claim = _facts(event), Claim.objects.get(pk=event.case_id)
    payer, note = _manager_of(claim), f"{claim.reference}-{event.number}"
    if payer is None or any(order.note == note for order in ledger.orders_of([claim.pk])):
        return
    ledger.open_payment_order(
        parent=claim,
        purpose=ledger.Purpose.SETTLEMENT,
        payer_organisation_id=payer,
        payee=ledger.Payee(facts["payee_name"], facts["account"], facts["account_id"], facts["bank"]),
        amount=Decimal(facts["amount"]),
        moves=[_to_injured(payer, claim.pk)],
        by=BY,
        happened_at=event.happened_at,
        parts=[(payer, CaseRole.USE_MANAGER)],
        note=note,
    )


def _manager_of(claim: Case) -> int | None:
    rows = CaseOrganisation.objects.filter(case_id=claim.pk, role=CaseRole.USE_MANAGER)
    return rows.order_by("pk").values_list("organisation_id", flat=True).first()


@after(
    "claims.claim.record_payment",
    "claims.claim.prove_payment",
    "claims.claim.fix_liability",
    "claims.claim.confirm_entrapment",
    "claims.claim.record_judgment",
    "claims.claim.record_court_settlement",
    "claims.claim.record_not_liable",
)
def see_whether_all_is_paid(event: CaseEvent) -> None:
    """Proofs that reach what is owed complete the claim by themselves; what is paid above it is asked back, never barred."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.excess == 0:
        _done(claim, REFUND, event)
    else:
        add_task(
            claim,
            REFUND,
            _("受害人多收 %(amount)s 元，请商量退还或者写明不退的理由。") % {"amount": f"{claim.excess:,.2f}"},
            Role.MANAGER_CLERK,
        )
    if claim.state == "liability_fixed" and claim.owed is not None and claim.proven >= claim.owed:
        perform(claim, "record_victim_paid", by=BY, happened_at=event.happened_at, seen=None)


@after("claims.claim.withdraw", "claims.claim.mark_duplicate", "claims.claim.decide_not_covered")
def look_at_the_payout(event: CaseEvent) -> None:
    """A claim that was left with a payout still open: whether the request is withdrawn too is a person's decision."""
    for payout in Case.objects.filter(parent_id=event.case_id, kind="payout", closed_at=None):
        says = _("理赔已%(state)s，赔付案 %(ref)s 还在办，请决定要不要撤回请求") % {
            "state": event.case.state_label,
            "ref": payout.reference,
        }
        add_task(event.case, "payout_open", says, Role.MANAGER_CLERK)


def add_task(case: Case, code: str, says: str, role: Role, *, due_at: datetime | None = None) -> None:
    """Put something to do on the desk of whoever carries the claim; the same code stands once."""
    organisation = _manager_of(case) or next(iter(case.organisation_ids), None)
    if organisation is None or not Organisation.objects.filter(pk=organisation).exists():
        return
    Task.objects.update_or_create(
        case_id=case.pk,
        code=code,
        organisation_id=organisation,
        done_at=None,
        defaults={"says": says[:300], "role": role, "due_at": due_at},
    )


def _done(case: Case, code: str, event: CaseEvent) -> None:
    """What was to be done came about by itself."""
    open_ones = Task.objects.filter(case_id=case.pk, code=code, done_at=None)
    open_ones.update(done_at=event.recorded_at, outcome=_("系统：已办"))
