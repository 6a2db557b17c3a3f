"""Asks the law: which value answers on a day at a place. The most specific place that has the rule wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from legislation import sources
from legislation.sources import Row, Rule
from legislation.units import NotInForce, Provision, Statute

NATION = "000000"
PROGRAMMES = "programme."


class UnknownParameter(LookupError):
    """No file of the law carries this name: a mistake in the code, not a gap in the data."""


@dataclass(frozen=True, slots=True)
class Law:
    """The law of one day at one place. With `dates` each rule answers by the date that governs it (`governed_by`)."""

    on: date
    place: str = NATION
    dates: tuple[tuple[str, date], ...] = ()

    def date_for(self, name: str) -> date:
        """Give the day that governs this rule: its own key among `dates`, else the event's day `on`."""
        governed_by = _by_place(name)[1]
        return dict(self.dates).get(governed_by, self.on)

    def provision(self, name: str) -> Provision:
        """Answer with the value in force. Raises NotInForce, or UnknownParameter for a name that no file carries."""
        return _provision(name, self.date_for(name), self.place)

    def has(self, name: str) -> bool:
        """Tell whether a value is in force; False also for a name that no file carries."""
        try:
            self.provision(name)
        except (NotInForce, UnknownParameter):
            return False
        return True

    def share(self, name: str) -> Provision:
        """A share as an exact Fraction."""
        return self._typed(name, "share")

    def money(self, name: str) -> Provision:
        """An amount in yuan as Decimal with two places."""
        return self._typed(name, "money_cny")

    def calendar_days(self, name: str) -> Provision:
        """A period in calendar days."""
        return self._typed(name, "calendar_days")

    def working_days(self, name: str) -> Provision:
        """A period in working days."""
        return self._typed(name, "working_days")

    def hours(self, name: str) -> Provision:
        """A period in hours."""
        return self._typed(name, "hours")

    def minutes(self, name: str) -> Provision:
        """A period in minutes."""
        return self._typed(name, "minutes")

    def months(self, name: str) -> Provision:
        """A period in months."""
        return self._typed(name, "months")

    def years(self, name: str) -> Provision:
        """A period in years."""
        return self._typed(name, "years")

    def flag(self, name: str) -> Provision:
        """A rule that holds or does not hold."""
        return self._typed(name, "flag")

    def text(self, name: str) -> Provision:
        """A choice between named readings."""
        return self._typed(name, "text")

    def table(self, name: str) -> Provision:
        """A frozen table: FrozenTable or tuple."""
        return self._typed(name, "table")

    def _typed(self, name: str, unit: str) -> Provision:
        provision = self.provision(name)
        if provision.unit != unit:
            raise TypeError(f"{name} is {provision.unit}, not {unit}")
        return provision


def at(on: date, place: str = NATION) -> Law:
    """Give the law of one day at one place (six-digit code). A datetime or a malformed place is refused."""
    _ensure_day(on)
    ensure_place(place)
    return Law(on=on, place=place)


def for_case(place: str, dates: Mapping[str, date]) -> Law:
    """Give the law of a case: each rule answers by its own date of accident, receipt, settlement, application, payment.

    `dates["event"]` is the day of the step and answers for every rule whose own date is not known yet.
    """
    unknown = set(dates) - set(sources.GOVERNED_BY)
    if unknown or "event" not in dates:
        raise ValueError(f"governing dates need 'event' and know only {sources.GOVERNED_BY}: {sorted(dates)}")
    for day in dates.values():
        _ensure_day(day)
    ensure_place(place)
    return Law(on=dates["event"], place=place, dates=tuple(sorted(dates.items())))


def programme(code: str, on: date | None = None) -> Law:
    """Give the law at the home of an insurance programme, by default on the last day its terms are known to hold."""
    found = [rule for name, by_place in sources.rules().items() if name.startswith(f"{PROGRAMMES}{code}.")
             for rule in by_place.values()]  # fmt: skip
    if not found:
        raise UnknownParameter(f"{PROGRAMMES}{code}")
    last = min(rule.rows[-1].until or rule.rows[-1].since for rule in found)
    return at(on or last, found[0].place)


