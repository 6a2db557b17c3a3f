"""Reads of the ledger: balances, entries, orders, and what an order's steps must know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import parties.api
from access.models import Organisation
from access.roles import Role
from access.scopes import in_scope
from casework import registry
from casework.models import CaseEvent
from ledger.lifecycle import PaymentPosition
from ledger.models import Account, PaymentOrder, Transfer
from ledger.permissions import CASHIERS

if TYPE_CHECKING:
    from access.actors import Actor


@dataclass(frozen=True)
class Balance:
    """One account in CNY. credited: what was granted or received; posted: used or spent for good; reserved: held."""

    key: str
    label: str
    is_capped: bool
    credited: Decimal
    posted: Decimal
    reserved: Decimal
    incoming: Decimal

    @property
    def available(self) -> Decimal:
        return self.credited - self.posted - self.reserved

    @property
    def used_percent(self) -> int:
        return _percent(self.posted, self.credited)

    @property
    def reserved_percent(self) -> int:
        return _percent(self.reserved, self.credited)


@dataclass(frozen=True)
class Entry:
    """One transfer as pages and papers show it. amount in CNY, negative where it takes something back."""

    key: str
    at: datetime
    kind: str
    kind_label: Any
    amount: Decimal
    debit: str
    debit_label: str
    credit: str
    credit_label: str
    memo: str
    case_id: int | None
    case_reference: str


def balance_of(account: Account) -> Balance:
    return Balance(
        key=account.key,
        label=account.label,
        is_capped=account.is_capped,
        credited=account.credits_posted,
        posted=account.debits_posted,
        reserved=account.debits_pending,
        incoming=account.credits_pending,
    )


def entries(*, case_ids: Iterable[int] = (), keys: Iterable[str] = ()) -> list[Entry]:
    """The transfers of these cases or on these accounts, in the order they were written."""
    rows = Transfer.objects.select_related("debit", "credit", "case").order_by("id")
    case_ids, keys = list(case_ids), list(keys)
    found: QuerySet[Transfer] = rows.none()
    if case_ids:
        found |= rows.filter(case_id__in=case_ids)
    if keys:
        found |= rows.filter(debit__key__in=keys) | rows.filter(credit__key__in=keys)
    return [_entry(row) for row in found]


def _entry(row: Transfer) -> Entry:
    back = row.kind in (Transfer.Kind.VOID, Transfer.Kind.EXPIRE, Transfer.Kind.REVERSE)
    return Entry(
        key=row.key,
        at=row.at,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        amount=-row.amount if back else row.amount,
        debit=row.debit.key,
        debit_label=row.debit.label,
        credit=row.credit.key,
        credit_label=row.credit.label,
        memo=row.memo,
        case_id=row.case_id,
        case_reference=row.case.reference if row.case else "",
    )


@dataclass(frozen=True)
class MoneySheet:
    """What a money panel shows: the transfers and the limits they use."""

    entries: tuple[Entry, ...]
    limits: tuple[Balance, ...]


def money_sheet(*, case_ids: Iterable[int], limit_keys: Iterable[str] = ()) -> MoneySheet:
    """The transfers of these cases, and every limit that they or `limit_keys` name."""
    found = entries(case_ids=case_ids)
    keys = {e.debit for e in found} | {e.credit for e in found} | set(limit_keys)
    capped = Account.objects.filter(key__in=keys, is_capped=True).order_by("-key")
    return MoneySheet(tuple(found), tuple(balance_of(row) for row in capped))


def orders_for(*, actor: Actor, states: Sequence[str] = ()) -> QuerySet[PaymentOrder]:
    """The payment orders in an actor's scope that their own organisation pays; all in scope for who pays nothing."""
    rows: QuerySet[PaymentOrder] = PaymentOrder.objects.filter(in_scope(actor)).select_related("payer_organisation", "parent")
    if actor.has(*CASHIERS):
        rows = rows.filter(payer_organisation_id=actor.organisation_id)
    if states:
        rows = rows.filter(state__in=states)
    return rows.order_by("turn_since", "pk")


FILTERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "waiting": (_("待放行"), ("proposed",)),
    "voucher": (_("待回单"), ("released",)),
    "paid": (_("已付"), ("paid",)),
    "returned": (_("已退"), ("returned", "bounced", "cancelled")),
}
PAGE = 50
#: Who pays for an organisation of a kind; a manager's cashier for all others.
CASHIER_OF: dict[str, Role] = {Organisation.Kind.INSURER: Role.INSURER_CASHIER, Organisation.Kind.FINANCE_BUREAU: Role.FINANCE_CASHIER}


@dataclass(frozen=True)
class OrderFilter:
    """One saved filter over the list of orders, with how many it finds."""

    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class OrdersPage:
    """One page of the list of payment orders."""

    filters: tuple[OrderFilter, ...]
    rows: Page[PaymentOrder]
    total: Decimal
    shows_vouchers: bool


def orders_page(*, actor: Actor, show: str, number: str) -> OrdersPage:
    """The orders of one filter, the longest waiting first; those already paid or returned newest first."""
    show = show if show in FILTERS else "waiting"
    counts = {row["state"]: row["n"] for row in orders_for(actor=actor).order_by().values("state").annotate(n=Count("pk"))}
    rows = orders_for(actor=actor, states=FILTERS[show][1])
    if show in ("paid", "returned"):
        rows = rows.order_by("-closed_at", "-pk")
    return OrdersPage(
        filters=tuple(
            OrderFilter(key, label, sum(counts.get(state, 0) for state in states), key == show) for key, (label, states) in FILTERS.items()
        ),
        rows=Paginator(rows, PAGE).get_page(number),
        total=rows.aggregate(total=Sum("amount"))["total"] or Decimal("0.00"),
        shows_vouchers=show == "paid",
    )


def waiting_orders(*, actor: Actor) -> int:
    """How many orders wait for a cashier of the actor's organisation."""
    return orders_for(actor=actor, states=("proposed", "released")).count()


@dataclass(frozen=True)
class UsedVouchers:
    """Answers `number in vouchers` for one payer, one at a time for the same number, so that two orders cannot share it."""

    payer_id: int

    def __contains__(self, number: object) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"voucher/{self.payer_id}/{number}"])
        taken: bool = PaymentOrder.objects.filter(payer_organisation_id=self.payer_id, voucher_number=number).exists()
        return taken


@registry.position_for("payment_order")
def payment_position(case: PaymentOrder) -> PaymentPosition:
    payer = Organisation.objects.get(pk=case.payer_organisation_id)
    account = parties.api.account(case.payee_account_ref) if case.payee_account_ref else None
    return PaymentPosition(
        cashier=CASHIER_OF.get(payer.kind, Role.MANAGER_CASHIER),
        has_account=bool(case.payee_account or case.payee_account_ref),
        account_is_confirmed=account is not None and account.is_confirmed,
        account_is_current=account is None or account.is_current,
        proposed_on=timezone.localtime(case.happened_at).date(),
        preparers=_preparers(case),
        barred=getattr(case.parent.specific, "bars_payment", "") if case.state == "proposed" and case.parent else "",
        payer_id=case.payer_organisation_id,
        vouchers=UsedVouchers(case.payer_organisation_id),
    )


def _preparers(case: PaymentOrder) -> frozenset[int]:
    """Who took a step of the parent that is not itself a cashier's step."""
    events = CaseEvent.objects.filter(case__children=case.pk, actor_user__isnull=False)
    return frozenset(
        user
        for kind, verb, user in events.values_list("case__kind", "verb", "actor_user_id").distinct()
        if (row := registry.may(kind, verb)) is None or not row.roles & CASHIERS
    )


def _percent(part: Decimal, whole: Decimal) -> int:
    return min(100, int(part * 100 / whole)) if whole else 0
