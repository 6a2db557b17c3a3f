"""Counting owners and votes: exact fractions of persons and of square metres. Pure; the lines come from the law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

YES, NO, ABSTAIN = "yes", "no", "abstain"
CHOICES = (YES, NO, ABSTAIN)
LINES = ("ordinary", "use_fund", "raise_fund", "alter", "retrofit")
DEVELOPER_UNSOLD = "developer_unsold"
CENTI = 100  # areas carry two decimals: 0.01 ㎡ is the least that counts
NO_AREA = Decimal("0.00")
_BETWEEN_OWNERS = re.compile(r"[、,，;；]")


@dataclass(frozen=True)
class Line:
    """A voting line: who must take part and who must agree, each by persons and by area.

    of_all: the assent is measured against all owners (before the Civil Code), not against those who take part.
    is_strict: exactly the share is not enough (过半数).
    """

    participation: Fraction
    assent: Fraction
    is_strict: bool
    of_all: bool


@dataclass(frozen=True)
class Dwelling:
    """One row of a roll: a unit, who owns it (names or keys), its area in ㎡ with two decimals."""

    unit: str
    owners: frozenset[str]
    area: Decimal
    is_developer_unsold: bool = False


@dataclass(frozen=True)
class Tally:
    """Persons and square metres: on the roll, taking part, agreeing."""

    persons: int
    area: Decimal
    participating_persons: int
    participating_area: Decimal
    agreeing_persons: int
    agreeing_area: Decimal


@dataclass(frozen=True)
class Stage:
    """One threshold measured twice: `part` of `whole`, the least that would do, and what is missing (never below zero)."""

    persons: int
    of_persons: int
    area: Decimal
    of_area: Decimal
    least_persons: int
    least_area: Decimal

    @property
    def missing_persons(self) -> int:
        return max(self.least_persons - self.persons, 0)

    @property
    def missing_area(self) -> Decimal:
        return max(self.least_area - self.area, NO_AREA)

    @property
    def reached(self) -> bool:
        return self.persons >= self.least_persons and self.area >= self.least_area


@dataclass(frozen=True)
class Outcome:
    """What a tally comes to under a line. The assent is measured of the participants present."""

    tally: Tally
    line: Line
    participation: Stage
    assent: Stage

    @property
    def passed(self) -> bool:
        return self.participation.reached and self.assent.reached


def line_from(table: Mapping[str, Any]) -> Line:
    """The line as the law's table gives it."""
    return Line(Fraction(table["participation"]), Fraction(table["assent"]), bool(table["is_strict"]), table["of"] == "all")


def least(share: Fraction, whole: int, *, is_strict: bool) -> int:
    """The smallest whole number that reaches a share of `whole` (exceeds it when strict)."""
    exact = share * whole
    return floor(exact) + 1 if is_strict else ceil(exact)


def outcome(tally: Tally, line: Line) -> Outcome:
    """Measure a tally against a line. Where nobody takes part nothing is agreed: one person and 0.01 ㎡ are missing."""
    takes_part = _stage(
        tally.participating_persons, tally.persons, tally.participating_area, tally.area, line.participation, is_strict=False
    )
    of_persons = tally.persons if line.of_all else tally.participating_persons
    of_area = tally.area if line.of_all else tally.participating_area
    agrees = _stage(tally.agreeing_persons, of_persons, tally.agreeing_area, of_area, line.assent, is_strict=line.is_strict, at_least=1)
    return Outcome(tally, line, takes_part, agrees)


def _stage(persons: int, of_persons: int, area: Decimal, of_area: Decimal, share: Fraction, *, is_strict: bool, at_least: int = 0) -> Stage:
    centi = max(least(share, int(of_area * CENTI), is_strict=is_strict), at_least)
    return Stage(
        persons=persons,
        of_persons=of_persons,
        area=area,
        of_area=of_area,
        least_persons=max(least(share, of_persons, is_strict=is_strict), at_least),
        least_area=(Decimal(centi) / CENTI).quantize(NO_AREA),
    )


def owners_of(text: str) -> frozenset[str]:
    """The owners of a unit as a set: 张三、李四 and 李四，张三 are the same co-owners."""
    return frozenset(part.strip() for part in _BETWEEN_OWNERS.split(text) if part.strip())


def groups(dwellings: Iterable[Dwelling]) -> dict[str, tuple[str, ...]]:
    """Units by person: the same owners of several units are one, the developer's unsold units are one together.

    Gives the first unit of each group → all its units, in the roll's order. A developer who also holds a sold unit is one.
    """
    rows = list(dwellings)
    developers = {row.owners for row in rows if row.is_developer_unsold and row.owners}
    found: dict[Any, list[str]] = {}
    for row in rows:
        is_developer = row.is_developer_unsold or row.owners in developers
        found.setdefault(DEVELOPER_UNSOLD if is_developer else row.owners, []).append(row.unit)
    return {units[0]: tuple(units) for units in found.values()}


def tally(dwellings: Sequence[Dwelling], choices: Mapping[str, str]) -> Tally:
    """Count a roll with the choices by unit. A unit without a choice takes no part; a person counts once.

    Raises KeyError for a unit that is not on the roll, ValueError(unit, other) when one person's units say different things.
    """
    areas = {row.unit: row.area for row in dwellings}
    unknown = [unit for unit in choices if unit not in areas]
    if unknown:
        raise KeyError(unknown[0])
    present = agreeing = 0
    for units in groups(dwellings).values():
        voted = [unit for unit in units if unit in choices]
        differing = next((unit for unit in voted if choices[unit] != choices[voted[0]]), None)
        if differing is not None:
            raise ValueError(differing, voted[0])
        present += bool(voted)
        agreeing += bool(voted) and choices[voted[0]] == YES
    return Tally(
        persons=len(groups(dwellings)),
        area=sum(areas.values(), NO_AREA),
        participating_persons=present,
        participating_area=sum((areas[unit] for unit in choices), NO_AREA),
        agreeing_persons=agreeing,
        agreeing_area=sum((areas[unit] for unit, choice in choices.items() if choice == YES), NO_AREA),
    )


def quickest(missing_persons: int, missing_area: Decimal, waiting: Sequence[tuple[str, Decimal]]) -> tuple[str, ...]:
    """The fewest groups whose coming closes both gaps: the largest areas first. Empty when nothing is missing or all would not do."""
    if missing_persons <= 0 and missing_area <= 0:
        return ()
    chosen: list[str] = []
    area = NO_AREA
    for name, size in sorted(waiting, key=lambda pair: (-pair[1], pair[0])):
        chosen.append(name)
        area += size
        if len(chosen) >= missing_persons and area >= missing_area:
            return tuple(chosen)
    return ()
