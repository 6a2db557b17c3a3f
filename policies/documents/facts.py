"""What the papers of a payout are made from. Frozen; amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Matter:
    """What every paper of a payout says first: whose policy, which accident, what is asked. Amounts in yuan."""

    reference: str
    applicant: str
    insured: tuple[str, ...]
    policy: str
    product: str
    elevator: str
    code: str
    address: str
    accident_on: date
    first_received_on: date | None
    received_proof: str
    requested: Decimal
    claim_reference: str


@dataclass(frozen=True)
class SupplementFacts:
    matter: Matter
    items: tuple[str, ...]
    arrived_on: date
    answer_by: date | None
    answer_days: int | None


@dataclass(frozen=True)
class HeadLine:
    """The decision on one head: asked, assessed, accepted; why not all of it."""

    name: str
    head: str
    asked: Decimal
    assessed: Decimal
    accepted: Decimal
    reason: str
    note: str
    clause: str = ""

    @property
    def cut(self) -> Decimal:
        """What is asked and not accepted."""
        return self.asked - self.accepted


@dataclass(frozen=True)
class CoverAnswerLine:
    question: str
    fact: str
    source: str
    verdict: str


@dataclass(frozen=True)
class DecisionFacts:
    """核定. payable: after limits and share; provisional: what was paid before and counts towards it."""

    matter: Matter
    lines: tuple[HeadLine, ...]
    cover: tuple[CoverAnswerLine, ...]
    persons: tuple[PersonPayable, ...]
    share: Fraction
    is_joint: bool
    accepted: Decimal
    payable: Decimal
    refused: Decimal
    provisional: Decimal
    claw_back: Decimal
    decided_on: date
    payment_days: int
    refusal_days: int
    is_fixed_amount: bool
    to_manager: bool

    @property
    def shows_persons(self) -> bool:
        """Whether the amounts by person say more than the lines: something was cut or is owed only in part."""
        return any(p.cut_by or p.loss or p.costs for p in self.persons)


@dataclass(frozen=True)
class PersonPayable:
    name: str
    loss: Decimal
    liable: Decimal
    deductible: Decimal
    entrapment: Decimal
    costs: Decimal
    payable: Decimal
    cut_by: tuple[str, ...]


@dataclass(frozen=True)
class SheetRow:
    what: str
    basis: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class CalculationFacts:
    """赔款计算书: the steps in the order of the contract, then each person's amount. Amounts in yuan."""

    matter: Matter
    lines: tuple[HeadLine, ...]
    rows: tuple[SheetRow, ...]
    persons: tuple[PersonPayable, ...]
    accepted: Decimal
    total: Decimal
    provisional: Decimal
    due: Decimal
    is_joint: bool
    has_damages: bool
    version: int

    @property
    def shows_persons(self) -> bool:
        """Whether the amounts by person say more than the lines: something was cut or is owed only in part."""
        return any(p.cut_by or p.loss or p.costs for p in self.persons)


@dataclass(frozen=True)
class RefusalFacts:
    """拒绝赔付. A part: the heads not paid, each with its reason; the whole: one reason with the clause it rests on."""

    matter: Matter
    is_part: bool
    reason: str
    found: str
    clause: str
    excluded: bool
    lines: tuple[HeadLine, ...]
    cover: tuple[CoverAnswerLine, ...]
    refused: Decimal
    payable: Decimal
    explained_on: date | None
    explained_by: str
    decided_on: date
    notice_days: int
    limitation_years: int


@dataclass(frozen=True)
class ProvisionalFacts:
    matter: Matter
    person: str
    amount: Decimal
    payee: str
    payee_kind: str
    account: str
    bank: str
    reason: str
    documents_on: date | None
    after_days: int
    paid_before: Decimal
