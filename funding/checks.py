"""What the typed facts of a step of funding must satisfy; each names its field."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.actors import authority_of
from casework.declarations import check
from funding import calculations
from legislation import deadlines
from legislation.money import LARGEST, ZERO, to_fen

if TYPE_CHECKING:
    from access.actors import Actor
    from funding.facts import (
        Approve,
        Audit,
        ClawBack,
        ClosePool,
        OpenPool,
        OrderPayment,
        ProposeChange,
        Publish,
        RecordObjection,
        RecordRepayment,
        Refuse,
        RequestCorrection,
        RequestReview,
        Verify,
    )
    from funding.models import BudgetPool, SubsidyApplication
    from funding.selectors.position import ApplicationPosition, PoolPosition
    from legislation.lookup import Law

#: Up to which amount a role grants a subsidy alone.
APPROVE = "subsidy.approve"


def _is_money(amount: Any) -> bool:
    return bool(amount is not None and amount.is_finite() and 0 < amount < LARGEST and to_fen(amount) == amount)


@check("reason", reason="no_reason", says=_("请写明理由，给后面办的人和申请人看。"))
def reason_is_given(case: Any, law: Law, position: Any, facts: Any, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("scheme", reason="unknown_scheme", says=_("没有这个补助方案。"))
def scheme_is_known(case: Any, law: Law, position: Any, facts: Any, by: Actor) -> bool:
    return any(one.code == facts.scheme for one in calculations.schemes())


# -- the pool


@check("name", reason="no_name", says=_("请写名称，例如“2026 年老旧电梯更新”。"))
def pool_has_name(case: Any, law: Law, position: Any, facts: OpenPool, by: Actor) -> bool:
    return bool(facts.name.strip())


@check("amount", reason="amount_invalid", says=_("金额须大于零，最多两位小数；调减也写正数。"))
def change_is_positive(case: BudgetPool, law: Law, position: PoolPosition, facts: ProposeChange, by: Actor) -> bool:
    return _is_money(facts.amount)


@check("document", reason="no_document", says=_("请写预算文件的文号。"))
def change_has_document(case: BudgetPool, law: Law, position: PoolPosition, facts: ProposeChange, by: Actor) -> bool:
    return bool(facts.document.strip())


@check("reason", reason="no_reason", says=_("请写明为什么变动，给复核的人看。"))
def change_has_reason(case: BudgetPool, law: Law, position: PoolPosition, facts: ProposeChange, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("__all__", reason="four_eyes", says=_("这笔变动是您提出的，请同事来复核。"))
def confirmer_is_another(case: BudgetPool, law: Law, position: PoolPosition, facts: Any, by: Actor) -> bool:
    return by.user_id is None or by.user_id != position.proposer_id


@check("remaining", reason="not_what_is_left", says=_("填的余额与账上不同，请看一眼账上的余额。"))
def remaining_is_what_is_left(case: BudgetPool, law: Law, position: PoolPosition, facts: ClosePool, by: Actor) -> bool:
    return facts.remaining == position.figures.available


# -- the application


@check("items", reason="no_items", says=_("请把缺的材料逐项写上，一行一项。"))
def items_are_listed(case: Any, law: Law, position: Any, facts: RequestCorrection, by: Actor) -> bool:
    return bool(facts.items) and all(item.strip() for item in facts.items)


@check("article", reason="no_article", says=_("请写明事实、理由和依据的条款，印在通知书上。"))
def refusal_is_reasoned(case: Any, law: Law, position: Any, facts: Refuse, by: Actor) -> bool:
    return bool(facts.article.strip()) and bool(facts.reason.strip())


@check("visited_on", reason="visit_not_yet", says=_("到场日期不能早于申请、晚于今天。"))
def visit_is_past(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Verify, by: Actor) -> bool:
    return (case.submitted_on or facts.visited_on) <= facts.visited_on <= law.on


@check("is_funded_elsewhere", reason="funded_elsewhere", says=_("同一费用已有别的补助，不能重复；请改办不予批准。"))
def not_funded_elsewhere(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Verify, by: Actor) -> bool:
    return not facts.is_funded_elsewhere


@check("__all__", reason="lift_counted", says=_("这台电梯的同一项费用已经有一件核实过的补助申请，不能重复补助；请改办不予批准。"))
def lift_counts_once(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Verify, by: Actor) -> bool:
    return not position.twins.of_lift()


@check("entrance", reason="entrance_counted", says=_("请写明哪个梯口；这个梯口已经有一件核实过的申请的，几台都按一台补助，改办不予批准。"))
def entrance_counts_once(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Verify, by: Actor) -> bool:
    entrance = facts.entrance.strip()
    return not case.terms.is_per_entrance or (bool(entrance) and not position.twins.of_entrance(entrance))


@check("__all__", reason="not_eligible", says=_("按现场看到的情况不符合补助条件，请改办不予批准。"))
def seen_facts_bar_nothing(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Verify, by: Actor) -> bool:
    seen = dataclasses.replace(case.known, stops=facts.stops, floors=facts.floors, lifts_at_entrance=facts.lifts_at_entrance)
    return calculations.judge(case.terms, seen).eligible


@check("published_until", reason="publication_too_short", says=_("公示天数不够，或者日期写反了。"), law="subsidy.publication_period")
def publication_is_long_enough(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Publish, by: Actor) -> bool:
    period = law.provision("subsidy.publication_period")
    least = deadlines.due(facts.published_on, int(period.value), period.unit, []).due
    return bool(facts.published_on <= law.on and facts.published_until >= least)


@check("objection", reason="no_objection", says=_("请写谁对什么有异议；不愿具名的写“匿名”。"))
def objection_is_said(case: Any, law: Law, position: Any, facts: RecordObjection, by: Actor) -> bool:
    return bool(facts.objection.strip() and facts.objector.strip())


@check("__all__", reason="above_authority", says=_("金额超出您的审批权限，请有权限的负责人或者上级部门批准。"))
def within_authority(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: Approve, by: Actor) -> bool:
    limit = authority_of(by, APPROVE)
    return limit is not None and case.amount is not None and case.amount <= limit


@check("grounds", reason="no_grounds", says=_("请写申请人不服的理由。"))
def review_has_grounds(case: Any, law: Law, position: Any, facts: RequestReview, by: Actor) -> bool:
    return bool(facts.grounds.strip())


@check("document", reason="no_document", says=_("请写拨付文件的文号。"))
def document_is_named(case: Any, law: Law, position: Any, facts: OrderPayment, by: Actor) -> bool:
    return bool(facts.document.strip())


@check("finding", reason="no_finding", says=_("请写核查了什么、结果怎样。"))
def finding_is_said(case: Any, law: Law, position: Any, facts: Audit, by: Actor) -> bool:
    return bool(facts.finding.strip())


@check("article", reason="no_article", says=_("请写明事实、理由和依据的条款。"))
def claw_back_is_reasoned(case: Any, law: Law, position: Any, facts: ClawBack, by: Actor) -> bool:
    return bool(facts.reason.strip()) and bool(facts.article.strip())


@check("amount", reason="above_paid", says=_("追回金额须大于零，不超过已拨付、还没退回的金额。"))
def claw_back_within_paid(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: ClawBack, by: Actor) -> bool:
    return _is_money(facts.amount) and facts.amount <= (case.approved_amount or ZERO) - case.returned_amount


@check("amount", reason="above_owed", says=_("退款须大于零，不超过还应退的金额。"))
def repayment_within_owed(case: SubsidyApplication, law: Law, position: ApplicationPosition, facts: RecordRepayment, by: Actor) -> bool:
    return _is_money(facts.amount) and facts.amount <= case.owed


@check("voucher_number", reason="no_voucher", says=_("请写退款凭证号。"))
def repayment_has_voucher(case: Any, law: Law, position: Any, facts: RecordRepayment, by: Actor) -> bool:
    return bool(facts.voucher_number.strip())
