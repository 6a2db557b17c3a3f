from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation import calendars, deadlines

DAYS = st.dates(date(2018, 1, 1), date(2025, 6, 30))
COUNTS = st.integers(0, 400)
DAY_UNITS = st.sampled_from(deadlines.PAUSABLE)
DATED_UNITS = st.sampled_from(["calendar_days", "working_days", "months", "years"])


@st.composite
def pauses_after(draw, start: date):
    begun = start + timedelta(days=draw(st.integers(0, 60)))
    return begun, begun + timedelta(days=draw(st.integers(0, 60)))


@given(DAYS, st.integers(0, 15), DATED_UNITS)
def test_period_never_ends_on_a_day_off_and_never_before_its_raw_end(start, count, unit):
    found = deadlines.due(start, count, unit)

    if not found.provisional:
        assert not calendars.is_off(found.due)
    assert start <= found.raw <= found.due


@given(DAYS, COUNTS, DAY_UNITS)
def test_one_more_day_is_never_earlier(start, count, unit):
    assert deadlines.due(start, count, unit).due <= deadlines.due(start, count + 1, unit).due


@given(DAYS, COUNTS, DAY_UNITS)
def test_later_start_is_never_due_earlier(start, count, unit):
    assert deadlines.due(start, count, unit).due <= deadlines.due(start + timedelta(days=1), count, unit).due


@given(st.data(), DAYS, st.integers(1, 90), DAY_UNITS)
def test_pause_never_shortens_and_the_period_never_ends_inside_it(data, start, count, unit):
    pause = data.draw(pauses_after(start))
    plain, paused = deadlines.due(start, count, unit), deadlines.due(start, count, unit, [pause])

    assert paused.due >= plain.due
    assert not pause[0] <= paused.due < pause[1] or pause[0] > plain.due
    if pause[0] <= plain.raw and unit == "calendar_days":
        assert paused.raw == plain.raw + (pause[1] - pause[0])


@given(st.data(), DAYS, st.integers(1, 90), DAY_UNITS)
def test_longer_pause_is_never_due_earlier(data, start, count, unit):
    begun, ended = data.draw(pauses_after(start))

    shorter = deadlines.due(start, count, unit, [(begun, ended)])
    longer = deadlines.due(start, count, unit, [(begun, ended + timedelta(days=1))])

    assert shorter.due <= longer.due


@given(DAYS, st.integers(1, 200))
def test_working_days_counted_back_give_their_number(start, count):
    due = deadlines.due(start, count, "working_days").due

    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(calendars.is_working_day(day) for day in between if calendars.has_year(day.year)) <= count
    if calendars.has_year(due.year):
        assert sum(calendars.is_working_day(day) for day in between) == count


@given(st.datetimes(datetime.fromisoformat("2018-01-01"), datetime.fromisoformat("2030-01-01")), st.integers(0, 1000))
def test_hours_run_from_the_moment_and_are_never_moved(start, count):
    found = deadlines.due(start, count, "hours")

    assert found.due == start + timedelta(hours=count)
    assert (found.moved_days, found.provisional) == (0, False)


def test_hour_clock_runs_through_the_night_of_a_holiday():
    start = datetime.fromisoformat("2025-01-28T23:30")

    assert deadlines.due(start, 1, "hours").due == datetime.fromisoformat("2025-01-29T00:30")


def test_hours_of_an_aware_moment_are_explained_in_legal_time():
    found = deadlines.due(datetime(2025, 3, 3, 15, 30, tzinfo=UTC), 1, "hours")

    assert found.due == datetime(2025, 3, 3, 16, 30, tzinfo=UTC)
    assert "2025年3月3日23时30分" in found.explanation[0]
    assert "2025年3月4日0时30分" in found.explanation[1]


def test_legal_day_of_a_moment_is_the_day_in_shanghai():
    late = datetime(2025, 3, 3, 16, 30, tzinfo=UTC)

    assert deadlines.due(late, 30, "calendar_days").due == deadlines.due(date(2025, 3, 4), 30, "calendar_days").due


def test_hours_need_a_moment():
    with pytest.raises(TypeError, match="moment"):
        deadlines.due(date(2025, 3, 3), 1, "hours")


def test_open_pause_leaves_the_end_open():
    found = deadlines.due(date(2025, 3, 3), 30, "calendar_days", [(date(2025, 3, 10), None)])

    assert found.is_paused
    assert found.due == date(2025, 4, 2)
    assert "期间正在中止，到期日待恢复计算后确定" in found.explanation


