"""Facts of a request for records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AskRecords:
    """Which papers of which days, from whom, until when, and on what ground. One of addressee id and name is given."""

    addressee_id: int | None
    addressee_name: str
    what: str
    since: date
    until: date
    due_on: date
    purpose: str


@dataclass(frozen=True)
class AnswerRecords:
    """What was handed over; `lacking` says which days or papers there are none of."""

    note: str
    lacking: str = ""


@dataclass(frozen=True)
class RefuseRecords:
    """Why the papers are not handed over."""

    reason: str


@dataclass(frozen=True)
class EndRequest:
    """Why the request is taken back."""

    reason: str
