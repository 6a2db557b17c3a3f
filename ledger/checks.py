"""What the typed facts of a payment order must satisfy; each names its form field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from ledger.permissions import CASHIERS
from legislation.money import LARGEST, to_fen

if TYPE_CHECKING:
    from access.actors import Actor
    from ledger.facts import BouncePayment, CancelPayment, MarkPaid, ProposePayment, ReleasePayment, ReturnPayment
    from ledger.lifecycle import PaymentPosition
    from ledger.models import PaymentOrder
    from legislation.lookup import Law

REASON = _("请写明原因，给后面办的人看。")


@check("amount", reason="amount_invalid", says=_("金额须大于零，最多两位小数。"))
def amount_is_positive(case: PaymentOrder, law: Law, position: PaymentPosition | None, facts: ProposePayment, by: Actor) -> bool:
    amounts = [facts.amount, *(leg.amount for leg in facts.legs if leg.amount is not None)]
    return all(a.is_finite() and 0 < a < LARGEST and to_fen(a) == a for a in amounts)


@check("legs", reason="legs_missing", says=_("付款单没有写明从哪个账户付、记到哪个账户。"))
def legs_are_named(case: PaymentOrder, law: Law, position: PaymentPosition | None, facts: ProposePayment, by: Actor) -> bool:
    return bool(facts.legs) and all(leg.debit and leg.credit and leg.debit != leg.credit for leg in facts.legs)


@check("account_checked", reason="not_compared", says=_("请先核对收款人户名和账号，再勾选放行。"))
def account_was_compared(case: PaymentOrder, law: Law, position: PaymentPosition, facts: ReleasePayment, by: Actor) -> bool:
    return facts.account_checked


@check("account_checked", reason="three_people", says=_("这笔款是您经办或审批的，放行要由另一位出纳来办。"))
def releaser_is_a_third_person(case: PaymentOrder, law: Law, position: PaymentPosition, facts: ReleasePayment, by: Actor) -> bool:
    return by.user_id is None or by.user_id not in position.preparers


@check("voucher_number", reason="voucher_missing", says=_("请填写银行回单或收据上的编号。"))
def voucher_is_given(case: PaymentOrder, law: Law, position: PaymentPosition, facts: MarkPaid, by: Actor) -> bool:
    return bool(facts.voucher_number.strip())


@check("voucher_number", reason="voucher_used", says=_("这个凭证号已经登记在本单位另一张付款单上，请核对是不是拿错了回单。"))
def voucher_is_new(case: PaymentOrder, law: Law, position: PaymentPosition, facts: MarkPaid, by: Actor) -> bool:
    return facts.voucher_number.strip() not in position.vouchers


@check("paid_on", reason="paid_too_early", says=_("付款日早于提出付款的日期，请核对回单上的日期。"))
def paid_after_proposed(case: PaymentOrder, law: Law, position: PaymentPosition, facts: MarkPaid, by: Actor) -> bool:
    return facts.paid_on >= position.proposed_on


@check("paid_on", reason="paid_in_future", says=_("付款日晚于这一步的发生时间，请核对回单上的日期。"))
def paid_not_later(case: PaymentOrder, law: Law, position: PaymentPosition, facts: MarkPaid, by: Actor) -> bool:
    return facts.paid_on <= law.on


@check("reason", reason="reason_missing", says=REASON)
def return_has_reason(case: PaymentOrder, law: Law, position: PaymentPosition, facts: ReturnPayment, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("reason", reason="reason_missing", says=REASON)
def cancellation_has_reason(case: PaymentOrder, law: Law, position: PaymentPosition, facts: CancelPayment, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("reason", reason="already_released", says=_("出纳已经放行，钱可能已经付出，要由出纳查过银行再撤销或者登记退回。"))
def released_is_stopped_by_the_cashier(case: PaymentOrder, law: Law, position: PaymentPosition, facts: CancelPayment, by: Actor) -> bool:
    return case.state != "released" or by.has(*CASHIERS)


@check("reason", reason="reason_missing", says=REASON)
def bounce_has_reason(case: PaymentOrder, law: Law, position: PaymentPosition, facts: BouncePayment, by: Actor) -> bool:
    return bool(facts.reason.strip())


@check("bank_number", reason="number_missing", says=_("请填写银行退票通知或者入账回单上的编号。"))
def bounce_has_number(case: PaymentOrder, law: Law, position: PaymentPosition, facts: BouncePayment, by: Actor) -> bool:
    return bool(facts.bank_number.strip())


@check("bounced_on", reason="bounced_too_early", says=_("退票日早于付款日，请看一眼哪个写反了。"))
def bounced_after_paid(case: PaymentOrder, law: Law, position: PaymentPosition, facts: BouncePayment, by: Actor) -> bool:
    return case.paid_on is None or facts.bounced_on >= case.paid_on


@check("bounced_on", reason="bounced_in_future", says=_("退票日还没到，请核对银行的通知。"))
def bounced_not_later(case: PaymentOrder, law: Law, position: PaymentPosition, facts: BouncePayment, by: Actor) -> bool:
    return facts.bounced_on <= law.on
