"""One form per step of a ballot that people take, and the forms of the pages around it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.encryption import encrypt
from casework import registry
from casework.forms import MomentField, StepForm
from consultation import facts
from consultation.models import Voter
from consultation.selectors.positions import BallotPosition
from consultation.terms import Choice

DATE = {"format": "%Y-%m-%d", "attrs": {"type": "date"}}


class AreaField(forms.DecimalField):
    """Square metres with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.quantize(Decimal("0.00")) if found is not None else None


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(**DATE), **more)  # type: ignore[arg-type]


class ReasonForm(StepForm):
    facts_class = facts.Because
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


registry.form_for("consultation.ballot.withdraw", "consultation.ballot.recount")(ReasonForm)


class _WindowForm(StepForm):
    opens_at = MomentField(label=_("开始投票"), help_text=_("公告以后才能开始，通常不少于 15 日。"))
    closes_at = MomentField(label=_("投票截止（最后一分钟）"), help_text=_("写到分钟，例如 11月30日 23:59；北京时间。"))
    is_midnight_meant = forms.BooleanField(label=_("就是零点截止，当天白天不再投"), required=False)
    short_notice_reason = forms.CharField(label=_("公告期短的，写明为什么"), max_length=200, required=False)


@registry.form_for("consultation.ballot.announce")
class AnnounceForm(_WindowForm):
    facts_class = facts.Announce


