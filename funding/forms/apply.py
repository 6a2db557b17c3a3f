"""The two pages before an application is born: what the scheme asks, then who applies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.forms import MomentField
from elevators import api as elevators
from funding import calculations, services
from funding.facts import Submit
from funding.forms.application import KNOWN, add_scheme_fields
from funding.forms.base import text_field
from funding.models import BudgetPool, SubsidyApplication
from funding.selectors.lists import pools_in_scope
from funding.terms import ApplicantKind
from parties import api as parties

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from access.actors import Actor

ASKED = (*KNOWN, "lifts_at_entrance")


class EligibilityForm(forms.Form):
    """A lift and a scheme; then, once both are known, the facts that this scheme's rules ask. What the register knows stands there."""

    use_required_attribute = False
    scheme = forms.ChoiceField(label=_("补助方案"), choices=lambda: [(s.code, f"{s.name}（{s.code}）") for s in calculations.schemes()])
    elevator = forms.CharField(label=_("电梯"), max_length=30, help_text=_("设备代码、注册代码或者 96333 识别码。"))

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        self.actor = actor
        super().__init__(data)
        chosen = self.chosen
        if chosen is not None:
            add_scheme_fields(self, chosen)
            self._prefill()

    @property
    def chosen(self) -> calculations.Scheme | None:
        """The scheme as typed, None while it is none."""
        code = self.data.get("scheme", "")
        return next((one for one in calculations.schemes() if one.code == code), None)

    def _prefill(self) -> None:
        """What the register knows is offered the first time; what was typed stays."""
        lift = self.lift
        if lift is None or any(name in self.data for name in ASKED):
            return
        known = {"stops": lift.stops, "floors": lift.floors, "registered_on": lift.put_into_use_on, "lifts_at_entrance": 1}
        data = cast("MultiValueDict[str, Any]", self.data).copy()
        for name, value in known.items():
            if name in self.fields and value:
                data[name] = str(value)
        self.data = data

    @cached_property
    def lift(self) -> elevators.ElevatorView | None:
        code = (self.data.get("elevator") or "").strip()
        try:
            return elevators.elevator(code) if code else None
        except elevators.NoSuchElevator:
            return None

    def clean_elevator(self) -> str:
        if self.lift is None:
            raise forms.ValidationError(_("登记册里没有这台电梯，请再看一眼号码。"))
        return str(self.cleaned_data["elevator"])

    @property
    def pools(self) -> list[BudgetPool]:
        """The open pools that pay for the scheme."""
        chosen = self.chosen
        if chosen is None:
            return []
        return list(pools_in_scope(self.actor).filter(scheme=chosen.code, closed_at=None).order_by("-year", "pk"))

    def facts(self) -> calculations.Facts:
        data = self.cleaned_data
        return calculations.Facts(**{name: data[name] for name in ASKED if data.get(name) not in (None, "")})

    def finding(self) -> calculations.Finding:
        return calculations.judge(calculations.scheme(self.cleaned_data["scheme"]), self.facts())


class ApplyForm(forms.Form):
    """Who applies, for which entrance, from which pool."""

    use_required_attribute = False
    applicant_kind = forms.ChoiceField(label=_("申请人身份"), choices=ApplicantKind.choices)
    applicant_name = forms.CharField(label=_("申请人"), max_length=120, help_text=_("委托书上指定的那一位，或者业主委员会全称。"))
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    id_number = forms.CharField(label=_("身份证号码或者统一社会信用代码"), max_length=20, required=False)
    entrance = forms.CharField(label=_("梯口"), max_length=80, required=False, help_text=_("例如“12 号 2 梯口”。"))
    pool = forms.ChoiceField(label=_("资金池"))
    note = text_field(_("说明"), rows=2, required=False)
    happened_at = MomentField(label=_("什么时候申请的"), help_text=_("默认是现在。补记以前的申请，请改成当时的时间。"))
    on_behalf_of = forms.CharField(
        label=_("代谁录入"), max_length=120, required=False, help_text=_("申请人交的纸质申请由您录入的，写本人姓名；纸质申请拍照附上。")
    )

    def __init__(self, data: Any = None, *, asked: EligibilityForm, actor: Actor) -> None:
        self.asked, self.actor = asked, actor
        super().__init__(data)
        self.fields["pool"].choices = [(str(p.pk), p.name) for p in asked.pools]  # type: ignore[attr-defined]
        self.fields["happened_at"].initial = timezone.now

    def refuse(self, errors: Mapping[str, list[Any]]) -> None:
        for name, says in errors.items():
            for sentence in says:
                self.add_error(name if name in self.fields else None, sentence)

    def submit(self) -> SubsidyApplication:
        """Register the applicant as a party and give birth to the application."""
        data, lift = self.cleaned_data, self.asked.lift
        assert lift is not None  # noqa: S101 - the view opens the form only for a lift that is there
        register = parties.register_person if data["applicant_kind"] == ApplicantKind.OWNERS else parties.register_organisation
        extra = {"id_number": data["id_number"]} if register is parties.register_person else {"uscc": data["id_number"]}
        party = register(data["applicant_name"], phone=data["phone"], by=self.actor, **extra)
        known = {name: value for name in ASKED if (value := self.asked.cleaned_data.get(name)) not in (None, "")}
        facts = Submit(
            scheme=self.asked.cleaned_data["scheme"],
            pool_id=int(data["pool"]),
            elevator_id=lift.id,
            elevator_name=lift.name,
            building_id=lift.building_id,
            applicant_kind=data["applicant_kind"],
            applicant_party_id=party.id,
            applicant_name=data["applicant_name"],
            entrance=data["entrance"],
            note=data["note"],
            **known,
        )
        return services.submit(facts=facts, by=self.actor, happened_at=data["happened_at"], on_behalf_of=data["on_behalf_of"])
