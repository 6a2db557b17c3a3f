"""The forms of filing on a phone: one thing a page, nothing asked that the register knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.forms import MomentField
from elevators import selectors
from elevators.checks import MOST_PEOPLE
from elevators.facts import PersonFacts
from elevators.models import Elevator
from elevators.terms import Harm, Nature, Source, codes
from parties import identifiers

if TYPE_CHECKING:
    from access.actors import Actor

#: Who tells usually learnt it this way; one tap changes it.
USUAL_SOURCE = {
    Role.MAINTENANCE_STAFF: Source.MAINTENANCE,
    Role.STREET_CLERK: Source.STREET_OFFICE,
    Role.REGULATOR_OFFICER: Source.REGULATOR,
}
MOST_INJURED = 20
_CHINESE_NAME = re.compile(r"[一-龥]{2,4}|[一-龥]{1,8}·[一-龥]{1,8}")
_NO_NAME = re.compile(r"的|某|不详|不知|未知|乘客|伤者|女士|先生|小孩|老人|阿姨|大爷|大妈|男子|女子|男童|女童|业主|住户|孕妇")


def looks_like_a_name(text: str) -> bool:
    """Whether what was typed is a person's name and not a description such as 穿红衣的女士."""
    text = text.strip()
    if _NO_NAME.search(text):
        return False
    return bool(_CHINESE_NAME.fullmatch(text)) or bool(re.fullmatch(r"[A-Za-z][A-Za-z .'-]+", text))


