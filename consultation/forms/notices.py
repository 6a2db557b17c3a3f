"""One form per step of a notice and an objection, and the form by which anybody objects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.encryption import encrypt
from casework import registry
from casework.forms import MomentField, StepForm
from consultation import facts
from consultation.forms.ballot import ReasonForm, day
from consultation.services.notices import text_digest
from consultation.terms import Category, Outcome

registry.form_for("consultation.public_notice.withdraw", "consultation.objection.withdraw", "consultation.objection.reopen")(ReasonForm)


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


@registry.form_for("consultation.public_notice.post")
class PostForm(StepForm):
    facts_class = facts.PostNotice
    places = forms.CharField(label=_("贴在哪里"), widget=area(3), help_text=_("一行一处，例如：12 号楼 2 单元首层大堂。"))
    displayed_from = day(_("从哪天起"), initial=timezone.localdate)
    displayed_until = day(_("到哪天止（含当天）"), help_text=_("张贴当天不算。"))

    def facts(self) -> facts.PostNotice:
        data = self.cleaned_data
        places = tuple(line.strip()[:80] for line in data["places"].splitlines() if line.strip())
        return facts.PostNotice(places, data["displayed_from"], data["displayed_until"])


@registry.form_for("consultation.public_notice.extend")
class ExtendNoticeForm(StepForm):
    facts_class = facts.ExtendNotice
    displayed_until = day(_("延长到（含当天）"))
    reason = forms.CharField(label=_("为什么延长"), max_length=200)


@registry.form_for("consultation.public_notice.change_content")
class ChangeNoticeForm(StepForm):
    facts_class = facts.ChangeNotice
    heading = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("新的内容"), max_length=8000, widget=area(10))
    reason = forms.CharField(label=_("为什么改"), max_length=200)
    displayed_from = day(_("新内容从哪天贴出"), initial=timezone.localdate)
    displayed_until = day(_("到哪天止（含当天）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Any = self.case
        self.fields["heading"].initial, self.fields["text"].initial = case.heading, case.text

    def facts(self) -> facts.ChangeNotice:
        data = self.cleaned_data
        heading, text = data["heading"].strip(), data["text"].strip()
        return facts.ChangeNotice(
            heading, text, text_digest(heading, text), data["reason"], data["displayed_from"], data["displayed_until"]
        )


@registry.form_for("consultation.objection.redact")
class RedactForm(StepForm):
    facts_class = facts.RedactObjection
    public_text = forms.CharField(
        label=_("公开的摘要"), required=False, max_length=2000, widget=area(4), help_text=_("去掉姓名、房号、电话。")
    )


@registry.form_for("consultation.objection.answer_it")
class AnswerForm(StepForm):
    facts_class = facts.AnswerObjection
    answer = forms.CharField(label=_("答复"), max_length=4000, widget=area(6))
    public_text = forms.CharField(
        label=_("公开的摘要"), required=False, max_length=2000, widget=area(3), help_text=_("去掉姓名、房号、电话。")
    )


@registry.form_for("consultation.objection.record_session")
class SessionForm(StepForm):
    facts_class = facts.RecordSession
    held_at = MomentField(label=_("什么时候开的"))
    venue = forms.CharField(label=_("地点"), max_length=120)
    chair = forms.CharField(label=_("主持人"), max_length=60)
    attendees = forms.CharField(label=_("参加人"), max_length=1000, widget=area(3))
    minutes = forms.CharField(label=_("会议记录"), max_length=6000, widget=area(8))
    outcome = forms.CharField(label=_("结果"), max_length=300)

    def facts(self) -> facts.RecordSession:
        data = self.cleaned_data
        return facts.RecordSession(
            data["held_at"], data["venue"], data["chair"], encrypt(data["attendees"]), encrypt(data["minutes"]), data["outcome"]
        )


@registry.form_for("consultation.objection.settle", "consultation.objection.dismiss")
class EndForm(StepForm):
    facts_class = facts.EndObjection
    outcome = forms.ChoiceField(label=_("处理结果"), choices=[("", _("选一个")), *Outcome.choices])
    conclusion = forms.CharField(label=_("结论和理由"), max_length=500, widget=area(4))


class ObjectForm(forms.Form):
    """By which anybody affected objects to a notice. The last field is a trap for machines."""

    use_required_attribute = False
    category = forms.ChoiceField(label=_("哪方面"), choices=[("", _("选一个")), *Category.choices])
    text = forms.CharField(label=_("您的意见"), max_length=4000, widget=area(6))
    name = forms.CharField(label=_("您的姓名"), max_length=60)
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)
    dwelling = forms.CharField(label=_("房号或者住址"), max_length=80, required=False)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, says in (("category", _("选一个方面。")), ("text", _("写上您的意见。")), ("name", _("写上姓名，不会公开。"))):
            self.fields[name].error_messages["required"] = says
