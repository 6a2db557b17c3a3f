"""Arithmetic of periods: Civil Code 200-204, working days, pauses. Pure: asks the calendars and the law, no clock."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from legislation import calendars, lookup

BY_THE_CLOCK = ("hours", "minutes")
UNITS = ("calendar_days", "working_days", "months", "years", *BY_THE_CLOCK)
PAUSABLE = ("calendar_days", "working_days")
LEGAL_ZONE = ZoneInfo("Asia/Shanghai")

_ONE_DAY = timedelta(days=1)
_NAMES = {"calendar_days": "日（自然日）", "working_days": "个工作日", "months": "个月", "years": "年", "hours": "小时", "minutes": "分钟"}

Pause = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Due:
    """When a period ends and why.

    `raw` is the last day before it is moved off a rest day; `moved_days` how far it was moved; `paused_days` how many
    days (working days for a period in working days) the pauses added. `provisional`: a year's calendar is missing and
    weekends alone were counted. `is_paused`: a pause is open, so `due` leaves it out and is not final.
    """

    due: date | datetime
    raw: date | datetime
    provisional: bool
    paused_days: int
    moved_days: int
    is_paused: bool
    explanation: tuple[str, ...]


@dataclass(slots=True)
class _Days:
    """Asks whether days are off and remembers the years whose calendar is missing."""

    weekends: bool
    missing: set[int]

    def is_off(self, day: date) -> bool:
        try:
            return calendars.is_off(day, weekends=self.weekends)
        except calendars.CalendarMissing as gap:
            self.missing.add(gap.year)
            return day.weekday() >= calendars.SATURDAY and self.weekends

    def is_working(self, day: date) -> bool:
        try:
            return calendars.is_working_day(day)
        except calendars.CalendarMissing as gap:
            self.missing.add(gap.year)
            return day.weekday() < calendars.SATURDAY

    def forward(self, day: date) -> date:
        while self.is_off(day):
            day += _ONE_DAY
        return day

    def add_working(self, start: date, count: int) -> date:
        day = start
        for _ in range(count):
            day += _ONE_DAY
            while not self.is_working(day):
                day += _ONE_DAY
        return day

    def working_between(self, first: date, last_exclusive: date) -> int:
        return sum(self.is_working(first + timedelta(n)) for n in range((last_exclusive - first).days))


def due(start: date | datetime, count: int, unit: str, pauses: Sequence[Pause] = ()) -> Due:
    """Compute the end of a period.

    The day of `start` is not counted (Civil Code 201); an aware datetime means its day in Asia/Shanghai. A last day
    that is off moves to the next day that is not (203); make-up days are working days. Hours and minutes run from
    the moment and are never moved. A pause counts its first day and not its last and extends periods in days only; a pause that begins
    after the end changes nothing. Raises ValueError for a negative count, an unknown unit or a pause that ends before
    it begins, TypeError for hours or minutes without a time, OverflowError beyond the year 9999.
    """
    _ensure_period(count, unit)
    if unit in BY_THE_CLOCK:
        return _by_the_clock(start, count, unit)
    first_day = legal_day(start)
    merged = _merged(first_day, pauses)
    days = _Days(weekends=_weekends_are_off(first_day), missing=set())
    if unit == "working_days":
        found = _working_days(days, first_day, count, merged)
    elif unit == "calendar_days":
        found = _calendar_days(days, first_day, count, merged)
    else:
        raw = _corresponding_day(first_day, count * (12 if unit == "years" else 1))
        found = _ended(days, raw, 0, is_paused=False)
    lines = (*_opening(first_day, count, unit, found, merged), *found.explanation)
    if merged and unit not in PAUSABLE:
        lines = (*lines, "以月、年计算的期间不因中止而顺延")
    return replace(found, explanation=lines)


def latest_before(end: date, count: int, unit: str) -> date:
    """Compute the last day for something due `count` units before `end`: pulled back to a working day, never later.

    Without a calendar the weekdays alone count. Units: calendar_days, working_days, months, years.
    """
    _ensure_period(count, unit)
    days = _Days(weekends=True, missing=set())
    if unit == "working_days":
        day = end
        for _ in range(count):
            day -= _ONE_DAY
            while not days.is_working(day):
                day -= _ONE_DAY
        return day
    if unit == "calendar_days":
        day = end - timedelta(days=count)
    elif unit in ("months", "years"):
        day = _corresponding_day(end, -count * (12 if unit == "years" else 1))
    else:
        raise ValueError(f"unit {unit!r} cannot be counted backwards")
    while days.is_off(day):
        day -= _ONE_DAY
    return day


def legal_day(moment: date | datetime) -> date:
    """Give the legal day of a moment: a naive datetime's own day, an aware one's day in Asia/Shanghai."""
    if isinstance(moment, datetime):
        return (moment.astimezone(LEGAL_ZONE) if moment.tzinfo else moment).date()
    return moment


def _weekends_are_off(day: date) -> bool:
    law = lookup.at(day)
    return not law.has("periods.weekends_are_off") or bool(law.flag("periods.weekends_are_off").value)


def _cited(name: str, day: date) -> str:
    """The article in brackets, or nothing for a day before the first law held."""
    law = lookup.at(day)
    return f"（{law.flag(name).citation}）" if law.has(name) else ""


def _ensure_period(count: int, unit: str) -> None:
    if unit not in UNITS:
        raise ValueError(f"unknown unit of a period: {unit!r}")
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"a period is a whole number of units, not {count!r}")
    if count < 0:
        raise ValueError(f"a period cannot be negative: {count}")


def _merged(start: date, pauses: Sequence[Pause]) -> list[Pause]:
    """Sort the pauses, cut off what lies before the start and join what overlaps."""
    joined: list[Pause] = []
    for begun, ended in sorted(pauses, key=lambda pause: (pause[0], pause[1] or date.max)):
        if ended is not None and ended < begun:
            raise ValueError(f"a pause ends {ended} before it begins {begun}")
        begun = max(begun, start)
        if ended is not None and ended <= begun:
            continue
        if joined and (joined[-1][1] is None or begun <= joined[-1][1]):
            earlier, until = joined[-1]
            joined[-1] = (earlier, None if until is None or ended is None else max(until, ended))
        else:
            joined.append((begun, ended))
    return joined


def _calendar_days(days: _Days, start: date, count: int, pauses: list[Pause]) -> Due:
    raw, paused = start + timedelta(days=count), 0
    for begun, ended in pauses:
        if begun > days.forward(raw):
            break
        if ended is None:
            return _ended(days, raw, paused, is_paused=True)
        # What was left of the period when the pause began runs on from its end; nothing is left between the last day
        # and the working day it is moved to.
        resumed = ended + max(raw - begun, timedelta(0))
        paused += (resumed - raw).days
        raw = resumed
    return _ended(days, raw, paused, is_paused=False)


def _working_days(days: _Days, start: date, count: int, pauses: list[Pause]) -> Due:
    paused = 0
    raw = days.add_working(start, count)
    for begun, ended in pauses:
        if begun > days.forward(raw):
            break
        if ended is None:
            return _ended(days, raw, paused, is_paused=True)
        paused += days.working_between(begun, ended)
        raw = max(days.add_working(start, count + paused), ended)
    return _ended(days, raw, paused, is_paused=False)


def _ended(days: _Days, raw: date, paused: int, *, is_paused: bool) -> Due:
    final = days.forward(raw)
    moved = (final - raw).days
    return Due(
        due=final,
        raw=raw,
        provisional=bool(days.missing),
        paused_days=paused,
        moved_days=moved,
        is_paused=is_paused,
        explanation=tuple(_closing(days, raw, final, paused, is_paused=is_paused)),
    )


def _by_the_clock(start: date | datetime, count: int, unit: str) -> Due:
    if not isinstance(start, datetime):
        raise TypeError(f"{unit} run from a moment: a date has no time of day")
    end = start + timedelta(**{unit: count})
    lines = (
        f"自{_moment(start)}起算{count}{_NAMES[unit]}{_cited('periods.hours_from_the_moment', legal_day(start))}",
        f"{_moment(end)}届满；按{_NAMES[unit]}计算的期间不因节假日顺延",
    )
    return Due(end, end, provisional=False, paused_days=0, moved_days=0, is_paused=False, explanation=lines)


def _corresponding_day(day: date, months: int) -> date:
    """Civil Code 202: the corresponding day of the last month, or its last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("the period ends beyond the calendar")
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _opening(start: date, count: int, unit: str, found: Due, pauses: list[Pause]) -> Iterator[str]:
    yield f"{_day(start)}为起算日，当日不计入{_cited('periods.first_day_not_counted', start)}"
    yield f"期间为{count}{_NAMES[unit]}"
    if unit not in PAUSABLE:
        yield f"到期月的对应日（没有对应日的为月末日）为{_day(found.raw)}{_cited('periods.corresponding_day', start)}"
        return
    for begun, ended in pauses:
        if begun > legal_day(found.due):
            yield f"{_day(begun)}起的中止在期间届满之后，不影响到期日"
        else:
            yield f"自{_day(begun)}起中止，" + (f"至{_day(ended)}恢复计算" if ended else "尚未恢复")


def _closing(days: _Days, raw: date, final: date, paused: int, *, is_paused: bool) -> Iterator[str]:
    if paused:
        yield f"中止共{paused}日，期间相应顺延，最后一日为{_day(raw)}"
    if final != raw:
        yield f"{_day(raw)}为{_off_name(raw)}，顺延至{_day(final)}{_cited('periods.last_day_off_moves', final)}"
    if is_paused:
        yield "期间正在中止，到期日待恢复计算后确定"
    else:
        yield f"{_day(final)}届满"
    if days.missing:
        yield f"{'、'.join(str(year) for year in sorted(days.missing))}年的放假安排没有数据，此日期仅为暂定"


def _off_name(day: date) -> str:
    try:
        return calendars.holiday_name(day) or "休息日"
    except calendars.CalendarMissing:
        return "周末"


def _day(day: date | datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def _moment(moment: datetime) -> str:
    moment = moment.astimezone(LEGAL_ZONE) if moment.tzinfo else moment
    return f"{moment.year}年{moment.month}月{moment.day}日{moment.hour}时{moment.minute:02}分"
