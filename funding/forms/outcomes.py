"""Forms of what follows a decision: review, payment, audit, claw-back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField
from funding.facts import Audit, ClawBack, OrderPayment, RecordRepayment, RequestReview
from funding.forms.application import APP, ApplicationForm
from funding.forms.base import day_field, text_field
from funding.terms import ClawBackGround


@registry.form_for(APP + "request_review")
class ReviewForm(ApplicationForm):
    facts_class = RequestReview
    received_on = day_field(_("收到日期"))
    grounds = text_field(_("申请人的理由"))


@registry.form_for(APP + "order_payment")
class OrderForm(ApplicationForm):
    facts_class = OrderPayment
    confirm = True
    document = forms.CharField(label=_("拨付文号"), max_length=80)

    def money(self) -> list[tuple[Any, Decimal]]:
        return [(_("拨付金额"), self.application.approved_amount)]

    def consequences(self) -> list[tuple[Any, Any]]:
        return [(_("申请人"), self.application.applicant_name), (_("收款账户"), self.application.account_masked)]


@registry.form_for(APP + "audit")
class AuditForm(ApplicationForm):
    facts_class = Audit
    audited_on = day_field(_("核查日期"))
    finding = text_field(_("核查情况"))


@registry.form_for(APP + "claw_back")
class ClawBackForm(ApplicationForm):
    facts_class = ClawBack
    confirm = True
    amount = MoneyField(label=_("追回金额"))
    ground = forms.ChoiceField(label=_("原因"), choices=ClawBackGround.choices)
    reason = text_field(_("事实和理由"), help_text=_("印在追回决定书上。"))
    article = forms.CharField(label=_("依据"), max_length=200)


@registry.form_for(APP + "record_repayment")
class RepaymentForm(ApplicationForm):
    facts_class = RecordRepayment
    confirm = True
    amount = MoneyField(label=_("退回金额"))
    received_on = day_field(_("收到日期"))
    voucher_number = forms.CharField(label=_("凭证号"), max_length=60)
