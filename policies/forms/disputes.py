"""Forms around disputes: objection, lawsuit, judgment, referral, costs and payments beside the insurance money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField
from legislation.money import ZERO
from policies import facts as told
from policies.forms.base import TOPIC, PayoutForm, ReasonForm, day_field, text_field
from policies.terms import COSTS, Beside, Head


@registry.form_for(f"{TOPIC}dispute")
class DisputeForm(ReasonForm):
    facts_class = told.Dispute

    raised_by = forms.CharField(label=_("谁提出异议"), max_length=60)


@registry.form_for(f"{TOPIC}record_suit")
class RecordSuitForm(PayoutForm):
    facts_class = told.RecordSuit
    confirm = True

    court = forms.CharField(label=_("法院"), max_length=120)
    number = forms.CharField(label=_("案号"), max_length=60)
    plaintiff = forms.CharField(label=_("原告"), max_length=120)
    defendant = forms.CharField(label=_("被告"), max_length=120)
    filed_on = day_field(_("起诉日期"), known=False)
    claimed = MoneyField(label=_("请求金额"), smallest=ZERO, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["defendant"].initial = self.payout.policy.insurer.name


@registry.form_for(f"{TOPIC}record_award")
class RecordAwardForm(PayoutForm):
    facts_class = told.RecordAward
    confirm = True

    forum = forms.CharField(label=_("法院或者仲裁机构"), max_length=60)
    document = forms.CharField(label=_("文书编号"), max_length=60)
    effective_on = day_field(_("生效日期"), known=False)
    amount = MoneyField(label=_("保险人应付的金额"), smallest=ZERO, help_text=_("驳回请求的填 0.00。"))
    is_arbitration = forms.BooleanField(label=_("仲裁裁决"), required=False)


@registry.form_for(f"{TOPIC}refer_suspicion")
class ReferSuspicionForm(ReasonForm):
    facts_class = told.ReferSuspicion

    found = text_field(_("可疑的事实和出处"), max_length=500)


@registry.form_for(f"{TOPIC}conclude_suspicion")
class ConcludeSuspicionForm(PayoutForm):
    facts_class = told.ConcludeSuspicion
    confirm = True

    is_false = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("no", _("属实，照常核定")), ("yes", _("有虚假，只对虚假的部分不赔"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    found = text_field(_("查明的事实"), max_length=500)


@registry.form_for(f"{TOPIC}ask_costs")
class AskCostsForm(PayoutForm):
    facts_class = told.AskCosts

    head = forms.ChoiceField(label=_("什么费用"), choices=[(str(h.value), h.label) for h in Head if h in COSTS])
    amount = MoneyField(label=_("金额"))
    document = forms.CharField(label=_("票据编号"), max_length=120)


@registry.form_for(f"{TOPIC}record_delay")
class RecordDelayForm(PayoutForm):
    facts_class = told.RecordDelay

    amount = MoneyField(label=_("裁判或者协议确定的金额"), smallest=ZERO)
    document = forms.CharField(label=_("文书编号"), max_length=120)


@registry.form_for(f"{TOPIC}pay_beside")
class PayBesideForm(PayoutForm):
    facts_class = told.PayBeside
    confirm = True

    kind = forms.ChoiceField(label=_("付什么"), choices=[(str(b.value), b.label) for b in Beside if b])
    amount = MoneyField(label=_("金额"))
    payee_name = forms.CharField(label=_("收款人"), max_length=120)
    reason = text_field(_("理由"))

    def facts(self) -> told.PayBeside:
        typed = self.cleaned_data
        return told.PayBeside(typed["kind"], typed["amount"], told.PayeeFact(typed["payee_name"]), typed["reason"])

    def field_for(self, name: str) -> str | None:
        return "payee_name" if name.startswith("payee") else super().field_for(name)
