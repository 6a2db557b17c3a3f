"""What the facts of refusals, referrals, judgments, costs and payments beside the insurance money must satisfy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.actors import authority_of
from casework.declarations import check
from legislation.money import ZERO
from policies import facts as told
from policies.checks import is_money
from policies.terms import BY_CLAUSE, COSTS, DECIDE, GROUNDS, Beside, Consent, Head, Reason, Suspicion

if TYPE_CHECKING:
    from access.actors import Actor
    from legislation.lookup import Law
    from policies.models import Payout
    from policies.selectors import PayoutPosition


def _refused(facts: told.DecidePayout, *reasons: str) -> list[told.DecidedLine]:
    return [line for line in facts.lines if line.reason in reasons]


@check(
    "reason", reason="ground_unknown", says=_("选一个可以全部拒赔的理由；其他理由只能逐项少赔。"), law="insurance.late_notice_never_bars"
)
def ground_is_known(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RefusePayout, by: Actor) -> bool:
    return facts.reason in GROUNDS


@check("found", reason="facts_missing", says=_("写明查明的事实：时间、地点、经过和出处。"), law="insurance.refusal_notice_period")
def facts_are_named(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.found.strip())


@check("reason", reason="falsehood_not_found", law="insurance.false_part_refused", says=_("以虚假为由的，先移送核查，并由另一人认定。"))
def falsehood_was_found(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RefusePayout, by: Actor) -> bool:
    return facts.reason != Reason.FALSE or case.suspicion == Suspicion.FALSE


@check("lines", reason="falsehood_not_found", law="insurance.false_part_refused", says=_("以虚假为由少赔的，先移送核查，并由另一人认定。"))
def false_heads_were_found(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return not _refused(facts, Reason.FALSE) or case.suspicion == Suspicion.FALSE


@check(
    "lines",
    reason="clause_missing",
    law="insurance.refusal_notice_period",
    says=_("不属于保险责任、责任免除或者未达门槛的项目，写明所依条款。"),
)
def heads_name_their_clause(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return all(line.clause.strip() for line in _refused(facts, *BY_CLAUSE))


@check(
    "lines",
    reason="exclusion_not_explained",
    law="insurance.exclusion_needs_explanation",
    says=_("这张保单没有免责条款提示和说明的凭证，免责条款不产生效力，不能据此少赔。"),
)
def excluded_heads_were_explained(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return not _refused(facts, Reason.EXCLUDED) or (position is not None and position.exclusions_explained)


@check(
    "lines",
    reason="late_notice_costs_a_part",
    law="insurance.late_notice_never_bars",
    says=_("迟延通知只影响因此无法确定的部分：写明哪一部分、为什么无法确定；不能因此全部不赔。"),
)
def lateness_costs_a_part_only(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    late = _refused(facts, Reason.UNDETERMINABLE)
    return all(line.note.strip() for line in late) and (not late or any(line.accepted for line in facts.lines))


@check(
    "lines",
    reason="settlement_binds",
    law="insurance.settlement_approved_binds",
    says=_("和解草案已经保险人同意，核定的损失不能低于同意的金额。"),
)
def approved_settlement_binds(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    if case.consent != Consent.GIVEN or case.consent_amount is None:
        return True
    lines = [line for line in facts.lines if line.head not in COSTS and line.head != Head.ENTRAPMENT]
    asked, accepted = sum((x.asked for x in lines), ZERO), sum((x.accepted for x in lines), ZERO)
    return not _refused(facts, Reason.REASSESSED) and accepted >= min(asked, case.consent_amount)


@check(
    "is_joint",
    reason="joint_liability_refused",
    law="insurance.joint_liability_covered",
    says=_("请求赔付的是连带责任：不得以超出被保险人自身份额为由少赔。责任另有裁判认定为按份的，在说明里写明文号。"),
)
def joint_liability_is_not_refused(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    return facts.is_joint or not case.is_joint or bool(facts.note.strip())


@check("sheet", reason="award_not_followed", law="insurance.liability_fixed_by", says=_("生效裁判确定的金额高于这次核定，应当按裁判核定。"))
def award_is_followed(case: Payout, law: Law, position: PayoutPosition | None, facts: told.DecidePayout, by: Actor) -> bool:
    if case.award_amount is None or facts.sheet.total >= case.award_amount:
        return True
    return any(set(p.cut_by) - {"deductible"} for p in facts.sheet.persons)


@check("amount", reason="amount_invalid", says=_("金额不能是负数，最多两位小数。"))
def amount_is_possible(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return is_money(facts.amount)


@check("document", reason="document_missing", says=_("写明文书或者票据的编号。"))
def document_is_named(case: Payout, law: Law, position: PayoutPosition | None, facts: Any, by: Actor) -> bool:
    return bool(facts.document.strip())


@check("effective_on", reason="effective_too_early", says=_("生效日期在事故日和今天之间。"))
def award_is_in_force(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RecordAward, by: Actor) -> bool:
    return bool(case.accident_on <= facts.effective_on <= law.on)


@check("filed_on", reason="filed_too_early", says=_("起诉日期在事故日和今天之间。"))
def suit_was_filed(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RecordSuit, by: Actor) -> bool:
    return bool(case.accident_on <= facts.filed_on <= law.on)


@check("number", reason="number_missing", says=_("写明法院、案号、原告和被告。"))
def suit_is_named(case: Payout, law: Law, position: PayoutPosition | None, facts: told.RecordSuit, by: Actor) -> bool:
    return all(text.strip() for text in (facts.court, facts.number, facts.plaintiff, facts.defendant))


@check(
    "head",
    reason="head_is_no_cost",
    law="insurance.mitigation_costs_in_addition",
    says=_("这里只登记施救、查明原因和损失、诉讼仲裁的费用。"),
)
def head_is_a_cost(case: Payout, law: Law, position: PayoutPosition | None, facts: told.AskCosts, by: Actor) -> bool:
    return facts.head in COSTS


@check("kind", reason="kind_unknown", says=_("选明是迟延损失还是通融付款。"))
def beside_is_known(case: Payout, law: Law, position: PayoutPosition | None, facts: told.PayBeside, by: Actor) -> bool:
    return facts.kind in (Beside.DELAY, Beside.EX_GRATIA)


@check("amount", reason="delay_not_recorded", law="insurance.delay_damages", says=_("超过已登记的迟延损失。先按裁判或者协议登记金额。"))
def delay_is_recorded(case: Payout, law: Law, position: PayoutPosition | None, facts: told.PayBeside, by: Actor) -> bool:
    if facts.kind != Beside.DELAY:
        return True
    return position is not None and facts.amount <= case.delay_amount - position.beside_for(Beside.DELAY)


@check("amount", reason="above_authority", says=_("连同以前限额以外的付款，金额超出您的核定权限，须由权限足够的同事提出。"))
def beside_is_within_authority(case: Payout, law: Law, position: PayoutPosition | None, facts: told.PayBeside, by: Actor) -> bool:
    limit = authority_of(by, DECIDE)
    return limit is not None and position is not None and position.beside_for() + facts.amount <= limit
