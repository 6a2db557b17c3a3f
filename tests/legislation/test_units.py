from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

from legislation import lookup
from legislation.units import FrozenTable, chinese_article, chinese_number, freeze


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (23, "二十三"),
        (65, "六十五"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (188, "一百八十八"),
        (200, "二百"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1179, "一千一百七十九"),
        (1203, "一千二百零三"),
        (9999, "九千九百九十九"),
    ],
)
def test_articles_are_numbered_as_statutes_number_them(number, text):
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", [0, -1, 10000])
def test_no_statute_has_such_an_article(number):
    with pytest.raises(ValueError, match="no article number"):
        chinese_number(number)


@pytest.mark.parametrize(
    ("article", "text"),
    [
        ("23(1)", "第二十三条第一款"),
        ("278(1)(6)", "第二百七十八条第一款第六项"),
        ("61-64", "第六十一条至第六十四条"),
        ("178(2), 519", "第一百七十八条第二款、第五百一十九条"),
        ("17之1", "第十七条之一"),
        ("附录B", "附录B"),
        ("", ""),
    ],
)
def test_article_is_written_in_chinese(article, text):
    assert chinese_article(article) == text


def test_law_is_cited_by_title_and_notice_by_number_and_programme_in_plain_words():
    cited = {statute: lookup.statute(statute).citation(article) for statute, article in (
        ("cn.insurance-law", "65(3)"), ("cn.gd.yuefuban-2018-8", ""), ("cn.gd.programme-2019", "2"))}  # fmt: skip

    assert cited["cn.insurance-law"] == "《中华人民共和国保险法》第六十五条第三款"
    assert cited["cn.gd.yuefuban-2018-8"] == "粤府办〔2018〕8号"
    assert cited["cn.gd.programme-2019"] == "广东省电梯责任保险统保示范项目（2019年2.0版）第二条"


def test_values_of_the_law_become_exact_types():
    table = freeze({"share": "2/3", "yuan": "12.50", "word": "12.5", "list": ["1/3", {"a": None}], "flag": True})

    assert table["share"] == Fraction(2, 3)
    assert table["yuan"] == Decimal("12.50")
    assert table["word"] == "12.5"
    assert table["list"] == (Fraction(1, 3), FrozenTable({"a": None}))
    assert table["flag"] is True


def test_bare_decimal_number_is_refused_in_law_data():
    with pytest.raises(TypeError, match=r"0\.6667"):
        freeze({"share": 0.6667})


def test_frozen_table_is_hashable_equal_by_content_and_cannot_be_changed():
    table = FrozenTable({1: "9/10", "inner": {"a": [1, 2]}})
    twin = FrozenTable({"inner": {"a": [1, 2]}, 1: "9/10"})

    assert hash(table) == hash(twin)
    assert table == twin
    assert pickle.loads(pickle.dumps(table)) == table  # noqa: S301 - our own bytes
    with pytest.raises(AttributeError):
        table.anything = 1
    with pytest.raises(TypeError):
        table[1] = 2
