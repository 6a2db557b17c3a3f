"""What the typed facts of a step must satisfy; each names the field it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.actors import authority_of
from casework.declarations import check
from claims.terms import NAMED_BASES
from legislation.money import ZERO

if TYPE_CHECKING:
    from claims.selectors import AdvancePosition, ClaimPosition

LONGEST_WORD = 1000  # what the injured may write at once; longer things are papers


@check("amount", reason="not_positive", says=_("金额要大于 0。"))
def amount_is_positive(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount > 0)


@check("amount", reason="negative", says=_("金额不能是负数。"))
def amount_is_not_negative(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount >= 0)


@check("reason", reason="no_reason", says=_("请写明理由。"))
def reason_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.reason.strip())


@check("text", reason="no_text", says=_("还没有写内容。"))
def text_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.text.strip()) and len(facts.text) <= LONGEST_WORD


@check("people", reason="nobody", says=_("至少要有一个人。"))
def somebody_is_named(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return len(facts.people) > 0


@check("people", reason="one_each", says=_("受伤的人一人一案；没有受伤的乘客合为一案。"))
def one_injured_or_only_unhurt(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    injured = [p for p in facts.people if p.is_injured]
    return (len(injured) == 1 and len(facts.people) == 1) if facts.subject == "injury" else not injured


@check("items", reason="empty_list", says=_("请列明还缺哪些材料。"))
def list_is_not_empty(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return any(item.strip() for item in facts.items)


@check("consent", reason="no_consent", says=_("身份和医疗信息是敏感个人信息，要取得单独同意才能登记。"))
def consent_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.consent)


@check("heads", reason="negative", says=_("主张的金额不能是负数。"))
def asked_is_not_negative(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return all(head.amount >= 0 for head in facts.heads)


@check("worksheet_id", reason="not_current", says=_("计算书已有新版，请按最新一版核算。"))
def worksheet_is_current(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    return (facts.worksheet_id, facts.amount) == (position.worksheet_id, position.worksheet_total)


@check("share", reason="not_a_share", says=_("比例在 0 到 100% 之间。"))
def share_is_a_part(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(0 <= facts.share <= 1)


@check("shares", reason="not_whole", says=_("各方比例加起来要正好是 100%，每一方只写一次。"))
def shares_sum_to_one(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    parties = [s.party for s in facts.shares]
    return len(set(parties)) == len(parties) and all(0 <= s.share <= 1 for s in facts.shares) and sum(s.share for s in facts.shares) == 1


@check("key", reason="unknown_person", says=_("本案没有这个人。"))
def person_is_of_the_claim(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return any(person["key"] == facts.key for person in case.people)


@check(
    "waives_others",
    reason="waives_others",
    law="insurance.waiver_before_payment_frees_insurer",
    says=_("和解不能让受害人或本单位放弃对制造、维保单位和保险人的权利：放弃了，保险人就不再赔。"),
)
def nobody_else_is_released(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return not facts.waives_others


@check("amount", reason="above_owed", says=_("超过还应付给受害人的数。"))
def within_what_is_owed(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    return case.owed is not None and position.proven + position.ordered + facts.amount <= case.owed


@check("amount", reason="above_authority", says=_("连同为这位受害人已经批准的，金额超出您的审批权限，请有权限的同事办理。"))
def payment_within_authority(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    limit = authority_of(by, "claim.order_payment")
    return limit is not None and position.ordered_by_manager + facts.amount <= limit


@check("voucher", reason="no_voucher", says=_("请填付款凭证号。"))
def voucher_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.voucher.strip())


@check("voucher", reason="proven_before", says=_("这张凭证已经登记过，同一笔付款只算一次。"))
def voucher_is_new(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    return (facts.payer, facts.voucher.strip()) not in position.vouchers


@check("voucher", reason="recorded_before", says=_("这张票据已经登记过，同一笔费用只算一次。"))
def cost_voucher_is_new(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    return (facts.head, facts.voucher.strip()) not in position.cost_vouchers


@check("amount", reason="zero", says=_("金额不能是 0。"))
def amount_is_something(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount != ZERO)


@check("original", reason="same_case", says=_("不能并入自己。请填另一件理赔的案号。"))
def original_is_another(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.original.strip()) and facts.original.strip() != case.reference


@check("conclusion", reason="no_conclusion", says=_("请写明结论，包括追偿怎么处理。"))
def conclusion_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.conclusion.strip())


@check("payee_name", reason="no_payee", says=_("请写明付给谁，可以是医院。"))
def payee_name_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.payee_name.strip())


@check("basis_document", reason="no_document", says=_("按合同、裁定或地方规定垫付的，要写明是哪一份。"))
def basis_is_documented(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return facts.basis not in NAMED_BASES or bool(facts.basis_document.strip())


@check("amount", reason="not_what_was_proposed", says=_("批准的金额和提出的不一样。要改金额，先退回修改。"))
def amount_is_as_proposed(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount == case.amount)


@check("amount", reason="above_latest_estimate", says=_("各笔垫付加起来超过最新估计。有新的预交款通知的，先登记新的估计。"))
def advance_within_estimate(case: Any, law: Any, position: AdvancePosition, facts: Any, by: Any) -> bool:
    return position.estimate is not None and position.committed + facts.amount <= position.estimate


@check("amount", reason="above_authority", says=_("连同为这位受害人已经批准的垫付，金额超出您的审批权限，请有权限的同事办理。"))
def advance_within_authority(case: Any, law: Any, position: AdvancePosition, facts: Any, by: Any) -> bool:
    limit = authority_of(by, "advance.approve")
    return limit is not None and position.approved_for_person + facts.amount <= limit


@check("amount", reason="above_emergency_limit", says=_("连同还没有补充确认的，超出本单位紧急垫付的额度，要由审批人批准。"))
def within_emergency_limit(case: Any, law: Any, position: AdvancePosition, facts: Any, by: Any) -> bool:
    limit = authority_of(by, "advance.emergency")
    return limit is not None and position.unconfirmed_for_person + facts.amount <= limit


@check("amount", reason="above_paid", says=_("退回的不能超过付出的。"))
def refund_within_paid(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(0 < facts.amount <= (case.amount or ZERO) - case.refunded)


def _day_after_accident(field: str) -> Any:
    @check(field, reason="before_accident", says=_("这个日期早于事故，请看一眼哪个写反了。"))
    def holds(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
        return bool(getattr(facts, field) >= case.governing_dates()["accident"])

    return holds


signed_after_accident = _day_after_accident("signed_on")
effective_after_accident = _day_after_accident("effective_on")
paid_after_accident = _day_after_accident("paid_on")


@check("received_on", reason="before_payment", says=_("退款早于付款，请看一眼哪个写反了。"))
def refunded_after_payment(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return case.paid_on is None or facts.received_on >= case.paid_on


died_after_accident = _day_after_accident("died_on")


@check("heirs", reason="no_heirs", says=_("至少要有一位继承人。先在“身份和收款账户”里登记近亲属。"))
def heirs_are_named(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    keys = [heir.party_id for heir in facts.heirs]
    return bool(keys) and len(set(keys)) == len(keys)


@check("heirs", reason="not_whole", says=_("各继承人的份额加起来要正好是 100%。"))
def shares_of_heirs_sum_to_one(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return all(0 <= heir.share <= 1 for heir in facts.heirs) and sum(heir.share for heir in facts.heirs) == 1


@check("representative", reason="not_an_heir", says=_("代表要是其中一位继承人。"))
def representative_is_an_heir(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return facts.representative is None or any(heir.party_id == facts.representative for heir in facts.heirs)


@check("document", reason="no_document", says=_("写明基金的支付凭证或者缴款通知书编号。"))
def fund_is_documented(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.document.strip()) and bool(facts.name.strip())


@check("key", reason="not_entitled", says=_("这位不能收这笔款：受害人已去世的付给继承人或者代表，基金按登记的归还。"))
def payee_is_entitled(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    return facts.key in position.entitled


@check("amount", reason="above_part", says=_("超过这位该得的：要先扣除归还基金的，几位继承人的各按份额。"))
def within_own_part(case: Any, law: Any, position: ClaimPosition, facts: Any, by: Any) -> bool:
    part = position.part_of(facts.key)
    return part is None or facts.amount <= part
