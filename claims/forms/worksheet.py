"""The worksheet as a form: asked, assessed and agreed per head; text in, a typed worksheet out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.errors import FactsRefused
from casework.forms import MoneyField
from claims.forms.claim import day, long_text
from claims.models import Claim
from damages import api as damages
from legislation.money import ZERO
from parties import api as parties

#: Heads that are usually so much a day, with the word for their quantity.
BY_THE_DAY = {"lost_income": "天", "nursing": "天", "hospital_meals": "天", "nutrition": "天"}
#: Heads that follow from the outcome by law; an amount typed here stands above what is computed.
BY_LAW = frozenset({"disability_compensation", "death_compensation", "funeral", "dependants"})
MOST_DEPENDANTS = 4


class GradesField(forms.CharField):
    """Grades of disability, worst first: "9, 10"."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return tuple(sorted(int(part) for part in re.split(r"[\s,，、]+", text or "") if part))
        except ValueError as error:
            raise ValidationError(_("写成数字，用逗号隔开，例如 9 或 9，10。"), code="grades") from error


class WorksheetForm(forms.Form):
    """One person's worksheet. Field names are "<head>-<what>", as damages names what it refuses."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("后果"),
        widget=forms.RadioSelect,
        initial="injury",
        choices=[("injury", _("受伤，没有构成伤残")), ("disability", _("伤残")), ("death", _("死亡"))],
    )
    law_date = day(_("按哪天的标准算"), help_text=_("和解的按今天；诉讼的按一审法庭辩论终结时。"))
    age = forms.IntegerField(label=_("定残或死亡时的周岁"), required=False, min_value=0, max_value=130)
    grades = GradesField(label=_("伤残等级"), required=False, help_text=_("1 至 10 级，多处伤残用逗号隔开。"))
    reason = long_text(_("为什么出新版"), required=False, rows=2, max_length=300)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        self.claim = claim
        self.sheet = damages.current(claim.pk)
        super().__init__(*args, **kwargs)
        for code in damages.HEADS:
            self._add_head(code)
        for n in range(1, MOST_DEPENDANTS + 1):
            self.fields[f"dependant{n}-years"] = forms.IntegerField(label=_("还要扶养几年"), required=False, min_value=0, max_value=100)
            self.fields[f"dependant{n}-supporters"] = forms.IntegerField(label=_("共同扶养人数"), required=False, min_value=1, max_value=20)
        for name in self._cells():
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm tb-num"
        if self.sheet is None:
            del self.fields["reason"]
            self._start_from_the_application()
        else:
            self.fields["reason"].required = True
            self._start_from(self.sheet)

    def _cells(self) -> list[str]:
        """The names of the fields that stand in the table, not below one another."""
        return [name for name in self.fields if name.partition("-")[0] in damages.HEADS]

    def _add_head(self, code: str) -> None:
        label = str(damages.label(code))
        self.fields[f"{code}-asked"] = MoneyField(label=f"{label} {_('主张')}", required=False, smallest=ZERO)
        self.fields[f"{code}-amount"] = MoneyField(label=f"{label} {_('有票据的金额')}", required=False, smallest=ZERO)
        if code in BY_THE_DAY:
            self.fields[f"{code}-rate"] = MoneyField(label=f"{label} {_('每天')}", required=False, smallest=ZERO)
            self.fields[f"{code}-quantity"] = forms.IntegerField(
                label=f"{label} {_('天数')}", required=False, min_value=0, max_value=40_000
            )
        self.fields[f"{code}-agreed"] = MoneyField(label=f"{label} {_('商定')}", required=False, smallest=ZERO)
        self.fields[f"{code}-bills"] = forms.IntegerField(label=f"{label} {_('票据张数')}", required=False, min_value=0, max_value=9999)
        self.fields[f"{code}-reason"] = forms.CharField(label=f"{label} {_('说明')}", required=False, max_length=300)

    def _start_from_the_application(self) -> None:
        person = self.claim.people[0] if len(self.claim.people) == 1 else None
        if person and person["party_id"]:
            self.fields["age"].initial = parties.party(person["party_id"]).age_on(timezone.localdate())
        for head in self.claim.asked:
            self.fields[f"{head['code']}-asked"].initial = Decimal(head["amount"])
            self.fields[f"{head['code']}-bills"].initial = head["bills"] or None

    def _start_from(self, sheet: damages.WorksheetView) -> None:
        entered = sheet.inputs
        for name in ("outcome", "law_date", "age"):
            self.fields[name].initial = entered.get(name)
        self.fields["grades"].initial = "，".join(map(str, entered.get("grades") or ()))
        for head in entered.get("heads") or ():
            for name in ("asked", "amount", "rate", "agreed"):
                if head.get(name) is not None and f"{head['code']}-{name}" in self.fields:
                    self.fields[f"{head['code']}-{name}"].initial = Decimal(head[name])
            for name in ("quantity", "bills", "reason"):
                if head.get(name) and f"{head['code']}-{name}" in self.fields:
                    self.fields[f"{head['code']}-{name}"].initial = head[name]
        for n, dependant in enumerate(entered.get("dependants") or (), 1):
            for name in ("years", "supporters"):
                self.fields[f"dependant{n}-{name}"].initial = dependant[name]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(1, MOST_DEPENDANTS + 1):
            years, supporters = data.get(f"dependant{n}-years"), data.get(f"dependant{n}-supporters")
            if (years is None) != (supporters is None):
                self.add_error(f"dependant{n}-{'supporters' if years is not None else 'years'}", _("年数和人数要一起填。"))
        return data

    def entered(self) -> damages.WorksheetInput:
        """What was typed, as damages computes it. Needs a valid form (or, for the preview, takes what is valid)."""
        data = self.cleaned_data
        accident_on = self.claim.governing_dates()["accident"]
        return damages.WorksheetInput(
            outcome=data.get("outcome") or "injury",
            law_date=data.get("law_date") or accident_on,
            accident_on=accident_on,
            place=self.claim.place,
            age=data.get("age"),
            grades=data.get("grades") or (),
            heads=tuple(head for code in damages.HEADS if (head := self._head(code))),
            dependants=tuple(
                damages.DependantInput(data[f"dependant{n}-years"], data[f"dependant{n}-supporters"])
                for n in range(1, MOST_DEPENDANTS + 1)
                if data.get(f"dependant{n}-years") is not None and data.get(f"dependant{n}-supporters") is not None
            ),
        )

    def _head(self, code: str) -> damages.HeadInput | None:
        data = self.cleaned_data
        typed = {name: data.get(f"{code}-{name}") for name in ("amount", "rate", "quantity", "asked", "agreed", "bills", "reason")}
        if all(value in (None, "") for value in typed.values()):
            return None
        return damages.HeadInput(
            code,
            amount=typed["amount"],
            rate=typed["rate"],
            quantity=typed["quantity"],
            unit=BY_THE_DAY.get(code, "天"),
            asked=typed["asked"],
            agreed=typed["agreed"],
            bills=typed["bills"] or 0,
            reason=typed["reason"] or "",
        )

    def refuse(self, errors: dict[str, list[Any]]) -> None:
        """Put what damages refused beside the fields."""
        for name, says in errors.items():
            for sentence in says:
                self.add_error(name if name in self.fields else None, sentence)

    def preview(self) -> dict[str, Any]:
        """What the sheet comes to with what is valid now; unbound, the version that stands. Nothing is written."""
        if not self.is_bound:
            return {"assessment": self.sheet, "problems": []}
        self.is_valid()
        try:
            return {"assessment": damages.compute(case_id=self.claim.pk, entered=self.entered()), "problems": []}
        except FactsRefused as refusal:
            return {"assessment": None, "problems": [str(said) for says in refusal.errors.values() for said in says]}

    def rows(self) -> list[dict[str, Any]]:
        """The heads in order, each with its bound fields, for the template."""
        return [
            {
                "code": code,
                "label": label,
                "by_law": code in BY_LAW,
                **{name: self[f"{code}-{name}"] for name in ("asked", "amount", "agreed", "bills", "reason")},
                **({name: self[f"{code}-{name}"] for name in ("rate", "quantity")} if code in BY_THE_DAY else {}),
            }
            for code, label in damages.HEADS.items()
        ]

    def dependant_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"dependant{n}-years"], self[f"dependant{n}-supporters"]) for n in range(1, MOST_DEPENDANTS + 1)]


class TypedBaseForm(forms.Form):
    """A yearly figure that the law's data lacks, as its notice prints it."""

    use_required_attribute = False
    name = forms.ChoiceField(label=_("哪一项标准"))
    amount = MoneyField(label=_("金额（元/年）"))
    notice_number = forms.CharField(label=_("文号"), max_length=100)
    source = forms.CharField(label=_("出处"), max_length=200, help_text=_("哪里公布的，写到能查到。"))
    published_on = day(_("发布日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = damages.base_names()  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Who a person of the claim is and where the money goes; empty fields leave what is there."""

    use_required_attribute = False
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    id_number = forms.CharField(label=_("身份证号"), max_length=18, required=False, help_text=_("只存加密的，页面上只显示首尾。"))
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)
    bank = forms.CharField(label=_("开户行"), max_length=60, required=False)
    number = forms.CharField(label=_("收款账号"), max_length=40, required=False, help_text=_("新账号要由另一位同事核对后才能付款。"))
    holder = forms.CharField(label=_("户名"), max_length=60, required=False, help_text=_("和本人不一样时填，例如监护人。"))

    def refuse(self, errors: dict[str, list[Any]]) -> None:
        for name, says in errors.items():
            for sentence in says:
                self.add_error(name if name in self.fields else None, sentence)
