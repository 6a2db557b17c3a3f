"""What follows from the steps of a payout and from its payment orders. Idempotent; steps are taken through the door."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from access.roles import CaseRole, Role
from casework.declarations import NO_FACTS
from casework.models import CaseEvent, Task
from casework.outbox import after
from casework.steps import perform, today
from ledger import api as ledger
from legislation.money import ZERO
from policies import selectors, services
from policies.facts import (
    AgreeAmount,
    Because,
    CheckCover,
    DocumentsArrived,
    ProposePayout,
    RecordBounce,
    RecordPayment,
    RecordReturn,
    RegisterPayout,
)
from policies.models import Payout, PayoutPayment
from policies.selectors import payout_position
from policies.services import cover
from policies.terms import INSURED, AgreedWith, Head, PayeeKind
from recovery import api as recovery

if TYPE_CHECKING:
    from datetime import datetime

BY: Actor = system_actor("policies")
UNDECIDED = ("registered", "supplement", "complete")


def _payout(event: CaseEvent) -> Payout:
    payout: Payout = Payout.objects.select_related("policy").get(pk=event.case_id)
    return payout


def _do(payout: Payout, verb: str, at: datetime, facts: Any = NO_FACTS) -> Payout:
    perform(payout, verb, by=BY, happened_at=at, seen=None, facts=facts)
    fresh: Payout = Payout.objects.select_related("policy").get(pk=payout.pk)
    return fresh


# -- from request to a proposed decision --------------------------------------------------------------------------------


@after("policies.payout.request")
def register_small(event: CaseEvent) -> None:
    """A small entrapment with complete evidence is registered by the system on the day it is asked for."""
    payout = _payout(event)
    if selectors.is_small(payout) and payout.state == "requested":
        _do(payout, "register", event.happened_at, RegisterPayout(today(event.happened_at), has_documents=True))


@after(
    "policies.payout.request",
    "policies.payout.approve",
    "policies.payout.approve_refusal",
    "policies.payout.send_refusal",
    "policies.payout.dispute",
    "policies.payout.reopen",
    "policies.payout.withdraw",
    "policies.payout.close",
    "policies.payout.close_with_claim",
)
def tell_recovery_what_may_still_come(event: CaseEvent) -> None:
    """The waiver rules of art 61 hang on all payouts of the accident together, not on the one that moved last."""
    incident_id = _payout(event).incident_id
    recovery.record_payout_prospect(incident_id=incident_id, prospect=selectors.prospect_of(incident_id))


@after("policies.payout.register")
def start_the_clock_of_documents(event: CaseEvent) -> None:
    """The 60 days run from the receipt of claim and documents."""
    payout, facts = _payout(event), event.record.facts or {}
    if facts.get("has_documents") and payout.documents_on is None and payout.state in UNDECIDED:
        _do(payout, "record_documents", event.happened_at, DocumentsArrived(payout.first_received_on or today(event.happened_at)))


@after("policies.payout.receive_supplement")
def start_the_clock_with_the_supplement(event: CaseEvent) -> None:
    """Documents that only came with the supplement start the 60 days then; others do not start them again."""
    payout = _payout(event)
    if payout.documents_on is None and payout.state in UNDECIDED:
        _do(payout, "record_documents", event.happened_at, DocumentsArrived(payout.supplement_received_on or today(event.happened_at)))


@after("policies.payout.register")
def answer_the_checklist(event: CaseEvent) -> None:
    """Answer the cover checklist from the facts; what the facts do not answer waits for the handler."""
    payout = _payout(event)
    if payout.cover_version or payout.state not in UNDECIDED:
        return
    answers = cover.cover_answers(payout)
    payout = _do(payout, "check_cover", event.happened_at, CheckCover(answers))
    if not selectors.is_small(payout) or not cover.all_hold(answers):
        return
    payout = _do(payout, "accept_documents", event.happened_at)
    lines = services.accepted_as_asked(payout_position(payout).lines)
    facts = services.decision(payout, lines, payout.liability_share, is_joint=payout.is_joint, note=_("按方案固定金额"))
    _do(payout, "decide", event.happened_at, facts)


# -- from the decision to the payments ----------------------------------------------------------------------------------


@after("policies.payout.approve")
def agree_on_the_programme_s_amount(event: CaseEvent) -> None:
    """Entrapment money is fixed by the programme's table and the manager's confirmation (解释四 14(3)): nothing to negotiate."""
    payout = _payout(event)
    if selectors.is_small(payout) and payout.state == "decided":
        facts = AgreeAmount(AgreedWith.PROGRAMME.value, today(event.happened_at), payout.decided_amount or ZERO)
        _do(payout, "agree", event.happened_at, facts)


@after("policies.payout.approve", "policies.payout.approve_refusal")
def claim_back_what_was_too_much(event: CaseEvent) -> None:
    """What was paid provisionally above the decision is asked back: a task, never a bar (rulebook 2.6)."""
    payout = _payout(event)
    if payout.claw_back_amount:
        says = _("先予支付超过核定金额 %(amount)s 元，请办理退款") % {"amount": f"{payout.claw_back_amount:,.2f}"}
        _task(payout, "claw_back", says)


@after("policies.payout.record_victim_payment", "policies.payout.record_payment")
def ask_back_what_the_victim_got_twice(event: CaseEvent) -> None:
    """An excess over the loss that happened is recorded and asked back: a task, never a bar (rulebook 9.0)."""
    payout = _payout(event)
    position = payout_position(payout)
    twice = sum((position.excess_of(person) for person in position.sheet), ZERO)
    if twice:
        _task(payout, "refund_excess", _("受害人收到的比应得的多 %(amount)s 元，请核对并办理退款") % {"amount": f"{twice:,.2f}"})


@after(
    "policies.payout.agree",
    "policies.payout.record_victim_payment",
    "policies.payout.name_account",
    "policies.payout.name_payees",
    "policies.payout.record_return",
    "policies.payout.record_bounce",
    "policies.payout.reopen_for_bounce",
)
def propose_what_is_ready(event: CaseEvent) -> None:
    """After agreement every amount whose payee, account and proof are there becomes a proposed payment; the rest waits."""
    payout = _payout(event)
    if payout.state != "agreed":
        return
    for line in payout_position(payout).payees:
        if not line.open or line.waits_for:
            continue
        to_victim = line.payee_kind == PayeeKind.VICTIM
        if to_victim and not payout.policy.pays_victim_directly and not selectors.is_small(payout):
            continue
        if not to_victim:
            facts = ProposePayout(line.person, line.open, services.insured_payee(payout))
            payout = _do(payout, "reimburse_insured", event.happened_at, facts)
            continue
        for payee, amount in services.payees_of(payout, payout_position(payout), line.person, line.amount, line.open):
            payout = _do(payout, "pay_victim", event.happened_at, ProposePayout(line.person, amount, payee))
    _watch_the_proof(payout, event.happened_at)


@after("policies.payout.pay_victim", "policies.payout.reimburse_insured", "policies.payout.pay_provisionally", "policies.payout.pay_beside")
def open_the_payment_order(event: CaseEvent) -> None:
    """Each proposed amount becomes a payment order that the insurer's cashier releases."""
    payout, facts = _payout(event), event.record.facts or {}
    payment = PayoutPayment.objects.get(event_id=event.id)
    if payment.order_id is not None:
        return
    payee = facts["payee"]
    manager = payout.parts.filter(role=payout.asked_as).values_list("organisation_id", flat=True).first()
    payer = payout.policy.insurer_id
    if payment.beside:
        received = f"policy/{payout.policy_id}/beside"
    elif payment.person == INSURED:
        received = f"policy/{payout.policy_id}/costs"  # what the insured spent itself: no money of the injured, no limit
    elif payment.payee_kind == PayeeKind.INSURED and manager is not None:
        received = ledger.paid_by(manager)
    else:
        received = f"claim/{payout.parent_id}/received"
    order = ledger.open_payment_order(
        parent=payout,
        purpose=_purpose(payout, payment),
        payer_organisation_id=payer,
        payee=ledger.Payee(payee["name"], payee["account_masked"], payee["account_id"], payee["bank"]),
        amount=payment.amount,
        moves=[ledger.Leg(ledger.paid_by(payer), received)],
        by=BY,
        happened_at=event.happened_at,
        note=f"{payout.reference}-{payment.number}",
        parts=[(manager, CaseRole(payout.asked_as))] if manager is not None else [],
    )
    PayoutPayment.objects.filter(pk=payment.pk).update(order=order)


