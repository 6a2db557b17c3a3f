"""What the steps of funding are told. Frozen; never a model. Amounts in CNY."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class OpenPool:
    """设立资金池: which scheme and year it pays for, and who pays. Its first yuan comes by a change that two people make."""

    name: str
    scheme: str
    year: int
    payer_organisation_id: int


@dataclass(frozen=True)
class ProposeChange:
    """提出预算变动: opening, addition, carry-over or correction, with its document. The amount is always positive."""

    kind: str
    amount: Decimal
    document: str
    reason: str


@dataclass(frozen=True)
class ClosePool:
    """关闭资金池: what is left lapses with the year; it is typed, so that nobody lets more lapse than they saw."""

    remaining: Decimal
    reason: str


@dataclass(frozen=True)
class Because:
    """A step that needs a reason and nothing else."""

    reason: str


@dataclass(frozen=True)
class Submit:
    """提交申请: the lift, the applicant and the facts that the scheme's rules ask. None: not known yet."""

    scheme: str
    pool_id: int
    elevator_id: int
    elevator_name: str
    building_id: int
    applicant_kind: str
    applicant_party_id: int
    applicant_name: str
    entrance: str = ""
    stops: int | None = None
    floors: int | None = None
    investment: Decimal | None = None
    registered_on: date | None = None
    certificate_on: date | None = None
    lifts_at_entrance: int | None = None
    owners: int | None = None
    is_completed: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class RequestCorrection:
    """一次告知补正: everything that is missing, in one list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Complete:
    """补正: what was brought, and the facts that were missing."""

    note: str
    stops: int | None = None
    floors: int | None = None
    investment: Decimal | None = None
    registered_on: date | None = None
    certificate_on: date | None = None
    owners: int | None = None
    is_completed: bool | None = None


@dataclass(frozen=True)
class NameAccount:
    """收款账户: where the grant is to be paid; `masked` is what pages show of it."""

    account_id: int
    masked: str


@dataclass(frozen=True)
class Refuse:
    """不予受理、不予批准: the ground, the facts in words and the article."""

    ground: str
    reason: str
    article: str


@dataclass(frozen=True)
class Verify:
    """现场核实: what the officers saw at the lift, counted there and not copied from the form."""

    visited_on: date
    officers: str
    stops: int
    floors: int
    entrance: str
    lifts_at_entrance: int
    is_funded_elsewhere: bool
    finding: str


@dataclass(frozen=True)
class Publish:
    """公示: from which day to which, where, with a photograph as evidence."""

    published_on: date
    published_until: date
    places: str


@dataclass(frozen=True)
class RecordObjection:
    """登记异议: who objects to what."""

    received_on: date
    objector: str
    objection: str


@dataclass(frozen=True)
class AnswerObjection:
    """异议不成立: what was found and how the objector was told."""

    answered_on: date
    reason: str


@dataclass(frozen=True)
class Approve:
    """批准: the opinion of whoever has the authority for this amount."""

    opinion: str


@dataclass(frozen=True)
class RequestReview:
    """申请复核: the applicant does not agree."""

    received_on: date
    grounds: str


@dataclass(frozen=True)
class OrderPayment:
    """提出拨付: the number of the document by which the finance bureau pays."""

    document: str


@dataclass(frozen=True)
class RecordPaid:
    """登记已拨付: the payment order with its voucher."""

    order_id: int
    voucher_number: str
    paid_on: date


@dataclass(frozen=True)
class RecordReturned:
    """登记退回: the payment order came back."""

    order_id: int
    reason: str


@dataclass(frozen=True)
class Audit:
    """核查: what was looked at after the payment."""

    audited_on: date
    finding: str


@dataclass(frozen=True)
class ClawBack:
    """决定追回: how much, why, by which article."""

    amount: Decimal
    ground: str
    reason: str
    article: str


@dataclass(frozen=True)
class RecordRepayment:
    """登记退款: money that came back to the pool."""

    amount: Decimal
    received_on: date
    voucher_number: str
