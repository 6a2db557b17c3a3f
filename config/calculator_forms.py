"""The public calculators as forms: a query string in, the JSON object that the command takes out, errors by field.

The fields are read with the same strict readers as the calculators; what a calculator refuses afterwards is brought
back to the field that it is about. Nothing here computes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from legislation import inputs
from legislation.inputs import BadInput

MOST_ROWS = 20
LONGEST = 100  # characters of one typed value
_PATH = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")
_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True)
class Field:
    """One typed value. `key` is its place in the JSON object, dotted; `kind` names its reader and its control."""

    key: str
    label: Any
    kind: str = "money"  # money, area, integer, day, time, place, share, text, choice
    required: bool = False
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    initial: str = ""


@dataclass(frozen=True)
class Rows:
    """Repeatable rows; each column is a `Field` whose key is relative to the row."""

    key: str
    label: Any
    columns: tuple[Field, ...]
    hint: Any = ""


@dataclass(frozen=True)
class Group:
    legend: Any
    parts: tuple[Field | Rows, ...]
    folded: bool = False


@dataclass(frozen=True)
class Form:
    """The form of one calculator. `finish` shapes the payload where rows are not simply objects of an array."""

    name: str
    title: Any
    intro: Any
    groups: tuple[Group, ...]
    examples: tuple[tuple[Any, Mapping[str, str]], ...]
    finish: Callable[[Filled], None] | None = None

    def parts(self) -> list[Field | Rows]:
        return [part for group in self.groups for part in group.parts]


@dataclass
class Filled:
    """What was typed. `payload` is the command's input; `errors` and `wanted` (required, still empty) go by slot.

    A slot is the name of a control in the query string: "age", "items.medical", "dependants.0.years"; also the key of
    a group of rows, and "" for the form. `places` brings a calculator's field names back to slots.
    """

    form: Form
    typed: dict[str, str]
    counts: dict[str, int]
    payload: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def is_begun(self) -> bool:
        return bool(self.typed)

    def slots(self) -> list[str]:
        """Every control's name, each group of rows, and the form itself."""
        found = [""]
        for part in self.form.parts():
            found.append(part.key)
            if isinstance(part, Rows):
                found += [f"{part.key}.{n}.{column.key}" for n in range(self.counts[part.key]) for column in part.columns]
        return found

    def refuse(self, path: str, why: str) -> None:
        """Put a calculator's refusal beside the control that it is about."""
        self.errors.setdefault(self.slot_of(path), self.in_words(why))

    def slot_of(self, path: str) -> str:
        if path in self.places:
            return self.places[path]
        match = _PATH.match(path)
        if match and match[1] in self.rows:
            part = next(part for part in self.form.parts() if part.key == match[1] and isinstance(part, Rows))
            rows = self.rows[match[1]]
            row = rows[int(match[2])][0] if int(match[2]) < len(rows) else 0
            return f"{part.key}.{row}.{match[3] or part.columns[0].key}"
        known = self.slots()
        return path if path in known else next((slot for slot in (path.split(".")[0],) if slot in known), "")

    def in_words(self, text: str) -> str:
        """A calculator speaks of JSON keys; people read labels."""
        for part in self.form.parts():
            columns = part.columns if isinstance(part, Rows) else (part,)
            for each in (part, *columns):
                text = re.sub(rf" ?(?<![\w.]){re.escape(each.key)}(?!\w) ?", f"“{each.label}”", text)
            for value, label in (choice for column in columns for choice in column.choices if choice[0]):
                if value.isalpha():
                    text = re.sub(rf" ?(?<!\w){re.escape(value)}(?!\w) ?", f"“{label}”", text)
        return text

    def query(self) -> dict[str, str]:
        """The shortest query that gives the same result: what was typed, without the blanks."""
        return {slot: self.typed[slot] for slot in self.slots() if slot in self.typed}


