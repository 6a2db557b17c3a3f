"""Amounts in capitals: the printed examples of the annex, its three rules as properties, and a second opinion."""

from __future__ import annotations

import re
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.capitals import DIGITS, capitals


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角"),  # V16
        ("6007.14", "陆仟零柒元壹角肆分"),  # V17
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),  # V18, the second printed form
        ("500", "伍佰元整"),  # V22
        ("1209", "壹仟贰佰零玖元整"),
        ("345.60", "叁佰肆拾伍元陆角"),
        ("378.25", "叁佰柒拾捌元贰角伍分"),
        ("273115.17", "贰拾柒万叁仟壹佰壹拾伍元壹角柒分"),  # W17
        ("100000", "壹拾万元整"),
        ("150000", "壹拾伍万元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100500", "壹拾万零伍佰元整"),
        ("10000010", "壹仟万零壹拾元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("123456789.01", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),  # one copy of the annex prints a 整 here: wrong
        ("1000000000000", "壹万亿元整"),
        ("1000050000000.10", "壹万亿伍仟万元壹角"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("0", "零元整"),
        ("0.50", "伍角"),
        ("0.05", "伍分"),
        ("10.05", "壹拾元零伍分"),
    ],
)
def test_figure_in_capitals(figure, words):
    assert capitals(Decimal(figure)) == f"人民币{words}"


@pytest.mark.parametrize("figure", ["-0.01", "1.005", "1E+16", "NaN", "Infinity"])
def test_what_has_no_form_is_refused(figure):
    with pytest.raises(ValueError):
        capitals(Decimal(figure))


amounts = st.integers(1, 10**18 - 1).map(lambda fen: Decimal(fen).scaleb(-2))


@given(amounts)
def test_the_words_say_the_figure(amount):
    assert _read(capitals(amount)) == amount


@given(amounts)
def test_rules_of_the_annex(amount):
    words = capitals(amount)
    assert "零零" not in words
    assert words.endswith("整") == (amount == amount.to_integral_value())
    fen = int(amount * 100)
    assert ("元零" in words) == (fen % 100 in range(1, 10) and fen >= 100)


@given(st.integers(1, 10**14 - 1).map(lambda fen: Decimal(fen) / 100))
def test_second_opinion(amount):
    """cn2an leaves out a required 零 before 分 and places optional ones differently, so zeros are not compared."""
    theirs = cn2an.an2cn(f"{amount:f}", "rmb").replace("元整", "元").replace("零", "")
    assert capitals(amount).removeprefix("人民币").replace("整", "").replace("零", "") == theirs


def _read(words: str) -> Decimal:
    """Read capitals back, as a clerk does; independent of how they were written."""
    match = re.fullmatch(r"人民币(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?整?", words)
    assert match is not None, words
    yuan, jiao, fen = match.groups()
    cents = DIGITS.index(jiao or "零") * 10 + DIGITS.index(fen or "零")
    return Decimal(_read_whole(yuan or "") * 100 + cents).scaleb(-2)


def _read_whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        if unit in words:
            high, low = words.rsplit(unit, 1) if unit in "亿" else words.split(unit, 1)
            return _read_whole(high) * size + _read_whole(low)
    return DIGITS.index(words.strip("零") or "零")
