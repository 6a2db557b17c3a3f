"""What every step's form shares: the moment, the event last seen, money, shares, recording for somebody else (代录)."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.models import User
from casework.declarations import NoFacts
from legislation.money import LARGEST, parse_money

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case

#: The fields every step form carries beside its facts.
BUILT_IN = ("happened_at", "seen", "on_behalf_of")

_MONEY_ORNAMENTS = re.compile(r"[,\s¥￥元]|人民币|CNY|RMB")
_DAYS_AGO = {"今天": 0, "昨天": 1, "前天": 2}
_CHINESE_MOMENT = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日\s*(\d{1,2}):(\d{2})")


class MoneyField(forms.Field):
    """An amount in yuan. Takes what people type (12,345.6 元, full-width figures) and gives a Decimal with two places.

    `smallest` is the least amount taken (default 0.01), `largest` the amount that is surely a slip.
    """

    widget = forms.TextInput

    def __init__(self, *, smallest: Decimal = Decimal("0.01"), largest: Decimal = LARGEST, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.smallest, self.largest = smallest, largest
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.is_money = True  # type: ignore[attr-defined]

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = _MONEY_ORNAMENTS.sub("", unicodedata.normalize("NFKC", str(value)))
        text = re.sub(r"^0+(?=\d)", "", text)
        try:
            amount = parse_money(text, self.largest)
        except ValueError as error:
            raise ValidationError(f"{error}。", code="money") from error
        if amount < self.smallest:
            raise ValidationError(_("金额至少 %(smallest)s 元。"), code="too_small", params={"smallest": self.smallest})
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class ShareField(forms.Field):
    """A share of the whole as a Fraction between 0 and 1: "70%", "0.7" and "7/10" are the same."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Fraction | None:
        if value in self.empty_values:
            return None
        text = unicodedata.normalize("NFKC", str(value)).replace(" ", "")
        try:
            share = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("写成百分数或分数，例如 70% 或 7/10。"), code="share") from error
        if not 0 <= share <= 1:
            raise ValidationError(_("比例在 0 到 100% 之间。"), code="share")
        return share

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            percent = value * 100
            return f"{percent.numerator}%" if percent.denominator == 1 else str(value)
        return value


