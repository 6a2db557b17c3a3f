"""What the steps of a payment order are told. Frozen; never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parties.api import Payee


@dataclass(frozen=True)
class Leg:
    """One movement that the order reserves, posts or gives back: debit → credit. `amount` in CNY; None: the whole order."""

    debit: str
    credit: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class ProposePayment:
    """提出付款。"""

    purpose: str
    payer_organisation_id: int
    payee: Payee
    amount: Decimal
    legs: tuple[Leg, ...]
    note: str = ""


@dataclass(frozen=True)
class ReleasePayment:
    """放行: the cashier has compared the payee's name and account with the papers."""

    account_checked: bool


@dataclass(frozen=True)
class MarkPaid:
    """登记已付: the number and day of the bank's voucher (回单)."""

    voucher_number: str
    paid_on: date


@dataclass(frozen=True)
class ReturnPayment:
    """退回: the bank would not carry it out, or the cashier sends it back."""

    reason: str


@dataclass(frozen=True)
class BouncePayment:
    """退票: the bank gave the money back after the order was marked paid; the day it came back and the bank's number for it."""

    reason: str
    bounced_on: date
    bank_number: str


@dataclass(frozen=True)
class CancelPayment:
    """撤销: the order is withdrawn before it was paid."""

    reason: str
