"""What the typed facts of a payout's steps must satisfy; each names its form field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.actors import authority_of
from casework.declarations import check
from casework.steps import today
from legislation.money import LARGEST, ZERO, to_fen
from policies import facts as told
from policies.terms import DECIDE, NEVER_BARS, AgreedWith, Answer, CoverQuestion, FixedBy, Head, PayeeKind, Reason

if TYPE_CHECKING:
    from access.actors import Actor
    from legislation.lookup import Law
    from policies.models import Payout
    from policies.selectors import PayoutPosition


def is_money(amount: Decimal | None) -> bool:
    return amount is not None and amount.is_finite() and ZERO <= amount < LARGEST and to_fen(amount) == amount


def _is_share(text: str) -> bool:
    try:
        return 0 <= Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


@check("lines", reason="amount_invalid", says=_("每个项目的金额不能是负数，最多两位小数。"))
def amounts_are_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return all(is_money(x.asked) and (x.estimate is None or is_money(x.estimate)) for x in facts.lines)


@check("lines", reason="line_unknown", says=_("损失项目要写明是谁的、哪一项；同一个人的同一项只写一行。"))
def lines_name_people_and_heads(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    keys = [(x.person, x.head) for x in facts.lines]
    people = {p.key for p in facts.people} | {"insured"}
    return bool(keys) and len(set(keys)) == len(keys) and all(p in people and h in Head.values for p, h in keys)


@check("people", reason="person_twice", says=_("同一个人只能列一次。"))
def people_are_listed_once(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    keys = [p.key for p in facts.people]
    return len(set(keys)) == len(keys) and all(keys)


@check("liability_share", reason="share_invalid", says=_("责任比例在 0 到 100% 之间。"))
def share_is_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return _is_share(facts.liability_share)


@check("first_received_on", reason="received_too_early", says=_("首次收到的日期早于事故日，请核对。"))
def received_after_accident(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RegisterPayout, by: Actor) -> bool:
    return facts.first_received_on >= case.accident_on


@check(
    "first_received_on",
    reason="received_after_request",
    law="insurance.decision_runs_from_first_receipt",
    says=_("首次收到的日期不能晚于系统记录的请求日：请求在那一天已经到达。"),
)
def received_by_the_request(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RegisterPayout, by: Actor) -> bool:
    return facts.first_received_on <= today(case.happened_at)


@check("proof", reason="receipt_unproven", says=_("首次收到的日期早于系统记录的请求日，请写明凭什么认定（收件章、签收单、邮件的编号）。"))
def earlier_receipt_is_proven(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RegisterPayout, by: Actor) -> bool:
    return facts.first_received_on >= today(case.happened_at) or bool(facts.proof.strip())


@check("sent_on", reason="sent_before_decision", says=_("发出的日期在核定日和今天之间。"), law="insurance.refusal_notice_period")
def sent_after_decision(case: Payout, law: Law, position: PayoutPosition | None, facts: told.SendRefusal, by: Actor) -> bool:
    return case.decided_on is not None and case.decided_on <= facts.sent_on <= law.on


@check("document", reason="document_missing", law="insurance.liability_fixed_by", says=_("写明判决书、协议或者确认书的编号。"))
def liability_paper_is_named(case: Payout, law: Law, position: PayoutPosition | None, facts: told.LiabilityFixed, by: Actor) -> bool:
    return by.is_system or bool(facts.document.strip())


@check(
    "document",
    reason="document_not_there",
    law="insurance.liability_fixed_by",
    says=_("还没有上传责任确定的材料。先把判决书、调解书、协议或者确认书传到本案，再登记。"),
)
def liability_paper_is_there(case: Payout, law: Law, position: PayoutPosition | None, facts: told.LiabilityFixed, by: Actor) -> bool:
    return by.is_system or (position is not None and position.has_liability_paper)


@check("reason", reason="reason_missing", says=_("请写明理由，给后面办的人和当事人看。"))
def reason_is_given(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("note", reason="note_missing", says=_("请写明按现有材料核定的理由。"))
def note_is_given(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.note.strip())


@check("clause", reason="clause_missing", says=_("拒赔要写明所依的保险条款或者法条。"), law="insurance.refusal_notice_period")
def clause_is_named(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RefusePayout, by: Actor) -> bool:
    return bool(facts.clause.strip())


@check(
    "reason",
    reason="late_notice_alone",
    law="insurance.late_notice_never_bars",
    says=_("迟延通知本身不构成拒赔理由，请写明因迟延而无法确定的部分。"),
)
def not_for_late_notice_alone(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RefusePayout, by: Actor) -> bool:
    return facts.reason != CoverQuestion.NOTICE


@check(
    "clause",
    reason="exclusion_not_explained",
    law="insurance.exclusion_needs_explanation",
    says=_("这张保单没有免责条款提示和说明的凭证，免责条款不产生效力，不能据此拒赔。"),
)
def exclusion_was_explained(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RefusePayout, by: Actor) -> bool:
    return facts.reason != Reason.EXCLUDED or (position is not None and position.exclusions_explained)


@check("answers", reason="answers_incomplete", says=_("核对表的每一条都要有事实和结论。"))
def every_question_is_answered(case: Payout, law: Law, position: PayoutPosition | None, facts: told.CheckCover, by: Actor) -> bool:
    codes = [a.code for a in facts.answers]
    return sorted(codes) == sorted(CoverQuestion.values) and all(a.verdict in Answer.values and a.fact.strip() for a in facts.answers)


@check("answers", reason="late_notice_fails", law="insurance.late_notice_never_bars", says=_("通知迟延和能否追偿都不能作为不符合的结论。"))
def what_never_bars_does_not_fail(case: Payout, law: Law, position: PayoutPosition | None, facts: told.CheckCover, by: Actor) -> bool:
    return all(a.verdict != Answer.FAILS for a in facts.answers if a.code in NEVER_BARS)


@check("items", reason="list_empty", says=_("写明缺哪些材料，一次列全。"), law="insurance.one_supplement_request")
def list_is_not_empty(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RequestSupplement, by: Actor) -> bool:
    return bool(facts.items) and all(item.strip() for item in facts.items)


@check("arrived_on", reason="arrived_in_future", says=_("到达日期不能晚于登记的日期。"))
def arrived_by_now(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.arrived_on <= law.on)


@check("arrived_on", reason="arrived_too_early", says=_("到达日期早于首次收到请求的日期，请核对。"))
def arrived_after_receipt(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    begun: date | None = case.supplement_requested_on or case.first_received_on
    return begun is None or bool(facts.arrived_on >= begun)


@check("lines", reason="line_decision_invalid", says=_("核定金额不能超过核算金额，都不能是负数，最多两位小数。"))
def decided_amounts_are_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return all(is_money(x.asked) and is_money(x.assessed) and is_money(x.accepted) and x.accepted <= x.assessed for x in facts.lines)


@check("lines", reason="reason_missing", says=_("少于请求金额的项目，要选理由。"))
def what_is_cut_has_a_reason(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return all(x.reason in Reason.values and (x.accepted >= x.asked or x.reason) for x in facts.lines)


@check("lines", reason="lines_differ", says=_("损失清单有变化，请按最新的清单逐项核定。"))
def every_line_is_decided(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return position is not None and {(x.person, x.head): x.asked for x in facts.lines} == {
        (x.person, x.head): x.asked for x in position.lines
    }


@check("sheet", reason="sheet_differs", says=_("限额的余数刚刚有变化，赔款已重新计算，请再看一遍。"))
def sheet_is_true(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    possible = all(line.accepted >= 0 for line in facts.lines)  # else nothing can be computed; the lines are refused already
    return possible and position is not None and position.sheet_of(facts) == facts.sheet


@check("amount", reason="amount_seen_differs", says=_("金额与核定的不一致，请看最新的赔款计算。"))
def amount_is_the_decided(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.amount == case.decided_amount)


@check("amount", reason="above_authority", says=_("金额超出您的核定权限，须由权限足够的同事复核。"))
def approver_has_authority(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ApproveDecision, by: Actor) -> bool:
    limit = authority_of(by, DECIDE)
    return limit is not None and (case.decided_amount or ZERO) <= limit


@check("note", reason="no_authority", says=_("您没有核定权限，须由有权限的同事复核。"))
def approver_may_refuse(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ApproveRefusal, by: Actor) -> bool:
    limit = authority_of(by, DECIDE)
    return limit is not None and case.requested_amount <= limit


@check("agreed_with", reason="agreed_with_unknown", says=_("选明与谁达成协议。"))
def agreed_with_is_known(case: Payout, law: Law, position: PayoutPosition | None, facts: told.AgreeAmount, by: Actor) -> bool:
    return facts.agreed_with in AgreedWith.values


@check("agreed_on", reason="agreed_in_future", says=_("达成协议的日期不能早于核定日，也不能晚于今天。"))
def agreed_after_decision(case: Payout, law: Law, position: PayoutPosition | None, facts: told.AgreeAmount, by: Actor) -> bool:
    return facts.agreed_on <= law.on and (case.decided_on is None or facts.agreed_on >= case.decided_on)


@check("amount", reason="payment_invalid", says=_("金额须大于零，最多两位小数。"))
def payment_is_positive(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return is_money(facts.amount) and facts.amount > ZERO


@check("person", reason="person_unknown", says=_("这份赔付里没有这个人。"))
def person_is_known(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return position is not None and facts.person in position.people


@check("payee", reason="payee_missing", says=_("没有收款人。先登记收款账户。"))
def payee_is_named(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.payee.name.strip())


@check("amount", reason="above_owed_to_victim", says=_("超过还应直接付给此人的金额。"), law="insurance.direct_payment_option")
def within_owed_to_victim(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProposePayout, by: Actor) -> bool:
    return position is not None and facts.amount <= position.open_for(facts.person, PayeeKind.VICTIM)


@check(
    "amount",
    reason="victim_not_paid",
    law="insurance.pay_victim_first",
    says=_("超过被保险人已证明付给受害人的金额。受害人没有收到的部分，不得付给被保险人。"),
)
def within_proven_payments(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProposePayout, by: Actor) -> bool:
    return position is not None and facts.amount <= position.open_for(facts.person, PayeeKind.INSURED)


@check("amount", reason="above_determinable", says=_("超过现在可以确定的金额。"), law="insurance.provisional_payment_after")
def provisional_is_within_loss(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProvisionalPayout, by: Actor) -> bool:
    return position is not None and facts.amount <= position.determinable_for(facts.person)


@check(
    "payee_kind",
    reason="victim_not_paid",
    law="insurance.pay_victim_first",
    says=_("先予支付给被保险人，也不得超过它已证明付给受害人的金额。"),
)
def provisional_is_proven(case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProvisionalPayout, by: Actor) -> bool:
    if facts.payee_kind != PayeeKind.INSURED:
        return facts.payee_kind in PayeeKind.values
    return position is not None and facts.amount <= position.proven_for(facts.person) - position.committed_for(
        facts.person, PayeeKind.INSURED
    )


@check("reserved", reason="limits_differ", says=_("限额的占用与金额对不上，请重新提出。"))
def provisional_stands_under_limits(
    case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProvisionalPayout, by: Actor
) -> bool:
    return position is not None and facts.reserved == position.parts_for(facts.person, facts.amount)


@check("amount", reason="above_authority", says=_("连同以前的先予支付，金额超出您的核定权限，须由权限足够的同事提出。"))
def provisional_is_within_authority(
    case: Payout, law: Law, position: PayoutPosition | None, facts: told.ProvisionalPayout, by: Actor
) -> bool:
    limit = authority_of(by, DECIDE)
    return limit is not None and position is not None and position.provisional + facts.amount <= limit


@check("fixed_by", reason="fixed_by_unknown", says=_("选明责任是怎么确定的。"), law="insurance.liability_fixed_by")
def way_is_known(case: Payout, law: Law, position: PayoutPosition | None, facts: told.LiabilityFixed, by: Actor) -> bool:
    return facts.fixed_by in FixedBy.values


@check("fixed_on", reason="fixed_too_early", says=_("责任确定的日期在事故日和今天之间。"))
def fixed_after_accident(case: Payout, law: Law, position: PayoutPosition | None, facts: told.LiabilityFixed, by: Actor) -> bool:
    return case.accident_on <= facts.fixed_on <= law.on


@check("amount", reason="proof_amount_invalid", says=_("金额不能是 0，最多两位小数；退回的用负数，不能超过已证明的付款。"))
def proven_amount_is_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: told.VictimPaid, by: Actor) -> bool:
    if position is None or not is_money(abs(facts.amount)) or facts.amount == ZERO:
        return False
    return position.proven_for(facts.person) + facts.amount >= ZERO


@check("paid_on", reason="paid_too_early", says=_("付款日在事故日和今天之间，请核对凭证。"))
def paid_after_accident(case: Payout, law: Law, position: PayoutPosition | None, facts: told.VictimPaid, by: Actor) -> bool:
    return case.accident_on <= facts.paid_on <= law.on


@check("proof", reason="proof_missing", says=_("写明凭证编号；同一张凭证只登记一次。"))
def proof_is_new(case: Payout, law: Law, position: PayoutPosition | None, facts: told.VictimPaid, by: Actor) -> bool:
    proof = facts.proof.strip()
    return bool(proof) and position is not None and (facts.person, proof) not in position.proofs


@check("number", reason="recorded_before", says=_("这笔付款已经登记过。"))
def not_recorded_before(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return facts.number not in case.recorded_payments


@check(
    "consents",
    reason="above_authority",
    law="insurance.settlement_approved_binds",
    says=_("和解金额超出您的核定权限，须由权限足够的同事答复。"),
)
def consent_is_within_authority(case: Payout, law: Law, position: PayoutPosition | None, facts: told.AnswerConsent, by: Actor) -> bool:
    if not facts.consents:
        return True
    limit = authority_of(by, DECIDE)
    return limit is not None and case.consent_amount is not None and case.consent_amount <= limit


@check("reason", reason="reason_missing", says=_("不同意的，请写明理由。"), law="insurance.unapproved_settlement_reassessed")
def refusal_of_consent_has_reason(case: Payout, law: Law, position: PayoutPosition | None, facts: told.AnswerConsent, by: Actor) -> bool:
    return facts.consents or bool(facts.reason.strip())
