"""The calculator of limits: its contract through JSON, and refusals by the field."""

from __future__ import annotations

import pytest

from legislation.calculators import BadInput
from policies.calculators import entrapment_of_a_programme, limits_of_a_policy

CASE = {
    "limits": {"medical_per_person": "50000.00", "per_person": "300000.00", "per_accident": "400000.00", "aggregate": "500000.00"},
    "deductible": "3000.00",
    "accidents": [
        [{"person": "A", "medical": "80000.00", "other": "320000.00"}, {"person": "B", "other": "200000.00"}],
        [{"person": "A", "other": "200000.00"}],
    ],
}


def test_contract():
    assert limits_of_a_policy(CASE) == {
        "accidents": [
            {
                "persons": [
                    {
                        "person": "A",
                        "payable": "240480.96",  # 398000 less 29600 of medical, at most 300000; × 400000 ÷ 499000
                        "cut_by": ["deductible", "medical_per_person", "per_person", "per_accident"],
                    },
                    {"person": "B", "payable": "159519.04", "cut_by": ["deductible", "per_accident"]},
                ],
                "total": "400000.00",
            },
            {"persons": [{"person": "A", "payable": "100000.00", "cut_by": ["deductible", "aggregate"]}], "total": "100000.00"},
        ],
        "aggregate_left": "0.00",
    }


def test_no_limits_at_all():
    assert limits_of_a_policy({"limits": {}, "accidents": [[{"person": "A", "other": "1.00"}], []]}) == {
        "accidents": [{"persons": [{"person": "A", "payable": "1.00", "cut_by": []}], "total": "1.00"}, {"persons": [], "total": "0.00"}],
        "aggregate_left": None,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"limits": []}, "limits"),
        ({"limits": {"per_person": "-1.00"}}, "limits.per_person"),
        ({"limits": {"per_life": "1.00"}}, "limits.per_life"),
        ({"deductible": "0.001"}, "deductible"),
        ({"accidents": {}}, "accidents"),
        ({"accidents": [{"person": "A", "other": "1.00"}]}, "accidents[0]"),
        ({"accidents": [[{"person": "A"}]]}, "accidents[0][0].other"),
        ({"accidents": [[{"person": "", "other": "1.00"}]]}, "accidents[0][0].person"),
        ({"accidents": [[{"person": "A", "other": True}]]}, "accidents[0][0].other"),
        ({"accidents": [[{"person": "A", "other": "1.00"}, {"person": "A", "other": "1.00"}]]}, "accidents[0][1].person"),
        ({"accidents": [[{"person": "A", "other": "99999999999999.00"}]]}, "accidents[0][0].other"),
        ({"excess": "1.00"}, "excess"),
    ],
)
def test_bad_input_is_refused_by_the_field(change, field):
    with pytest.raises(BadInput) as refusal:
        limits_of_a_policy({**CASE, **change})
    assert refusal.value.field == field


def entrapment(programme, minutes, people=1):
    answer = entrapment_of_a_programme({"programme": programme, "minutes": minutes, "people": people})
    return answer["per_person"], answer["total"]


@pytest.mark.parametrize(
    ("programme", "minutes", "amount"),
    [
        ("HAIKOU", 39, "0.00"),  # V31
        ("HAIKOU", 40, "200.00"),
        ("HAIKOU", 90, "200.00"),
        ("HAIKOU", 91, "400.00"),
        ("SD", 29, "0.00"),  # V32
        ("SD", 30, "200.00"),
        ("SD", 60, "200.00"),
        ("SD", 61, "300.00"),
        ("SD", 90, "300.00"),
        ("SD", 91, "400.00"),
        ("SD", 120, "400.00"),
        ("SD", 121, "500.00"),
        ("GD-2019", 39, "0.00"),
    ],
)
def test_both_sides_of_every_tier(programme, minutes, amount):
    assert entrapment(programme, minutes) == (amount, amount)


def test_haikou_cap_leaves_the_amount_per_person():
    assert entrapment("HAIKOU", 120, 30) == ("400.00", "10000.00")  # W21
    assert entrapment("HAIKOU", 120, 25) == ("400.00", "10000.00")
    assert entrapment("HAIKOU", 120, 24) == ("400.00", "9600.00")


def test_guangdong_gives_a_range():
    assert entrapment("GD-2019", 40, 3) == ({"min": "200.00", "max": "400.00"}, {"min": "600.00", "max": "1200.00"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"programme": "GD-2099"}, "programme"),
        ({"programme": None}, "programme"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": "40"}, "minutes"),
        ({"minutes": 40.5}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"people": -1}, "people"),
        ({"people": 10**9}, "people"),
        ({"people": None}, "people"),
        ({"place": "440100"}, "place"),
    ],
)
def test_bad_entrapment_is_refused_by_the_field(change, field):
    with pytest.raises(BadInput) as refusal:
        entrapment_of_a_programme({"programme": "HAIKOU", "minutes": 40, "people": 1, **change})
    assert refusal.value.field == field
