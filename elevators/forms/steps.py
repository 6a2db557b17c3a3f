"""One form per step of an incident: text turned into typed facts. Never saves, never judges who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MomentField, MoneyField, StepForm
from elevators import selectors
from elevators.checks import MOST_PEOPLE, OLDEST
from elevators.facts import (
    ChangePeople,
    CloseIncident,
    ConfirmGrade,
    CorrectFacts,
    JoinReport,
    MarkDuplicate,
    NotifyInsurer,
    NotifyRegulator,
    PersonFacts,
    RecordRescue,
    Regrade,
    ReopenIncident,
)
from elevators.forms.filing import looks_like_a_name
from elevators.models import AffectedPerson, Incident
from elevators.terms import ExclusionReason, Grade, Harm, Nature, Source
from legislation.money import ZERO

if TYPE_CHECKING:
    from datetime import datetime

CHANNELS = [("telephone", _("电话")), ("paper", _("书面")), ("in_app", _("系统内"))]


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class IncidentForm(StepForm):
    """A form of an incident that exists. `open` fills the fields with the facts as they stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case is not None:
            self.incident = cast(Incident, self.case.specific)
            self.open()

    def open(self) -> None:
        """Set what is known already."""

    def _past(self, name: str) -> datetime | None:
        moment: datetime | None = self.cleaned_data.get(name)
        if moment is not None and moment > timezone.now():
            raise forms.ValidationError(_("这个时间还没到，请看一眼。"), code="future")
        return moment


@registry.form_for("elevators.incident.record_rescue")
class RecordRescueForm(IncidentForm):
    facts_class = RecordRescue

    arrival_at = MomentField(label=_("救援人员几点到达"), required=False, help_text=_("乘客自己脱困的留空。"))
    released_at = MomentField(label=_("最后一人几点救出"))
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def open(self) -> None:
        self.fields["arrival_at"].initial = self.incident.arrival_at
        self.fields["released_at"].initial = self.incident.released_at

    def clean_arrival_at(self) -> datetime | None:
        return self._past("arrival_at")

    def clean_released_at(self) -> datetime | None:
        return self._past("released_at")


@registry.form_for("elevators.incident.confirm_grade")
class ConfirmGradeForm(IncidentForm):
    facts_class = ConfirmGrade

    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def open(self) -> None:
        grade = f"{self.incident.get_accident_grade_display()}，{self.incident.grade_provision}"
        self.fields["note"].help_text = _now("系统按已登记的事实提出：%(grade)s。事实不对，先更正事实。") % {"grade": grade}


@registry.form_for("elevators.incident.regrade")
class RegradeForm(IncidentForm):
    facts_class = Regrade

    grade = forms.ChoiceField(label=_("等级"), choices=Grade.choices)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=_long(), help_text=_("写明认定的机关、文号或者事实。"))

    def open(self) -> None:
        self.fields["grade"].initial = self.incident.accident_grade


@registry.form_for("elevators.incident.notify_regulator")
class NotifyRegulatorForm(IncidentForm):
    facts_class = NotifyRegulator

    reported_at = MomentField(label=_("几点报告的"))
    channel = forms.ChoiceField(label=_("怎么报告的"), choices=CHANNELS[:2], widget=forms.RadioSelect)
    receipt = forms.CharField(label=_("谁接的，或者回执编号"), required=False, max_length=120)

    def open(self) -> None:
        self.fields["reported_at"].initial = timezone.now()

    def clean_reported_at(self) -> datetime | None:
        return self._past("reported_at")


@registry.form_for("elevators.incident.notify_insurer")
class NotifyInsurerForm(IncidentForm):
    facts_class = NotifyInsurer

    notified_at = MomentField(label=_("几点通知的"))
    channel = forms.ChoiceField(label=_("怎么通知的"), choices=CHANNELS[:2], widget=forms.RadioSelect)
    receipt = forms.CharField(label=_("报案号"), required=False, max_length=120)

    def open(self) -> None:
        self.fields["notified_at"].initial = timezone.now()

    def clean_notified_at(self) -> datetime | None:
        return self._past("notified_at")


@registry.form_for("elevators.incident.correct_facts")
class CorrectFactsForm(IncidentForm):
    facts_class = CorrectFacts

    nature = forms.ChoiceField(label=_("事件"), choices=Nature.choices)
    started_at = MomentField(label=_("发生时间"))
    people_count = forms.IntegerField(label=_("人数"), min_value=0, max_value=MOST_PEOPLE)
    description = forms.CharField(label=_("经过"), required=False, max_length=2000, widget=_long(4))
    loss_estimate = MoneyField(
        label=_("直接经济损失估计"), required=False, smallest=ZERO, help_text=_("定级用，不是赔款。不知道可以留空。")
    )
    exclusion = forms.ChoiceField(
        label=_("不属于特种设备事故的情形"),
        required=False,
        choices=[("", _("没有")), *ExclusionReason.choices],
        help_text=_("只影响监管部门怎么认定，不影响民事责任和保险责任。"),
    )
    exclusion_reason = forms.CharField(label=_("为什么"), required=False, max_length=300)
    reason = forms.CharField(label=_("更正原因"), max_length=300, help_text=_("原来的记录不动，更正前后都留着。"))

    def open(self) -> None:
        for name in ("nature", "started_at", "people_count", "description", "loss_estimate", "exclusion", "exclusion_reason"):
            self.fields[name].initial = getattr(self.incident, name)

    def clean_started_at(self) -> datetime | None:
        return self._past("started_at")