def _purpose(payout: Payout, payment: PayoutPayment) -> str:
    if payment.beside:
        return str(ledger.Purpose.OTHER)
    if payment.is_provisional:
        return str(ledger.Purpose.PROVISIONAL)
    if payment.payee_kind == PayeeKind.INSURED:
        return str(ledger.Purpose.REIMBURSEMENT)
    return str(ledger.Purpose.ENTRAPMENT if payout.heads == [Head.ENTRAPMENT] else ledger.Purpose.PAYOUT)


@after("ledger.payment_order.mark_paid", "ledger.payment_order.return_", "ledger.payment_order.cancel")
def take_note_of_the_order(event: CaseEvent) -> None:
    """What was paid is used up of the limits; what came back is owed again."""
    payment = PayoutPayment.objects.filter(order_id=event.case_id).select_related("payout").first()
    if payment is None or payment.number in payment.payout.recorded_payments:
        return
    payout, facts = payment.payout, event.record.facts or {}
    told = (payment.number, event.case.reference, payment.person, payment.amount)
    if event.verb == "mark_paid":
        payout = _do(payout, "record_payment", event.happened_at, RecordPayment(*told, payment.payee_kind, payment.beside))
        if not payment.beside:
            _tell_recovery(payout, payment, event)
    else:
        payout = _do(payout, "record_return", event.happened_at, RecordReturn(*told, facts.get("reason", ""), payment.beside))
    _settle_if_paid(payout, event.happened_at)


