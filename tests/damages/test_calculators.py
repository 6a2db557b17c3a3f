"""The calculator of damages: its contract, answers with gaps, and refusals by the field."""

from __future__ import annotations

import pytest

from damages.calculations import HEADS
from damages.calculators import damages_of_a_person
from legislation.inputs import BadInput

CASE = {
    "law_date": "2022-08-01",
    "place": "440100",
    "outcome": "disability",
    "age": 62,
    "grades": [9],
    "items": {"medical": "48105.75"},
    "dependants": [{"years": 10, "supporters": 2}],
}


def test_contract():
    answer = damages_of_a_person(CASE)
    assert set(answer) == {"items", "total"}
    assert [(item["code"], item["amount"]) for item in answer["items"]] == [
        ("medical", "48105.75"),
        ("disability_compensation", "197474.40"),
        ("dependants", "36621.00"),
    ]
    assert answer["total"] == "282201.15"
    for item in answer["items"]:
        assert set(item) == {"code", "amount", "formula", "provisions"}
        assert item["formula"].endswith(f"{item['amount']} 元")
        assert item["provisions"]


def test_a_gap_is_answered_not_refused():
    answer = damages_of_a_person({**CASE, "place": "440300", "law_date": "2024-08-01"})
    assert answer["total"] is None
    assert answer["known_total"] == "48105.75"
    missing = [item for item in answer["items"] if item["amount"] is None]
    assert [item["code"] for item in missing] == ["disability_compensation", "dependants"]
    assert all(item["missing"] for item in missing)


def test_typed_bases_fill_the_gap_and_are_marked():
    answer = damages_of_a_person({**CASE, "law_date": "2025-08-01", "income_base": "61629.00", "consumption_base": "40000.00"})
    assert answer["total"] == "309970.15"  # 48105.75 + 221864.40 + 40000.00
    assert "（手工录入）" in answer["items"][1]["formula"]


def test_accident_picks_old_or_new_law():
    def provisions(accident_on):
        return damages_of_a_person({**CASE, "accident_on": accident_on})["items"][1]["provisions"]

    assert provisions("2022-04-30") != provisions("2022-05-01") == provisions(None)


def test_every_head_may_be_given():
    items = dict.fromkeys(HEADS, "1.00")
    answer = damages_of_a_person({"law_date": "2022-08-01", "place": "440100", "outcome": "injury", "items": items})
    assert [item["code"] for item in answer["items"]] == list(HEADS)
    assert answer["total"] == "13.00"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"law_date": "2022-02-30"}, "law_date"),
        ({"law_date": "2022-8-1"}, "law_date"),
        ({"law_date": None}, "law_date"),
        ({"law_date": 20220801}, "law_date"),
        ({"accident_on": "2022-08-02"}, "accident_on"),
        ({"place": "Guangzhou"}, "place"),
        ({"place": "44010"}, "place"),
        ({"place": 440100}, "place"),
        ({"outcome": "wounded"}, "outcome"),
        ({"age": None}, "age"),
        ({"age": -1}, "age"),
        ({"age": 151}, "age"),
        ({"age": True}, "age"),
        ({"age": 62.5}, "age"),
        ({"grades": [0]}, "grades[0]"),
        ({"grades": [9, 11]}, "grades[1]"),
        ({"grades": 9}, "grades"),
        ({"grades": [9] * 21}, "grades"),
        ({"grades": [9], "outcome": "death"}, "grades"),
        ({"grades": [], "outcome": "injury"}, "dependants"),
        ({"items": []}, "items"),
        ({"items": {"medicine": "1.00"}}, "items.medicine"),
        ({"items": {"medical": "-1.00"}}, "items.medical"),
        ({"items": {"medical": "1.005"}}, "items.medical"),
        ({"items": {"medical": 1.5}}, "items.medical"),
        ({"items": {"medical": True}}, "items.medical"),
        ({"items": {"medical": float("nan")}}, "items.medical"),
        ({"items": {"medical": "1000000000000.00"}}, "items.medical"),
        ({"dependants": {}}, "dependants"),
        ({"dependants": [{"years": 10}]}, "dependants[0].supporters"),
        ({"dependants": [{"years": 10, "supporters": 0}]}, "dependants[0].supporters"),
        ({"dependants": [{"years": 21, "supporters": 1}]}, "dependants[0].years"),
        ({"dependants": [{"years": -1, "supporters": 1}]}, "dependants[0].years"),
        ({"dependants": [10]}, "dependants[0]"),
        ({"dependants": [{"years": 10, "supporters": 2, "name": "A"}]}, "dependants[0].name"),
        ({"dependant_cap": "none"}, "dependant_cap"),
        ({"income_base": "0.00"}, "income_base"),
        ({"wage_base": "-5.00"}, "wage_base"),
        ({"residence": "village"}, "residence"),
        ({"victim": "A"}, "victim"),
    ],
)
def test_bad_input_is_refused_by_the_field(change, field):
    with pytest.raises(BadInput) as refusal:
        damages_of_a_person({**CASE, **change})
    assert refusal.value.field == field
    assert refusal.value.why
