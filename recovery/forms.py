"""One form per step of a recovery file that needs facts."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, StepForm
from recovery.facts import Because, Collect, ProposeWriteOff


@registry.form_for("recovery.recovery_file.collect")
class CollectForm(StepForm):
    facts_class = Collect
    confirm = True
    amount = MoneyField(label=_("收到金额"))
    from_whom = forms.CharField(label=_("谁付的"), max_length=120)
    received_on = forms.DateField(
        label=_("收到日期"), initial=timezone.localdate, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    voucher_number = forms.CharField(label=_("收款凭证号"), max_length=60)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class _ReasonForm(StepForm):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@registry.form_for("recovery.recovery_file.propose_write_off")
class ProposeWriteOffForm(_ReasonForm):
    facts_class = ProposeWriteOff
    is_waiver = forms.BooleanField(
        label=_("是放弃追偿，不是收不回"), required=False, help_text=_("保险赔付有望或正在办理时不能放弃：放弃了，保险人就不赔。")
    )


@registry.form_for("recovery.recovery_file.decline_write_off", "recovery.recovery_file.reopen")
class BecauseForm(_ReasonForm):
    facts_class = Because
