"""What the papers of a claim and of its advances are made from. Frozen; amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Person:
    """One person of the claim. `identity` is masked; `is_unknown`: only described so far."""

    key: str
    name: str
    identity: str
    phone: str
    is_unknown: bool


@dataclass(frozen=True)
class Matter:
    """What every paper of a claim says first."""

    reference: str
    incident_reference: str
    subject: str
    is_entrapment: bool
    manager: str
    manager_phone: str
    elevator: str
    code: str
    address: str
    accident_at: datetime
    minutes: int | None
    people: tuple[Person, ...]

    @property
    def names(self) -> str:
        return "、".join(p.name for p in self.people)


@dataclass(frozen=True)
class AskedLine:
    head: str
    amount: Decimal
    bills: int


@dataclass(frozen=True)
class ApplicationFacts:
    matter: Matter
    claimant: str
    relation: str
    applied_on: date
    lines: tuple[AskedLine, ...]
    total: Decimal
    consent: bool
    recorded_by: str
    on_behalf_of: str


@dataclass(frozen=True)
class DocumentsFacts:
    matter: Matter
    items: tuple[str, ...]
    answer_by: date | None
    asked_on: date


@dataclass(frozen=True)
class SheetLine:
    """One head: the formula, the articles it rests on by the number of their source, why, and the amounts."""

    head: str
    formula: str
    reason: str
    bills: int
    grounds: tuple[str, ...]
    missing: str
    asked: Decimal | None
    assessed: Decimal | None


@dataclass(frozen=True)
class SheetFacts:
    """人身损害赔偿计算书. advanced: what was paid in advance; fault: the injured's own part, which the sheet does not take off."""

    matter: Matter
    version: int
    law_date: date
    reason: str
    lines: tuple[SheetLine, ...]
    sources: tuple[str, ...]
    codes: tuple[str, ...]
    asked: Decimal
    total: Decimal
    is_complete: bool
    missing: tuple[str, ...]
    typed_bases: tuple[str, ...]
    advanced: Decimal
    remaining: Decimal
    fault: Fraction
    fault_reason: str
    made_by: str


@dataclass(frozen=True)
class AdvanceFacts:
    """One advance. `is_policy`: paid as first responsibility under the provincial policy; nothing else may be said to be that."""

    matter: Matter
    reference: str
    payer: str
    payee: str
    payee_kind: str
    is_to_third: bool
    account: str
    bank: str
    purpose: str
    basis: str
    basis_code: str
    basis_document: str
    amount: Decimal
    is_emergency: bool
    proposed_by: str
    approved_by: str
    paid_by: str
    paid_on: date | None
    voucher: str
    order: str
    advanced_in_all: Decimal
    limitation_years: int

    @property
    def is_policy(self) -> bool:
        return self.basis_code == "POLICY_2018_8"


@dataclass(frozen=True)
class SettlementFacts:
    """和解协议. stage: draft (before the insurer's consent), ready (to be signed), signed. amount: everything, advances included."""

    matter: Matter
    stage: str
    amount: Decimal
    terms: str
    lines: tuple[AskedLine, ...]
    received: Decimal
    remaining: Decimal
    signed_on: date | None
    mediator: str
    insurer: str
    is_consented: bool
    confirmation_days: int


@dataclass(frozen=True)
class PaymentLine:
    """A payment the injured received, whoever made it."""

    paid_on: date
    payer: str
    amount: Decimal
    voucher: str


@dataclass(frozen=True)
class AdvanceLine:
    reference: str
    payee: str
    amount: Decimal
    refunded: Decimal
    state: str
    paid_on: date | None


@dataclass(frozen=True)
class PaperLine:
    title: str
    serial: str


@dataclass(frozen=True)
class ClosingFacts:
    """结案报告: how it was opened, what was owed and by what, what was paid, what became of the recourse."""

    matter: Matter
    opened_at: datetime
    closed_at: datetime
    days: int
    assessed: Decimal | None
    settled: Decimal | None
    owed: Decimal | None
    proven: Decimal
    excess: Decimal
    fixed_by: str
    fixed_on: date | None
    court: str
    payments: tuple[PaymentLine, ...]
    advances: tuple[AdvanceLine, ...]
    recoveries: tuple[str, ...]
    papers: tuple[PaperLine, ...]
    late: tuple[str, ...]
    conclusion: str
    closed_by: str
