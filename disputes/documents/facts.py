"""What the papers of a dispute are made from. Frozen; amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Suit:
    """What every paper of a lawsuit says first."""

    reference: str
    above: str
    title: str
    court: str
    number: str
    procedure: str
    cause: str
    plaintiff: str
    defendant: str
    side: str
    claimed: Decimal | None
    filed_on: date | None


@dataclass(frozen=True)
class ResponseFacts:
    """应诉登记表."""

    suit: Suit
    served_on: date | None
    answer_by: date | None
    agent: str
    agent_kind: str
    special_authority: bool
    hearing_at: datetime | None
    room: str
    answer_days: int | None


@dataclass(frozen=True)
class HearingFacts:
    """庭审记录表."""

    suit: Suit
    ordinal: int
    held_on: date
    judge: str
    present: str
    summary: str
    recorded_by: str


@dataclass(frozen=True)
class Contestant:
    """One side as a paper between the parties names it: the full name, the number masked."""

    name: str
    identity: str


@dataclass(frozen=True)
class AgreementFacts:
    """调解协议书. stage: draft (to be signed) | signed."""

    reference: str
    above: str
    stage: str
    committee: str
    mediator: str
    first: Contestant
    second: Contestant
    matter: str
    amount: Decimal
    terms: str
    performance: str
    signed_on: date | None
    confirmation_days: int | None


@dataclass(frozen=True)
class ConfirmationFacts:
    """司法确认申请书."""

    reference: str
    court: str
    committee: str
    mediator: str
    first: Contestant
    second: Contestant
    matter: str
    amount: Decimal
    terms: str
    performance: str
    signed_on: date
    apply_by: date | None
    applied_on: date | None
