"""Orders to pay, proofs of payment, what is left to recover, and the claim that completes itself. Idempotent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
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
from claims.terms import FixedBy, Payer, Word
from ledger import api as ledger
from legislation.money import ZERO
from policies import api as policies
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


@after("ledger.payment_order.bounce")
def take_the_proof_back(event: CaseEvent) -> None:
    """A payment that the bank gave back never reached anybody: advance, proof and what is owed go back to before it."""
    parent = event.case.parent
    if parent is None:
        return
    if parent.kind == "advance" and parent.state == "paid":
        facts = ReturnedAdvance(event.case_id, _facts(event).get("reason", ""))
        perform(parent, "record_bounced", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
        advance = Advance.objects.get(pk=parent.pk)
        _unprove(advance.parent, event)
        if advance.parent is not None and advance.parent.parent_id:
            _never_paid(advance.parent, advance.payer_organisation_id, event)
    elif parent.kind in ("claim", "payout"):
        _unprove(parent if parent.kind == "claim" else parent.parent, event)
        manager = _manager_of(parent)
        if parent.kind == "claim" and parent.parent_id and manager is not None:
            _never_paid(parent, manager, event)


def _never_paid(claim: Case, payer_organisation_id: int, event: CaseEvent) -> None:
    """What bounced cannot be claimed back from anybody."""
    recovery.record_return(
        incident_id=claim.parent_id or 0,
        payer_organisation_id=payer_organisation_id,
        source_case_id=event.case_id,
        amount=event.case.amount or ZERO,
        paid_on=date.fromisoformat(_facts(event)["bounced_on"]),
        by=BY,
        happened_at=event.happened_at,
        source_number=event.number,
        claim_id=claim.pk,
    )


def _unprove(claim: Case | None, event: CaseEvent) -> None:
    """Take back what this order had proven; nothing where it had proven nothing, or was taken back before."""
    if claim is None or claim.kind != "claim":
        return
    counted = VictimPayment.objects.filter(claim_id=claim.pk, source_case_id__in=(event.case_id, event.case.parent_id))
    proven = counted.filter(amount__gt=0).order_by("-pk").first()
    if proven is None or VictimPayment.objects.filter(source_case_id=event.case_id, amount__lt=0).exists():
        return
    told = _facts(event)
    facts = RecordPayment(
        proven.payer,
        -(event.case.amount or ZERO),
        date.fromisoformat(told["bounced_on"]),
        told["bank_number"],
        proven.person_key,
        event.case_id,
    )
    perform(claim, "record_payment", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
    fresh = Claim.objects.get(pk=claim.pk)
    if fresh.state in ("victim_paid", "closed") and fresh.owed is not None and fresh.proven < fresh.owed:
        perform(fresh, "reopen_for_bounce", by=BY, happened_at=event.happened_at, seen=None)


def _prove(claim: Case | None, source: Case, payer: Payer, amount: Decimal, event: CaseEvent, key: str = "") -> None:
    """Record on the claim what the injured received; each source counts once."""
    paid = _facts(event)
    if amount <= 0 or claim is None or VictimPayment.objects.filter(source_case_id=source.pk, amount__gt=0).exists():
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
    # The order is the source: an advance whose first order bounced is paid, and counts, a second time.
    order = Case.objects.get(pk=_facts(event)["order_id"])
    _prove(claim, order, Payer.MANAGER, advance.approved_amount or ZERO, event, advance.person_key)
    if claim is not None and claim.parent_id:
        recovery.record_payment(
            incident_id=claim.parent_id,
            payer_organisation_id=advance.payer_organisation_id,
            source_case_id=order.pk,
            amount=advance.approved_amount or ZERO,
            paid_on=advance.paid_on,
            by=BY,
            happened_at=event.happened_at,
            claim_id=claim.pk,
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
        recovery.record_return(
            incident_id=advance.parent.parent_id,
            payer_organisation_id=advance.payer_organisation_id,
            source_case_id=event.case_id,
            amount=amount,
            paid_on=received_on,
            by=BY,
            happened_at=event.happened_at,
            source_number=event.number,
            claim_id=advance.parent_id or 0,
        )


@after("claims.advance.record_refund")
def ask_back_for_the_insurer(event: CaseEvent) -> None:
    """Money that came back after the insurer had made it good is the insurer's: a task on either side until it is returned."""
    claim = Claim.objects.get(pk=event.case.parent_id)
    orders = ledger.orders_of([p.id for p in policies.payouts_of(claim_id=claim.pk)])
    made_good = [o for o in orders if o.state == "paid" and movements.received(claim.pk) not in o.into]
    own = claim.victim_payments.filter(payer=Payer.MANAGER).aggregate(sum=Sum("amount"))["sum"] or ZERO
    excess = sum((o.amount for o in made_good), ZERO) - own
    if not made_good or excess <= 0:
        return
    amount = f"{excess:,.2f}"
    add_task(
        claim,
        "return_to_insurer",
        _("%(ref)s 收到退款，保险人已经归还过这笔垫款，其中 %(amount)s 元要退还保险人") % {"ref": event.case.reference, "amount": amount},
        Role.MANAGER_CLERK,
    )
    payout, insurer = made_good[-1].parent_id, made_good[-1].payer_organisation_id
    says = _("医院退款以后，已归还的垫款多出 %(amount)s 元，请向使用管理人收回") % {"amount": amount}
    Task.objects.update_or_create(
        case_id=payout,
        code="collect_excess_reimbursement",
        organisation_id=insurer,
        done_at=None,
        defaults={"says": says, "role": Role.INSURER_HANDLER, "due_at": None},
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
def stop_the_payment(event: CaseEvent) -> None:
    """What the second person objects to before it was released is not paid; a released order only the cashier can stop."""
    for order in ledger.orders_of([event.case_id]):
        if order.state == "proposed":
            says = _("紧急垫付有异议：%(why)s") % {"why": _facts(event)["reason"]}
            ledger.cancel_payment_order(order.id, by=BY, happened_at=event.happened_at, reason=says[:200])
        elif order.state == "released":
            says = _("紧急垫付有异议，付款单 %(ref)s 已放行，请查银行：没付出的撤销") % {"ref": order.reference}
            add_task(event.case, "stop_released_order", says, Role.MANAGER_CASHIER)


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
def end_the_payout_too(event: CaseEvent) -> None:
    """What was asked of the insurer for a claim that is none any more ends with it; what was paid is looked at there."""
    reason = _("理赔%(state)s：%(why)s") % {"state": event.case.state_label, "why": _facts(event).get("reason", "")}
    policies.close_with_claim(claim_id=event.case_id, reason=reason[:300], by=BY, happened_at=event.happened_at)


@after("claims.claim.hear_victim")
def answer_the_victim(event: CaseEvent) -> None:
    """What the injured asks or objects to waits on somebody's desk until it is answered."""
    told = _facts(event)
    says = _("受害人%(kind)s：%(text)s") % {"kind": str(Word(told["kind"]).label), "text": told["text"]}
    add_task(event.case, f"victim_word_{event.number}", says, Role.MANAGER_CLERK)


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
