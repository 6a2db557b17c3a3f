"""Enumerates the law data: what nobody may forget about a parameter, a statute or a calendar."""

from __future__ import annotations

import re
from datetime import date

import pytest

from legislation import calendars, catalogue, lookup, release, sources

RULES = [rule for by_place in sources.rules().values() for rule in by_place.values()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.place}-{rule.name}")
def test_every_rule_has_words_a_source_and_a_date_of_checking(rule):
    assert re.search(r"[一-龥]", rule.description_zh)
    assert rule.description.isascii() or "整" in rule.description
    assert date(2026, 1, 1) <= rule.last_checked_on
    for row in rule.rows:
        statute = lookup.statute(row.statute)
        assert statute.in_force_from <= row.since or row.mark == "M" or row.unverified
        assert statute.until is None or row.since <= statute.until
        assert row.until is None or row.since <= row.until


def test_statute_of_a_rule_carries_the_gist_of_the_article_it_cites():
    missing = {
        (row.statute, number)
        for rule in RULES
        for row in rule.rows
        if row.mark == "R" and lookup.statute(row.statute).articles
        for number in re.findall(r"\d+", re.sub(r"\(\d+\)", "", row.article))
        if number not in lookup.statute(row.statute).articles
    }

    assert missing <= {("cn.civil-code", "1204")}


def test_every_statute_is_used_or_named_by_the_rulebook_and_has_a_source():
    assert all(statute.source and statute.issuer for statute in sources.statutes().values())


def test_yearly_row_ends_at_the_latest_on_30_june_of_the_next_year():
    yearly = [row for rule in RULES if rule.yearly for row in rule.rows]

    assert yearly
    assert all(row.until is not None and row.until <= date(row.since.year + 1, 6, 30) for row in yearly)


@pytest.mark.parametrize("year", range(2018, 2027))
def test_calendar_holds_the_notice_of_each_year(year):
    held = calendars.years()[year]

    assert set(held.holidays.values()) >= {"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节"}
    assert all(day.year == year for day in (*held.holidays, *held.makeup_workdays))
    assert all(day.weekday() >= calendars.SATURDAY for day in held.makeup_workdays)
    assert not set(held.holidays) & held.makeup_workdays


def test_docs_of_the_law_are_generated_from_the_data():
    assert catalogue.differing() == []


def test_release_names_version_and_content(tmp_path):
    assert re.fullmatch(r"[0-9.]+\+[0-9a-f]{12}", release.RELEASE)
    (tmp_path / "a.yaml").write_text("x: 1\n", encoding="utf-8")
    before = release.content_hash(tmp_path)
    (tmp_path / "a.yaml").write_text("x: 2\n", encoding="utf-8")

    assert release.content_hash(tmp_path) != before


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"unit": "days"}, "unit or governed_by"),
        ({"surprise": 1}, "unknown keys"),
        ({"values": {}}, "values need dates"),
        ({"values": {date(2021, 1, 1): {"value": "0.66", "statute": "cn.civil-code"}}}, "is not a share"),
        ({"values": {date(2021, 1, 1): {"value": "2/3", "statute": "cn.nothing"}}}, "unknown statute"),
        ({"values": {date(2021, 1, 1): {"value": "2/3", "statute": "cn.civil-code", "artikel": "1"}}}, "unknown keys"),
    ],
)
def test_malformed_rule_is_refused_with_its_file(tmp_path, monkeypatch, broken, complaint):
    good = {
        "description": "x",
        "description_zh": "某",
        "unit": "share",
        "last_checked_on": date(2026, 1, 1),
        "values": {date(2021, 1, 1): {"value": "2/3", "statute": "cn.civil-code", "article": "278"}},
    }
    monkeypatch.setattr(sources, "read_yaml", lambda path: {**good, **broken})

    with pytest.raises(sources.LawDataError, match=complaint):
        sources._rule("x.y", "000000", sources.HOME / "parameters" / "000000" / "x" / "y.yaml")


def test_null_ends_a_rule_and_nothing_wider_answers_instead(monkeypatch):
    def rule(place, rows):
        return sources.Rule("x.y", place, "flag", "event", False, False, "x", "某", date(2026, 1, 1), rows)

    def row(since, value, until=None):
        return sources.Row(since, until, value, "cn.civil-code", "1", False, "R", "", "")

    city = rule("440100", (row(date(2020, 1, 1), False, date(2021, 12, 31)), row(date(2022, 1, 1), None)))
    nation = rule("000000", (row(date(2010, 1, 1), True),))
    monkeypatch.setattr(sources, "rules", lambda: {"x.y": {"440100": city, "000000": nation}})

    assert lookup.at(date(2019, 12, 31), "440100").flag("x.y").value is True
    assert lookup.at(date(2020, 1, 1), "440100").flag("x.y").value is False
    assert not lookup.at(date(2022, 1, 1), "440100").has("x.y")
    assert lookup.at(date(2022, 1, 1), "440200").flag("x.y").value is True
