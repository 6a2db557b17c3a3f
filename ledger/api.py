"""The ledger's door for higher floors: accounts, limits, balances, entries, payment orders. Amounts are Decimal in CNY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.actors import Actor
from access.models import Organisation
from access.roles import CaseRole
from casework.declarations import Movement
from casework.models import Case
from casework.steps import begin, perform
from casework.timeline import masked
from ledger import accounts, selectors
from ledger.facts import BouncePayment, CancelPayment, Leg, MarkPaid, ProposePayment, ReleasePayment, ReturnPayment
from ledger.models import Account, PaymentOrder, Transfer
from ledger.mover import move
from ledger.selectors import Balance, Entry, MoneySheet
from parties.api import Payee

Purpose = PaymentOrder.Purpose

__all__ = [
    "Balance",
    "BouncePayment",
    "CancelPayment",
    "Entry",
    "Leg",
    "MarkPaid",
    "MoneySheet",
    "OrderView",
    "Payee",
    "Posting",
    "Purpose",
    "ReleasePayment",
    "ReturnPayment",
    "balance",
    "balances",
    "cancel_payment_order",
    "entries_for",
    "entries_on",
    "money_of",
    "open_account",
    "open_payment_order",
    "orders_of",
    "paid_by",
    "postings_of",
    "record_opening_use",
    "set_opening",
]


def open_account(key: str, *, label: str, capped: bool) -> None:
    """Open an account, or give the one that is there its label again. Idempotent.

    Raises ValueError for a key that is none, or when it stands already with the other kind of cap.
    """
    if not accounts.is_key(key):
        raise ValueError(f"not an account key: {key!r}")
    account, created = Account.objects.get_or_create(key=key, defaults={"label": label[:160], "is_capped": capped})
    if account.is_capped != capped:
        raise ValueError(f"account {key} stands already, capped: {account.is_capped}")
    if not created and account.label != label[:160]:
        Account.objects.filter(pk=account.pk).update(label=label[:160])


@transaction.atomic
def set_opening(key: str, amount: Decimal, reason: str, key_id: str) -> None:
    """Credit an account with what it begins with, e.g. a policy's limit. Once per `key_id`, whoever calls how often."""
    move([(_opening_key(key_id), Movement("transfer", amount, accounts.opening_counterpart(key), key, memo=reason))], None, None)


@transaction.atomic
def record_opening_use(key: str, amount: Decimal, to: str, reason: str, key_id: str) -> None:
    """Record what of a limit was used before this house kept it: key → to, e.g. policy/7/aggregate → policy/7/used.

    Once per `key_id`. Raises casework.errors.MovementRefused when the limit is smaller.
    """
    move([(_opening_key(key_id), Movement("transfer", amount, key, to, memo=reason))], None, None)


def _opening_key(key_id: str) -> str:
    return f"opening:{key_id}"


def balance(key: str) -> Balance:
    """One account; all zero for one that no movement has opened yet."""
    account = Account.objects.filter(key=key).first()
    return selectors.balance_of(account or Account(key=key, label=accounts.label_of(key), **_NOTHING))


_NOTHING = dict.fromkeys(("debits_posted", "debits_pending", "credits_posted", "credits_pending"), Decimal("0.00"))


def balances(prefix: str) -> dict[str, Balance]:
    """All accounts whose key begins with `prefix`, by key, e.g. balances("policy/7/")."""
    rows: QuerySet[Account] = Account.objects.filter(key__startswith=prefix).order_by("key")
    return {row.key: selectors.balance_of(row) for row in rows}


def entries_for(case_ids: Iterable[int]) -> list[Entry]:
    """The transfers that steps of these cases made, oldest first."""
    return selectors.entries(case_ids=case_ids)


def money_of(case_ids: Iterable[int], *, limit_keys: Iterable[str] = ()) -> MoneySheet:
    """Transfers and limits for a money panel: give it as {"money": …} to the template ledger/panels/money.html."""
    return selectors.money_sheet(case_ids=case_ids, limit_keys=limit_keys)


