"""What the steps from request to payment are told. Frozen; never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class PayeeShare:
    """Somebody who receives what is paid for a person: a fund first (`amount`, in yuan), the heirs the rest (`share`, as "1/3")."""

    name: str
    kind: str
    account_id: int | None = None
    share: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class PersonFact:
    """One person a payout is about. `key` is the incident's (P1, P2 ...), `name` masked, `account_id` the payee account in parties."""

    key: str
    name: str
    is_injured: bool = False
    party_id: int | None = None
    account_id: int | None = None
    payees: tuple[PayeeShare, ...] = ()


@dataclass(frozen=True)
class LossFact:
    """One line of loss: what is asked for one person under one head, in yuan; `estimate` what it may still become."""

    person: str
    head: str
    asked: Decimal
    estimate: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True)
class RequestPayout:
    """请求赔付. liability_share is a fraction such as "7/10"; joint liability is paid in full whatever the share."""

    policy_id: int
    incident_id: int
    elevator_id: int
    accident_on: date
    people: tuple[PersonFact, ...]
    lines: tuple[LossFact, ...]
    liability_share: str = "1"
    is_joint: bool = False
    decision_days: int | None = None
    payment_days: int | None = None
    is_complete: bool = False
    note: str = ""
    asked_as: str = "use_manager"


@dataclass(frozen=True)
class RegisterPayout:
    """受理. The day of the first receipt of claim or material starts the 30 days.

    It is the day of the request as the system recorded it, or an earlier one that `proof` (a receipt, a stamped letter) shows.
    """

    first_received_on: date
    has_documents: bool = True
    proof: str = ""


@dataclass(frozen=True)
class DocumentsArrived:
    """收到理赔资料: starts the 60 days."""

    received_on: date


@dataclass(frozen=True)
class FlagComplex:
    reason: str


@dataclass(frozen=True)
class CoverAnswer:
    """One line of the cover checklist: the fact it rests on, where that stands, the verdict."""

    code: str
    fact: str
    source: str
    verdict: str
    law: str = ""


@dataclass(frozen=True)
class CheckCover:
    answers: tuple[CoverAnswer, ...]


@dataclass(frozen=True)
class RequestSupplement:
    """一次性补正通知: everything that is missing, in one list. The clock rests from the notice's arrival."""

    items: tuple[str, ...]
    arrived_on: date


@dataclass(frozen=True)
class ReceiveSupplement:
    arrived_on: date
    note: str = ""


@dataclass(frozen=True)
class DecideOnWhatIsThere:
    note: str


@dataclass(frozen=True)
class DecidedLine:
    """The decision on one head of one person: asked, assessed by the handler, accepted; the reason for the difference."""

    person: str
    head: str
    asked: Decimal
    assessed: Decimal
    accepted: Decimal
    reason: str = ""
    note: str = ""
    clause: str = ""


@dataclass(frozen=True)
class SheetStep:
    """One row of 赔款计算: what the step did and what was left after it, in yuan."""

    code: str
    basis: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class SheetPerson:
    """What the arithmetic gives one person, in yuan.

    loss: accepted legal loss; liable: after the liability share; deductible: their part of it; capped: after sub-limits
    and the limit per person; entrapment, costs: beside them; medical: how much of `payable` stands under the medical
    sub-limit; payable: what may be paid now; cut_by: which limits cut, in order.
    """

    person: str
    loss: Decimal
    liable: Decimal
    deductible: Decimal
    capped: Decimal
    medical: Decimal
    entrapment: Decimal
    costs: Decimal
    payable: Decimal
    cut_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PayoutSheet:
    """赔款计算书: frozen with the decision it belongs to."""

    steps: tuple[SheetStep, ...]
    persons: tuple[SheetPerson, ...]
    total: Decimal
    refused: Decimal
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class DecidePayout:
    """核定: per head, with the arithmetic that follows from it and from the limits at this moment."""

    lines: tuple[DecidedLine, ...]
    liability_share: str
    is_joint: bool
    sheet: PayoutSheet
    note: str = ""


@dataclass(frozen=True)
class RefusePayout:
    """拒赔: the ground, the clause it rests on, why, and the facts that were found."""

    reason: str
    clause: str
    note: str
    found: str


@dataclass(frozen=True)
class ApproveDecision:
    """复核: the amount the approver saw."""

    amount: Decimal
    note: str = ""


@dataclass(frozen=True)
class ApproveRefusal:
    note: str = ""


@dataclass(frozen=True)
class SendBack:
    reason: str


@dataclass(frozen=True)
class SendRefusal:
    sent_on: date


@dataclass(frozen=True)
class AgreeAmount:
    agreed_with: str
    agreed_on: date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True)
class ReviseLoss:
    """损失有变: the whole list anew, with the people."""

    people: tuple[PersonFact, ...]
    lines: tuple[LossFact, ...]
    liability_share: str
    is_joint: bool
    why: str = ""


@dataclass(frozen=True)
class NameAccount:
    """收款账户: the account of one person, from parties."""

    person: str
    account_id: int
    masked: str


@dataclass(frozen=True)
class NamePayees:
    """谁来领: heirs by shares, a medical-insurance or work-injury fund by the amount it paid, with the paper that shows it."""

    person: str
    payees: tuple[PayeeShare, ...]
    document: str


@dataclass(frozen=True)
class SetContribution:
    """重复保险分摊: the part of the loss this policy bears ("3/8"), beside which others, and why."""

    share: str
    others: str
    reason: str


@dataclass(frozen=True)
class AskOtherPolicy:
    """向另一保单请求: the same people and losses, under another policy that covers the same liability."""

    policy_id: int


@dataclass(frozen=True)
class RequestFurther:
    """后续请求: bills of later months; a request of its own with its own clocks and its own one list."""

    lines: tuple[LossFact, ...]
    note: str = ""


@dataclass(frozen=True)
class AskConsent:
    """征求同意: the draft settlement as the insurer is to see it."""

    amount: Decimal
    person: str
    draft: str


@dataclass(frozen=True)
class AnswerConsent:
    consents: bool
    reason: str = ""


@dataclass(frozen=True)
class LiabilityFixed:
    fixed_by: str
    fixed_on: date
    amount: Decimal
    person: str
    document: str = ""
