"""Forms of an application up to its approval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, StepForm
from funding import calculations
from funding.facts import AnswerObjection, Approve, Complete, NameAccount, Publish, RecordObjection, Refuse, RequestCorrection, Verify
from funding.forms.base import ReasonForm, day_field, number_field, text_field, unknown_or_not
from funding.selectors.figures import figures_of
from funding.terms import DeclineGround
from parties import api as parties

APP = "funding.subsidy_application."
KNOWN = ("stops", "floors", "investment", "registered_on", "certificate_on", "owners", "is_completed")


class ApplicationForm(StepForm):
    """Knows its application."""

    @property
    def application(self) -> Any:
        return self.case.specific  # type: ignore[union-attr]


def add_scheme_fields(form: forms.Form, scheme: calculations.Scheme, *, required: bool = False) -> None:
    """Give a form the fields that a scheme's rules ask, and no others."""
    wanted = {need for name in calculations.RULES if name in scheme.rules for need in calculations.needs_of(scheme, name)}
    made: dict[str, forms.Field] = {
        "stops": number_field(_("站数"), required=False),
        "floors": number_field(_("住宅层数"), required=False),
        "investment": MoneyField(label=_("单台投资"), required=False),
        "registered_on": day_field(_("旧梯使用登记日"), today=False, required=False),
        "certificate_on": day_field(_("新梯使用登记证日期"), today=False, required=False),
        "owners": number_field(_("业主户数"), required=False),
        "lifts_at_entrance": number_field(_("同一梯口装几台"), required=False),
        "is_completed": unknown_or_not(_("工程已经完工")),
    }
    for name, field in made.items():
        if name in wanted:
            form.fields[name] = field


@registry.form_for(APP + "complete", APP + "amend")
class CompleteForm(ApplicationForm):
    """Starts from what is known; only what this scheme asks."""

    facts_class = Complete
    note = text_field(_("补了什么、改了什么"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_scheme_fields(self, self.application.terms)
        self.fields.pop("lifts_at_entrance", None)
        for name in KNOWN:
            if name in self.fields:
                value = getattr(self.application, name)
                self.fields[name].initial = {True: "yes", False: "no", None: ""}[value] if name == "is_completed" else value
        self.order_fields([*[n for n in KNOWN if n in self.fields], "note", "happened_at"])

    def facts(self) -> Complete:
        data = self.cleaned_data
        return Complete(note=data["note"], **{name: data[name] for name in KNOWN if data.get(name) not in (None, "")})


@registry.form_for(APP + "name_account")
class NameAccountForm(ApplicationForm):
    """The applicant's account; a second person confirms it before it is paid to."""

    facts_class = NameAccount
    holder = forms.CharField(label=_("户名"), max_length=120, help_text=_("和委托书上指定的收款人一致。"))
    bank = forms.CharField(label=_("开户行"), max_length=120)
    number = forms.CharField(label=_("账号"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].initial = self.application.applicant_name

    def facts(self) -> NameAccount:
        data = self.cleaned_data
        found = parties.add_account(
            self.application.applicant_party_id, bank=data["bank"], number=data["number"], holder=data["holder"], by=self.actor
        )
        return NameAccount(found.id, f"{found.bank} {found.masked}")


@registry.form_for(APP + "request_correction")
class CorrectionForm(ApplicationForm):
    facts_class = RequestCorrection
    items = forms.CharField(
        label=_("缺的材料"), widget=forms.Textarea(attrs={"rows": 6}), max_length=2000, help_text=_("一行一项，一次写全；以后不能再加。")
    )

    def clean_items(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip())


class RefuseForm(ApplicationForm):
    facts_class = Refuse
    ground = forms.ChoiceField(label=_("原因"), choices=DeclineGround.choices)
    reason = text_field(_("事实和理由"), help_text=_("印在通知书上，写清楚查明的事实。"))
    article = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称、文号和条款。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        barred = [a for a in self.application.finding.answers if a.met is False]
        self.fields["article"].initial = barred[0].source if barred else self.application.terms.citation
        if barred:
            self.fields["reason"].initial = "；".join(f"不符合“{a.says}”" for a in barred)


registry.form_for(APP + "decline", APP + "deny")(RefuseForm)


@registry.form_for(APP + "verify")
class VerifyForm(ApplicationForm):
    facts_class = Verify
    visited_on = day_field(_("到场日期"))
    officers = forms.CharField(label=_("核实人员"), max_length=80, help_text=_("两人以上到场，写全姓名。"))
    stops = number_field(_("站数"), help_text=_("到场数，不抄申请表。"))
    floors = number_field(_("住宅层数"))
    lifts_at_entrance = number_field(_("同一梯口台数"), initial=1)
    entrance = forms.CharField(label=_("梯口"), max_length=80, required=False, help_text=_("例如“12 号 2 梯口”。按梯口补助的方案必填。"))
    is_funded_elsewhere = forms.BooleanField(label=_("查到同一费用已有别的补助"), required=False)
    finding = text_field(_("核实情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entrance"].initial = self.application.entrance


@registry.form_for(APP + "publish")
class PublishForm(ApplicationForm):
    facts_class = Publish
    published_on = day_field(_("公示起"))
    published_until = day_field(_("公示止"), today=False)
    places = forms.CharField(label=_("公示地点"), max_length=200, help_text=_("例如“本梯口、社区公告栏、街道办网站”。"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("published_on") and data.get("published_until") and data["published_until"] < data["published_on"]:
            raise ValidationError({"published_until": _("公示止早于公示起，请看一眼哪个写反了。")})
        return data


@registry.form_for(APP + "record_objection")
class ObjectionForm(ApplicationForm):
    facts_class = RecordObjection
    received_on = day_field(_("收到日期"))
    objector = forms.CharField(label=_("谁提出的"), max_length=80, help_text=_("不愿具名的写“匿名”。"))
    objection = text_field(_("异议内容"))


@registry.form_for(APP + "answer_objection")
class AnswerForm(ApplicationForm):
    facts_class = AnswerObjection
    answered_on = day_field(_("答复日期"))
    reason = text_field(_("核查情况和答复"))


@registry.form_for(APP + "approve")
class ApproveForm(ApplicationForm):
    """The amount is the scheme's; whoever approves types an opinion and nothing else."""

    facts_class = Approve
    confirm = True
    opinion = text_field(_("审批意见"), rows=2, initial=_("符合补助条件，公示无异议，同意补助。"))

    def money(self) -> list[tuple[Any, Decimal]]:
        return [(_("补助金额"), self.application.amount)]

    def consequences(self) -> list[tuple[Any, Any]]:
        left = figures_of(self.application.pool)
        return [
            (_("申请人"), self.application.applicant_name),
            (_("补助方案"), self.application.terms.name),
            (_("资金池还能批（元）"), f"{left.available:,.2f}"),
        ]


registry.form_for(APP + "withdraw", APP + "uphold", APP + "uphold_decline", APP + "overturn", APP + "waive_clawback")(ReasonForm)
