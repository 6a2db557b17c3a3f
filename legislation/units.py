"""Typed values of the law: what a parameter answers with, and how it is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

UNITS = ("share", "money_cny", "calendar_days", "working_days", "hours", "minutes", "months", "years", "flag", "text", "table")

_DIGITS = "零一二三四五六七八九"
_FRACTION = re.compile(r"-?\d+/\d+")
_MONEY = re.compile(r"-?\d+\.\d{2}")
_ARTICLE = re.compile(r"(\d+)(?:之(\d+))?((?:\(\d+\))*)")


class NotInForce(LookupError):
    """No value answers for this rule on this day at this place; a figure must never be invented instead."""

    def __init__(self, name: str, on: date, place: str) -> None:
        super().__init__(name, on, place)
        self.name = name
        self.on = on
        self.place = place

    def __str__(self) -> str:
        return f"{self.on.isoformat()} 在 {self.place} 没有有效的规定或数据：{self.name}"


class FrozenTable(Mapping[Any, Any]):
    """A read-only, hashable mapping whose values are plain, frozen or typed (share, money)."""

    __slots__ = ("_items",)
    _items: dict[Any, Any]

    def __init__(self, items: Mapping[Any, Any]) -> None:
        object.__setattr__(self, "_items", {key: freeze(value) for key, value in items.items()})

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __setattr__(self, key: str, value: object) -> None:
        raise AttributeError(f"FrozenTable cannot be changed: {key}")

    def __reduce__(self) -> tuple[type[FrozenTable], tuple[dict[Any, Any]]]:
        return FrozenTable, (dict(self._items),)

    def __repr__(self) -> str:
        return f"FrozenTable({self._items!r})"


def freeze(value: object) -> Any:
    """Make a YAML value typed and immutable: "2/3" is a Fraction, "12.50" yuan as Decimal, lists become tuples."""
    if isinstance(value, FrozenTable):
        return value
    if isinstance(value, Mapping):
        return FrozenTable(value)
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return Fraction(value)
    if isinstance(value, str) and _MONEY.fullmatch(value):
        return Decimal(value)
    if isinstance(value, float):
        raise TypeError(f"a bare decimal number in the law data: {value!r}; write a quoted share or amount")
    return value


def chinese_number(number: int) -> str:
    """Write 1 to 9999 as statutes number their articles: 23 is 二十三, 110 is 一百一十, 1179 is 一千一百七十九."""
    if not 0 < number < 10000:
        raise ValueError(f"no article number: {number}")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text[1:] if text.startswith("一十") else text


def chinese_article(article: str) -> str:
    """Render "23(1)" as 第二十三条第一款, "61-64" as a range, "12, 15" as a list; other text is kept as it stands."""
    return "、".join(_article_range(part.strip()) for part in article.split(",")) if article else ""


def _article_range(part: str) -> str:
    ends = part.split("-")
    if len(ends) == 2 and all(_ARTICLE.fullmatch(end) for end in ends):
        return f"{_one_article(ends[0])}至{_one_article(ends[1])}"
    return _one_article(part)


def _one_article(text: str) -> str:
    match = _ARTICLE.fullmatch(text)
    if match is None:
        return text
    number, inserted, rest = match.groups()
    rendered = f"第{chinese_number(int(number))}条"
    if inserted:
        rendered += f"之{chinese_number(int(inserted))}"
    for level, inner in zip(("款", "项", "目"), re.findall(r"\d+", rest), strict=False):
        rendered += f"第{chinese_number(int(inner))}{level}"
    return rendered


@dataclass(frozen=True, slots=True)
class Statute:
    """A law, rule, notice or programme text. `articles` holds the gist of each article, not its wording."""

    id: str
    title: str
    short_title: str
    issuer: str
    number: str
    in_force_from: date
    until: date | None
    source: str
    articles: Mapping[str, str]
    cite: str = "title"

    def citation(self, article: str = "") -> str:
        """Cite as a Chinese document does: laws by 《title》, notices by their number, else in plain words."""
        name = {"title": f"《{self.title}》", "number": self.number, "plain": self.title}[self.cite]
        return name + chinese_article(article)


@dataclass(frozen=True, slots=True)
class Provision:
    """One value of the law on one day at one place, with everything that a document prints beside it.

    `value` is a Fraction (share), Decimal (money_cny), int (periods), bool (flag), str (text), or a FrozenTable or
    tuple (table). `place` is the place whose rule answered, which may be wider than the place asked for.
    """

    name: str
    value: Any
    unit: str
    since: date
    until: date | None
    place: str
    statute: str
    statute_title: str
    article: str
    unverified: bool
    note: str
    description_zh: str
    mark: str = "R"
    source: str = ""
    governed_by: str = "event"
    cited: str = ""

    @property
    def citation(self) -> str:
        """Give the Chinese citation, for example 《中华人民共和国保险法》第二十三条第一款."""
        return self.cited