@registry.form_for("elevators.incident.change_people")
class ChangePeopleForm(IncidentForm):
    """Three fields for everybody on record and an empty row for one more."""

    facts_class = ChangePeople

    people_count = forms.IntegerField(label=_("总人数"), min_value=0, max_value=MOST_PEOPLE)
    reason = forms.CharField(label=_("为什么改"), max_length=300, initial=_("补登"))

    def open(self) -> None:
        self.known = list(AffectedPerson.objects.filter(incident_id=self.incident.pk, removed_because=""))
        self.gone = list(AffectedPerson.objects.filter(incident_id=self.incident.pk).exclude(removed_because=""))
        self.fields["people_count"].initial = self.incident.people_count
        for number, person in enumerate(self.known, start=1):
            self._row(person.key, _now("第 %(n)s 位") % {"n": number}, person)
        self._row("new", _now("再加一位"), None)
        self.order_fields([n for n in self.fields if n not in ("people_count", "reason", "happened_at")])

    def _row(self, key: str, who: str, person: AffectedPerson | None) -> None:
        self.fields |= {
            f"{key}_name": forms.CharField(
                label=_now("%(who)s：姓名或者特征") % {"who": who}, required=False, max_length=60, initial=person.name if person else ""
            ),
            f"{key}_harm": forms.ChoiceField(
                label=_now("%(who)s：伤情") % {"who": who},
                choices=Harm.choices,
                required=person is not None,
                initial=person.harm if person else Harm.UNHURT,
            ),
            f"{key}_age": forms.IntegerField(
                label=_now("%(who)s：年龄") % {"who": who},
                required=False,
                min_value=0,
                max_value=OLDEST,
                initial=person.age if person else None,
            ),
        }
        if person is not None:
            self.fields[f"{key}_removed_because"] = forms.CharField(
                label=_now("%(who)s：登记错了，原因") % {"who": who}, required=False, max_length=200
            )

    def facts(self) -> ChangePeople:
        data = self.cleaned_data
        people = [self._person(p, data) for p in self.known] + [
            PersonFacts(p.key, p.name, p.is_named, p.harm, p.was_trapped, p.age, p.party_id, p.removed_because) for p in self.gone
        ]
        if data.get("new_name"):
            name = data["new_name"].strip()
            people.append(
                PersonFacts(
                    key=f"P{len(people) + 1}",
                    name=name,
                    is_named=looks_like_a_name(name),
                    harm=data.get("new_harm") or Harm.UNHURT.value,
                    was_trapped=self.incident.nature == Nature.ENTRAPMENT,
                    age=data.get("new_age"),
                )
            )
        return ChangePeople(people=tuple(people), people_count=data["people_count"], reason=data["reason"])

    @staticmethod
    def _person(person: AffectedPerson, data: dict[str, Any]) -> PersonFacts:
        name = (data.get(f"{person.key}_name") or person.name).strip()
        return PersonFacts(
            key=person.key,
            name=name,
            is_named=looks_like_a_name(name) or (person.is_named and name == person.name),
            harm=data[f"{person.key}_harm"],
            was_trapped=person.was_trapped,
            age=data.get(f"{person.key}_age"),
            party_id=person.party_id,
            removed_because=data.get(f"{person.key}_removed_because", ""),
        )


@registry.form_for("elevators.incident.join")
class JoinReportForm(IncidentForm):
    facts_class = JoinReport

    source = forms.ChoiceField(label=_("从哪里得知"), choices=Source.choices)
    reporter = forms.CharField(label=_("谁报的"), max_length=80)
    reported_at = MomentField(label=_("几点报的"))
    started_at = MomentField(label=_("报的是几点的事"))
    people_count = forms.IntegerField(label=_("报的人数"), min_value=0, max_value=MOST_PEOPLE)
    description = forms.CharField(label=_("报了什么"), required=False, max_length=2000, widget=_long())

    def open(self) -> None:
        self.fields["reported_at"].initial = timezone.now()
        self.fields["started_at"].initial = self.incident.started_at
        self.fields["people_count"].initial = self.incident.people_count

    def clean_reported_at(self) -> datetime | None:
        return self._past("reported_at")


@registry.form_for("elevators.incident.mark_duplicate")
class MarkDuplicateForm(IncidentForm):
    facts_class = MarkDuplicate

    of_reference = forms.ChoiceField(label=_("并入哪一案"), choices=[])
    reason = forms.CharField(label=_("怎么看出是同一件事"), max_length=300)

    def open(self) -> None:
        found = selectors.same_event_candidates(
            elevator_id=self.incident.elevator_id, started_at=self.incident.started_at, besides=self.incident.pk
        )
        self.ids = {c.reference: c.case_id for c in found}
        self.fields["of_reference"].choices = [  # type: ignore[attr-defined]
            (c.reference, f"{c.reference}　{timezone.localtime(c.started_at):%m-%d %H:%M}　{c.nature}") for c in found
        ]
        if not found:
            self.fields["of_reference"].help_text = _now("这台梯在这个时间前后没有别的事件。")

    def facts(self) -> MarkDuplicate:
        chosen = self.cleaned_data["of_reference"]
        return MarkDuplicate(of_reference=chosen, of_id=self.ids[chosen], reason=self.cleaned_data["reason"])


@registry.form_for("elevators.incident.close")
class CloseForm(IncidentForm):
    facts_class = CloseIncident

    conclusion = forms.CharField(label=_("结论"), max_length=2000, widget=_long(4), help_text=_("原因、处理结果、何时恢复使用。"))


@registry.form_for("elevators.incident.reopen")
class ReopenForm(IncidentForm):
    facts_class = ReopenIncident

    reason = forms.CharField(label=_("为什么重新打开"), max_length=300)
