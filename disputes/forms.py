"""One form per step of a lawsuit or a mediation that needs facts; text in, typed facts out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MomentField, MoneyField, StepForm
from damages import api as damages
from disputes import facts as told
from disputes.models import Mediation
from disputes.terms import AgentKind, CostKind, Ending, Outcome
from legislation.money import ZERO


def long_text(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **{"initial": timezone.localdate, **options})


#: A head of damage and its amount, as one writes it in a line: 医疗费 48,105.75 元.
LINE = re.compile(r"^(\D+?)[\s：:]*([\d,，.]+)\s*元?$")


class DisputeForm(StepForm):
    """A step's form that starts from what the case knows. What a court or a committee decided is recorded for it."""

    #: Field of the form ← field of the case.
    starts_from: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispute: Any = self.case.specific if self.case is not None else None
        for field, known in self.starts_from.items():
            self.fields[field].initial = getattr(self.dispute, known)
        if "on_behalf_of" in self.fields:
            whose = self.fields["on_behalf_of"]
            whose.initial = self.recorded_for()
            whose.help_text = _("按谁的文书或笔录登记，文书拍照附上。")

    def recorded_for(self) -> str:
        dispute = self.dispute
        return str(dispute.committee if isinstance(dispute, Mediation) else dispute.court)


class CourtFields(forms.Form):
    court = forms.CharField(label=_("法院"), max_length=80)
    number = forms.CharField(label=_("案号"), max_length=60, help_text=_("还没有案号的，先写“待立案”。"))


@registry.form_for("disputes.litigation.amend")
class AmendForm(DisputeForm, CourtFields):
    facts_class = told.AmendLitigation
    starts_from = {name: name for name in ("court", "number", "cause", "plaintiff", "defendant", "claimed")}
    cause = forms.CharField(label=_("案由"), max_length=80, required=False)
    plaintiff = forms.CharField(label=_("原告"), max_length=200)
    defendant = forms.CharField(label=_("被告"), max_length=200)
    claimed = MoneyField(label=_("诉讼请求金额"), required=False, smallest=ZERO)


@registry.form_for("disputes.litigation.record_service")
class ServiceForm(DisputeForm):
    facts_class = told.RecordService
    served_on = day(_("收到起诉状副本的日期"), help_text=_("按送达回证上签收的日期填。"))


@registry.form_for("disputes.litigation.name_agent")
class AgentForm(DisputeForm):
    facts_class = told.NameAgent
    starts_from = {"agent": "agent", "kind": "agent_kind", "special_authority": "special_authority"}
    agent = forms.CharField(label=_("谁代表本方到庭"), max_length=80)
    kind = forms.ChoiceField(label=_("身份"), choices=AgentKind.choices, widget=forms.RadioSelect)
    special_authority = forms.BooleanField(
        label=_("特别授权"), required=False, help_text=_("可以代为承认、放弃、变更诉讼请求，和解，提起反诉或者上诉。")
    )


@registry.form_for("disputes.litigation.answer")
class AnswerForm(DisputeForm):
    facts_class = told.Answer
    submitted_on = day(_("提交日期"))
    points = long_text(_("答辩要点"), max_length=2000)


@registry.form_for("disputes.litigation.schedule_hearing")
class ScheduleForm(DisputeForm):
    facts_class = told.ScheduleHearing
    held_at = MomentField(label=_("开庭时间"), help_text=_("按传票填，例如 2026-03-03 09:30。"))
    room = forms.CharField(label=_("法庭"), max_length=60, required=False)


