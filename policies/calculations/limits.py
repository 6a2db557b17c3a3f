"""What a policy pays: deductible, sub-limits, limits and aggregate, entrapment money, and limits that run short.

Pure arithmetic on yuan to the fen; never a query, a clock or a figure of a programme (those are parameters).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from legislation.lookup import Law
from legislation.money import ZERO, split
from legislation.units import Provision


@dataclass(frozen=True)
class Limits:
    """The limits of a policy in yuan; None or a missing head is no limit.

    `sub_limits` are per person and head ("medical"); `aggregate` is what is left of it before the first accident.
    """

    sub_limits: Mapping[str, Decimal] = field(default_factory=dict)
    per_person: Decimal | None = None
    per_accident: Decimal | None = None
    aggregate: Decimal | None = None
    deductible: Decimal = ZERO


@dataclass(frozen=True)
class Loss:
    """One person's insured loss by head, in yuan, after the liability share."""

    person: str
    heads: Mapping[str, Decimal]


@dataclass(frozen=True)
class Payable:
    """What one person is paid, and what cut it, in the order of application."""

    person: str
    payable: Decimal
    cut_by: tuple[str, ...]


@dataclass(frozen=True)
class AccidentPayable:
    persons: tuple[Payable, ...]
    total: Decimal


@dataclass(frozen=True)
class LimitedPayout:
    """`aggregate_left` is None when the policy has no aggregate limit."""

    accidents: tuple[AccidentPayable, ...]
    aggregate_left: Decimal | None


def apply_limits(limits: Limits, accidents: Iterable[Sequence[Loss]]) -> LimitedPayout:
    """Cut the losses of accidents, in the order in which they happened, down to what the policy pays.

    Order: deductible of the accident (pro rata over persons, inside a person over heads), sub-limits, limit per person,
    limit per accident and remaining aggregate (both pro rata over persons). Fen by largest remainder.
    """
    left = limits.aggregate
    answers = []
    for losses in accidents:
        answer = _apply_to_accident(limits, losses, left)
        left = None if left is None else left - answer.total
        answers.append(answer)
    return LimitedPayout(tuple(answers), left)


def _apply_to_accident(limits: Limits, losses: Sequence[Loss], aggregate: Decimal | None) -> AccidentPayable:
    cut_by: list[list[str]] = [[] for _ in losses]

    def mark(name: str, before: Sequence[Decimal], after: Sequence[Decimal]) -> None:
        for names, old, new in zip(cut_by, before, after, strict=True):
            if new < old:
                names.append(name)

    heads = _less_deductible(losses, limits.deductible)
    amounts = [sum(each.values(), ZERO) for each in heads]
    mark("deductible", [sum(loss.heads.values(), ZERO) for loss in losses], amounts)
    for head, limit in limits.sub_limits.items():
        heads = [{**each, head: min(each[head], limit)} if head in each else each for each in heads]
        before, amounts = amounts, [sum(each.values(), ZERO) for each in heads]
        mark(f"{head}_per_person", before, amounts)
    ceilings: list[tuple[str, Callable[[list[Decimal]], list[Decimal]]]] = [
        ("per_person", lambda sums: [_capped(amount, limits.per_person) for amount in sums]),
        ("per_accident", lambda sums: _cut_pro_rata(sums, limits.per_accident)),
        ("aggregate", lambda sums: _cut_pro_rata(sums, aggregate)),
    ]
    for name, cut in ceilings:
        before, amounts = amounts, cut(amounts)
        mark(name, before, amounts)
    persons = (Payable(*row) for row in zip((loss.person for loss in losses), amounts, map(tuple, cut_by), strict=True))
    return AccidentPayable(tuple(persons), sum(amounts, ZERO))


def _less_deductible(losses: Sequence[Loss], deductible: Decimal) -> list[dict[str, Decimal]]:
    sums = [sum(loss.heads.values(), ZERO) for loss in losses]
    parts = split(min(deductible, sum(sums, ZERO)), sums)
    rows = []
    for loss, part in zip(losses, parts, strict=True):
        by_head = split(part, list(loss.heads.values()))
        rows.append({head: loss.heads[head] - cut for head, cut in zip(loss.heads, by_head, strict=True)})
    return rows


def _capped(amount: Decimal, limit: Decimal | None) -> Decimal:
    return amount if limit is None else min(amount, limit)


def _cut_pro_rata(amounts: list[Decimal], limit: Decimal | None) -> list[Decimal]:
    total = sum(amounts, ZERO)
    return amounts if limit is None or total <= limit else list(split(limit, amounts))


def pro_rata_release(
    limit_left: Decimal, estimates: Mapping[str, Decimal], requested: Mapping[str, Decimal], paid: Mapping[str, Decimal] | None = None
) -> dict[str, Decimal]:
    """How much of each person's request may be paid now, when several injured share a limit that may not do.

    `estimates` are the current estimates of what each is owed in all, `paid` what the limit has already given,
    `limit_left` what is left of it. Everybody may have up to his pro-rata share of the whole limit by current
    estimates, less what he was paid; more is released as estimates firm. The answers never exceed `limit_left` in sum.
    Raises ValueError when somebody asks who has no estimate.
    """
    paid = paid or {}
    if not requested.keys() <= estimates.keys():
        raise ValueError("every request needs an estimate of the same person")
    limit = limit_left + sum(paid.values(), ZERO)
    shares = dict(zip(estimates, _cut_pro_rata(list(estimates.values()), limit), strict=True))
    due = [max(min(amount, shares[person] - paid.get(person, ZERO)), ZERO) for person, amount in requested.items()]
    return dict(zip(requested, _cut_pro_rata(due, limit_left), strict=True))


def balance_due(payable: Decimal, provisionally_paid: Decimal) -> tuple[Decimal, Decimal]:
    """What is still to be paid and what is to be claimed back, after provisional payments (Insurance Law art 25)."""
    difference = payable - provisionally_paid
    return max(difference, ZERO), max(-difference, ZERO)


@dataclass(frozen=True)
class EntrapmentMoney:
    """What a programme pays for being held in the car, from least to most where the contract chooses inside a range.

    `per_person` is the table's amount before the cap, `total` for everybody after it; both are
    zero and `due` is False below the threshold.
    """

    due: bool
    per_person: tuple[Decimal, Decimal]
    total: tuple[Decimal, Decimal]
    is_range: bool
    provision: Provision


def entrapment_money(law: Law, programme: str, minutes: int, people: int) -> EntrapmentMoney:
    """困人补偿 by the programme's table. Raises UnknownParameter for one without a table, NotInForce off its dates."""
    provision = law.table(f"programme.{programme}.entrapment")
    tier = next((tier for tier in provision.value["tiers"] if _holds(tier, minutes)), None)
    if tier is None:
        return EntrapmentMoney(False, (ZERO, ZERO), (ZERO, ZERO), False, provision)
    ends = (tier["amount_min"], tier["amount_max"]) if "amount_min" in tier else (tier["amount"], tier["amount"])
    cap = provision.value["cap_per_accident"]
    least, most = (_capped(amount * people, cap) for amount in ends)
    return EntrapmentMoney(True, ends, (least, most), "amount_min" in tier, provision)


def _holds(tier: Mapping[str, Any], minutes: int) -> bool:
    low, high = tier["from_minutes"], tier["to_minutes"]
    above = minutes > low or (minutes == low and tier["from_inclusive"])
    return above and (high is None or minutes < high or (minutes == high and tier["to_inclusive"]))
