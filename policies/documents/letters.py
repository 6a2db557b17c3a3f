"""The papers around a payout that others sign or keep: receipt of the report, request for direct payment, assignment, receipt, limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import CaseOrganisation
from casework.outbox import after
from casework.steps import today
from correspondence import api as correspondence
from elevators import api as elevators
from legislation.money import ZERO
from policies.documents.facts import Matter
from policies.documents.papers import PayoutPaper
from policies.documents.reading import due_on, matter_of, names_of, payout_of
from policies.models import Payout, PayoutPayment
from policies.selectors import is_small
from policies.selectors.desk import limit_bars
from policies.terms import INSURED, PayeeKind

if TYPE_CHECKING:
    from casework.models import CaseEvent


@dataclass(frozen=True)
class ReceiptFacts:
    """报案回执: when the report and the request arrived, and what follows from when on. Amounts in yuan."""

    matter: Matter
    requested_on: date
    notified_at: str
    notice_number: str
    decide_by: date | None
    has_documents: bool


@dataclass(frozen=True)
class DirectLine:
    name: str
    payee: str
    account: str
    amount: Decimal


@dataclass(frozen=True)
class DirectFacts:
    """直接向第三者支付申请: the insured asks the insurer to pay the injured straight (65(2))."""

    matter: Matter
    insurer: str
    applicant: str
    fixed_on: date | None
    fixed_by: str
    lines: tuple[DirectLine, ...]
    total: Decimal
    proven: Decimal


@dataclass(frozen=True)
class AssignmentFacts:
    """权益转让书: what was paid so far, up to which the insurer steps into the right against third parties (60)."""

    matter: Matter
    insurer: str
    assignor: str
    paid: Decimal
    paid_on: date
    orders: tuple[str, ...]


@dataclass(frozen=True)
class PaidFacts:
    """赔款收据: one payment as its payee confirms it."""

    matter: Matter
    insurer: str
    payee: str
    account: str
    about: str
    kind: str
    amount: Decimal
    paid_on: date
    order: str
    paid: Decimal


@dataclass(frozen=True)
class LimitRow:
    limit: str
    granted: Decimal
    used: Decimal
    reserved: Decimal
    left: Decimal


@dataclass(frozen=True)
class LimitsFacts:
    """事故后限额: what the contract still gives after this accident."""

    matter: Matter
    as_of: date
    rows: tuple[LimitRow, ...]
    paid: Decimal
    costs: Decimal
    beside: Decimal


def _asker(payout: Payout) -> Organisation | None:
    row = CaseOrganisation.objects.filter(case_id=payout.pk, role=payout.asked_as).select_related("organisation").order_by("pk").first()
    return row.organisation if row else None


class ReportReceipt(PayoutPaper):
    """报案回执: the insurer confirms when it was told and when it was asked (保险法 21, 23)."""

    title = _("报案回执")
    template = "policies/documents/report_receipt.html"
    prefix = "HZ"
    provisions = ("insurance.decision_period", "insurance.decision_runs_from_first_receipt", "insurance.one_supplement_request")

    def facts(self, event: CaseEvent) -> ReceiptFacts:
        payout = payout_of(event)
        incident = elevators.incident_view(payout.incident_id)
        notified = incident.insurer_notified_at
        return ReceiptFacts(
            matter=matter_of(payout, names_of(payout)),
            requested_on=today(payout.happened_at),
            notified_at=f"{today(notified).isoformat()}" if notified else "",
            notice_number=incident.reference,
            decide_by=due_on(payout.pk, "decision"),
            has_documents=bool((event.record.facts or {}).get("has_documents")),
        )


class DirectPaymentRequest(PayoutPaper):
    """直接向第三者支付申请: made out for the insured to sign; the injured are named with what each is paid (保险法 65(2))."""

    title = _("直接向第三者支付申请")
    template = "policies/documents/direct_payment_request.html"
    prefix = "ZF"
    provisions = ("insurance.direct_payment_duty", "insurance.liability_fixed_by", "insurance.pay_victim_first")
    supersedes = True

    def issuer_id(self, event: CaseEvent) -> int | None:
        asker = _asker(payout_of(event))
        return asker.pk if asker else None

    def facts(self, event: CaseEvent) -> DirectFacts:
        payout, names = payout_of(event), names_of(payout_of(event))
        asker = _asker(payout)
        rows = payout.payments.filter(payee_kind=PayeeKind.VICTIM, beside="").exclude(order__state__in=("returned", "cancelled"))
        lines = tuple(DirectLine(names.get(p.person, p.person), p.payee_name, p.account_masked, p.amount) for p in rows)
        return DirectFacts(
            matter=matter_of(payout, names),
            insurer=payout.policy.insurer.name,
            applicant=asker.name if asker else "",
            fixed_on=payout.liability_fixed_on,
            fixed_by=str(payout.get_liability_fixed_by_display()),
            lines=lines,
            total=sum((line.amount for line in lines), ZERO),
            proven=sum((p.amount for p in payout.victim_payments.all()), ZERO),
        )


class Assignment(PayoutPaper):
    """权益转让书: the insured hands over its right against third parties, up to what was paid (保险法 60, 61, 63)."""

    title = _("权益转让书")
    template = "policies/documents/assignment.html"
    prefix = "QY"
    provisions = (
        "insurance.subrogation",
        "insurance.uncovered_part_stays_with_insured",
        "insurance.waiver_after_payment_void",
        "insurance.subrogation_assistance",
    )
    supersedes = True

    def issuer_id(self, event: CaseEvent) -> int | None:
        asker = _asker(payout_of(event))
        return asker.pk if asker else None

    def facts(self, event: CaseEvent) -> AssignmentFacts:
        payout = payout_of(event)
        asker = _asker(payout)
        paid = [
            p
            for p in payout.payments.filter(beside="").exclude(person=INSURED).select_related("order")
            if p.order and p.order.state == "paid"
        ]
        return AssignmentFacts(
            matter=matter_of(payout, names_of(payout)),
            insurer=payout.policy.insurer.name,
            assignor=asker.name if asker else "",
            paid=sum((p.amount for p in paid), ZERO),
            paid_on=today(event.happened_at),
            orders=tuple(p.order.reference for p in paid if p.order),
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("转让的限度"), f"¥{Decimal(facts['paid']):,.2f}")]


class PayoutReceipt(PayoutPaper):
    """赔款收据: made out for the payee to sign."""

    title = _("赔款收据")
    template = "policies/documents/payout_receipt.html"
    prefix = "SJ"
    provisions = ("insurance.payment_period",)

    def facts(self, event: CaseEvent) -> PaidFacts:
        payout, told = payout_of(event), event.record.facts or {}
        names, payment = names_of(payout), PayoutPayment.objects.get(payout_id=event.case_id, number=told["number"])
        return PaidFacts(
            matter=matter_of(payout, names),
            insurer=payout.policy.insurer.name,
            payee=payment.payee_name,
            account=payment.account_masked,
            about=names.get(payment.person, payment.person),
            kind=str(PayeeKind(payment.payee_kind).label),
            amount=payment.amount,
            paid_on=today(event.happened_at),
            order=told["order_reference"],
            paid=payout.paid_amount or ZERO,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("金额"), f"¥{Decimal(facts['amount']):,.2f}")]


class LimitStatement(PayoutPaper):
    """事故后限额情况表: what the contract still gives after the accident."""

    title = _("事故后限额情况表")
    template = "policies/documents/limit_statement.html"
    prefix = "XE"
    provisions = (
        "payout.limit_order",
        "insurance.mitigation_costs_in_addition",
        "insurance.investigation_costs_in_addition",
        "insurance.litigation_costs_in_addition",
    )
    supersedes = True

    def facts(self, event: CaseEvent) -> LimitsFacts:
        payout = payout_of(event)
        bars = limit_bars(payout.policy, payout=payout)
        costs = [
            p.amount
            for p in payout.payments.filter(person=INSURED, beside="").select_related("order")
            if p.order and p.order.state == "paid"
        ]
        return LimitsFacts(
            matter=matter_of(payout, names_of(payout)),
            as_of=today(event.happened_at),
            rows=tuple(LimitRow(str(b.label), b.granted, b.used, b.reserved, b.left) for b in bars),
            paid=payout.paid_amount or ZERO,
            costs=sum(costs, ZERO),
            beside=payout.beside_amount or ZERO,
        )


@after("policies.payout.register")
def confirm_the_report(event: CaseEvent) -> None:
    if not is_small(payout_of(event)):
        correspondence.issue(ReportReceipt, event)


@after("policies.payout.pay_victim")
def make_out_the_request(event: CaseEvent) -> None:
    """Once liability is fixed the insured's request makes direct payment a duty; it is made out for its signature."""
    payout = payout_of(event)
    if payout.liability_fixed_on is not None and not is_small(payout):
        correspondence.issue(DirectPaymentRequest, event)


@after("policies.payout.record_payment")
def make_out_receipt_and_assignment(event: CaseEvent) -> None:
    payout, told = payout_of(event), event.record.facts or {}
    if is_small(payout):
        return
    correspondence.issue(PayoutReceipt, event)
    if told["person"] != INSURED and not told.get("beside"):
        correspondence.issue(Assignment, event)


@after("policies.payout.settle")
def state_the_limits(event: CaseEvent) -> None:
    payout = payout_of(event)
    if not is_small(payout):
        correspondence.issue(LimitStatement, event)
