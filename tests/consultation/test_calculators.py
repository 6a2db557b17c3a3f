"""The public calculator of votes: the contract's shape and its refusals."""

from __future__ import annotations

import pytest

from consultation import calculators as votes  # noqa: F401 - registers
from legislation.calculators import run

ASK = {"line": "retrofit", "place": "440100", "law_date": "2026-03-01"}
TOTALS = {
    "persons": 590,
    "area": "41326.63",
    "participating_persons": 394,
    "participating_area": "27551.09",
    "agreeing_persons": 296,
    "agreeing_area": "20663.32",
}
ROLL = [{"unit": "101", "owner": "A", "area": "88.50"}, {"unit": "102", "owner": "B", "area": "60.00"}]


def test_totals_answer_in_the_shape_of_the_contract():
    answer, code = run("vote", ASK | TOTALS)
    assert code == 0
    assert answer["participation"] == {"persons": "394/590", "area": "27551.09/41326.63", "reached": True}
    assert answer["assent"] == {"persons": "296/394", "area": "20663.32/27551.09", "reached": True}
    assert answer["missing"]["assent"] == {"persons": 0, "area": "0.00"}
    assert (answer["persons"], answer["area"], answer["passed"]) == (590, "41326.63", True)
    assert "第二百七十八条" in answer["provisions"][0]
    assert run("vote", ASK | {"totals": TOTALS}) == (answer, 0)


def test_co_owners_in_rows_of_their_own_are_one_and_the_developer_is_one():
    roll = [
        {"unit": "101", "owner": "A", "area": "50.00"},
        {"unit": "101", "owner": "B", "area": "50.00"},
        {"unit": "201", "owner": "某地产", "area": "50.00", "kind": "developer_unsold"},
        {"unit": "202", "area": "50.00", "kind": "developer_unsold"},
        {"unit": "203", "owner": "某地产", "area": "50.00"},
    ]
    answer, _code = run("vote", ASK | {"roll": roll, "ballots": {"101": "yes"}})
    assert (answer["persons"], answer["area"]) == (2, "200.00")
    assert answer["participation"]["persons"] == "1/2"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"line": "demolish"}, "line"),
        ({"place": "广州"}, "place"),
        ({"law_date": "2006-01-01"}, "law"),
        ({"persons": 0}, "persons"),
        ({"area": "0"}, "area"),
        ({"area": "88.555"}, "area"),
        ({"participating_persons": 591}, "participating_persons"),
        ({"agreeing_persons": 395}, "agreeing_persons"),
        ({"agreeing_area": "27551.10"}, "agreeing_area"),
        ({"agreeing_area": None}, "agreeing_area"),
        ({"roll": ROLL}, "persons"),
        ({"ballots": {"101": "yes"}}, "roll"),
    ],
)
def test_bad_totals_are_refused_by_their_field(change, field):
    answer, code = run("vote", ASK | TOTALS | change)
    assert (code, answer["error"]["field"]) == (2, field)


@pytest.mark.parametrize(
    ("roll", "ballots", "field"),
    [
        ([], {}, "roll"),
        (ROLL, {"999": "yes"}, "ballots.999"),
        (ROLL, {"101": "maybe"}, "ballots.101"),
        ([{**ROLL[0]}, {**ROLL[1], "owner": "A"}], {"101": "yes", "102": "no"}, "ballots.102"),
        ([{"unit": "101", "area": "1.00"}], {}, "roll[0].owner"),
        ([ROLL[0], {**ROLL[0], "owner": "B", "area": "88.51"}], {}, "roll[1].area"),
        ([{**ROLL[0], "area": "0.00"}], {}, "roll[0].area"),
        ([{**ROLL[0], "kind": "shop"}], {}, "roll[0].kind"),
    ],
)
def test_a_bad_roll_is_refused_by_its_field(roll, ballots, field):
    answer, code = run("vote", ASK | {"roll": roll, "ballots": ballots})
    assert (code, answer["error"]["field"]) == (2, field)
