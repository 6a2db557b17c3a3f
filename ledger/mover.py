"""Carries out movements inside the step's transaction: locks the accounts, writes the transfers, lets the database judge."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.declarations import Movement
from casework.errors import MovementRefused
from casework.models import Case
from ledger import accounts
from ledger.models import Account, Transfer
from legislation.money import LARGEST, to_fen

SETTLES = frozenset({"post", "void", "expire"})
REFERS = SETTLES | {"reverse"}
WITHIN_LIMIT = "ledger_account_within_limit"
REFUSALS = {
    "ledger_settled_once": ("reservation_settled", gettext_lazy("这笔预留已经处理过（已付或已退还），不能再办一次。")),
    "ledger_reversed_once": ("reversed_before", gettext_lazy("这笔分录已经冲销过，不能再冲销一次。")),
    "ledger_name_once": ("reserved_before", gettext_lazy("这笔款已经预留过，不能再预留一次。")),
}


@dataclass(frozen=True)
class _Planned:
    """A movement with the transfer that it settles or reverses, if any."""

    key: str
    movement: Movement
    origin: Transfer | None

    @property
    def debit(self) -> str:
        return self.origin.debit.key if self.origin else self.movement.debit

    @property
    def credit(self) -> str:
        return self.origin.credit.key if self.origin else self.movement.credit

    @property
    def amount(self) -> Decimal:
        if self.movement.amount is not None:
            return self.movement.amount
        return self.origin.amount if self.origin else Decimal(0)


def move(movements: Sequence[tuple[str, Movement]], case: Case | None, event_id: uuid.UUID | None) -> None:
    """Carry out keyed movements, all or none; a key that was carried out before is passed over.

    All accounts concerned are locked by one query in ascending order, so two steps never wait for each other in a ring.
    Must run inside a transaction. Raises MovementRefused: limit_exhausted, unknown_account, unknown_reservation,
    reservation_settled, reversed_before, reserved_before, amount_invalid, above_reserved.
    """
    planned = _plan(movements)
    rows = _lock({p.debit for p in planned} | {p.credit for p in planned})
    done = set(Transfer.objects.filter(key__in=[p.key for p in planned]).values_list("key", flat=True))
    new = [p for p in planned if p.key not in done]
    _ensure_open(new)
    now = timezone.now()
    try:
        Transfer.objects.bulk_create([_transfer(p, rows, case, event_id, now) for p in new])
    except IntegrityError as error:
        raise _refusal(error, new, rows) from error


def _plan(movements: Sequence[tuple[str, Movement]]) -> list[_Planned]:
    names = {m.reservation for _k, m in movements if m.action in REFERS}
    found: dict[str, Transfer] = {}
    if names:
        rows = Transfer.objects.filter(Q(name__in=names) | Q(key__in=names)).select_related("debit", "credit")
        found = {name: row for row in rows for name in (row.key, row.name) if name in names}
    planned = []
    for key, movement in movements:
        origin = None
        if movement.action in REFERS:
            origin = found.get(movement.reservation)
            if origin is None:
                raise MovementRefused("unknown_reservation", _("账上没有这笔预留：%(name)s。") % {"name": movement.reservation})
            if movement.action == "reverse":
                origin = _posted(origin)
        plan = _Planned(key, movement, origin)
        _ensure_amount(plan)
        planned.append(plan)
    return planned


def _posted(origin: Transfer) -> Transfer:
    """What a reversal takes back: the transfer itself, or the posting of the reservation named."""
    if origin.kind in (Transfer.Kind.TRANSFER, Transfer.Kind.POST):
        return origin
    posted = Transfer.objects.filter(reservation=origin, kind=Transfer.Kind.POST).select_related("debit", "credit").first()
    if posted is None:
        raise MovementRefused("not_posted", _("这笔款还没有付出，只能撤销预留，不能冲销。"))
    return posted


def _ensure_amount(plan: _Planned) -> None:
    amount = plan.amount
    if not amount.is_finite() or not 0 < amount < LARGEST or to_fen(amount) != amount:
        raise MovementRefused("amount_invalid", _("金额须大于零，最多两位小数。"))
    if plan.origin is None:
        if not accounts.is_key(plan.debit) or not accounts.is_key(plan.credit) or plan.debit == plan.credit:
            raise ValueError(f"a movement goes from one account to another: {plan.debit!r} → {plan.credit!r}")
        return
    if amount > plan.origin.amount:
        raise MovementRefused(
            "above_reserved",
            _("付出 %(amount)s 元，超过预留的 %(reserved)s 元。") % {"amount": f"{amount:,.2f}", "reserved": f"{plan.origin.amount:,.2f}"},
        )
    if amount != plan.origin.amount and plan.movement.action != "post":
        raise MovementRefused("not_whole", _("预留只能整笔撤销，分录只能整笔冲销。"))


def _lock(keys: Iterable[str]) -> dict[str, Account]:
    """Open what opens by itself, then lock all accounts concerned in ascending order of their ids."""
    wanted = sorted(keys)
    known = set(Account.objects.filter(key__in=wanted).values_list("key", flat=True))
    missing = [key for key in wanted if key not in known]
    for key in missing:
        if accounts.must_be_opened(key):
            raise MovementRefused("unknown_account", _("还没有设定这项限额：%(key)s。先登记限额。") % {"key": key})
    if missing:
        Account.objects.bulk_create([Account(key=k, label=accounts.label_of(k)) for k in missing], ignore_conflicts=True)
    rows = Account.objects.select_for_update(no_key=True).filter(key__in=wanted).order_by("id")
    return {row.key: row for row in rows}


def _ensure_open(new: Sequence[_Planned]) -> None:
    """A reservation is settled once, a posted transfer reversed once; said before the database has to."""
    origins = [p.origin.pk for p in new if p.origin]
    if not origins:
        return
    settled = set(Transfer.objects.filter(reservation__in=origins).values_list("reservation_id", flat=True))
    undone = set(Transfer.objects.filter(reverses__in=origins).values_list("reverses_id", flat=True))
    for plan in new:
        if plan.origin is None:
            continue
        if plan.movement.action == "reverse":
            if plan.origin.pk in undone:
                raise _said("ledger_reversed_once")
        elif plan.origin.kind != Transfer.Kind.RESERVE:
            raise MovementRefused("not_reserved", _("这笔分录不是预留，不能再付出或撤销。"))
        elif plan.origin.pk in settled:
            raise _said("ledger_settled_once")


def _transfer(plan: _Planned, rows: dict[str, Account], case: Case | None, event_id: uuid.UUID | None, now: datetime) -> Transfer:
    movement = plan.movement
    return Transfer(
        key=plan.key,
        kind=movement.action,
        debit=rows[plan.debit],
        credit=rows[plan.credit],
        amount=plan.amount,
        name="" if plan.origin else movement.reservation,
        reservation=plan.origin if movement.action in SETTLES else None,
        reverses=plan.origin if movement.action == "reverse" else None,
        case_id=case.pk if case else None,
        event_id=event_id,
        memo=movement.memo[:200],
        at=now,
    )


def _refusal(error: IntegrityError, new: Sequence[_Planned], rows: dict[str, Account]) -> Exception:
    """What the database's refusal means to a clerk; the error itself where it is a mistake in the code."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if constraint in REFUSALS:
        return _said(constraint)
    if constraint != WITHIN_LIMIT:
        return error
    label, available, asked = _exhausted(new, rows)
    return MovementRefused(
        "limit_exhausted",
        _("“%(label)s”只剩 %(available)s 元，这一步要用 %(asked)s 元，还差 %(short)s 元。")
        % {"label": label, "available": f"{available:,.2f}", "asked": f"{asked:,.2f}", "short": f"{asked - available:,.2f}"},
    )


def _exhausted(new: Sequence[_Planned], rows: dict[str, Account]) -> tuple[str, Decimal, Decimal]:
    """Which limit was the first not to do, what it had left before this step and what the step asks of it."""
    asked: dict[str, Decimal] = {}
    for plan in new:
        if plan.movement.action in ("transfer", "reserve"):
            asked[plan.debit] = asked.get(plan.debit, Decimal(0)) + plan.amount
        elif plan.movement.action == "reverse":
            asked[plan.credit] = asked.get(plan.credit, Decimal(0)) + plan.amount
    for key, amount in asked.items():
        row = rows[key]
        available = row.credits_posted - row.debits_posted - row.debits_pending
        if row.is_capped and amount > available:
            return row.label, available, amount
    raise RuntimeError("the database refused a limit that these movements do not touch")


def _said(constraint: str) -> MovementRefused:
    code, says = REFUSALS[constraint]
    return MovementRefused(code, says)