class FilingForm(forms.Form):
    """A page of the filing: the browser's own messages are off, ours say how to mend."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.arrange()
        for field in self.fields.values():
            if field.required and field.label:
                field.error_messages["required"] = (
                    _("还没有选“%s”。") if isinstance(field, forms.ChoiceField) else _("还没有填“%s”。")
                ) % field.label

    def arrange(self) -> None:
        """Say which fields are needed, given what is typed; before anything is typed all that may become so."""

    def said(self, name: str) -> str:
        return str(self.data.get(name) or "") if self.is_bound else str(self.initial.get(name) or "")


class CodeForm(FilingForm):
    code = forms.CharField(
        label=_("电梯识别码"),
        max_length=60,
        help_text=_("扫轿厢里的二维码最快。也可以填设备代码、使用登记证编号，或者报 96333 用的识别码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.elevator: Elevator | None = None

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        found = selectors.find_elevator(typed)
        if found is None or not selectors.elevators_in_scope(self.actor).filter(pk=found.pk).exists():
            digits = codes.tidy(typed)
            if len(digits) > 12 and digits.isdigit():
                codes.parse(digits)
            raise ValidationError(_("没有找到这台电梯，或者不归贵单位管。请对照轿厢里的使用标志再看一遍。"), code="unknown")
        self.elevator = found
        return typed


def _natures() -> list[tuple[str, Any]]:
    said = [
        (Nature.ENTRAPMENT, _now("有人被困"), _now("轿厢停住，门打不开")),
        (Nature.INJURY, _now("有人受伤"), _now("摔倒、夹伤、坠落、撞击")),
        (Nature.FAULT, _now("故障，没有人受影响"), _now("异响、平层不准、门关不上")),
    ]
    return [(nature.value, format_html("{}<small>{}</small>", title, hint)) for nature, title, hint in said]


class WhatForm(FilingForm):
    """What happened, when, and whether everybody is out."""

    class Trapped:
        NOBODY, INSIDE, OUT = "nobody", "inside", "out"

    nature = forms.ChoiceField(label=_("发生了什么？"), widget=forms.RadioSelect, choices=_natures)
    started_at = MomentField(label=_("几点发生的"))
    learnt_at = MomentField(label=_("您单位负责人几点得知"), help_text=_("一小时的报告期限从这时起算。"))
    source = forms.ChoiceField(label=_("从哪里得知"), choices=Source.choices)
    trapped = forms.ChoiceField(
        label=_("有人困在里面吗"),
        widget=forms.RadioSelect,
        required=False,
        choices=[(Trapped.INSIDE, _("还在里面")), (Trapped.OUT, _("已经救出")), (Trapped.NOBODY, _("没有人被困"))],
    )
    released_at = MomentField(label=_("最后一人几点救出"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_at"].initial = self.fields["learnt_at"].initial = timezone.now
        self.fields["source"].initial = next((s for r, s in USUAL_SOURCE.items() if actor.has(r)), Source.RESCUE_LINE).value

    def arrange(self) -> None:
        self.fields["trapped"].required = not self.is_bound or self.said("nature") in (Nature.ENTRAPMENT, Nature.INJURY)
        self.fields["released_at"].required = not self.is_bound or (
            self.fields["trapped"].required and self.said("trapped") == self.Trapped.OUT
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        now = timezone.now()
        for name in ("started_at", "learnt_at", "released_at"):
            if data.get(name) and data[name] > now:
                self.add_error(name, _("这个时间还没到，请看一眼。"))
        start = data.get("started_at")
        if start and data.get("learnt_at") and data["learnt_at"] < start:
            self.add_error("learnt_at", _("得知时间早于发生时间，请看一眼哪个写反了。"))
        self._clean_rescue(data, start)
        return data

    def _clean_rescue(self, data: dict[str, Any], start: datetime | None) -> None:
        nature, trapped, released = data.get("nature"), data.get("trapped"), data.get("released_at")
        if nature == Nature.FAULT:
            data["trapped"], data["released_at"] = self.Trapped.NOBODY, None
            return
        if nature == Nature.ENTRAPMENT and trapped == self.Trapped.NOBODY:
            self.add_error("trapped", _("上面选了“有人被困”，这里却是没有人被困，请看一眼哪个写反了。"))
        if trapped != self.Trapped.OUT:
            data["released_at"] = None
        elif released and start and released < start:
            self.add_error("released_at", _("救出时间早于被困时间，请看一眼哪个写反了。"))


class WhoForm(FilingForm):
    """How many, and who is hurt. A row of three fields for each injured person; `rows` of them are shown."""

    HARMS = [(h.value, h.label) for h in Harm if h != Harm.UNHURT]

    people_count = forms.IntegerField(
        label=_("一共几个人"),
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={
            "min_value": _("人数至少是 1。"),
            "max_value": _("人数看起来不对，请再看一眼。"),
            "invalid": _("人数写成数字，例如 3。"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "tb-num"}),
    )
    injured = forms.ChoiceField(label=_("有人受伤吗"), widget=forms.RadioSelect, choices=[("yes", _("有")), ("no", _("没有"))])
    rows = forms.IntegerField(required=False, min_value=1, max_value=MOST_INJURED, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, nature: str, **kwargs: Any) -> None:
        self.nature = nature
        self.row_count = _row_count(data if data is not None else kwargs.get("initial") or {})
        super().__init__(data, *args, **kwargs)

    def arrange(self) -> None:
        if self.nature == Nature.INJURY:
            del self.fields["injured"]
        needed = not self.is_bound or self.nature == Nature.INJURY or self.said("injured") == "yes"
        self.fields["rows"].initial = self.row_count
        for n in range(1, self.row_count + 1):
            self.fields |= {
                f"name_{n}": forms.CharField(
                    label=_("受伤人姓名"),
                    required=needed and n == 1,
                    max_length=60,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                    help_text=_("不知道可以写特征，例如“穿红衣的女士”。") if n == 1 else "",
                ),
                f"harm_{n}": forms.ChoiceField(
                    label=_("伤得怎么样"), required=needed and n == 1, choices=self.HARMS, initial=Harm.INJURED.value
                ),
                f"phone_{n}": forms.CharField(
                    label=_("联系电话"),
                    required=False,
                    max_length=30,
                    widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
                ),
            }

    def injured_rows(self) -> list[tuple[Any, Any, Any]]:
        """The bound fields of each injured person, for the template."""
        return [(self[f"name_{n}"], self[f"harm_{n}"], self[f"phone_{n}"]) for n in range(1, self.row_count + 1)]

    @property
    def somebody_is_hurt(self) -> bool:
        return self.nature == Nature.INJURY or self.cleaned_data.get("injured") == "yes"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.somebody_is_hurt:  # what stands in the rows, hidden or not, is not judged
            for name in [n for n in self.errors if n.startswith(("name_", "harm_", "phone_"))]:
                del self.errors[name]
            return data
        filled = [n for n in range(1, self.row_count + 1) if data.get(f"name_{n}") or data.get(f"phone_{n}")]
        for n in filled:
            self._clean_person(data, n)
        if data.get("people_count") and len(filled) > data["people_count"]:
            self.add_error("people_count", _("受伤的人比总人数多，请看一眼哪个写错了。"))
        return data

    def _clean_person(self, data: dict[str, Any], n: int) -> None:
        if n > 1 and not data.get(f"name_{n}"):
            self.add_error(f"name_{n}", _("写上姓名；不知道姓名就写特征，例如“穿红衣的女士”。"))
        for field, read in ((f"name_{n}", identifiers.person_name), (f"phone_{n}", identifiers.phone)):
            if data.get(field):
                try:
                    read(data[field])
                except ValidationError as error:
                    self.add_error(field, error)

    def people(self) -> tuple[PersonFacts, ...]:
        """The injured as facts, in the order typed. Needs a valid form."""
        if not self.somebody_is_hurt:
            return ()
        data = self.cleaned_data
        return tuple(
            PersonFacts(
                key="",
                name=data[f"name_{n}"].strip(),
                is_named=looks_like_a_name(data[f"name_{n}"]),
                harm=data.get(f"harm_{n}") or Harm.INJURED.value,
            )
            for n in range(1, self.row_count + 1)
            if data.get(f"name_{n}")
        )

    def phones(self) -> dict[int, str]:
        """Telephone numbers by position among `people()`."""
        named = [n for n in range(1, self.row_count + 1) if self.cleaned_data.get(f"name_{n}")]
        return {i: self.cleaned_data[f"phone_{n}"] for i, n in enumerate(named) if self.cleaned_data.get(f"phone_{n}")}


def _row_count(data: Mapping[str, Any]) -> int:
    typed = str(data.get("rows") or "1")
    return min(MOST_INJURED, max(1, int(typed))) if typed.isdigit() and len(typed) < 4 else 1


class CheckForm(FilingForm):
    """The last look: a word more if wanted, and whether it is the event already reported."""

    description = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("经过、原因、已经做了什么。没有就空着。"),
    )

    def __init__(self, *args: Any, candidates: tuple[Any, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if candidates:
            asked = [
                (str(c.case_id), _now("是，并入 %(when)s 的那一报") % {"when": f"{timezone.localtime(c.started_at):%H:%M}"})
                for c in candidates
            ]
            self.fields["same_as"] = forms.ChoiceField(
                label=_("是同一件事吗"),
                widget=forms.RadioSelect,
                choices=[*asked, ("no", _now("不是，另报一起"))],
                error_messages={"required": _("这台梯刚才已有一报，请选一下是不是同一件事。")},
            )
            self.order_fields(["same_as", "description"])
