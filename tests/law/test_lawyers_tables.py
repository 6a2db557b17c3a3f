"""Runs the tables that a lawyer reads: each row says given and then in plain terms."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from legislation import deadlines, lookup
from legislation.units import NotInForce, freeze

HERE = Path(__file__).parent


def rows(table: str) -> list[Any]:
    loaded = yaml.safe_load((HERE / f"{table}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["name"]) for row in loaded]


@pytest.mark.parametrize("row", rows("periods"))
def test_period_ends_on_the_day_of_the_table(row):
    pauses = [tuple(pair) for pair in row.get("pauses", [])]

    found = deadlines.due(row["start"], row["count"], row["unit"], pauses)

    assert (found.raw, found.due) == (row["raw"], row["due"])
    assert not found.provisional
    assert found.moved_days == (row["due"] - row["raw"]).days


@pytest.mark.parametrize("row", rows("rules"))
def test_rule_answers_on_the_day_at_the_place(row):
    law = lookup.at(row["date"], row["place"])

    if row["then"] is None:
        assert not law.has(row["rule"])
        with pytest.raises(NotInForce):
            law.provision(row["rule"])
    else:
        found = law.provision(row["rule"])
        assert found.value == freeze(row["then"])
        assert found.citation == row["article"]


@pytest.mark.parametrize("row", rows("accident_grades"))
def test_accident_grade_is_the_highest_row_that_any_column_reaches(row, law_2025):
    measured = {
        "deaths": row["deaths"],
        "serious_injuries": row["serious"],
        "loss": Decimal(row["loss"]),
        "trapped_minutes": row["trapped"],
    }

    reached = [
        grade["grade"]
        for grade in law_2025.table("incident.grade_table").value
        if any(grade[column] is not None and value >= grade[column] for column, value in measured.items())
    ]

    assert (reached or ["none"])[0] == row["then"]


@pytest.mark.parametrize("row", rows("entrapment_tiers"))
def test_entrapment_tier_holds_on_both_sides_of_its_bounds(row):
    code = row["programme"]
    tiers = lookup.programme(code).table(f"programme.{code}.entrapment").value["tiers"]

    fitting = [tier for tier in tiers if _contains(tier, row["minutes"])]

    assert len(fitting) <= 1
    if not fitting:
        assert row["then"] == "0.00"
    elif "amount" in fitting[0]:
        assert fitting[0]["amount"] == Decimal(row["then"])
    else:
        assert [fitting[0]["amount_min"], fitting[0]["amount_max"]] == [Decimal(bound) for bound in row["then"]]


def _contains(tier, minutes: int) -> bool:
    low, high = tier["from_minutes"], tier["to_minutes"]
    above = minutes >= low if tier["from_inclusive"] else minutes > low
    below = high is None or (minutes <= high if tier["to_inclusive"] else minutes < high)
    return above and below
