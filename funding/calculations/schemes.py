"""A subsidy scheme as the law data holds it, and what it answers to the facts of one lift: rule by rule, each with its source.

A scheme is a set of dated parameters `scheme.<CODE>.<rule>`. A rule whose fact is missing answers None and does not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from legislation import lookup
from legislation.units import Provision

PREFIX = "scheme."
PER_ENTRANCE = "entrance"
LABELS = {
    "stops": "层站",
    "floors": "层数",
    "investment": "投资",
    "registered_on": "梯龄",
    "certificate_on": "使用登记",
    "lifts_at_entrance": "梯口",
    "owners": "业主",
    "is_completed": "进度",
}


@dataclass(frozen=True)
class Facts:
    """What is known of one lift and its application. None: not known yet. investment in CNY."""

    stops: int | None = None
    floors: int | None = None
    investment: Decimal | None = None
    registered_on: date | None = None
    certificate_on: date | None = None
    lifts_at_entrance: int | None = None
    owners: int | None = None
    is_completed: bool | None = None


@dataclass(frozen=True)
class Answer:
    """One rule's answer: `needs` names the facts it asks, `met` is None where they are missing."""

    code: str
    says: str
    met: bool | None
    source: str
    mark: str
    needs: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the rule is about, in a word."""
        return LABELS[self.needs[0]]


@dataclass(frozen=True)
class Finding:
    """What a scheme says of a lift: barred by no rule, and the amount in CNY (None where a fact that decides it is missing)."""

    eligible: bool
    amount: Decimal | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Scheme:
    """One scheme. `rules` are its provisions by their last name; `follows` is the scheme of the year before."""

    code: str
    name: str
    kind: str
    place: str
    since: date
    until: date | None
    follows: str
    documents: tuple[str, ...]
    is_per_entrance: bool
    rules: Mapping[str, Provision]

    @property
    def citation(self) -> str:
        return self.rules["terms"].citation

    @property
    def mark(self) -> str:
        return self.rules["terms"].mark

    @property
    def note(self) -> str:
        return self.rules["terms"].note

    @property
    def place_name(self) -> str:
        return lookup.place_name(self.place)

    @property
    def tiers(self) -> tuple[Mapping[str, Any], ...]:
        """The amounts with the stops up to which each holds (None: without end)."""
        found: tuple[Mapping[str, Any], ...] = self.rules["amount"].value
        return found


@lru_cache(maxsize=1)
def schemes() -> tuple[Scheme, ...]:
    """Every scheme of the law data, national ones first, the newest first."""
    found: dict[str, dict[str, Provision]] = {}
    for provision in lookup.all_parameters():
        if provision.name.startswith(PREFIX):
            _prefix, code, rule = provision.name.split(".")
            found.setdefault(code, {})[rule] = provision
    return tuple(sorted((_read(code, rules) for code, rules in found.items()), key=lambda s: (s.place, -s.since.toordinal(), s.code)))


def scheme(code: str) -> Scheme:
    """One scheme by its code. Raises KeyError."""
    return {one.code: one for one in schemes()}[code]


def _read(code: str, rules: dict[str, Provision]) -> Scheme:
    terms = rules["terms"]
    return Scheme(
        code=code,
        name=terms.value["name"],
        kind=terms.value["kind"],
        place=terms.place,
        since=terms.since,
        until=terms.until,
        follows=terms.value["follows"] or "",
        documents=tuple(terms.value["documents"]),
        is_per_entrance=terms.value["per"] == PER_ENTRANCE,
        rules=rules,
    )


def judge(one: Scheme, facts: Facts) -> Finding:
    """Ask every rule of a scheme. Barred by the first rule that answers no; the amount follows the tiers."""
    answers = tuple(answer for name, ask in RULES.items() if name in one.rules for answer in ask(one, facts))
    eligible = all(answer.met is not False for answer in answers)
    return Finding(eligible, _tier(one, facts) if eligible else None, answers)


def _said(one: Scheme, rule: str, says: str, met: bool | None, *needs: str) -> Answer:
    provision = one.rules[rule]
    return Answer(rule, says, met, provision.citation, provision.mark, needs)


def _served(facts: Facts) -> int | None:
    """层（站）: the stops where they are known, else the floors."""
    return facts.stops if facts.stops is not None else facts.floors


def _tier(one: Scheme, facts: Facts) -> Decimal | None:
    tiers = one.rules["amount"].value
    served = _served(facts)
    if served is None:
        amounts = {tier["amount"] for tier in tiers}
        return amounts.pop() if len(amounts) == 1 else None
    amount: Decimal = next(tier["amount"] for tier in tiers if tier["stops_max"] is None or served <= tier["stops_max"])
    return amount


def _amount(one: Scheme, facts: Facts) -> Iterator[Answer]:
    if len(one.rules["amount"].value) > 1:
        yield _said(one, "amount", "补助按层（站）数分档", None if _served(facts) is None else True, "stops", "floors")


def _min_investment(one: Scheme, facts: Facts) -> Iterator[Answer]:
    least = one.rules["min_investment"].value
    met = None if facts.investment is None else facts.investment > least
    yield _said(one, "min_investment", f"单台投资大于 {least:.2f} 元（不含本数）", met, "investment")


def _registered_before(one: Scheme, facts: Facts) -> Iterator[Answer]:
    line = date.fromisoformat(one.rules["registered_before"].value)
    met = None if facts.registered_on is None else facts.registered_on < line
    yield _said(one, "registered_before", f"使用登记早于 {line.isoformat()}", met, "registered_on")


def _min_floors(one: Scheme, facts: Facts) -> Iterator[Answer]:
    least = one.rules["min_floors"].value["floors"]
    met = None if facts.floors is None else facts.floors >= least
    yield _said(one, "min_floors", f"住宅 {least} 层以上（含本数）", met, "floors")


def _certificate_window(one: Scheme, facts: Facts) -> Iterator[Answer]:
    window = one.rules["certificate_window"].value
    since = date.fromisoformat(window["from"])
    until = date.fromisoformat(window["until"]) if window["until"] else None
    met = None if facts.certificate_on is None else since <= facts.certificate_on <= (until or date.max)
    period = f"{since.isoformat()} 至 {until.isoformat()}（首尾两天都算）" if until else f"{since.isoformat()} 起"
    yield _said(one, "certificate_window", f"使用登记证日期在 {period}", met, "certificate_on")


def _per_entrance(one: Scheme, facts: Facts) -> Iterator[Answer]:
    if one.is_per_entrance:
        yield _said(one, "terms", "同一楼梯口有几台的按一台补助", None if facts.lifts_at_entrance is None else True, "lifts_at_entrance")


def _min_owners(one: Scheme, facts: Facts) -> Iterator[Answer]:
    least = one.rules["min_owners"].value["owners"]
    met = None if facts.owners is None else facts.owners >= least
    yield _said(one, "min_owners", f"业主 {least} 户以上（含本数）", met, "owners")


def _not_completed(one: Scheme, facts: Facts) -> Iterator[Answer]:
    if one.rules["terms"].value["not_completed"]:
        met = None if facts.is_completed is None else not facts.is_completed
        yield _said(one, "terms", "申请时工程没有完工", met, "is_completed")


def _terms(one: Scheme, facts: Facts) -> Iterator[Answer]:
    yield from _per_entrance(one, facts)
    yield from _not_completed(one, facts)


RULES: dict[str, Callable[[Scheme, Facts], Iterator[Answer]]] = {
    "amount": _amount,
    "min_investment": _min_investment,
    "registered_before": _registered_before,
    "min_floors": _min_floors,
    "min_owners": _min_owners,
    "certificate_window": _certificate_window,
    "terms": _terms,
}


def needs_of(one: Scheme, rule: str) -> tuple[str, ...]:
    """The facts that one rule of a scheme asks."""
    return tuple(need for answer in RULES[rule](one, Facts()) for need in answer.needs)
