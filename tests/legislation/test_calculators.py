from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation import calculators, inputs
from legislation.units import NotInForce

GOOD = {"start": "2025-03-03", "days": 30, "unit": "calendar_days"}


def deadline(**changes):
    return calculators.run("deadline", {**GOOD, **changes})


def test_deadline_answers_the_documented_example():
    result, code = deadline(pauses=[["2025-03-10", "2025-03-17"]])

    assert code == 0
    assert (result["due"], result["provisional"]) == ("2025-04-09", False)
    assert result.keys() == {"due", "provisional", "explanation"}
    assert any("中止共7日" in line for line in result["explanation"])


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"unit": "working_days", "days": 5, "start": "2025-09-26"}, "2025-10-10"),
        ({"unit": "months", "days": 6, "start": "2025-08-31"}, "2026-02-28"),
        ({"unit": "years", "days": 3, "start": "2022-10-01"}, "2025-10-09"),
        ({"unit": "hours", "days": 24, "start": "2025-03-03T23:30"}, "2025-03-04T23:30"),
        ({"unit": "hours", "days": 1, "start": "2025-01-28T23:30:15"}, "2025-01-29T00:30:15"),
        ({"days": 0}, "2025-03-03"),
        ({"pauses": []}, "2025-04-02"),
        ({"pauses": None}, "2025-04-02"),
        ({"pauses": [["2025-03-12", "2025-03-17"], ["2025-03-10", "2025-03-14"]]}, "2025-04-09"),
    ],
)
def test_deadline_answers_every_unit(changes, due):
    result, code = deadline(**changes)

    assert (result["due"], code) == (due, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": "2025-02-29"}, "start"),
        ({"start": "2025-3-3"}, "start"),
        ({"start": "20250303"}, "start"),
        ({"start": "２０２５-03-03"}, "start"),
        ({"start": "2025-03-03\n"}, "start"),
        ({"start": 20250303}, "start"),
        ({"start": None}, "start"),
        ({"start": "2025-03-03T10:00"}, "start"),
        ({"unit": "hours"}, "start"),
        ({"unit": "hours", "start": "2025-03-03T25:00"}, "start"),
        ({"unit": "hours", "start": "2025-03-03T10:00+08:00"}, "start"),
        ({"days": -1}, "days"),
        ({"days": "30"}, "days"),
        ({"days": 30.0}, "days"),
        ({"days": True}, "days"),
        ({"days": None}, "days"),
        ({"days": 10**9}, "days"),
        ({"days": 10**30}, "days"),
        ({"days": 10**9, "unit": "working_days"}, "days"),
        ({"days": 10**9, "unit": "years"}, "days"),
        ({"days": 10**12, "unit": "hours", "start": "2025-03-03T23:30"}, "days"),
        ({"unit": "weeks"}, "unit"),
        ({"unit": ["hours"]}, "unit"),
        ({"pauses": "2025-03-10"}, "pauses"),
        ({"pauses": 0}, "pauses"),
        ({"pauses": [["2025-03-10"]]}, "pauses[0]"),
        ({"pauses": [["2025-03-10", "2025-03-17"], "x"]}, "pauses[1]"),
        ({"pauses": [["2025-03-17", "2025-03-10"]]}, "pauses[0]"),
        ({"pauses": [["2025-03-01", "2025-03-10"]]}, "pauses[0]"),
        ({"pauses": [["2025-03-10", "2025-02-30"]]}, "pauses[0][1]"),
        ({"pauses": [["2025-03-10", None]]}, "pauses[0][1]"),
        ({"unit": "months", "pauses": [["2025-03-10", "2025-03-17"]]}, "pauses"),
        ({"day": 30}, "day"),
    ],
)
def test_deadline_names_the_field_it_refuses(changes, field):
    result, code = deadline(**changes)

    assert code == 2
    assert result["error"]["field"] == field
    assert result["error"]["why"]


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_deadline_names_the_field_it_misses(missing):
    result, code = calculators.run("deadline", {key: value for key, value in GOOD.items() if key != missing})

    assert (result["error"]["field"], code) == (missing, 2)


def test_array_is_answered_in_its_order_and_a_bad_element_in_its_place():
    results, code = calculators.run("deadline", [GOOD, {**GOOD, "days": -1}, 7, {**GOOD, "days": 31}])

    assert code == 2
    assert results[0]["due"] == "2025-04-02"
    assert results[1]["error"]["field"] == "days"
    assert results[2]["error"]["field"] == "input"
    assert results[3]["due"] == "2025-04-03"
    assert calculators.run("deadline", []) == ([], 0)
    assert calculators.run("deadline", [GOOD])[1] == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12) | st.just("2025-03-03"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["start", "days", "unit", "pauses", "x"]), inner),
    max_leaves=12,
)


@given(JSON)
def test_no_input_whatever_breaks_a_calculator(payload):
    result, code = calculators.run("deadline", payload)

    assert code in (0, 2)
    assert isinstance(result, list) == isinstance(payload, list)


def test_a_name_is_taken_once(monkeypatch):
    monkeypatch.setattr(calculators, "_registry", dict(calculators._registry))

    @calculators.calculator("double")
    def double(payload):
        return {"twice": inputs.integer(payload, "number") * 2}

    assert calculators.run("double", {"number": 2}) == ({"twice": 4}, 0)
    assert "double" in calculators.names()
    with pytest.raises(ValueError, match="already registered"):

        @calculators.calculator("double")
        def another(payload):
            return {}


def test_gap_in_the_law_is_told_as_such(monkeypatch):
    monkeypatch.setattr(calculators, "_registry", {})

    @calculators.calculator("gap")
    def gap(payload):
        raise NotInForce("damages.income_base", inputs.day(payload, "on"), "440300")

    result, code = calculators.run("gap", {"on": "2023-08-01"})

    assert (result["error"]["field"], code) == ("law", 2)
    assert "damages.income_base" in result["error"]["why"]


@pytest.mark.parametrize("value", [1, "1", "-1.00", "1.005", "1e3", "", "１", None, "NaN", "1,000.00"])
def test_money_is_a_plain_string(value):
    if value == "1":
        assert str(inputs.parse_money(value, "amount")) == "1.00"
        return
    with pytest.raises(inputs.BadInput, match="amount"):
        inputs.parse_money(value, "amount")


@pytest.mark.parametrize("value", ["1.1", "2/1", "1/0", "-0.5", 0.5, "", "a", "１/２"])
def test_share_lies_between_nothing_and_the_whole(value):
    with pytest.raises(inputs.BadInput):
        inputs.parse_share(value, "share")


def test_place_is_six_digits():
    assert inputs.place({"place": "440100"}, "place") == "440100"
    with pytest.raises(inputs.BadInput, match="place"):
        inputs.place({"place": 440100}, "place")
