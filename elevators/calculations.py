"""How grave an accident is and how long somebody was held: pure arithmetic. Never a query or a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from legislation.lookup import Law, statute

SECONDS_PER_MINUTE = 60
MEASURES = ("deaths", "serious_injuries", "loss", "trapped_minutes")


@dataclass(frozen=True)
class AccidentFacts:
    """What the grade of an accident depends on: people, direct loss in yuan, longest minutes held in the car.

    None is "not known yet" and reaches no grade; the grade may change with the facts.
    """

    deaths: int | None = None
    serious_injuries: int | None = None
    loss: Decimal | None = None
    trapped_minutes: int | None = None


@dataclass(frozen=True)
class AccidentGrade:
    """`code` is "none" (a fault record) or a grade of the supervision regulation; `provision` the citation to print."""

    code: str
    name: str
    provision: str


def accident_grade(law: Law, facts: AccidentFacts) -> AccidentGrade:
    """Grade an accident: the highest row any measure reaches (监察条例 61-64, 71)."""
    table = law.table("incident.grade_table")
    for row in table.value:
        if any(_reaches(getattr(facts, measure), row[measure]) for measure in MEASURES):
            return AccidentGrade(row["grade"], row["name_zh"], statute(table.statute).citation(row["article"]))
    return AccidentGrade("none", "未达到事故等级", table.citation)


def _reaches(value: int | Decimal | None, threshold: int | Decimal | None) -> bool:
    return value is not None and threshold is not None and value >= threshold


def trapped_minutes(since: datetime, until: datetime) -> int:
    """Whole minutes held in the car; a minute begun does not count. Raises ValueError when the release is earlier."""
    if until < since:
        raise ValueError("nobody is released before being trapped")
    return int((until - since).total_seconds()) // SECONDS_PER_MINUTE
