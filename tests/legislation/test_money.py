"""The one rounding function, the one split and the one reader of amounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation.money import format_money, parse_money, split, to_fen

amounts = st.integers(0, 10**14).map(lambda fen: Decimal(fen) / 100)
weights = st.lists(st.fractions(0, 10**6), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("0.0049999999999999999999999999999999999"), "0.00"),
        (Decimal("-0.005"), "-0.01"),
        (Fraction(200000, 9), "22222.22"),
        (Fraction(700000, 9), "77777.78"),
        (500, "500.00"),
        (Decimal("123456789012345678901234567890.125"), "123456789012345678901234567890.13"),
    ],
)
def test_half_a_fen_goes_up_whatever_the_size(exact, rounded):
    assert str(to_fen(exact)) == rounded


@given(amounts, weights)
def test_parts_sum_to_the_whole_and_stand_within_one_fen_of_their_share(amount, shares):
    parts = split(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * share / sum(shares)) < Fraction(1, 100)


@given(st.lists(amounts, min_size=1, max_size=12).filter(any), st.fractions(0, 1))
def test_nobody_gets_more_than_his_own_amount_when_a_smaller_sum_is_split_by_amounts(claims, part):
    limit = to_fen(Fraction(sum(claims)) * part)
    assert all(share <= claim for share, claim in zip(split(limit, claims), claims, strict=True))


def test_ties_go_in_the_order_given():
    assert split(Decimal("0.02"), [1, 1, 1]) == (Decimal("0.01"), Decimal("0.01"), Decimal("0.00"))
    assert split(Decimal("100.00"), [1, 1, 1]) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


def test_cost_by_area_sums_to_the_cost():
    areas = [Decimal("88.50"), Decimal("120.30"), Decimal("75.20")]  # vector W12
    assert [str(part) for part in split(Decimal("150000.00"), areas)] == ["46742.96", "63538.73", "39718.31"]


@pytest.mark.parametrize("bad", [("1.00", []), ("1.00", [0, 0]), ("-1.00", [1]), ("1.00", [2, -1]), ("0.001", [1])])
def test_what_cannot_be_split_is_refused(bad):
    with pytest.raises(ValueError):
        split(Decimal(bad[0]), bad[1])


def test_nothing_is_split_among_nobody():
    assert split(Decimal("0.00"), [0, 0]) == (Decimal("0.00"), Decimal("0.00"))


@given(amounts.filter(lambda amount: amount < 10**12))
def test_what_is_printed_is_read_back(amount):
    assert parse_money(format_money(amount)) == amount


@pytest.mark.parametrize("text", ["500", "500.0", "500.00"])
def test_missing_decimals_are_zeros(text):
    assert str(parse_money(text)) == "500.00"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.005", "两位小数"),
        ("-1.00", "负数"),
        ("1000000000000.00", "过大"),
        *[(text, "请写成") for text in ("", "NaN", "1e3", "1,000.00", " 1.00", "１.00", "+1", ".5", "1.", "007", "1元", "1\n")],
    ],
)
def test_what_is_not_an_amount_is_refused_with_its_cure(text, why):
    with pytest.raises(ValueError, match=why):
        parse_money(text)
