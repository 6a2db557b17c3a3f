"""The code at the door of a personal link; forms of a request for records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework import registry
from casework.forms import StepForm
from correspondence.facts import AnswerRecords, AskRecords, EndRequest, RefuseRecords


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


@registry.form_for("correspondence.records_request.ask")
class AskForm(StepForm):
    """Which papers of which days, from whom, until when."""

    facts_class = AskRecords

    addressee = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.MAINTENANCE_CONTRACTOR).order_by("name"),
        label=_("向哪家维保单位调取"),
        required=False,
        empty_label=_("不是在册的维保单位"),
    )
    addressee_name = forms.CharField(
        label=_("没有账号的单位或人"), max_length=120, required=False, help_text=_("例如医院、以前的维保单位；用专用链接或者纸质答复。")
    )
    what = _text(_("要哪些资料"), max_length=1000)
    since = _day(_("从哪天的"))
    until = _day(_("到哪天的"))
    due_on = _day(_("什么时候以前提供"))
    purpose = forms.CharField(label=_("做什么用"), max_length=200)

    def facts(self) -> AskRecords:
        given = self.cleaned_data
        addressee = given.get("addressee")
        return AskRecords(
            addressee_id=addressee.pk if addressee else None,
            addressee_name="" if addressee else given.get("addressee_name", ""),
            **{name: given[name] for name in ("what", "since", "until", "due_on", "purpose")},
        )

    def field_for(self, name: str) -> str | None:
        return super().field_for("addressee" if name == "addressee_id" else name)

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due <= timezone.localdate():
            raise forms.ValidationError(_("答复的日子要在今天以后。"))
        return due


@registry.form_for("correspondence.records_request.answer_request")
class AnswerForm(StepForm):
    """What was handed over and what there is none of."""

    facts_class = AnswerRecords
    note = _text(_("提供了哪些"), rows=2, max_length=1000)
    lacking = forms.CharField(label=_("哪些没有，为什么"), max_length=300, required=False)


@registry.form_for("correspondence.records_request.refuse")
class RefuseForm(StepForm):
    """Why not."""

    facts_class = RefuseRecords
    reason = _text(_("不提供的理由"), rows=2, max_length=1000)


@registry.form_for("correspondence.records_request.withdraw")
class WithdrawForm(StepForm):
    """Why no more."""

    facts_class = EndRequest
    reason = _text(_("撤回的原因"), rows=2, max_length=1000)


class LinkCodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=_("6 位验证码"),
        max_length=24,
        error_messages={"required": _("还没有填验证码。"), "max_length": _("验证码是 6 位数字。")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "class": "tb-code tb-code-large"}
        ),
    )
