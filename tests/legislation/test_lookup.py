from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from legislation import lookup
from legislation.units import NotInForce

SUMMER_2022 = date(2022, 8, 1)


def test_typed_question_refuses_another_unit():
    law = lookup.at(SUMMER_2022, "440100")

    assert law.calendar_days("insurance.decision_period").value == 30
    with pytest.raises(TypeError, match="calendar_days, not working_days"):
        law.working_days("insurance.decision_period")


@pytest.mark.parametrize(
    ("ask", "name", "value"),
    [
        ("share", "programme.HAIKOU.prepayment_share", Fraction(1, 2)),
        ("money", "damages.income_base", Decimal("54854.00")),
        ("calendar_days", "insurance.payment_period", 10),
        ("working_days", "settlement.insurer_consent_period", 3),
        ("hours", "incident.regulator_report_period", 1),
        ("minutes", "incident.rescue_arrival_urban", 30),
        ("months", "damages.funeral_months", 6),
        ("years", "recourse.limitation", 3),
        ("flag", "insurance.pay_victim_first", True),
        ("text", "damages.dependant_cap_reading", "literal"),
    ],
)
def test_each_unit_has_its_question(ask, name, value):
    assert getattr(lookup.at(SUMMER_2022, "440100"), ask)(name).value == value


def test_most_specific_place_that_has_the_rule_answers():
    assert lookup.at(SUMMER_2022, "440305").money("damages.income_base").place == "440300"
    assert lookup.at(SUMMER_2022, "440105").money("damages.income_base").place == "440000"
    assert lookup.at(SUMMER_2022, "440105").calendar_days("insurance.decision_period").place == "000000"
    assert lookup.chain("440305") == ("440305", "440300", "440000", "000000")
    assert lookup.chain("000000") == ("000000",)


@pytest.mark.parametrize("zone", ["440300", "440305", "440400", "440404", "440500", "440507"])
@pytest.mark.parametrize("name", ["damages.income_base", "damages.consumption_base", "damages.funeral_wage"])
def test_zone_with_its_own_series_never_falls_back_to_the_province(zone, name):
    gap = date(2023, 8, 1)

    with pytest.raises(NotInForce) as refusal:
        lookup.at(gap, zone).money(name)

    assert (refusal.value.name, refusal.value.on, refusal.value.place) == (name, gap, zone)
    assert name in str(refusal.value)


def test_zone_uses_the_provincial_rule_where_it_keeps_no_series():
    assert lookup.at(SUMMER_2022, "440300").flag("first_responsibility.policy").place == "440000"


def test_unknown_name_is_a_mistake_and_not_a_gap():
    law = lookup.at(SUMMER_2022)

    assert not law.has("insurance.decision_periode")
    with pytest.raises(lookup.UnknownParameter):
        law.provision("insurance.decision_periode")


def test_rule_of_another_place_is_not_in_force_here():
    with pytest.raises(NotInForce):
        lookup.at(SUMMER_2022, "110000").money("damages.income_base")


@pytest.mark.parametrize("place", ["44010", "4401000", "广东省广州市", "４４０１００", "", None, 440100])
def test_malformed_place_is_refused(place):
    with pytest.raises(ValueError, match="six-digit"):
        lookup.at(SUMMER_2022, place)


@pytest.mark.parametrize("on", [datetime(2022, 8, 1, tzinfo=UTC), "2022-08-01", None])
def test_law_is_asked_by_day(on):
    with pytest.raises(TypeError):
        lookup.at(on)


def test_case_asks_each_rule_by_the_date_that_governs_it():
    dates = {"event": date(2024, 9, 1), "accident": date(2022, 4, 30), "settlement": date(2023, 3, 1)}

    law = lookup.for_case("440100", dates)

    assert law.flag("damages.urban_rural_split").value is True
    assert law.money("damages.income_base").value == Decimal("54854.00")
    assert law.date_for("insurance.decision_period") == date(2024, 9, 1)
    assert law.on == date(2024, 9, 1)


