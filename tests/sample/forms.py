from __future__ import annotations

from django import forms

from casework.forms import MoneyField, StepForm
from casework.registry import form_for
from tests.sample.models import AskMatter, DecideMatter


@form_for("sample.matter.decide")
class DecideMatterForm(StepForm):
    facts_class = DecideMatter
    confirm = True
    granted = MoneyField(label="核定金额")
    reason = forms.CharField(label="理由", required=False, widget=forms.Textarea)


@form_for("sample.matter.ask", "sample.matter.answer")
class AskMatterForm(StepForm):
    facts_class = AskMatter
    arrived_on = forms.DateField(label="到达日", required=False)