@dataclass(frozen=True)
class Posting:
    """A reservation that a step posted: its name, the account it used, the amount in yuan."""

    reservation: str
    debit: str
    amount: Decimal


def postings_of(event_id: UUID) -> tuple[Posting, ...]:
    """What one step posted of what was reserved before it."""
    rows = Transfer.objects.filter(event_id=event_id, kind=Transfer.Kind.POST).select_related("reservation", "debit").order_by("pk")
    return tuple(Posting(row.reservation.name, row.debit.key, row.amount) for row in rows if row.reservation is not None)


def entries_on(keys: Iterable[str]) -> list[Entry]:
    """The transfers on these accounts, oldest first."""
    return selectors.entries(keys=keys)


def open_payment_order(
    *,
    parent: Case,
    purpose: str,
    payer_organisation_id: int,
    payee: Payee,
    amount: Decimal,
    moves: Sequence[Leg],
    by: Actor,
    happened_at: datetime,
    parts: Sequence[tuple[int, CaseRole]] = (),
    note: str = "",
) -> Case:
    """Propose a payment below `parent` and hold its amount on every leg; the payer's cashier sees it at once.

    Raises StepRefused("limit_exhausted" …) when a limit will not do, FactsRefused for a bad amount.
    """
    payer = (payer_organisation_id, CaseRole.PAYER)
    facts = ProposePayment(Purpose(purpose).value, payer_organisation_id, payee, amount, tuple(moves), note)
    return begin(
        PaymentOrder,
        "propose",
        parent=parent,
        by=by,
        happened_at=happened_at,
        place=parent.place,
        title=_("%(what)s 付给 %(payee)s") % {"what": Purpose(purpose).label, "payee": masked(payee.name)},
        parts=list(dict.fromkeys([payer, *parts])),
        facts=facts,
    ).case


def cancel_payment_order(order_id: int, *, by: Actor, happened_at: datetime, reason: str) -> None:
    """Withdraw an order that was not paid. Raises StepRefused when it was paid, returned or cancelled before."""
    order = PaymentOrder.objects.get(pk=order_id)
    perform(order, "cancel", by=by, happened_at=happened_at, seen=None, facts=CancelPayment(reason))


@dataclass(frozen=True)
class OrderView:
    """A payment order as higher floors see it. `into`: the accounts that its money goes to."""

    id: int
    reference: str
    state: str
    purpose: str
    payer_organisation_id: int
    payer_name: str
    payee: Payee
    amount: Decimal
    voucher_number: str
    paid_on: object
    returned_because: str
    parent_id: int | None
    into: frozenset[str]
    note: str

    @property
    def is_gone(self) -> bool:
        """Whether its money came back: returned, bounced or cancelled."""
        return self.state in ("returned", "bounced", "cancelled")


def orders_of(parent_ids: Iterable[int]) -> list[OrderView]:
    """The payment orders below these cases, in order of birth."""
    rows = PaymentOrder.objects.filter(parent_id__in=list(parent_ids)).select_related("payer_organisation").order_by("pk")
    return [
        OrderView(
            id=row.pk,
            reference=row.reference,
            state=row.state,
            purpose=row.purpose,
            amount=row.amount or Decimal(0),
            payer_organisation_id=row.payer_organisation_id,
            payer_name=row.payer_organisation.short_name,
            payee=Payee(row.payee_name, row.payee_account, row.payee_account_ref, row.payee_bank),
            voucher_number=row.voucher_number,
            paid_on=row.paid_on,
            returned_because=row.returned_because,
            parent_id=row.parent_id,
            into=frozenset(leg["credit"] for leg in row.legs),
            note=row.note,
        )
        for row in rows
    ]


def paid_by(organisation: Organisation | int) -> str:
    """The key of the account from which an organisation pays."""
    return f"org/{organisation if isinstance(organisation, int) else organisation.pk}/bank"
