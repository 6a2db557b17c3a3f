"""From a payout to the limits it uses: what is held, what is used up. Pure; the ledger carries it out and never exceeds a limit.

A hold stands on one limit for one person. It is renewed whole: the old reservation is posted or voided, a new one made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casework.declarations import Movement
from legislation.money import ZERO, format_money
from policies.calculations import balance_due
from policies.facts import SheetPerson

if TYPE_CHECKING:
    from legislation.lookup import Law
    from policies.facts import ProvisionalPayout, RecordBounce, RecordReturn
    from policies.lifecycle.payments import PayoutPayments as Payout

MEDICAL, PERSON, ACCIDENT, AGGREGATE = "medical", "person", "accident", "aggregate"
LIMITS = (MEDICAL, PERSON, ACCIDENT, AGGREGATE)
TOTAL = "total"
Key = tuple[str, str]  # person, limit
Holds = dict[str, dict[str, Any]]


def limit_account(policy_id: int, incident_id: int, person: str, limit: str) -> str:
    """The key of the account that a limit stands on."""
    incident = f"policy/{policy_id}/incident/{incident_id}"
    return {
        AGGREGATE: f"policy/{policy_id}/aggregate",
        ACCIDENT: incident,
        PERSON: f"{incident}/person/{person}",
        MEDICAL: f"{incident}/person/{person}/medical",
    }[limit]


def used_account(account: str) -> str:
    """Where a limit goes when it is used: policy/<id>/used for the aggregate, policy/<id>/used/incident/... for the others."""
    policy, _slash, rest = account.partition("/aggregate") if account.endswith("/aggregate") else account.partition("/incident/")
    return f"{policy}/used/incident/{rest}" if rest else f"{policy}/used"


def parts_of(person: SheetPerson, limits: tuple[str, ...]) -> dict[str, Decimal]:
    """How much of a person's payable amount stands under each limit of the contract; costs stand under none."""
    within = person.payable - person.costs
    parts = {MEDICAL: person.medical, PERSON: within - person.entrapment, ACCIDENT: within, AGGREGATE: within}
    return {limit: parts[limit] for limit in limits}


def held(case: Payout, person: str, limit: str) -> Decimal:
    entry = case.holds.get(f"{person}/{limit}")
    return Decimal(entry["amount"]) if entry else ZERO


def posted(case: Payout, person: str, limit: str) -> Decimal:
    return Decimal(case.posted.get(f"{person}/{limit}", "0.00"))


def renewed(case: Payout, targets: Mapping[Key, Decimal], drawn: Mapping[Key, Decimal] | None = None) -> Holds:
    """The holds after a step: `targets` is what each is to hold from now on, `drawn` what of the old hold was used up."""
    drawn = drawn or {}
    entries = {key: {**entry, "fresh": False, "replaces": "", "posted": "0.00"} for key, entry in case.holds.items()}
    for (person, limit), amount in targets.items():
        old, used = held(case, person, limit), drawn.get((person, limit), ZERO)
        if amount == old and not used:
            continue
        key = f"{person}/{limit}"
        number = entries[key]["number"] if key in entries else 0
        entries[key] = {
            "person": person,
            "limit": limit,
            "number": number + 1,
            "amount": format_money(amount),
            "fresh": True,
            "replaces": _name(case, key, number) if old else "",
            "posted": format_money(used),
        }
    return entries


def drawn_by_payment(case: Payout, person: str, amount: Decimal) -> dict[Key, Decimal]:
    """What a payment uses up of each hold of its person; the limits are used before costs are."""
    return {(person, limit): min(amount, held(case, person, limit)) for limit in LIMITS if f"{person}/{limit}" in case.holds}


def all_released(case: Payout) -> dict[Key, Decimal]:
    """Targets that give back everything still held."""
    return {(entry["person"], entry["limit"]): ZERO for entry in case.holds.values()}


def move_limits(case: Payout, facts: Any, law: Law) -> Iterator[Movement]:
    """The movements of the holds that the step has just renewed, account by account in one order for everybody."""
    fresh = [entry for entry in case.holds.values() if entry["fresh"]]
    for entry in sorted(fresh, key=lambda e: limit_account(case.policy_id, case.incident_id, e["person"], e["limit"])):
        account = limit_account(case.policy_id, case.incident_id, entry["person"], entry["limit"])
        used, amount = Decimal(entry["posted"]), Decimal(entry["amount"])
        memo = _("赔付 %(reference)s") % {"reference": case.reference}
        if entry["replaces"] and used:
            yield Movement("post", amount=used, reservation=entry["replaces"], memo=memo)
        elif entry["replaces"]:
            yield Movement("void", reservation=entry["replaces"], memo=memo)
        if amount:
            name = _name(case, f"{entry['person']}/{entry['limit']}", entry["number"])
            yield Movement("reserve", amount=amount, debit=account, credit=used_account(account), reservation=name, memo=memo)


def undo_use(case: Payout, facts: RecordBounce, law: Law) -> Iterator[Movement]:
    """What a payment that bounced had used up of the limits is taken back; move_limits then holds it again."""
    for part in sorted(facts.used, key=lambda p: p.reservation):
        yield Movement("reverse", reservation=part.reservation, memo=_("退票 %(reference)s") % {"reference": case.reference})


def _name(case: Payout, key: str, number: int) -> str:
    return f"payout/{case.pk}/{key}/{number}"


def decided_targets(case: Payout) -> dict[Key, Decimal]:
    """What the decided sheet is to hold: each person's part of each limit less what payments used up already."""
    targets = all_released(case)
    for person in sheet_persons(case):
        for limit, amount in parts_of(person, tuple(case.sheet["limits"])).items():
            targets[person.person, limit] = max(amount - posted(case, person.person, limit), ZERO)
    return targets


def provisional_targets(case: Payout, facts: ProvisionalPayout) -> dict[Key, Decimal]:
    """A provisional payment is held on top of what is held already."""
    return {(facts.person, part.limit): held(case, facts.person, part.limit) + part.amount for part in facts.reserved}


def returned_targets(case: Payout, facts: RecordReturn) -> dict[Key, Decimal]:
    """A provisional payment that did not arrive gives its hold back."""
    return {key: held(case, *key) - amount for key, amount in drawn_by_payment(case, facts.person, facts.amount).items()}


def posted_after(case: Payout, person: str, amount: Decimal, drawn: Mapping[Key, Decimal]) -> dict[str, str]:
    """What is used up after a payment, by person and limit; "total" is what was paid for the person in all."""
    after = dict(case.posted)
    for (who, limit), used in {**drawn, (person, TOTAL): amount}.items():
        after[f"{who}/{limit}"] = format_money(posted(case, who, limit) + used)
    return after


def overpaid(case: Payout) -> Decimal:
    """What was paid (provisionally) above the decision, person by person: to be claimed back (rulebook 2.6)."""
    return sum((balance_due(person.payable, posted(case, person.person, TOTAL))[1] for person in sheet_persons(case)), ZERO)


def sheet_persons(case: Payout) -> tuple[SheetPerson, ...]:
    """The persons of the payout's current sheet, typed again."""
    return tuple(
        SheetPerson(
            person=row["person"],
            cut_by=tuple(row["cut_by"]),
            loss=Decimal(row["loss"]),
            liable=Decimal(row["liable"]),
            deductible=Decimal(row["deductible"]),
            capped=Decimal(row["capped"]),
            medical=Decimal(row["medical"]),
            entrapment=Decimal(row["entrapment"]),
            costs=Decimal(row["costs"]),
            payable=Decimal(row["payable"]),
        )
        for row in case.sheet.get("persons", ())
    )