@registry.form_for("consultation.ballot.change_proposal")
class ChangeProposalForm(_WindowForm):
    facts_class = facts.ChangeProposal
    proposal_title = forms.CharField(label=_("表决什么"), max_length=120)
    proposal_text = forms.CharField(label=_("方案"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))
    reason = forms.CharField(label=_("为什么改"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Any = self.case
        self.fields["proposal_title"].initial = case.proposal_title
        self.fields["proposal_text"].initial = case.proposal_text
        if case.state == "draft":
            for name in ("opens_at", "closes_at", "is_midnight_meant", "short_notice_reason"):
                del self.fields[name]

    def facts(self) -> facts.ChangeProposal:
        data = self.cleaned_data
        title, text = data["proposal_title"].strip(), data["proposal_text"].strip()
        return facts.ChangeProposal(
            proposal_title=title,
            proposal_text=text,
            proposal_digest=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
            reason=data["reason"],
            opens_at=data.get("opens_at"),
            closes_at=data.get("closes_at"),
            is_midnight_meant=data.get("is_midnight_meant", False),
            short_notice_reason=data.get("short_notice_reason", ""),
        )


@registry.form_for("consultation.ballot.open")
class OpenForm(StepForm):
    """Nothing to type: what is confirmed is the roll as it stands."""

    facts_class = facts.OpenWindow

    def facts(self) -> facts.OpenWindow:
        return facts.OpenWindow(roll_digest=BallotPosition(self.case).roll_digest)  # type: ignore[arg-type]


@registry.form_for("consultation.ballot.extend")
class ExtendForm(StepForm):
    facts_class = facts.ExtendWindow
    closes_at = MomentField(label=_("延长到（最后一分钟）"))
    is_midnight_meant = forms.BooleanField(label=_("就是零点截止，当天白天不再投"), required=False)
    reason = forms.CharField(label=_("为什么延长"), max_length=200)


class VoterField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person of the count by their units."""

    def label_from_instance(self, voter: Any) -> str:
        return f"{'、'.join(voter.units)}　{voter.area} ㎡"


@registry.form_for("consultation.ballot.cast")
class CastForm(StepForm):
    """One vote. The page of the personal link draws it; nothing is chosen beforehand."""

    facts_class = facts.CastVote
    choice = forms.ChoiceField(label=_("您的选择"), choices=Choice.choices, widget=forms.RadioSelect)
    assisted_by = forms.CharField(label=_("代填人姓名"), max_length=60, required=False)


@registry.form_for("consultation.ballot.add_proxy")
class AddProxyForm(StepForm):
    facts_class = facts.AddProxy
    voter = VoterField(Voter.objects.none(), label=_("哪一户"))
    name = forms.CharField(label=_("受托人姓名"), max_length=60)
    document: Any = forms.ModelChoiceField(None, label=_("委托书照片"), help_text=_("先在“材料”里上传。"))
    powers = forms.CharField(label=_("委托事项"), max_length=200)
    until = MomentField(label=_("委托有效到"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Any = self.case
        self.fields["voter"].queryset = case.voters.all()  # type: ignore[attr-defined]
        self.fields["document"].queryset = case.evidence.filter(withdrawn_at=None)  # type: ignore[attr-defined]

    def field_for(self, name: str) -> str | None:
        return super().field_for({"voter_id": "voter", "document_id": "document"}.get(name, name))

    def facts(self) -> facts.AddProxy:
        data = self.cleaned_data
        return facts.AddProxy(data["voter"].pk, encrypt(data["name"].strip()), data["document"].pk, data["powers"], data["until"])


@registry.form_for("consultation.ballot.strike")
class StrikeForm(StepForm):
    facts_class = facts.StrikeVote
    receipt = forms.CharField(label=_("回执号"), max_length=20)
    reason = forms.CharField(label=_("为什么不计"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@registry.form_for("consultation.ballot.tally")
class TallyForm(StepForm):
    """Nothing to type: the figures are counted as the page is sent."""

    facts_class = facts.CountVotes

    def facts(self) -> facts.CountVotes:
        return BallotPosition(self.case).count  # type: ignore[arg-type]


@registry.form_for("consultation.ballot.import_official")
class ImportOfficialForm(StepForm):
    facts_class = facts.ImportOfficial
    address = forms.URLField(label=_("结果公示的网址"), max_length=300, assume_scheme="https")
    called_on = day(_("投票通知公示日"))
    tallied_on = day(_("初步统计公示日"))
    published_on = day(_("结果公示日"))
    persons = forms.IntegerField(label=_("总人数"), min_value=1)
    area = AreaField(label=_("总面积（㎡）"))
    participating_persons = forms.IntegerField(label=_("参与人数"), min_value=0)
    participating_area = AreaField(label=_("参与面积（㎡）"))
    agreeing_persons = forms.IntegerField(label=_("同意人数"), min_value=0)
    agreeing_area = AreaField(label=_("同意面积（㎡）"))
    explanation = forms.CharField(label=_("和本名册不同的，差在哪里"), max_length=500, required=False)


@registry.form_for("consultation.ballot.annul")
class AnnulForm(StepForm):
    facts_class = facts.AnnulByCourt
    court = forms.CharField(label=_("法院"), max_length=80)
    number = forms.CharField(label=_("案号"), max_length=60)
    reason = forms.CharField(label=_("撤销的理由"), max_length=300)


class SheetForm(forms.Form):
    """Key a paper ballot: which unit, what is ticked. The first keying brings the photograph."""

    use_required_attribute = False
    voter = VoterField(Voter.objects.none(), label=_("房号"), empty_label=_("选一户"))
    choice = forms.ChoiceField(label=_("票上勾的是"), choices=Choice.choices, widget=forms.RadioSelect)
    photo = forms.FileField(label=_("表决票照片"), required=False, help_text=_("第一遍录入要上传；第二遍看着照片录。"))
    signed_on = day(_("签字日期"), required=False)
    received_at = MomentField(label=_("收到时间"), required=False)
    signer = forms.ChoiceField(label=_("谁签的字"), choices=[("owner", _("业主本人")), ("proxy", _("受托人"))], initial="owner")

    def __init__(self, *args: Any, ballot: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["voter"].queryset = ballot.voters.all()  # type: ignore[attr-defined]
        self.fields["received_at"].initial = timezone.now
        self.fields["voter"].error_messages["required"] = _("选一户。")
        self.fields["choice"].error_messages["required"] = _("还没有选票上勾的是哪一项。")


class ResolveForm(forms.Form):
    """Decide a mismatch after looking at the photograph."""

    use_required_attribute = False
    choice = forms.ChoiceField(
        label=_("照片上是"), choices=[*Choice.choices, ("void", _("看不清或者无效，作废"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("照片上看到什么"), max_length=200)