def test_case_without_a_settlement_yet_is_answered_by_the_day_of_the_step():
    law = lookup.for_case("440100", {"event": date(2024, 9, 1)})

    assert law.money("damages.income_base").value == Decimal("59307.00")


@pytest.mark.parametrize("dates", [{}, {"accident": date(2024, 1, 1)}, {"event": date(2024, 1, 1), "hearing": date(2024, 1, 1)}])
def test_case_needs_its_event_and_knows_its_dates(dates):
    with pytest.raises(ValueError, match="governing dates"):
        lookup.for_case("440100", dates)


def test_programme_travels_with_its_contract():
    assert set(lookup.programmes()) >= {"GD-2019", "HAIKOU", "SD"}
    assert lookup.at(SUMMER_2022, "440100").table("programme.HAIKOU.entrapment").place == "460100"
    assert lookup.programme("GD-2019").on == date(2022, 12, 31)
    assert lookup.programme("GD-2019", date(2019, 5, 1)).has("programme.GD-2019.limits")
    with pytest.raises(lookup.UnknownParameter):
        lookup.programme("NOWHERE")


def test_limits_of_the_guangdong_programme_rise_in_2019():
    old = lookup.programme("GD-2012", date(2018, 12, 31)).table("programme.GD-2012.limits").value
    new = lookup.programme("GD-2019", date(2019, 1, 1)).table("programme.GD-2019.limits").value

    assert (old["aggregate"], new["aggregate"]) == (Decimal("3000000.00"), Decimal("10000000.00"))


def test_provision_is_hashable_whatever_its_unit():
    assert len(set(lookup.all_parameters())) == len(lookup.all_parameters())


def test_every_value_from_memory_is_listed_as_unverified():
    listed = set(lookup.unverified())

    assert {p for p in lookup.all_parameters() if p.mark == "M"} <= listed
    assert "damages.hospital_meal_allowance" in {p.name for p in listed}
    assert "insurance.decision_period" not in {p.name for p in listed}


@pytest.mark.parametrize(
    ("place", "name", "short"),
    [
        ("440305", "广东省深圳市南山区", "南山区"),
        ("440399", "广东省深圳市", "深圳市"),
        ("440100", "广东省广州市", "广州市"),
        ("500000", "重庆市", "重庆市"),
        ("990000", "全国", "全国"),
        ("000000", "全国", "全国"),
    ],
)
def test_places_are_named(place, name, short):
    assert (lookup.place_name(place), lookup.place_short_name(place)) == (name, short)


@pytest.mark.parametrize(("age", "years"), [(0, 20), (59, 20), (60, 20), (61, 19), (62, 18), (74, 6), (75, 5), (100, 5)])
def test_years_rule_answers_by_age(age, years):
    rule = lookup.at(SUMMER_2022).table("damages.death_years").value

    reduced = rule["full_years"] - max(0, age - rule["reduced_from_age"])

    assert (rule["floor_years"] if age >= rule["floor_from_age"] else reduced) == years


def test_grade_coefficients_fall_by_a_tenth():
    coefficients = lookup.at(SUMMER_2022).table("damages.grade_coefficient").value

    assert coefficients == {grade: Fraction(11 - grade, 10) for grade in range(1, 11)}


def test_inspection_years_of_a_lift_installed_in_2010():
    schedule = lookup.at(date(2026, 1, 1)).table("elevator.inspection_schedule").value
    last = schedule["years"][-1]

    years = [2010 + n for n in schedule["years"]] + [2010 + last + schedule["then_every"]]

    assert years == [2011, 2014, 2017, 2019, 2021, 2023, 2025, 2026]


def test_law_is_importable_without_django():
    modules = "lookup, units, release, calendars, deadlines, calculators, inputs, catalogue"

    subprocess.run([sys.executable, "-c", f"import sys; from legislation import {modules}; assert 'django' not in sys.modules"], check=True)