@registry.form_for("disputes.litigation.record_hearing")
class HearingForm(DisputeForm):
    facts_class = told.RecordHearing
    held_on = day(_("开庭日期"))
    judge = forms.CharField(label=_("审判人员"), max_length=120, required=False)
    present = forms.CharField(label=_("到庭人员"), max_length=300)
    points = long_text(_("庭审要点"), rows=5, max_length=4000, help_text=_("争议焦点、举证质证、法庭要求补交的材料和期限。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.dispute.next_hearing_at is not None:
            self.fields["held_on"].initial = timezone.localtime(self.dispute.next_hearing_at).date()
        self.fields["present"].initial = self.dispute.agent


@registry.form_for("disputes.litigation.record_judgment")
class JudgmentForm(DisputeForm):
    """The award in all and, where the judgment lists them, its heads."""

    facts_class = told.RecordJudgment
    confirm = True
    outcome = forms.ChoiceField(
        label=_("判决结果"),
        choices=[(o.value, o.label) for o in (Outcome.LIABLE, Outcome.NOT_LIABLE)],
        widget=forms.RadioSelect,
        initial=Outcome.LIABLE,
    )
    amount = MoneyField(label=_("判决总额"), smallest=ZERO, help_text=_("判决应得的全部，已经付的包括在内；不承担责任的填 0。"))
    number = forms.CharField(label=_("文书编号"), max_length=60)
    judged_on = day(_("判决日期"))
    served_on = day(_("送达日期"), help_text=_("上诉期从送达的次日起算。"))
    is_final = forms.BooleanField(label=_("终审，不能上诉"), required=False, help_text=_("二审判决、小额诉讼一审终审的勾选。"))
    items = long_text(
        _("判决写明的各项"), rows=4, required=False, help_text=_("一行一项，项目后面写金额，例如：医疗费 48,105.75。判决没有分项的，空着。")
    )

    def clean_items(self) -> tuple[told.JudgedHead, ...]:
        """Each line a head by its name and its amount."""
        codes = {str(label): code for code, label in damages.HEADS.items()}
        heads = []
        for line in filter(None, map(str.strip, self.cleaned_data["items"].splitlines())):
            name, amount = LINE.match(line).groups() if LINE.match(line) else ("", "")  # type: ignore[union-attr]
            if name not in codes:
                raise forms.ValidationError(_("没看懂“%(line)s”。项目用：%(names)s。") % {"line": line, "names": "、".join(codes)})
            heads.append(told.JudgedHead(codes[name], MoneyField().clean(amount)))
        return tuple(heads)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == Outcome.NOT_LIABLE and data.get("amount") is None:
            data["amount"] = ZERO
        return data

    def field_for(self, name: str) -> str | None:
        return "items" if name == "heads" else super().field_for(name)

    def facts(self) -> told.RecordJudgment:
        data = self.cleaned_data
        return told.RecordJudgment(
            data["outcome"], data["amount"], data["number"], data["judged_on"], data["served_on"], data["items"], data["is_final"]
        )

    def summary(self) -> list[tuple[Any, Any]]:
        labels = {code: str(label) for code, label in damages.HEADS.items()}
        heads = "；".join(f"{labels[head.code]} {head.amount:,.2f}" for head in self.cleaned_data["items"])
        return [(label, heads if label == self.fields["items"].label else value) for label, value in super().summary()]


@registry.form_for("disputes.litigation.appeal")
class AppealForm(DisputeForm):
    facts_class = told.Appeal
    appellant = forms.CharField(label=_("谁上诉"), max_length=200)
    filed_on = day(_("提交上诉状的日期"))
    court = forms.CharField(label=_("二审法院"), max_length=80)
    number = forms.CharField(label=_("二审案号"), max_length=60, required=False)


@registry.form_for("disputes.litigation.withdraw_appeal")
class WithdrawAppealForm(DisputeForm):
    facts_class = told.WithdrawAppeal
    number = forms.CharField(label=_("裁定书编号"), max_length=60)
    ruled_on = day(_("裁定送达日期"))


@registry.form_for("disputes.litigation.remand")
class RemandForm(DisputeForm):
    facts_class = told.Remand
    number = forms.CharField(label=_("裁定书编号"), max_length=60)
    ruled_on = day(_("裁定日期"))
    court = forms.CharField(label=_("由哪个法院重审"), max_length=80)
    new_number = forms.CharField(label=_("重审案号"), max_length=60, required=False)


class PerformanceForm(DisputeForm):
    effective_on = day(_("生效日期"))
    perform_by = day(_("履行期限届满日"), required=False, help_text=_("文书没有写履行期限的，空着，按生效日算。"), initial=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["perform_by"] = data.get("perform_by") or data.get("effective_on")
        return data


@registry.form_for("disputes.litigation.take_effect")
class TakeEffectForm(PerformanceForm):
    facts_class = told.TakeEffect
    confirm = True
    field_order = ["effective_on", "perform_by"]

    def consequences(self) -> list[tuple[Any, Any]]:
        suit = self.dispute
        return [(_("结果"), suit.get_outcome_display()), (_("裁判金额（元）"), f"{suit.awarded or ZERO:,.2f}")]


@registry.form_for("disputes.litigation.settle_in_court")
class SettleInCourtForm(PerformanceForm):
    facts_class = told.SettleInCourt
    confirm = True
    amount = MoneyField(label=_("调解金额"), smallest=ZERO, help_text=_("调解书确定的全部，已经付的包括在内。"))
    number = forms.CharField(label=_("调解书编号"), max_length=60)
    field_order = ["amount", "number", "effective_on", "perform_by"]


@registry.form_for("disputes.litigation.withdraw")
class WithdrawForm(DisputeForm):
    facts_class = told.WithdrawSuit
    way = forms.ChoiceField(label=_("怎样结束"), choices=Ending.choices, widget=forms.RadioSelect)
    number = forms.CharField(label=_("裁定书编号"), max_length=60)
    ruled_on = day(_("裁定日期"))
    reason = long_text(_("理由"), max_length=300)


@registry.form_for("disputes.litigation.apply_enforcement")
class EnforcementForm(DisputeForm):
    facts_class = told.ApplyEnforcement
    starts_from = {"court": "court"}
    applicant = forms.CharField(label=_("谁申请执行"), max_length=200)
    filed_on = day(_("申请日期"))
    court = forms.CharField(label=_("执行法院"), max_length=80)
    number = forms.CharField(label=_("执行案号"), max_length=60, required=False)


@registry.form_for("disputes.litigation.record_cost")
class CostForm(DisputeForm):
    facts_class = told.RecordCost
    confirm = True
    kind = forms.ChoiceField(label=_("什么费用"), choices=CostKind.choices, widget=forms.RadioSelect)
    amount = MoneyField(label=_("金额"))
    paid_on = day(_("付款日"))
    voucher = forms.CharField(label=_("票据号"), max_length=60)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


@registry.form_for("disputes.litigation.close")
class CloseForm(DisputeForm):
    facts_class = told.CloseLitigation
    conclusion = long_text(_("履行情况"), max_length=300, help_text=_("付清了多少、执行终结了没有，或者为什么没有要履行的。"))


@registry.form_for("disputes.litigation.reopen")
class ReopenForm(DisputeForm, CourtFields):
    facts_class = told.ReopenLitigation
    starts_from = {"court": "court"}
    reason = long_text(_("理由"), max_length=300, help_text=_("再审裁定、抗诉，或者撤诉后又起诉。"))


@registry.form_for("disputes.mediation.record_session")
class SessionForm(DisputeForm):
    facts_class = told.RecordSession
    held_on = day(_("哪天"))
    present = forms.CharField(label=_("谁在场"), max_length=300)
    text = long_text(_("谈了什么"), rows=5, max_length=4000)


class TermsForm(DisputeForm):
    starts_from = {"amount": "agreed_amount", "terms": "terms", "performance": "performance"}
    amount = MoneyField(label=_("协议金额"), smallest=ZERO, help_text=_("一共得到的数，已经付的包括在内。"))
    terms = long_text(_("协议内容"), rows=4, max_length=4000, help_text=_("争议事项怎样解决，双方各有什么责任。"))
    performance = long_text(_("履行方式和期限"), rows=2, max_length=1000)


@registry.form_for("disputes.mediation.draft_agreement")
class DraftForm(TermsForm):
    facts_class = told.DraftAgreement


@registry.form_for("disputes.mediation.agree")
class AgreeForm(TermsForm):
    facts_class = told.Agree
    confirm = True
    signed_on = day(_("签字日期"))
    parties_signed = forms.BooleanField(label=_("双方当事人已签名、盖章或者按指印"), required=False)
    mediator_signed = forms.BooleanField(label=_("调解员已签名"), required=False)
    committee_sealed = forms.BooleanField(label=_("调解委员会已盖章"), required=False)
    waives_others = forms.BooleanField(label=_("协议里有放弃对制造、维保单位或保险人权利的条款"), required=False)


@registry.form_for("disputes.mediation.fail")
class FailForm(DisputeForm):
    facts_class = told.FailMediation
    ended_on = day(_("终止日期"))
    reason = long_text(_("为什么没有调成"), max_length=300)


@registry.form_for("disputes.mediation.apply_confirmation")
class ApplyConfirmationForm(DisputeForm):
    facts_class = told.ApplyConfirmation
    court = forms.CharField(
        label=_("向哪个法院"), max_length=80, help_text=_("当事人住所地、标的物所在地或者调解组织所在地的基层人民法院。")
    )
    applied_on = day(_("申请日期"))
    is_joint = forms.BooleanField(label=_("双方共同申请"), required=False)


class RulingForm(DisputeForm):
    number = forms.CharField(label=_("裁定书编号"), max_length=60)
    ruled_on = day(_("裁定日期"))

    def recorded_for(self) -> str:
        return str(self.dispute.court)


@registry.form_for("disputes.mediation.confirm_judicially")
class ConfirmForm(RulingForm):
    facts_class = told.ConfirmJudicially


@registry.form_for("disputes.mediation.refuse_confirmation")
class RefuseConfirmationForm(RulingForm):
    facts_class = told.RefuseConfirmation
    reason = long_text(_("法院的理由"), max_length=300)


@registry.form_for("disputes.mediation.withdraw_application", "disputes.mediation.conclude", "disputes.mediation.reopen")
class BecauseForm(DisputeForm):
    facts_class = told.Because
    reason = long_text(_("理由"), max_length=300)