def programmes() -> tuple[str, ...]:
    """Codes of the insurance programmes whose terms are held."""
    return tuple(sorted({name.split(".")[1] for name in sources.rules() if name.startswith(PROGRAMMES)}))


def all_parameters() -> tuple[Provision, ...]:
    """Every dated value of every rule at every place, sorted by name, place and date; ended rules are left out."""
    return tuple(
        _answer(rule, row)
        for _, by_place in sorted(sources.rules().items())
        for _, rule in sorted(by_place.items())
        for row in rule.rows
        if row.value is not None
    )


def unverified() -> list[Provision]:
    """The values whose article no person has read yet; documents that rest on one say so."""
    return [provision for provision in all_parameters() if provision.unverified]


def statute(statute_id: str) -> Statute:
    """Give a statute by id. Raises UnknownParameter."""
    try:
        return sources.statutes()[statute_id]
    except KeyError:
        raise UnknownParameter(statute_id) from None


@lru_cache(maxsize=4096)
def place_name(place: str) -> str:
    """Give the full Chinese name, 广东省广州市海珠区, of a place or of the nearest wider place that has one."""
    names = sources.places().names
    narrowing = [names[wider] for wider in reversed(chain(place)[:-1]) if wider in names]
    return "".join(narrowing) or names[NATION]


def place_short_name(place: str) -> str:
    """Give a place's own name, 海珠区, or that of the nearest wider place that has one."""
    names = sources.places().names
    return next(names[wider] for wider in chain(place) if wider in names)


def ensure_place(place: str) -> None:
    """Raise ValueError unless `place` is a six-digit region code."""
    if not isinstance(place, str) or len(place) != 6 or not (place.isascii() and place.isdigit()):
        raise ValueError(f"a place is a six-digit region code, not {place!r}")


@lru_cache(maxsize=4096)
def chain(place: str) -> tuple[str, ...]:
    """Places to ask, the most specific first: 440305, 440300, 440000, 000000."""
    wider: Iterable[str] = (place, place[:4] + "00", place[:2] + "0000", NATION)
    return tuple(dict.fromkeys(wider))


def _ensure_day(on: date) -> None:
    if not isinstance(on, date) or isinstance(on, datetime):
        raise TypeError(f"the law is asked by day, not by {on!r}")


@lru_cache(maxsize=2048)
def _by_place(name: str) -> tuple[Mapping[str, Rule], str]:
    by_place = sources.rules().get(name)
    if by_place is None:
        raise UnknownParameter(name)
    return by_place, next(iter(by_place.values())).governed_by


@lru_cache(maxsize=65536)
def _provision(name: str, on: date, place: str) -> Provision:
    for rule in _candidates(name, place):
        row = _row_on(rule, on)
        if row is not None:
            return _answer(rule, row)
        if on >= rule.rows[0].since:  # the place has the rule, and it ended or has a gap: nothing wider may fill it
            break
    raise NotInForce(name, on, place)


def _candidates(name: str, place: str) -> list[Rule]:
    """Rules to ask in order. A programme travels with its contract and answers wherever the lift stands."""
    by_place, _ = _by_place(name)
    if name.startswith(PROGRAMMES):
        return list(by_place.values())
    exclusive = any(rule.zones_exclusive for rule in by_place.values())
    found = []
    for wider in chain(place):
        if wider in by_place:
            found.append(by_place[wider])
        if exclusive and wider in sources.places().zones:
            break
    return found


def _row_on(rule: Rule, on: date) -> Row | None:
    for row in reversed(rule.rows):
        if row.since <= on:
            return None if row.value is None or (row.until is not None and on > row.until) else row
    return None


@lru_cache(maxsize=8192)
def _answer(rule: Rule, row: Row) -> Provision:
    source = sources.statutes()[row.statute]
    return Provision(
        name=rule.name,
        value=row.value,
        unit=rule.unit,
        since=row.since,
        until=row.until,
        place=rule.place,
        statute=row.statute,
        statute_title=source.title,
        article=row.article,
        unverified=row.unverified,
        note=row.note,
        description_zh=rule.description_zh,
        mark=row.mark,
        source=row.source,
        governed_by=rule.governed_by,
        cited=source.citation(row.article),
    )