def fill(form: Form, query: Mapping[str, str]) -> Filled:
    """Read a query string against a form. `add` in the query shows one more row of that name."""
    typed = {key: text for key, text in query.items() if isinstance(text, str) and text.strip()}
    add = typed.pop("add", "")
    counts = {part.key: _count(part, typed, add) for part in form.parts() if isinstance(part, Rows)}
    filled = Filled(form, typed, counts)
    known = set(filled.slots())
    filled.typed = {key: text for key, text in typed.items() if key in known}
    for part in form.parts():
        if isinstance(part, Rows):
            _fill_rows(filled, part)
        else:
            value = _read(filled, part, part.key)
            if value is not None:
                _put(filled.payload, part.key, value)
    if form.finish:
        form.finish(filled)
    return filled


def _count(part: Rows, typed: Mapping[str, str], add: str) -> int:
    used = [int(match[1]) for key in typed if (match := re.match(rf"{re.escape(part.key)}\.(\d{{1,2}})\.", key))]
    return min(max(used, default=0) + 1 + (add == part.key), MOST_ROWS)


def _fill_rows(filled: Filled, part: Rows) -> None:
    """Blank rows are passed over; in a begun row its required values are wanted."""
    rows: list[tuple[int, dict[str, Any]]] = []
    for n in range(filled.counts[part.key]):
        slots = {column.key: f"{part.key}.{n}.{column.key}" for column in part.columns}
        begun = any(filled.typed.get(slots[column.key], column.initial).strip() != column.initial for column in part.columns)
        if begun:
            read = {column.key: _read(filled, column, slots[column.key]) for column in part.columns}
            rows.append((n, {key: value for key, value in read.items() if value is not None}))
    filled.rows[part.key] = rows
    if rows:
        filled.payload[part.key] = [row for _, row in rows]


def _read(filled: Filled, one: Field, slot: str) -> Any:
    """The JSON value of one control, or None when it is blank or wrong."""
    text = tidy(filled.typed.get(slot, one.initial))
    if not text:
        if one.required:
            filled.wanted[slot] = _("还没填：%(label)s") % {"label": one.label}
        return None
    try:
        return READERS[one.kind](one, text)
    except BadInput as bad:
        filled.errors[slot] = filled.in_words(bad.why)
        return None


def tidy(text: str) -> str:
    """Full-width figures become half-width, blanks at the ends go."""
    return unicodedata.normalize("NFKC", text).strip()


def _money(one: Field, text: str) -> str:
    plain = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", text).removesuffix("元").removeprefix("¥").strip()
    inputs.parse_money(plain, one.key)
    return plain


def _area(one: Field, text: str) -> str:
    """Square metres with at most two decimals, read as strictly as an amount."""
    return _money(one, re.sub(r"(㎡|m2|平方米)$", "", text).strip())


def _integer(one: Field, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadInput(one.key, _("要填整数，不带小数和单位，如 30"))
    return int(text)


def _day(one: Field, text: str) -> str:
    plain = text.replace("/", "-")
    inputs.parse_day(plain, one.key)
    return plain


def _time(one: Field, text: str) -> str:
    if not _TIME.fullmatch(text) or not text < "24" or not text[3:] < "60":
        raise BadInput(one.key, _("时刻写成 23:30 这样"))
    return text


def _place(one: Field, text: str) -> str:
    inputs.place({one.key: text}, one.key)
    return text


def _share(one: Field, text: str) -> str:
    if re.fullmatch(r"\d{1,3}(\.\d{1,10})?%", text):
        raise BadInput(one.key, _("比例写成小数或分数，如 0.7 或 1/3；70% 就是 0.7"))
    inputs.parse_share(text, one.key)
    return text


def _text(one: Field, text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(one.key, _("太长了，最多 %(n)s 个字") % {"n": LONGEST})
    return text


def _choice(one: Field, text: str) -> str:
    if text not in {value for value, _label in one.choices}:
        raise BadInput(one.key, _("要从列出的里面选"))
    return text


READERS: dict[str, Callable[[Field, str], Any]] = {
    "money": _money,
    "area": _area,
    "integer": _integer,
    "day": _day,
    "time": _time,
    "place": _place,
    "share": _share,
    "text": _text,
    "choice": _choice,
    "number_choice": lambda one, text: _integer(one, _choice(one, text)),
}


def _put(payload: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    for step in path:
        payload = payload.setdefault(step, {})
    payload[last] = value


def is_day(text: str) -> bool:
    """Whether a browser's date control would show this text; it drops everything else."""
    return bool(_DAY.fullmatch(text))
