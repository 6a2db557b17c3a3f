"""Accident grades: table V-G, both sides of every threshold, and minutes held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elevators.calculations import AccidentFacts, accident_grade, trapped_minutes
from legislation.lookup import at

LAW = at(date(2025, 3, 3))
ORDER = ["none", "ordinary", "larger", "major", "extraordinary"]


def grade(*facts):
    deaths, injuries, loss, minutes = facts
    return accident_grade(LAW, AccidentFacts(deaths, injuries, Decimal(loss), minutes))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((0, 0, "0.00", 119), "none"),
        ((0, 0, "0.00", 120), "ordinary"),
        ((1, 0, "0.00", None), "ordinary"),
        ((0, 1, "0.00", None), "ordinary"),
        ((2, 9, "9999999.99", None), "ordinary"),
        ((3, 0, "0.00", None), "larger"),
        ((0, 10, "0.00", None), "larger"),
        ((0, 0, "10000000.00", None), "larger"),
        ((9, 49, "49999999.99", None), "larger"),
        ((10, 0, "0.00", None), "major"),
        ((0, 50, "0.00", None), "major"),
        ((0, 0, "50000000.00", None), "major"),
        ((29, 99, "99999999.99", 100000), "major"),
        ((30, 0, "0.00", None), "extraordinary"),
        ((0, 100, "0.00", None), "extraordinary"),
        ((0, 0, "100000000.00", None), "extraordinary"),
        ((0, 0, "9999.99", None), "none"),
        ((0, 0, "10000.00", None), "ordinary"),
    ],
)
def test_grade(facts, expected):
    assert grade(*facts).code == expected


def test_each_grade_cites_its_article():
    assert grade(0, 0, "0.00", 120).provision == "《特种设备安全监察条例》第六十四条"
    assert grade(3, 0, "0.00", None).provision == "《特种设备安全监察条例》第六十三条"
    assert grade(0, 0, "0.00", 0).provision == "《特种设备安全监察条例》第六十一条至第六十四条"


counts = st.integers(0, 200)
losses = st.integers(0, 2 * 10**10).map(lambda fen: Decimal(fen) / 100)


@given(st.tuples(counts, counts, losses, counts), st.tuples(counts, counts, losses, counts))
def test_worse_facts_never_lower_the_grade(facts, more):
    worse = tuple(a + b for a, b in zip(facts, more, strict=True))
    assert ORDER.index(grade(*facts).code) <= ORDER.index(grade(*worse).code)


def test_nothing_known_reaches_no_grade():
    assert accident_grade(LAW, AccidentFacts()).code == "none"


def test_minutes_begun_do_not_count():
    since = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
    assert trapped_minutes(since, since + timedelta(minutes=39, seconds=59)) == 39
    assert trapped_minutes(since, since + timedelta(minutes=40)) == 40
    with pytest.raises(ValueError):
        trapped_minutes(since, since - timedelta(seconds=1))
