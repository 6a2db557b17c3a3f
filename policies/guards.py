"""What must be true before a step of a payout, judged before anybody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard
from legislation.money import ZERO
from policies.terms import INSURED

if TYPE_CHECKING:
    from legislation.lookup import Law
    from policies.models import Payout
    from policies.selectors import PayoutPosition


@guard(
    "supplement_asked_before",
    law="insurance.one_supplement_request",
    says=_("补正通知已经发过一次，同一次请求只能一次性通知。以后月份的票据请作为新的请求提出。"),
    cure=Cure(_("看那次的清单"), anchor="supplement"),
)
def supplement_not_asked_before(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.supplement_requested_on is None


@guard(
    "supplement_still_due",
    law="insurance.supplement_answer_period",
    says=_("补正通知的答复期还没有过，先等补充材料。"),
    cure=Cure(_("登记收到补充材料"), verb="receive_supplement"),
)
def supplement_is_unanswered(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return position.supplement_due_on is not None and law.on > position.supplement_due_on


@guard("cover_not_checked", says=_("还没有逐条核对保险责任。"), cure=Cure(_("核对保险责任"), verb="check_cover"))
def cover_is_checked(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.cover_version > 0


@guard(
    "cover_question_open",
    says=_("保险责任核对里还有不符合或者要您看的条目，先看过、写明事实再核定。"),
    cure=Cure(_("核对保险责任"), verb="check_cover"),
)
def cover_stands(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return not position.cover_doubts


@guard("losses_missing", says=_("还没有人提出损失项目，等使用管理人的赔偿计算书。"))
def something_is_asked(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return bool(position.lines)


@guard(
    "limits_moved", says=_("核定之后限额或者损失有变化，赔款计算已经不准。请退回经办重新核定。"), cure=Cure(_("退回经办"), verb="send_back")
)
def sheet_still_holds(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return position.sheet_is_current


@guard(
    "orders_above_decision",
    says=_("还有付款单没有付出，金额超过这次核定。先撤销多出的付款单，再复核。"),
    cure=Cure(_("看付款单"), anchor="payees"),
)
def orders_stand_under_the_decision(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return position.orders_stand_under_the_sheet


@guard("nothing_refused", says=_("没有不予赔付的项目，不用发拒赔通知。"), law="insurance.refusal_notice_period", hides=True)
def some_heads_are_refused(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return bool(payout.refused_amount > ZERO)


@guard("refusal_is_sent", says=_("这一次核定的拒赔通知已经发出。"), law="insurance.refusal_notice_period", hides=True)
def refusal_is_not_sent(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.refusal_sent_on is None


@guard(
    "evidence_for_liability_missing",
    law="insurance.liability_fixed_by",
    says=_("被保险人的责任还没有确定：缺判决、与受害人的协议，或者其他能够确定的材料。"),
    cure=Cure(_("登记责任已确定"), verb="record_liability_fixed"),
)
def liability_is_fixed(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.liability_fixed_on is not None or not position.has_injured


@guard(
    "above_what_was_fixed",
    law="insurance.liability_fixed_by",
    says=_("判决或协议确定的责任低于这次核定。请重新核定，按确定的金额赔付。"),
    cure=Cure(_("重新核定"), verb="reopen"),
)
def decision_is_within_what_was_fixed(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    fixed = position.pool.terms.fixed
    return fixed is None or all(p.liable <= fixed for p in position.sheet if p.person != INSURED)


@guard(
    "victim_not_paid",
    law="insurance.pay_victim_first",
    says=_("受害人尚未收到赔款，保险人不得向被保险人赔付。"),
    cure=Cure(_("去登记付款凭证"), verb="record_victim_payment"),
)
def victim_was_paid_first(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return position.reimbursable > ZERO


@guard("victim_paid_in_full", says=_("应付给受害人的部分已经提出付款。"))
def something_is_owed_to_the_victim(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return position.owed_to_victims > ZERO


@guard("payment_orders_open", says=_("还有付款单没有付出，付清或者撤销以后才能办。"), cure=Cure(_("看付款单"), anchor="payees"))
def no_payment_is_open(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return not position.open_payments and not any(p.is_open for p in position.beside)


@guard("refusal_not_sent", says=_("先发出拒绝赔付通知书，再维持核定。"), law="insurance.refusal_notice_period")
def whole_refusal_was_sent(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.refusal_sent_on is not None and not payout.decided_amount


@guard("nothing_was_accepted", says=_("原核定没有应付的赔款，维持的话用“维持拒赔”。"))
def something_was_accepted(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return bool(payout.decided_amount)


@guard("judged_otherwise", says=_("生效裁判支持了请求，按裁判重新核定。"), cure=Cure(_("重新核定"), verb="decide"))
def award_does_not_ask_for_more(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.award_amount is None or payout.award_amount <= (payout.decided_amount or ZERO)


@guard(
    "dispute_is_open",
    says=lambda payout, position: _("还有没有了结的诉讼或者调解：%(what)s。") % {"what": "、".join(position.pool.disputes)},
    cure=Cure(_("看争议"), anchor="disputes"),
)
def no_dispute_is_open(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return not position.pool.disputes


@guard("suspicion_is_open", says=_("已经移送核查，等结论。"))
def no_suspicion_is_open(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return bool(payout.suspicion != "referred")


@guard("suspicion_not_referred", says=_("没有移送核查的事项。"))
def suspicion_is_open(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return bool(payout.suspicion == "referred")


@guard("something_was_paid", says=_("已经付过款，不能撤回。多付的，请走退款。"))
def nothing_was_paid(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return not payout.paid_amount


@guard("not_paid_in_full", says=_("核定的赔款还没有付清。"), cure=Cure(_("看付给谁"), anchor="payees"))
def everything_is_paid(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return not position.open_payments and position.unpaid <= ZERO


@guard("consent_not_asked", says=_("没有正在征求同意的和解草案。"), hides=True)
def consent_is_asked(payout: Payout, law: Law, position: PayoutPosition) -> bool:
    return payout.consent == "asked"
