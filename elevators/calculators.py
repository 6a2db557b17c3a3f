"""The public calculator of accident grades: JSON in, JSON out."""

from __future__ import annotations

from datetime import date
from typing import Any

from elevators.calculations import MEASURES, AccidentFacts, accident_grade
from legislation.calculators import calculator
from legislation.inputs import BadInput
from legislation.lookup import at
from legislation.payload import Reader

MOST_PEOPLE = 100_000
MOST_MINUTES = 60 * 24 * 366


@calculator("accident-grade")
def grade_of_an_accident(payload: dict[str, Any]) -> dict[str, Any]:
    """事故等级: {"deaths", "serious_injuries", "loss", "trapped_minutes"} → {"grade", "provision"}."""
    reader = Reader(payload, (), MEASURES)
    if not reader.values:
        raise BadInput("input", f"至少给出一项：{'、'.join(MEASURES)}")
    facts = AccidentFacts(
        deaths=_count(reader, "deaths", MOST_PEOPLE),
        serious_injuries=_count(reader, "serious_injuries", MOST_PEOPLE),
        loss=reader.optional_money("loss"),
        trapped_minutes=_count(reader, "trapped_minutes", MOST_MINUTES),
    )
    grade = accident_grade(at(date.max), facts)  # the contract has no day: the latest rule answers
    return {"grade": grade.code, "provision": grade.provision}


def _count(reader: Reader, key: str, most: int) -> int | None:
    return reader.integer(key, 0, most) if reader.has(key) else None
