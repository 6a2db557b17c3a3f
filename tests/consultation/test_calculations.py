"""The count of votes: against a brute-force count on rationals, the printed bases, and both sides of every threshold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count as from_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.calculations import CHOICES, LINES, Dwelling, Tally, groups, line_from, outcome, quickest, tally
from legislation import lookup

NOW, BEFORE_THE_CODE = date(2026, 3, 1), date(2020, 12, 31)


def line(name="use_fund", on=NOW, place="441900"):
    return line_from(lookup.at(on, place).table(f"consultation.line.{name}").value)


def measured(name, persons, area, part, part_area, yes, yes_area, on=NOW):
    whole = Tally(persons, Decimal(area), part, Decimal(part_area), yes, Decimal(yes_area))
    return outcome(whole, line(name, on))


@pytest.mark.parametrize(
    ("persons", "area", "reached"), [(30, "2955.64", True), (29, "2955.64", False), (30, "2955.63", False), (44, "4433.46", True)]
)
def test_the_dongguan_building_on_both_sides_of_two_thirds(persons, area, reached):
    assert measured("use_fund", 44, "4433.46", persons, area, persons, area).participation.reached is reached


@pytest.mark.parametrize(
    ("name", "persons", "area", "reached"),
    [
        ("use_fund", 16, "1477.83", True),
        ("use_fund", 15, "1477.83", False),
        ("use_fund", 16, "1477.82", False),  # exactly the half is not 过半数
        ("ordinary", 16, "1477.83", True),
        ("retrofit", 23, "2216.73", True),
        ("retrofit", 22, "2216.73", False),
        ("retrofit", 23, "2216.72", False),
        ("raise_fund", 23, "2216.73", True),
        ("alter", 22, "2955.64", False),
    ],
)
def test_the_assent_of_thirty_owners_on_both_sides(name, persons, area, reached):
    found = measured(name, 44, "4433.46", 30, "2955.64", persons, area)
    assert (found.assent.reached, found.passed) == (reached, reached)


@pytest.mark.parametrize(("base", "part", "quarters", "half"), [(44, 30, 23, 16), (101, 68, 51, 35), (64, 43, 33, 22), (18, 12, 9, 7)])
def test_the_least_counts_of_the_printed_bases(base, part, quarters, half):
    area = f"{base}.00"
    assert measured("retrofit", base, area, 0, "0.00", 0, "0.00").participation.missing_persons == part
    assert measured("retrofit", base, area, part, area, 0, "0.00").assent.missing_persons == quarters
    assert measured("use_fund", base, area, part, area, 0, "0.00").assent.missing_persons == half


@pytest.mark.parametrize(
    ("name", "yes", "passed"), [("retrofit", 33, True), ("retrofit", 32, False), ("use_fund", 22, False), ("use_fund", 23, True)]
)
def test_pitfalls_of_rounding(name, yes, passed):
    assert measured(name, 44, "4433.46", 44, "4433.46", yes, "4433.46").passed is passed


def test_fifteen_of_eighteen_reach_three_quarters_and_thirteen_do_not():
    assert measured("retrofit", 18, "18.00", 18, "18.00", 15, "15.00").passed
    assert measured("retrofit", 18, "18.00", 18, "18.00", 14, "13.50").passed
    assert not measured("retrofit", 18, "18.00", 18, "18.00", 13, "13.50").passed


def test_a_strict_line_needs_one_hundredth_more_than_the_half():
    found = measured("use_fund", 3, "100.01", 3, "100.01", 2, "50.00").assent
    assert (found.least_area, found.missing_area) == (Decimal("50.01"), Decimal("0.01"))
    even = measured("use_fund", 3, "100.00", 3, "100.00", 2, "50.00").assent
    assert even.missing_area == Decimal("0.01") and not even.reached


def test_before_the_code_all_owners_are_the_base():
    assert measured("use_fund", 12, "12.00", 8, "8.00", 8, "8.00", BEFORE_THE_CODE).passed
    assert not measured("use_fund", 12, "12.00", 8, "8.00", 7, "8.00", BEFORE_THE_CODE).passed
    assert not measured("ordinary", 12, "12.00", 12, "12.00", 6, "7.00", BEFORE_THE_CODE).passed


def test_nobody_agrees_where_nobody_takes_part():
    found = measured("retrofit", 3, "3.00", 0, "0.00", 0, "0.00")
    assert not found.assent.reached and not found.passed
    assert (found.assent.missing_persons, found.assent.missing_area) == (1, Decimal("0.01"))


owners = st.sets(st.sampled_from("甲乙丙丁戊"), min_size=1, max_size=2)
unit_rows = st.lists(st.tuples(owners, st.integers(1, 20_000), st.booleans(), st.sampled_from([*CHOICES, None])), min_size=1, max_size=12)


@settings(max_examples=300)
@given(unit_rows, st.sampled_from(LINES))
def test_the_count_equals_a_brute_force_count_on_rationals(rows, name):
    numbers = from_(101)
    roll = [Dwelling(str(next(numbers)), frozenset(owners), Decimal(centi) / 100, unsold) for owners, centi, unsold, _choice in rows]
    people: list[set[int]] = []  # indexes of rows by person, found by asking every pair
    for i, one in enumerate(roll):
        for person in people:
            if any(same(one, roll[j], roll) for j in person):
                person.add(i)
                break
        else:
            people.append({i})
    said = {min(person): rows[min(person)][3] for person in people}
    choices = {roll[i].unit: said[min(person)] for person in people for i in person if said[min(person)]}

    found = outcome(tally(roll, choices), line(name))

    assert sorted(map(len, people)) == sorted(len(units) for units in groups(roll).values())
    present = [p for p in people if said[min(p)]]
    agreeing = [p for p in present if said[min(p)] == "yes"]
    size = lambda some: sum((Fraction(rows[i][1], 100) for p in some for i in p), Fraction(0))  # noqa: E731
    two_thirds = 3 * len(present) >= 2 * len(people) and 3 * size(present) >= 2 * size(people)
    if name in ("ordinary", "use_fund"):
        agreed = 2 * len(agreeing) > len(present) and 2 * size(agreeing) > size(present)
    else:
        agreed = bool(present) and 4 * len(agreeing) >= 3 * len(present) and 4 * size(agreeing) >= 3 * size(present)
    assert (found.participation.reached, found.assent.reached) == (two_thirds, agreed)
    assert found.passed is (two_thirds and agreed)


def same(one, other, roll):
    """Article 9 asked of two units."""
    developers = [row.owners for row in roll if row.is_developer_unsold]
    mine, yours = (row.is_developer_unsold or row.owners in developers for row in (one, other))
    return (mine and yours) or (not mine and not yours and one.owners == other.owners)


@settings(max_examples=200)
@given(st.integers(1, 500), st.integers(1, 900_000), st.data())
def test_what_is_missing_is_the_least_that_does(persons, centi, data):
    part, yes_area = data.draw(st.integers(0, persons)), data.draw(st.integers(0, centi))
    yes = data.draw(st.integers(0, part))
    area, agreed = Decimal(centi) / 100, Decimal(yes_area) / 100
    rule = line(data.draw(st.sampled_from(LINES)))
    before = outcome(Tally(persons, area, part, area, yes, agreed), rule)
    gap, area_of = before.assent, before.tally.participating_area

    def reached(persons, area):
        return outcome(Tally(before.tally.persons, area_of, part, area_of, persons, area), rule).assent.reached

    full = (yes + gap.missing_persons, agreed + gap.missing_area)
    assert reached(*full)
    if gap.missing_persons:
        assert not reached(full[0] - 1, full[1])
    if gap.missing_area:
        assert not reached(full[0], full[1] - Decimal("0.01"))


def test_the_quickest_way_takes_the_largest_first():
    waiting = [("601", Decimal("137.40")), ("603", Decimal("84.60")), ("703", Decimal("84.60")), ("402", Decimal("75.35"))]
    assert quickest(3, Decimal("211.40"), waiting) == ("601", "603", "703")
    assert quickest(0, Decimal("0.00"), waiting) == ()
    assert quickest(9, Decimal("1.00"), waiting) == ()


def test_one_person_cannot_say_two_things():
    roll = [Dwelling("101", frozenset("甲"), Decimal("1.00")), Dwelling("102", frozenset("甲"), Decimal("1.00"))]
    with pytest.raises(ValueError, match="102"):
        tally(roll, {"101": "yes", "102": "no"})
