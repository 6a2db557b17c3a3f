"""Days off and working days by the yearly notices of the State Council, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from legislation import sources

SATURDAY = 5


class CalendarMissing(LookupError):
    """The holiday notice of this year is not held."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return f"没有 {self.year} 年的放假安排数据"


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice: days off by name, and the weekend days on which people work."""

    holidays: Mapping[date, str]
    makeup_workdays: frozenset[date]


@lru_cache(maxsize=1)
def years() -> Mapping[int, Year]:
    """All years held."""
    found = {}
    for path in sorted((sources.HOME / "calendars" / "cn").glob("*.yaml")):
        raw = sources.read_yaml(path)
        found[raw["year"]] = Year(holidays=raw["holidays"], makeup_workdays=frozenset(raw["makeup_workdays"]))
    return found


def has_year(year: int) -> bool:
    """Tell whether the notice of this year is held."""
    return year in years()


def is_off(day: date, *, weekends: bool = True) -> bool:
    """Tell whether a period may not end on this day: a holiday, or an ordinary weekend day when `weekends` counts.

    A make-up working day is never off. Raises CalendarMissing.
    """
    year = _year(day)
    if day in year.makeup_workdays:
        return False
    return day in year.holidays or (weekends and day.weekday() >= SATURDAY)


def is_working_day(day: date) -> bool:
    """Tell whether offices work on this day. Raises CalendarMissing."""
    return not is_off(day)


def holiday_name(day: date) -> str:
    """Chinese name of the holiday, 周末 for an ordinary weekend, empty on a working day. Raises CalendarMissing."""
    if not is_off(day):
        return ""
    return _year(day).holidays.get(day, "周末")


def _year(day: date) -> Year:
    try:
        return years()[day.year]
    except KeyError:
        raise CalendarMissing(day.year) from None
