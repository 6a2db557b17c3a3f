"""One form per step of a payment order that needs facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import StepForm
from ledger.facts import BouncePayment, CancelPayment, MarkPaid, ReleasePayment, ReturnPayment

if TYPE_CHECKING:
    from ledger.models import PaymentOrder


def payment_lines(case: Any) -> list[tuple[Any, Any]]:
    """What a cashier compares: amount, who is paid and where."""
    order: PaymentOrder = case.specific
    account = " ".join(filter(None, (order.payee_bank, order.payee_account))) or _("不经账户（现金）")
    return [(_("用途"), order.get_purpose_display()), (_("收款人"), order.payee_name), (_("收款账户"), account)]


def order_money(case: Any) -> list[tuple[Any, Any]]:
    """The order's amount, which the page shows in figures and in capitals."""
    return [(_("金额"), case.specific.amount)]


@registry.form_for("ledger.payment_order.release")
class ReleaseForm(StepForm):
    facts_class = ReleasePayment
    confirm = True

    account_checked = forms.BooleanField(
        label=_("户名、开户行、账号已和书面材料逐项核对"), required=False, help_text=_("放行后去网银付款；付完回来登记凭证号。")
    )

    def money(self) -> list[tuple[Any, Any]]:
        return order_money(self.case)

    def consequences(self) -> list[tuple[Any, Any]]:
        left = getattr(self.case.parent.specific, "left_after_payment", None) if self.case is not None and self.case.parent else None
        remains = left(self.case.amount) if self.case is not None and left is not None else []
        return [*payment_lines(self.case), *remains]


@registry.form_for("ledger.payment_order.mark_paid")
class MarkPaidForm(StepForm):
    facts_class = MarkPaid
    confirm = True

    voucher_number = forms.CharField(label=_("凭证号"), max_length=60, help_text=_("银行回单上的流水号；现金付款填收据编号。"))
    paid_on = forms.DateField(
        label=_("付款日"), initial=timezone.localdate, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def money(self) -> list[tuple[Any, Any]]:
        return order_money(self.case)

    def consequences(self) -> list[tuple[Any, Any]]:
        return payment_lines(self.case)


class _ReasonForm(StepForm):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@registry.form_for("ledger.payment_order.return_")
class ReturnForm(_ReasonForm):
    facts_class = ReturnPayment


@registry.form_for("ledger.payment_order.bounce")
class BounceForm(_ReasonForm):
    facts_class = BouncePayment
    confirm = True

    bounced_on = forms.DateField(
        label=_("退票日"), initial=timezone.localdate, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    bank_number = forms.CharField(label=_("退票凭证号"), max_length=60, help_text=_("银行退票通知，或者款项退回的入账回单上的编号。"))

    def money(self) -> list[tuple[Any, Any]]:
        return order_money(self.case)

    def consequences(self) -> list[tuple[Any, Any]]:
        return [*payment_lines(self.case), (_("办完以后"), _("原分录冲销，这笔款仍然欠付，要另开付款单"))]


@registry.form_for("ledger.payment_order.cancel")
class CancelForm(_ReasonForm):
    facts_class = CancelPayment
