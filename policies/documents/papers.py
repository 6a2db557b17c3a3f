"""The papers an insurer serves: supplement list, decision, calculation, refusal, provisional payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from casework.outbox import after
from casework.steps import law_of, today
from correspondence import api as correspondence
from correspondence.declarations import Document
from legislation.money import ZERO
from policies import movements
from policies.documents.facts import CalculationFacts, DecisionFacts, ProvisionalFacts, RefusalFacts, SupplementFacts
from policies.documents.reading import cover_of, due_on, lines_of, matter_of, names_of, payout_of, period, persons_of, sheet_row
from policies.terms import Answer, Head, PayeeKind, Reason

if TYPE_CHECKING:
    from casework.models import CaseEvent


class PayoutPaper(Document):
    """A paper of the insurer about one payout."""

    def issuer_id(self, event: CaseEvent) -> int | None:
        return payout_of(event).policy.insurer_id

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        matter = facts["matter"]
        return [(now_("保险单号"), matter["policy"]), (now_("电梯"), matter["elevator"]), (now_("事故日"), matter["accident_on"])]


class SupplementNotice(PayoutPaper):
    """补充材料通知书（一次性）: everything that is missing, in one list, once (保险法 22)."""

    title = _("补充材料通知书（一次性）")
    template = "policies/documents/supplement_notice.html"
    prefix = "BC"
    provisions = ("insurance.one_supplement_request", "insurance.supplement_pauses_decision", "insurance.decision_period")

    def facts(self, event: CaseEvent) -> SupplementFacts:
        payout, told = payout_of(event), event.record.facts or {}
        due = due_on(payout.pk, "supplement_answer")
        return SupplementFacts(
            matter=matter_of(payout, names_of(payout)),
            items=tuple(told["items"]),
            arrived_on=date.fromisoformat(told["arrived_on"]),
            answer_by=due,
            answer_days=(due - date.fromisoformat(told["arrived_on"])).days if due else None,
        )


class DecisionNotice(PayoutPaper):
    """核定通知书: what was decided on each head, and what follows (保险法 23)."""

    title = _("核定通知书")
    template = "policies/documents/decision_notice.html"
    prefix = "HD"
    provisions = (
        "insurance.decision_period",
        "insurance.payment_period",
        "insurance.pay_victim_first",
        "insurance.direct_payment_option",
        "insurance.refusal_notice_period",
    )
    supersedes = True

    def facts(self, event: CaseEvent) -> DecisionFacts:
        payout = payout_of(event)
        names = names_of(payout)
        lines, heads = lines_of(payout, names), {row.head for row in payout.decision_lines.filter(version=payout.decision_version)}
        return DecisionFacts(
            matter=matter_of(payout, names),
            lines=lines,
            cover=cover_of(payout),
            persons=persons_of(payout, names),
            share=Fraction(payout.liability_share),
            is_joint=payout.is_joint,
            accepted=sum((x.accepted for x in lines), ZERO),
            payable=payout.decided_amount or ZERO,
            refused=payout.refused_amount,
            provisional=payout.paid_amount or ZERO,
            claw_back=payout.claw_back_amount or ZERO,
            decided_on=payout.decided_on or today(event.happened_at),
            payment_days=payout.payment_days or period(payout, event, "insurance.payment_period"),
            refusal_days=period(payout, event, "insurance.refusal_notice_period"),
            is_fixed_amount=heads == {Head.ENTRAPMENT},
            to_manager=payout.policy.entrapment_to == payout.policy.EntrapmentTo.MANAGER,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("核定金额"), f"¥{Decimal(facts['payable']):,.2f}")]


class PayoutCalculation(PayoutPaper):
    """赔款计算书: from accepted losses to the amount, step by step, as the decision froze it."""

    title = _("赔款计算书")
    template = "policies/documents/payout_calculation.html"
    prefix = "JS"
    provisions = ("insurance.joint_liability_covered", "insurance.third_party_payment_deducted")
    supersedes = True

    def facts(self, event: CaseEvent) -> CalculationFacts:
        payout = payout_of(event)
        names, total, paid = names_of(payout), payout.decided_amount or ZERO, payout.paid_amount or ZERO
        rows = tuple(sheet_row(step) for step in payout.sheet.get("steps", ()))
        lines = lines_of(payout, names)
        return CalculationFacts(
            matter=matter_of(payout, names),
            lines=lines,
            accepted=sum((x.accepted for x in lines), ZERO),
            rows=rows,
            persons=persons_of(payout, names),
            total=total,
            provisional=paid,
            due=max(total - paid, ZERO),
            is_joint=payout.is_joint,
            has_damages=any(p.loss for p in movements.sheet_persons(payout)),
            version=payout.decision_version,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("应付赔款"), f"¥{Decimal(facts['total']):,.2f}")]


class RefusalNotice(PayoutPaper):
    """拒绝赔付通知书: reasons, the clause, the proof that it was explained, and the remedies (保险法 24, 17)."""

    title = _("拒绝赔付通知书")
    template = "policies/documents/refusal_notice.html"
    prefix = "JP"
    provisions = (
        "insurance.decision_period",
        "insurance.refusal_notice_period",
        "insurance.exclusion_needs_explanation",
        "insurance.limitation",
        "insurance.late_notice_never_bars",
    )
    supersedes = True

    def heading(self, facts: Any) -> str:
        return now_("部分拒绝赔付通知书") if facts.is_part else str(self.title)

    def facts(self, event: CaseEvent) -> RefusalFacts:
        payout = payout_of(event)
        names, law = names_of(payout), law_of(payout, event.happened_at)
        is_part = event.verb != "approve_refusal"
        lines = tuple(x for x in lines_of(payout, names) if x.accepted < x.asked) if is_part else ()
        reasons = payout.decision_lines.filter(version=payout.decision_version).values_list("reason", flat=True)
        return RefusalFacts(
            matter=matter_of(payout, names),
            is_part=is_part,
            reason="" if is_part else f"{Reason(payout.refusal_ground).label}。{payout.refusal_reason}",
            found="" if is_part else payout.refusal_found,
            clause="" if is_part else payout.refusal_clause,
            excluded=Reason.EXCLUDED in (reasons if is_part else [payout.refusal_ground]),
            lines=lines,
            cover=tuple(x for x in cover_of(payout) if not is_part and x.verdict == str(Answer.FAILS.label)),
            refused=payout.refused_amount,
            payable=payout.decided_amount or ZERO,
            explained_on=payout.policy.exclusions_explained_on,
            explained_by=payout.policy.exclusions_proof,
            decided_on=payout.decided_on or today(event.happened_at),
            notice_days=int(law.calendar_days("insurance.refusal_notice_period").value),
            limitation_years=int(law.years("insurance.limitation").value),
        )


class ProvisionalNotice(PayoutPaper):
    """先予支付通知书: the part that is certain, before the whole is (保险法 25)."""

    title = _("先予支付通知书")
    template = "policies/documents/provisional_notice.html"
    prefix = "XY"
    provisions = ("insurance.provisional_payment_after", "insurance.pay_victim_first", "insurance.direct_payment_option")

    def facts(self, event: CaseEvent) -> ProvisionalFacts:
        payout, told = payout_of(event), event.record.facts or {}
        names = names_of(payout)
        return ProvisionalFacts(
            matter=matter_of(payout, names),
            person=names.get(told["person"], told["person"]),
            amount=Decimal(told["amount"]),
            payee=told["payee"]["name"],
            payee_kind=str(PayeeKind(told["payee_kind"]).label),
            account=told["payee"]["account_masked"],
            bank=told["payee"]["bank"],
            reason=told["reason"],
            documents_on=payout.documents_on,
            after_days=period(payout, event, "insurance.provisional_payment_after"),
            paid_before=payout.paid_amount or ZERO,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("金额"), f"¥{Decimal(facts['amount']):,.2f}")]


@after("policies.payout.request_supplement")
def issue_supplement_notice(event: CaseEvent) -> None:
    correspondence.issue(SupplementNotice, event)


@after("policies.payout.approve")
def issue_decision(event: CaseEvent) -> None:
    """The decision, its arithmetic, and for the heads not paid the refusal with its reasons."""
    correspondence.issue(DecisionNotice, event)
    correspondence.issue(PayoutCalculation, event)
    if payout_of(event).refused_amount:
        correspondence.issue(RefusalNotice, event)


@after("policies.payout.approve_refusal")
def issue_refusal(event: CaseEvent) -> None:
    correspondence.issue(RefusalNotice, event)


@after("policies.payout.pay_provisionally")
def issue_provisional_notice(event: CaseEvent) -> None:
    correspondence.issue(ProvisionalNotice, event)