def test_pause_opened_after_the_end_changes_nothing():
    found = deadlines.due(date(2025, 3, 3), 30, "calendar_days", [(date(2025, 4, 3), None)])

    assert not found.is_paused
    assert found.due == date(2025, 4, 2)
    assert "2025年4月3日（星期四）起的中止在期间届满之后，不影响到期日" in found.explanation


@pytest.mark.parametrize("unit", ["months", "years"])
def test_months_and_years_are_not_paused(unit):
    pause = (date(2025, 3, 10), date(2025, 3, 17))

    found = deadlines.due(date(2025, 3, 3), 1, unit, [pause])

    assert found.due == deadlines.due(date(2025, 3, 3), 1, unit).due
    assert "以月、年计算的期间不因中止而顺延" in found.explanation


def test_period_that_ends_in_a_year_without_calendar_is_provisional():
    found = deadlines.due(date(2026, 12, 20), 30, "calendar_days")

    assert found.provisional
    assert found.due == date(2027, 1, 19)
    assert any("2027年的放假安排没有数据" in line for line in found.explanation)


def test_period_that_ends_on_the_last_known_day_is_final():
    assert not deadlines.due(date(2026, 12, 1), 30, "calendar_days").provisional


def test_working_days_through_a_year_without_calendar_are_provisional():
    assert deadlines.due(date(2026, 12, 31), 1, "working_days").provisional
    assert deadlines.due(date(2017, 12, 28), 5, "working_days").provisional


def test_explanation_cites_the_law_of_the_time():
    recent = deadlines.due(date(2024, 12, 30), 30, "calendar_days").explanation
    older = deadlines.due(date(2018, 2, 5), 10, "calendar_days").explanation

    assert "《中华人民共和国民法典》第二百零一条第一款" in recent[0]
    assert any("春节，顺延至2025年2月5日（星期三）" in line for line in recent)
    assert "《中华人民共和国民法总则》第二百零一条第一款" in older[0]
    assert deadlines.due(date(1980, 1, 1), 1, "calendar_days").explanation[0].endswith("当日不计入")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((date(2025, 3, 3), -1, "calendar_days"), ValueError),
        ((date(2025, 3, 3), 1, "weeks"), ValueError),
        ((date(2025, 3, 3), True, "calendar_days"), TypeError),
        ((date(2025, 3, 3), 1.5, "calendar_days"), TypeError),
        ((date(2025, 3, 3), 1, "calendar_days", [(date(2025, 3, 9), date(2025, 3, 8))]), ValueError),
        ((date(2025, 3, 3), 10**7, "calendar_days"), OverflowError),
        ((date(2025, 3, 3), 10**5, "years"), OverflowError),
    ],
)
def test_senseless_period_is_refused(arguments, error):
    with pytest.raises(error):
        deadlines.due(*arguments)


@pytest.mark.parametrize(
    ("end", "count", "unit", "latest"),
    [
        (date(2026, 3, 31), 1, "months", date(2026, 2, 28)),
        (date(2025, 10, 10), 5, "calendar_days", date(2025, 9, 30)),
        (date(2025, 10, 10), 1, "working_days", date(2025, 10, 9)),
        (date(2025, 10, 9), 1, "working_days", date(2025, 9, 30)),
        (date(2028, 2, 29), 1, "years", date(2027, 2, 26)),
    ],
)
def test_backward_limit_is_pulled_to_the_working_day_before(end, count, unit, latest):
    assert deadlines.latest_before(end, count, unit) == latest


def test_calendar_knows_makeup_days_holidays_and_gaps():
    assert not calendars.is_off(date(2026, 2, 28))
    assert calendars.is_off(date(2026, 2, 16))
    assert calendars.holiday_name(date(2026, 2, 16)) == "春节"
    assert calendars.holiday_name(date(2026, 3, 7)) == "周末"
    assert calendars.holiday_name(date(2026, 3, 9)) == ""
    assert not calendars.is_off(date(2026, 3, 7), weekends=False)
    assert calendars.is_off(date(2026, 10, 4), weekends=False)
    assert not calendars.has_year(2027)
    with pytest.raises(calendars.CalendarMissing, match="2027"):
        calendars.is_off(date(2027, 1, 1))
