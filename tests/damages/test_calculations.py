"""Damages for personal injury: published judgments and tables, both sides of every age and grade, gaps in the data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from damages.calculations import HEADS, DamageInput, Dependant, TypedBase, assess, percent, years_at
from legislation.lookup import at, for_case

GUANGZHOU, SHENZHEN, ZHUHAI, SHANTOU = "440100", "440300", "440400", "440500"


def law(settled="2022-08-01", accident=None, place=GUANGZHOU):
    day = date.fromisoformat(settled)
    happened = date.fromisoformat(accident) if accident else day
    return for_case(place, {"event": day, "settlement": day, "accident": happened})


def amounts(sheet):
    return {item.code: None if item.amount is None else str(item.amount) for item in sheet.items}


def amount(code, law_of_case, **facts):
    return amounts(assess(law_of_case, DamageInput(**facts)))[code]


def disability(*grades, base="10000.00", age=30, **facts):
    return amount(
        "disability_compensation", law(), outcome="disability", age=age, grades=grades, income_base=TypedBase(Decimal(base)), **facts
    )


JUDGMENT = {  # V01; invented person, the judgment's own figures
    "medical": "48105.75",
    "lost_income": "24558.62",
    "transport": "200.00",
    "hospital_meals": "1000.00",
    "nursing": "5000.00",
    "nutrition": "1000.00",
    "other": "2500.00",
    "mental_distress": "30000.00",
}


def test_shenzhen_judgment_with_its_own_base():
    facts = DamageInput(
        outcome="disability",
        age=62,
        grades=(9,),
        items={code: Decimal(text) for code, text in JUDGMENT.items()},
        income_base=TypedBase(Decimal("44653.00"), "深圳市2013年数据"),
    )
    sheet = assess(law("2025-03-03", place=SHENZHEN), facts)
    assert sheet.total == sheet.known_total == Decimal("273115.17")
    assert amounts(sheet)["disability_compensation"] == "160750.80"  # V02
    (head,) = (item for item in sheet.items if item.code == "disability_compensation")
    assert head.formula == "44653.00 元（手工录入：深圳市2013年数据）× 18 年 × 20% = 160750.80 元"
    assert [item.code for item in sheet.items] == [code for code in HEADS if code in {*JUDGMENT, head.code}]


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (1, "604534.20"),
        (2, "544080.78"),
        (3, "483627.36"),
        (4, "423173.94"),
        (5, "362720.52"),
        (6, "302267.10"),
        (7, "241813.68"),
        (8, "181360.26"),
        (9, "120906.84"),
        (10, "60453.42"),
    ],
)
def test_grade_table_of_the_dongguan_example(grade, expected):
    assert disability(grade, base="30226.71") == expected  # V03


def test_two_grade_check():
    assert disability(9, base="28440.00") == "113760.00"  # V04
    assert disability(10, base="28440.00") == "56880.00"
    assert disability(1, base="9396.00") == "187920.00"
    assert disability(10, base="9396.00") == "18792.00"


def test_several_grades_add_their_index_to_the_worst():
    assert disability(9, 9, 10) == "50000.00"  # V07: 25 %
    assert disability(10, 9, 9) == "50000.00"


def test_extra_indices_are_capped_and_so_is_the_whole():
    assert disability(9, 9, 9, 9, 9) == "60000.00"  # 20 % + 4 × 3 %, at most 10 %
    assert disability(1, 9) == "200000.00"
    assert disability(2, 9, 9, 9, 10) == "200000.00"


def test_a_further_grade_without_index_is_asked_for_not_guessed():
    sheet = assess(law(), DamageInput("disability", age=30, grades=(7, 8)))
    assert sheet.total is None
    assert sheet.known_total == Decimal("0.00")
    assert "8 级" in sheet.missing[0]


def test_a_further_grade_without_index_does_not_matter_where_a_cap_is_reached_anyway():
    assert disability(1, 5) == "200000.00"
    assert disability(8, 9, 9, 9, 10, 8) == "80000.00"  # 30 % + 10 %, whatever the second 8 adds


@pytest.mark.parametrize(
    ("year", "base", "death", "tenth", "ninth"),
    [
        (2018, 40975, 819500, 81950, 163900),
        (2019, 44341, 886820, 88682, 177364),
        (2020, 48118, 962360, 96236, 192472),
        (2021, 50257, 1005140, 100514, 201028),
        (2022, 54854, 1097080, 109708, 219416),
        (2023, 56905, 1138100, 113810, 227620),
        (2024, 59307, 1186140, 118614, 237228),
    ],
)
def test_general_area_by_year(year, base, death, tenth, ninth):  # W01
    asked = law(f"{year}-08-01")
    assert amount("death_compensation", asked, outcome="death", age=59) == f"{death}.00"
    for grade, expected in ((10, tenth), (9, ninth)):
        assert amount("disability_compensation", asked, outcome="disability", age=59, grades=(grade,)) == f"{expected}.00"
    assert asked.money("damages.income_base").value == base


@pytest.mark.parametrize(
    ("year", "shenzhen", "zhuhai", "shantou"),
    [(2018, 1058760, 936520, 543500), (2020, 1250440, 1104380, 628320), (2022, 1416940, 1284680, 712020)],
)
def test_zones_have_their_own_series(year, shenzhen, zhuhai, shantou):  # W02
    for place, expected in ((SHENZHEN, shenzhen), (ZHUHAI, zhuhai), (SHANTOU, shantou)):
        asked = law(f"{year}-08-01", place=place)
        assert amount("death_compensation", asked, outcome="death", age=30) == f"{expected}.00"


@pytest.mark.parametrize(("age", "years"), [(0, 20), (59, 20), (60, 20), (61, 19), (62, 18), (74, 6), (75, 5), (76, 5), (110, 5)])
def test_years_by_age(age, years):  # W03
    assert years_at(age, law().table("damages.death_years").value) == years
    assert amount("death_compensation", law(), outcome="death", age=age) == f"{54854 * years}.00"


@pytest.mark.parametrize(
    ("settled", "place", "expected"),
    [("2018-08-01", GUANGZHOU, "46784.50"), ("2022-08-01", GUANGZHOU, "75935.00"), ("2022-08-01", SHENZHEN, "117634.00")],
)
def test_funeral_is_six_months_of_the_state_units_wage(settled, place, expected):  # W04
    assert amount("funeral", law(settled, place=place), outcome="death", age=30) == expected


def test_funeral_with_a_typed_wage():
    facts = {"outcome": "death", "age": 30, "wage_base": TypedBase(Decimal("51415.00"))}
    assert amount("funeral", law(), **facts) == "25707.50"  # V06


def test_one_child_of_two_parents():
    facts = DamageInput("disability", age=35, grades=(8,), dependants=(Dependant(10, 2),))
    sheet = assess(law(), facts)
    assert amounts(sheet)["dependants"] == "54931.50"  # W06 a
    assert sheet.items[-1].formula == "36621.00 元 × 10 年 × 1/2 × 30% = 54931.50 元"


def test_several_dependants_stay_within_one_years_base():
    dependants = tuple(Dependant(years, 2) for years in (10, 15, 12))
    sheet = assess(law(), DamageInput("death", age=35, dependants=dependants))
    assert amounts(sheet)["dependants"] == "494383.50"  # W06 b
    assert sheet.items[-1].formula == ("36621.00 元 ×（12 年 × 100% + 3 年 × 50%）= 494383.50 元（年赔偿总额以一年标准为限）")


def test_the_two_readings_of_the_cap_differ_when_the_shares_exceed_one():
    facts = {"outcome": "disability", "age": 35, "grades": (5,), "dependants": (Dependant(10, 1), Dependant(10, 2))}
    assert amount("dependants", law(), **facts) == "329589.00"  # 36621 × 10 × 1.5 × 60 %: below one base a year
    assert amount("dependants", law(), **facts, dependant_cap="literal") == "329589.00"
    assert amount("dependants", law(), **facts, dependant_cap="shares_first") == "219726.00"  # 36621 × 10 × 1 × 60 %


def test_the_literal_cap_binds_what_is_payable():
    facts = {"outcome": "disability", "age": 35, "grades": (1,), "dependants": (Dependant(10, 1), Dependant(10, 2))}
    assert amount("dependants", law(), **facts) == "366210.00"


def test_old_accidents_tell_town_from_country_and_new_ones_do_not():
    old = law("2018-08-01", "2018-03-03")
    assert amount("death_compensation", old, outcome="death", age=30, residence="rural") == "315600.00"  # W07
    assert amount("death_compensation", old, outcome="death", age=30) == "819500.00"
    on_the_day, day_before = law("2022-08-01", "2022-05-01"), law("2022-08-01", "2022-04-30")
    assert amount("death_compensation", on_the_day, outcome="death", age=30, residence="rural") == "1097080.00"
    assert amount("death_compensation", day_before, outcome="death", age=30, residence="rural") == f"{22306 * 20}.00"


def test_old_accidents_cite_the_old_articles():
    def cited(accident):
        (head,) = (
            item for item in assess(law("2022-08-01", accident), DamageInput("death", age=30)).items if item.code == "death_compensation"
        )
        return head.provisions[0]

    assert cited("2022-04-30").endswith("第二十九条")
    assert cited("2022-05-01").endswith("第十五条")


@pytest.mark.parametrize(("settled", "base"), [("2022-06-30", 50257), ("2022-07-01", 54854), ("2023-06-30", 54854), ("2023-07-01", 56905)])
def test_the_notice_is_that_of_the_settlement_day(settled, base):
    assert amount("death_compensation", law(settled), outcome="death", age=30) == f"{base * 20}.00"


def test_a_year_without_notice_is_missing_and_never_filled_by_an_older_one():
    assert amount("death_compensation", law("2025-06-30"), outcome="death", age=30) == f"{59307 * 20}.00"
    sheet = assess(law("2025-07-01"), DamageInput("death", age=30, items={"medical": Decimal("5.00")}))
    assert amounts(sheet) == {"medical": "5.00", "funeral": None, "death_compensation": None}
    assert sheet.total is None
    assert sheet.known_total == Decimal("5.00")
    assert "income_base" in sheet.missing[1]


def test_a_zone_without_its_own_figure_never_takes_the_provinces():
    sheet = assess(law("2023-08-01", place="440305"), DamageInput("disability", age=30, grades=(10,)))
    assert amounts(sheet) == {"disability_compensation": None}


def test_outside_every_table_nothing_raises():
    sheet = assess(for_case("999999", {"event": date(1999, 1, 1)}), DamageInput("death", age=30))
    assert sheet.total is None
    assert sheet.missing[0].startswith("丧葬费：区划代码 999999 的地区没有 1999-01-01 可用的")


def test_an_amount_given_stands_above_what_is_computed():
    facts = {"outcome": "disability", "age": 30, "grades": (9,)}
    assert amount("disability_compensation", law(), **facts, items={"disability_compensation": Decimal("1.00")}) == "1.00"


def test_missing_age_and_grade_are_named():
    assert "age" in assess(law(), DamageInput("death")).missing[-1]
    assert "grades" in assess(law(), DamageInput("disability", age=30)).missing[0]


@pytest.mark.parametrize("items", [{"medicine": Decimal("1.00")}, {"medical": Decimal("-0.01")}])
def test_unknown_heads_and_negative_amounts_never_enter_a_worksheet(items):
    with pytest.raises(ValueError, match="items"):
        DamageInput("injury", items=items)


def test_a_sheet_tells_which_of_its_provisions_nobody_has_read():
    (head,) = assess(law(), DamageInput("disability", age=30, grades=(9, 9))).items
    assert "damages.extra_index" in {provision.name for provision in head.rests_on if provision.unverified}


def test_injury_adds_nothing():
    sheet = assess(law(), DamageInput("injury", items={"medical": Decimal("100.00")}))
    assert amounts(sheet) == {"medical": "100.00"}
    assert assess(law(), DamageInput("injury")).total == Decimal("0.00")


def test_shares_are_printed_as_people_write_them():
    assert [percent(Fraction(text)) for text in ("1", "0.2", "0.025", "1/3", "1/8")] == ["100%", "20%", "2.5%", "1/3", "12.5%"]


money = st.integers(0, 10**8).map(lambda fen: Decimal(fen) / 100)
dependants = st.lists(st.builds(Dependant, st.integers(0, 20), st.integers(1, 4)), max_size=4).map(tuple)
cases = st.builds(
    DamageInput,
    outcome=st.sampled_from(["injury", "disability", "death"]),
    age=st.integers(0, 110),
    grades=st.lists(st.integers(1, 10), min_size=1, max_size=4).map(tuple),
    items=st.dictionaries(st.sampled_from(list(HEADS)), money),
    dependants=dependants,
    dependant_cap=st.sampled_from([None, "literal", "shares_first"]),
    residence=st.sampled_from(["urban", "rural"]),
)
laws = st.builds(
    lambda place, settled: at(settled, place),
    st.sampled_from([GUANGZHOU, SHENZHEN, "440305", SHANTOU]),
    st.dates(date(2017, 1, 1), date(2026, 12, 31)),
)


@given(laws, cases)
def test_total_is_the_sum_or_honestly_none(asked, case):
    sheet = assess(asked, case)
    known = [item.amount for item in sheet.items if item.amount is not None]
    assert sheet.known_total == sum(known)
    assert all(item >= 0 and item == round(item, 2) for item in known)
    assert (sheet.total is None) == any(item.amount is None for item in sheet.items) == bool(sheet.missing)
    assert sheet.total in (None, sheet.known_total)
    assert all(bool(item.formula) == (item.amount is not None) == (not item.missing) for item in sheet.items)
    for code, given_amount in case.items.items():
        assert next(item.amount for item in sheet.items if item.code == code) == given_amount


@given(st.integers(0, 109), st.integers(1, 9))
def test_older_people_and_lighter_grades_never_get_more(age, grade):
    def amount_at(age, grade):
        return Decimal(disability(grade, age=age))

    assert amount_at(age, grade) >= amount_at(age + 1, grade)
    assert amount_at(age, grade) > amount_at(age, grade + 1)


@given(dependants.filter(any), st.sampled_from(["literal", "shares_first"]), st.integers(1, 10))
def test_dependants_never_exceed_a_base_a_year_and_shares_first_is_never_more(people, reading, grade):
    facts = {"outcome": "disability", "age": 30, "grades": (grade,), "dependants": people}
    found = {cap: Decimal(amount("dependants", law(), **facts, dependant_cap=cap)) for cap in ("literal", "shares_first")}
    longest = max(one.years for one in people)
    assert found[reading] <= 36621 * longest
    assert found["shares_first"] <= found["literal"]