@after("ledger.payment_order.bounce")
def take_note_of_the_bounce(event: CaseEvent) -> None:
    """Money that the bank gave back was not paid: the limits are held for it again, and a paid payout is not paid any more."""
    payment = PayoutPayment.objects.filter(order_id=event.case_id).select_related("payout__policy").first()
    if payment is None or payment.number not in payment.payout.recorded_payments:
        return
    payout, told = payment.payout, Q(verb__in=("record_bounce", "reopen_for_bounce"))
    if CaseEvent.objects.filter(told, case_id=payout.pk, record__facts__number=payment.number).exists():
        return
    verb = "reopen_for_bounce" if payout.state in ("paid", "closed") and not payment.beside else "record_bounce"
    reason = (event.record.facts or {}).get("reason", "")
    used = services.used_by(payout, payment)
    facts = RecordBounce(payment.number, event.case.reference, payment.person, payment.amount, used, reason, payment.beside)
    _do(payout, verb, event.happened_at, facts)
    if not payment.beside:
        _take_back_from_recovery(payout, payment, event)
    if payment.payee_kind == PayeeKind.INSURED and not payment.beside:
        says = _("归还垫款的付款单 %(ref)s 被银行退票，请重新付款，并告诉使用管理人那笔钱还没有到账") % {"ref": event.case.reference}
        _task(payout, "reimbursement_bounced", says)


