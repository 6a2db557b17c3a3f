"""What the steps that move money are told. Frozen; never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class PayeeFact:
    """Who receives a payment. account_id None: paid without an account (an organisation known by name)."""

    name: str
    account_masked: str = ""
    account_id: int | None = None
    bank: str = ""


@dataclass(frozen=True)
class ProposePayout:
    """提出付款: to whom, for which person's loss, how much (yuan)."""

    person: str
    amount: Decimal
    payee: PayeeFact
    note: str = ""


@dataclass(frozen=True)
class HeldPart:
    """How much of an amount stands under one limit (medical, person, accident, aggregate), in yuan."""

    limit: str
    amount: Decimal


@dataclass(frozen=True)
class ProvisionalPayout:
    """先予支付: the part that is certain. payee_kind: victim, hospital or insured (then only up to what it paid)."""

    person: str
    amount: Decimal
    payee_kind: str
    payee: PayeeFact
    reserved: tuple[HeldPart, ...]
    reason: str


@dataclass(frozen=True)
class RecordPayment:
    """已付: the order number, whose loss, how much."""

    number: int
    order_reference: str
    person: str
    amount: Decimal
    payee_kind: str
    beside: str = ""


@dataclass(frozen=True)
class RecordReturn:
    """退回: the order did not arrive."""

    number: int
    order_reference: str
    person: str
    amount: Decimal
    reason: str = ""
    beside: str = ""


@dataclass(frozen=True)
class UsedPart:
    """How much of one person's limit a payment used up, in yuan, and the reservation whose posting said so."""

    limit: str
    amount: Decimal
    reservation: str


@dataclass(frozen=True)
class RecordBounce:
    """退票: a payment recorded as paid that the bank gave back; `used`: what it had used up of the limits."""

    number: int
    order_reference: str
    person: str
    amount: Decimal
    used: tuple[UsedPart, ...]
    reason: str = ""
    beside: str = ""


@dataclass(frozen=True)
class VictimPaid:
    """受害人已收到: what the insured proved to have paid to one person (advances too); negative when money came back."""

    person: str
    amount: Decimal
    paid_on: date
    proof: str