class MomentField(forms.Field):
    """An instant typed in Guangdong's time: 2025-03-03T23:30, 2025-03-03 23:30, 3月3日 23:30 or 今天 23:30."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        moment = value if isinstance(value, datetime) else _read_moment(str(value).strip())
        if moment is None:
            raise ValidationError(_("没看懂这个时间，写成 2025-03-03 23:30 这样。"), code="moment")
        if not 2000 <= moment.year < 2100:
            raise ValidationError(_("年份看起来不对，请再看一眼。"), code="moment")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _read_moment(text: str) -> datetime | None:
    text = unicodedata.normalize("NFKC", text)
    day, _space, clock = text.partition(" ")
    try:
        if day in _DAYS_AGO:
            date = timezone.localdate() - timedelta(days=_DAYS_AGO[day])
            return datetime.fromisoformat(f"{date.isoformat()}T{clock.strip().zfill(5)}")
        chinese = _CHINESE_MOMENT.fullmatch(text)
        if chinese:
            year, month, number, hour, minute = chinese.groups()
            return datetime(int(year or timezone.localdate().year), int(month), int(number), int(hour), int(minute))  # noqa: DTZ001
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


class StepForm(forms.Form):
    """Turns what was typed for one step into its facts.

    A subclass names `facts_class` and declares one field per fact; override `facts()` where they differ in shape.
    confirm: a money step, shown once more in full before it is done; `summary()` then adds the lines it shows.
    transcribing: the actor records for somebody without an account; the form then asks for whom.
    restored: the data is a draft; it is shown again, but not yet judged.
    """

    facts_class: ClassVar[type] = NoFacts
    confirm: ClassVar[bool] = False

    happened_at = MomentField(label=_("什么时候发生的"), help_text=_("默认是现在。补记以前的事，请改成当时的时间。"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        case: Case | None,
        actor: Actor,
        transcribing: bool = False,
        restored: bool = False,
        **kwargs: Any,
    ) -> None:
        self.case, self.actor, self.restored = case, actor, restored
        super().__init__(data, files, **kwargs)
        self.use_required_attribute = False
        self.fields["happened_at"].initial = timezone.now
        self.fields["seen"].initial = case.sequence if case is not None else 0
        if transcribing:
            self.fields["on_behalf_of"] = forms.CharField(
                label=_("代谁记录"), max_length=120, help_text=_("写明本人姓名和身份，例如“黄*芬本人，到场口述”。纸质材料拍照附上。")
            )
        self.order_fields([n for n in self.fields if n not in BUILT_IN] + list(BUILT_IN))
        for field in self.fields.values():
            if field.required and field.label:
                field.error_messages["required"] = _required_message(field)

    def full_clean(self) -> None:
        if self.restored:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean_happened_at(self) -> datetime:
        """The minute in which the case began counts from its beginning, for forms know minutes and cases seconds."""
        moment: datetime = self.cleaned_data["happened_at"]
        if self.case is not None and self.case.pk:
            begun = self.case.happened_at
            if moment < begun and moment == begun.replace(second=0, microsecond=0):
                return begun
        return moment

    def facts(self) -> Any:
        """The step's facts: by default the cleaned fields of the same names, lists as tuples."""
        names = {f.name for f in dataclasses.fields(self.facts_class)}
        return self.facts_class(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in self.cleaned_data.items() if name in names}
        )

    def field_for(self, name: str) -> str | None:
        """The field beside which an error about the fact `name` stands; None puts it on top."""
        head = name.split(".", 1)[0]
        return next((n for n in (name, head) if n in self.fields), None)

    def refuse(self, errors: Mapping[str, list[Any]]) -> None:
        """Put what the one door found wrong beside the fields."""
        for name, says in errors.items():
            for sentence in says:
                self.add_error(self.field_for(name), sentence)

    def summary(self) -> list[tuple[Any, Any]]:
        """Label and value of everything typed, for the page that asks once more. Needs a valid form."""
        return [
            (field.label, shown(self, field.name))
            for field in self.visible_fields()
            if self.cleaned_data.get(field.name) not in (None, "", [])
        ]

    def money(self) -> list[tuple[Any, Decimal]]:
        """Label and amount of every amount typed: shown in figures and in capitals. Needs a valid form."""
        return [
            (field.label, self.cleaned_data[name])
            for name, field in self.fields.items()
            if isinstance(field, MoneyField) and self.cleaned_data.get(name) is not None
        ]

    def consequences(self) -> list[tuple[Any, Any]]:
        """From where, to whom, and what remains afterwards: lines a money step adds to its confirmation page."""
        return []


def shown(form: forms.Form, name: str) -> Any:
    """A cleaned value in words: a choice by its label, yes and no, moments and amounts as people write them."""
    field, value = form.fields[name], form.cleaned_data.get(name)
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    if isinstance(field, MoneyField):
        return f"{value:,.2f}".replace("-", "−")
    if isinstance(field, ShareField):
        return field.prepare_value(value)
    if isinstance(field, forms.ChoiceField):
        labels = {str(k): v for k, v in _flat(field.choices)}
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return "、".join(str(labels.get(str(v), v)) for v in chosen)
    return value


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for key, label in choices:
        pairs += _flat(label) if isinstance(label, (list, tuple)) else [(key, label)]
    return pairs


def _required_message(field: forms.Field) -> Any:
    label = {"label": str(field.label)}
    if isinstance(field, forms.ChoiceField):
        return gettext("还没有选“%(label)s”。") % label
    return gettext("还没有填“%(label)s”。") % label


class AwayForm(forms.Form):
    """Who stands in for me, from when to when."""

    use_required_attribute = False
    substitute = forms.ModelChoiceField(User.objects.none(), label=_("由谁代办"), empty_label=_("选一位同事"))
    since = forms.DateField(label=_("从"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(label=_("到（含当天）"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(memberships__organisation_id=actor.organisation_id or 0, memberships__until=None, is_active=True)
        self.fields["substitute"].queryset = people.exclude(pk=actor.user_id or 0).distinct()  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["required"] = _required_message(field)