def _tell_recovery(payout: Payout, payment: PayoutPayment, event: CaseEvent) -> None:
    """What the insurer pays for others it may claim from them: what it gives back moves there from the manager's recourse.

    Fixed entrapment money and costs are nobody else's debt.
    """
    is_entrapment, to_insured = payout.heads == [Head.ENTRAPMENT], payment.payee_kind == PayeeKind.INSURED
    if payment.person == INSURED or payment.beside or (is_entrapment and not to_insured):
        return
    manager = payout.parts.filter(role=payout.asked_as).values_list("organisation_id", flat=True).first()
    insured = sorted(payout.policy.insured.values_list("organisation_id", flat=True))
    told: dict[str, Any] = {
        "incident_id": payout.incident_id,
        "source_case_id": event.case_id,
        "amount": payment.amount,
        "paid_on": date.fromisoformat((event.record.facts or {})["paid_on"]),
        "by": BY,
        "happened_at": event.happened_at,
        "insured": insured,
    }
    if not to_insured:
        insurer = payout.policy.insurer_id
        recovery.record_payment(**told, payer_organisation_id=insurer, basis="subrogation", claim_id=payout.parent_id or 0)
    elif manager is not None:
        paid_by = None if is_entrapment else payout.policy.insurer_id
        recovery.record_reimbursement(**told, payer_organisation_id=manager, insurer_organisation_id=paid_by)


def _take_back_from_recovery(payout: Payout, payment: PayoutPayment, event: CaseEvent) -> None:
    """What the bank gave back was not paid: the insurer claims it from nobody, a reimbursement is the manager's claim again."""
    is_entrapment, to_insured = payout.heads == [Head.ENTRAPMENT], payment.payee_kind == PayeeKind.INSURED
    if payment.person == INSURED or (is_entrapment and not to_insured):
        return
    manager = payout.parts.filter(role=payout.asked_as).values_list("organisation_id", flat=True).first()
    told: dict[str, Any] = {
        "incident_id": payout.incident_id,
        "source_case_id": event.case_id,
        "source_number": event.number,
        "amount": payment.amount,
        "paid_on": date.fromisoformat((event.record.facts or {})["bounced_on"]),
        "by": BY,
        "happened_at": event.happened_at,
    }
    if not to_insured:
        insurer = payout.policy.insurer_id
        recovery.record_return(**told, payer_organisation_id=insurer, basis="subrogation", claim_id=payout.parent_id or 0)
    elif manager is not None:
        paid_by = None if is_entrapment else payout.policy.insurer_id
        recovery.take_reimbursement_back(**told, payer_organisation_id=manager, insurer_organisation_id=paid_by)


def _settle_if_paid(payout: Payout, at: datetime) -> None:
    position = payout_position(payout)
    if payout.state == "agreed" and not position.open_payments and position.unpaid <= ZERO:
        _do(payout, "settle", at)
    elif payout.state == "agreed":
        _watch_the_proof(payout, at)


def _watch_the_proof(payout: Payout, at: datetime) -> None:
    """The 10 days wait while nothing is left but what the insured may only have against proof (65(3))."""
    position = payout_position(payout)
    owed = position.owed_to_victims or position.reimbursable
    waits = bool(position.waiting_for_proof) and not owed and not position.open_payments
    if waits != payout.is_waiting_for_proof:
        _do(payout, "wait_for_proof" if waits else "resume_payment", at)


@after("policies.payout.settle")
def close_small(event: CaseEvent) -> None:
    """A small entrapment that was paid in full needs nobody to close it."""
    payout = _payout(event)
    if selectors.is_small(payout) and payout.state == "paid":
        _do(payout, "close", event.happened_at, Because(_("已付清，系统结案")))


@after("policies.payout.close_with_claim")
def look_at_what_was_paid_for_a_claim_that_was_left(event: CaseEvent) -> None:
    """Money that went out for a claim that is none any more: somebody looks whether it is asked back."""
    payout = _payout(event)
    if payout.paid_amount:
        says = _("理赔案已撤回或者并案，已付的 %(amount)s 元请核对是否应当退回") % {"amount": f"{payout.paid_amount:,.2f}"}
        _task(payout, "paid_for_a_left_claim", says)


def _task(payout: Payout, code: str, says: str) -> None:
    Task.objects.get_or_create(
        case_id=payout.pk,
        code=code,
        organisation_id=payout.policy.insurer_id,
        done_at=None,
        defaults={"role": Role.INSURER_HANDLER.value, "says": says[:300], "due_at": None},
    )
