"""Reads the YAML of the law once and checks its form. No date and no place is asked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from legislation.units import UNITS, FrozenTable, Statute, freeze

HOME = Path(__file__).resolve().parent
GOVERNED_BY = ("accident", "receipt", "settlement", "application", "payment", "event")
MARKS = ("R", "R2", "M", "SUG")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RULE_KEYS = {
    "description", "description_zh", "unit", "governed_by", "zones_exclusive", "yearly", "last_checked_on",
    "unverified", "mark", "note", "values",
}  # fmt: skip
_VALUE_KEYS = {"value", "statute", "article", "until", "unverified", "mark", "note", "source"}
_PERIODS = ("calendar_days", "working_days", "hours", "minutes", "months", "years")


class LawDataError(ValueError):
    """A YAML file of the law is malformed; names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dated value of one rule; `value` None means that the rule ended on `since`."""

    since: date
    until: date | None
    value: Any
    statute: str
    article: str
    unverified: bool
    mark: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One parameter file: a rule at one place with its dated rows, oldest first."""

    name: str
    place: str
    unit: str
    governed_by: str
    zones_exclusive: bool
    yearly: bool
    description: str
    description_zh: str
    last_checked_on: date
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Own Chinese names of places by six-digit code, and the zones that keep damages series of their own."""

    names: Mapping[str, str]
    zones: frozenset[str]


def read_yaml(path: Path) -> Any:
    """Parse one YAML file; safe types only."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C if built


@lru_cache(maxsize=1)
def places() -> Places:
    """Names and zones of legislation/places.yaml."""
    raw = read_yaml(HOME / "places.yaml")
    return Places(names=FrozenTable(raw["names"]), zones=frozenset(raw["zones"]))


@lru_cache(maxsize=1)
def statutes() -> Mapping[str, Statute]:
    """All statutes by id."""
    found: dict[str, Statute] = {}
    for path in sorted((HOME / "statutes").glob("*.yaml")):
        raw = read_yaml(path)
        raw["articles"] = FrozenTable({str(key): text for key, text in (raw.get("articles") or {}).items()})
        statute = Statute(**raw)
        if statute.id != path.stem or statute.cite not in ("title", "number", "plain"):
            raise LawDataError(f"{path.name}: id or cite is wrong")
        found[statute.id] = statute
    return FrozenTable(found)


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Mapping[str, Rule]]:
    """All rules: name -> place -> rule."""
    found: dict[str, dict[str, Rule]] = {}
    home = HOME / "parameters"
    for path in sorted(home.glob("*/**/*.yaml")):
        place, *folders = path.relative_to(home).with_suffix("").parts
        rule = _rule(".".join(folders), place, path)
        found.setdefault(rule.name, {})[place] = rule
    for name, by_place in found.items():
        if len({(rule.unit, rule.governed_by) for rule in by_place.values()}) > 1:
            raise LawDataError(f"{name}: unit and governing date must agree at all places")
    return found


def _rule(name: str, place: str, path: Path) -> Rule:
    raw = read_yaml(path)
    where = str(path.relative_to(HOME))
    unknown = set(raw) - _RULE_KEYS
    if unknown:
        raise LawDataError(f"{where}: unknown keys {sorted(unknown)}")
    if place not in places().names:
        raise LawDataError(f"{where}: place {place} has no name in places.yaml")
    if raw["unit"] not in UNITS or raw.get("governed_by", "event") not in GOVERNED_BY:
        raise LawDataError(f"{where}: unit or governed_by is wrong")
    rule = Rule(
        name=name,
        place=place,
        unit=raw["unit"],
        governed_by=raw.get("governed_by", "event"),
        zones_exclusive=bool(raw.get("zones_exclusive", False)),
        yearly=bool(raw.get("yearly", False)),
        description=raw["description"],
        description_zh=raw["description_zh"],
        last_checked_on=raw["last_checked_on"],
        rows=_rows(raw, where),
    )
    return rule


def _rows(raw: Mapping[str, Any], where: str) -> tuple[Row, ...]:
    starts = list(raw["values"])
    if not starts or starts != sorted(starts) or any(type(start) is not date for start in starts):
        raise LawDataError(f"{where}: values need dates, oldest first")
    rows = []
    for index, since in enumerate(starts):
        entry = raw["values"][since]
        following = starts[index + 1] if index + 1 < len(starts) else None
        rows.append(_row(raw, entry, since, following, f"{where} {since}"))
    return tuple(rows)


def _row(raw: Mapping[str, Any], entry: Mapping[str, Any], since: date, following: date | None, where: str) -> Row:
    unknown = set(entry) - _VALUE_KEYS
    if unknown:
        raise LawDataError(f"{where}: unknown keys {sorted(unknown)}")
    if entry["statute"] not in statutes():
        raise LawDataError(f"{where}: unknown statute {entry['statute']}")
    mark = entry.get("mark", raw.get("mark", "R"))
    if mark not in MARKS:
        raise LawDataError(f"{where}: unknown mark {mark}")
    return Row(
        since=since,
        until=_until(entry, since, following, yearly=bool(raw.get("yearly", False))),
        value=None if entry["value"] is None else _typed(entry["value"], raw["unit"], where),
        statute=entry["statute"],
        article=str(entry.get("article", "")),
        unverified=bool(entry.get("unverified", raw.get("unverified", mark == "M"))),
        mark=mark,
        note=entry.get("note", raw.get("note", "")),
        source=entry.get("source", ""),
    )


def _until(entry: Mapping[str, Any], since: date, following: date | None, *, yearly: bool) -> date | None:
    """Last day of a row: its own `until`, the day before the next row, for a yearly table 30 June of the next year."""
    ends = [entry["until"]] if entry.get("until") else []
    if following is not None:
        ends.append(following - timedelta(days=1))
    if yearly:
        ends.append(date(since.year + 1, 6, 30))
    return min(ends) if ends else None


def _typed(value: object, unit: str, where: str) -> Any:
    frozen = freeze(value)
    fits = {
        "share": isinstance(frozen, Fraction),
        "money_cny": isinstance(frozen, Decimal),
        "flag": isinstance(frozen, bool),
        "text": isinstance(frozen, str),
        "table": isinstance(frozen, (FrozenTable, tuple)),
    }.get(unit, unit in _PERIODS and type(frozen) is int and frozen >= 0)
    if not fits:
        raise LawDataError(f"{where}: {value!r} is not a {unit}")
    return frozen
