"""The calculator of accident grades: its contract, unknown facts, and refusals by the field."""

from __future__ import annotations

import pytest

from elevators.calculators import grade_of_an_accident
from legislation.inputs import BadInput


def test_contract():
    facts = {"deaths": 0, "serious_injuries": 0, "loss": "0.00", "trapped_minutes": 120}
    assert grade_of_an_accident(facts) == {"grade": "ordinary", "provision": "《特种设备安全监察条例》第六十四条"}
    assert grade_of_an_accident({**facts, "trapped_minutes": 119})["grade"] == "none"


def test_what_is_not_known_yet_may_be_left_out():
    assert grade_of_an_accident({"deaths": 3, "loss": None})["grade"] == "larger"
    assert grade_of_an_accident({"loss": "10000000.00", "trapped_minutes": None})["grade"] == "larger"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "input"),
        ({"deaths": -1}, "deaths"),
        ({"deaths": True}, "deaths"),
        ({"deaths": 1.5}, "deaths"),
        ({"deaths": "1"}, "deaths"),
        ({"deaths": 10**9}, "deaths"),
        ({"serious_injuries": -1}, "serious_injuries"),
        ({"loss": "-0.01"}, "loss"),
        ({"loss": 0.5}, "loss"),
        ({"loss": "1.005"}, "loss"),
        ({"trapped_minutes": -1}, "trapped_minutes"),
        ({"trapped_minutes": 10**9}, "trapped_minutes"),
        ({"trapped": 120}, "trapped"),
    ],
)
def test_bad_input_is_refused_by_the_field(payload, field):
    with pytest.raises(BadInput) as refusal:
        grade_of_an_accident(payload)
    assert refusal.value.field == field
