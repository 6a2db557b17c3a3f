"""What a step of a payout is told, made ready: the decision with its arithmetic, the payees as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from access.models import Organisation
from casework.models import CaseEvent
from ledger import api as ledger
from legislation.money import ZERO, split
from parties import api as parties
from policies import movements
from policies.facts import DecidedLine, DecidePayout, PayeeFact, UsedPart
from policies.models import Payout, PayoutPayment
from policies.selectors import AskedLine, PayoutPosition, payout_position
from policies.terms import FUNDS


def accepted_as_asked(lines: Iterable[AskedLine]) -> tuple[DecidedLine, ...]:
    """The decision that a person would begin from: everything as it was asked."""
    return tuple(DecidedLine(x.person, x.head, x.asked, x.asked, x.asked) for x in lines)


def decision(payout: Payout, lines: Sequence[DecidedLine], share: str, *, is_joint: bool, note: str = "") -> DecidePayout:
    """A decision with its arithmetic as the limits stand at this moment; the door computes it again under the lock."""
    position: PayoutPosition = payout_position(payout)
    sheet = position.arithmetic(lines, share, is_joint=is_joint)
    return DecidePayout(tuple(lines), share, is_joint, sheet, note)


def payee_of(payout: Payout, person: str) -> PayeeFact | None:
    """The person's account, as a payment carries it; None while there is none."""
    account = next((p["account_id"] for p in payout.people if p["key"] == person), None)
    if account is None:
        return None
    found = parties.payee(account)
    return PayeeFact(found.name, found.account_masked, found.account_ref, found.bank)


def used_by(payout: Payout, payment: PayoutPayment) -> tuple[UsedPart, ...]:
    """What a recorded payment used up of each limit of its person, as the ledger posted it."""
    event = CaseEvent.objects.filter(case_id=payout.pk, verb="record_payment", record__facts__number=payment.number).first()
    if event is None:
        return ()
    accounts = {movements.limit_account(payout.policy_id, payout.incident_id, payment.person, limit): limit for limit in movements.LIMITS}
    found = [p for p in ledger.postings_of(event.id) if p.debit in accounts]
    return tuple(UsedPart(accounts[p.debit], p.amount, p.reservation) for p in found)


def payees_of(
    payout: Payout, position: PayoutPosition, person: str, amount: Decimal, due: Decimal
) -> tuple[tuple[PayeeFact, Decimal], ...]:
    """Whom `due` yuan for a person now go to, of `amount` in all: a fund first, the heirs the rest by shares, else the person.

    What was proposed or paid to one of them counts for that one only; a share whose account nobody named waits.
    """
    named = next((p.get("payees") or [] for p in payout.people if p["key"] == person), [])
    if not named:
        payee = payee_of(payout, person)
        return ((payee, due),) if payee is not None else ()
    parts, rest = [], amount
    for one in named:
        if one["kind"] in FUNDS:
            part = min(Decimal(one["amount"]), rest)
            rest -= part
            parts.append((one, part))
    heirs = [one for one in named if one["kind"] not in FUNDS]
    parts += zip(heirs, split(rest, [Fraction(one["share"]) for one in heirs]), strict=True) if heirs else []
    found, left = [], due
    for one, part in parts:
        payee = _named(one)
        done = sum((p.amount for p in position.payments if p.counts and p.person == person and p.payee_name == payee.name), ZERO)
        now = min(max(part - done, ZERO), left)
        if now and (one["account_id"] is not None or one["kind"] in FUNDS):
            left -= now
            found.append((payee, now))
    return tuple(found)


def _named(one: dict[str, Any]) -> PayeeFact:
    if one["account_id"] is None:
        return PayeeFact(one["name"])
    account = parties.payee(one["account_id"])
    return PayeeFact(account.name, account.account_masked, account.account_ref, account.bank)


def insured_payee(payout: Payout) -> PayeeFact:
    """The insured that asked, with the account it gave: organisations are paid under their name."""
    part = payout.parts.filter(role=payout.asked_as).select_related("organisation").order_by("pk").first()
    organisation: Organisation = part.organisation if part else payout.policy.policyholder
    bank = organisation.settings.get("bank_account", {})
    return PayeeFact(organisation.name, str(bank.get("masked", "")), bank.get("account_id"), str(bank.get("bank", "")))
