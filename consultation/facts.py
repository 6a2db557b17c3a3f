"""What the steps of ballots, notices and objections are told. Votes and names travel sealed (encrypted), moments carry a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Because:
    """A step that needs its reason."""

    reason: str


@dataclass(frozen=True)
class ProposeBallot:
    matter: str
    law_date: date
    scope: str
    scope_reason: str
    roll_id: int
    proposal_title: str
    proposal_text: str
    proposal_digest: str
    matter_reason: str = ""
    contact: str = ""
    is_practice: bool = False
    is_official: bool = False


@dataclass(frozen=True)
class Announce:
    """The window: from a moment to an explicit last one. An end at midnight is asked about once more."""

    opens_at: datetime
    closes_at: datetime
    is_midnight_meant: bool = False
    short_notice_reason: str = ""


@dataclass(frozen=True)
class ChangeProposal:
    """Another proposal; announced already, the call runs anew and the window moves."""

    proposal_title: str
    proposal_text: str
    proposal_digest: str
    reason: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_midnight_meant: bool = False
    short_notice_reason: str = ""


@dataclass(frozen=True)
class OpenWindow:
    """The digest of the roll as it is frozen."""

    roll_digest: str


@dataclass(frozen=True)
class CastVote:
    """One vote. `sealed` is the encrypted choice; `cast_at` the server's moment (paper: when the sheet came in)."""

    voter_id: int
    sealed: str
    channel: str
    strength: str
    receipt: str
    cast_at: datetime
    proxy_id: int | None = None
    assisted_by: str = ""


@dataclass(frozen=True)
class AddProxy:
    voter_id: int
    sealed_name: str
    document_id: int
    powers: str
    until: datetime


@dataclass(frozen=True)
class ExtendWindow:
    closes_at: datetime
    reason: str
    is_midnight_meant: bool = False


@dataclass(frozen=True)
class StrikeVote:
    receipt: str
    reason: str


@dataclass(frozen=True)
class CountVotes:
    """The figures as counted, in persons and ㎡, and the digest of the recount file."""

    persons: int
    area: Decimal
    participating_persons: int
    participating_area: Decimal
    agreeing_persons: int
    agreeing_area: Decimal
    recount_digest: str


@dataclass(frozen=True)
class ImportOfficial:
    """The figures of a city's three notices."""

    address: str
    called_on: date
    tallied_on: date
    published_on: date
    persons: int
    area: Decimal
    participating_persons: int
    participating_area: Decimal
    agreeing_persons: int
    agreeing_area: Decimal
    explanation: str = ""


@dataclass(frozen=True)
class AnnulByCourt:
    court: str
    number: str
    reason: str


@dataclass(frozen=True)
class DraftNotice:
    purpose: str
    code: str
    heading: str
    text: str
    text_digest: str
    contact: str = ""
    is_practice: bool = False


@dataclass(frozen=True)
class PostNotice:
    """Where and from when to when (both days included) a notice hangs."""

    places: tuple[str, ...]
    displayed_from: date
    displayed_until: date


@dataclass(frozen=True)
class ExtendNotice:
    displayed_until: date
    reason: str


@dataclass(frozen=True)
class ChangeNotice:
    """Another content: the period starts anew."""

    heading: str
    text: str
    text_digest: str
    reason: str
    displayed_from: date
    displayed_until: date


@dataclass(frozen=True)
class ReceiveObjection:
    """An objection as it came in; everything personal is sealed."""

    category: str
    sealed_name: str
    sealed_phone: str
    sealed_dwelling: str
    sealed_text: str
    is_by_page: bool = False
    receipt: str = ""


@dataclass(frozen=True)
class RedactObjection:
    public_text: str


@dataclass(frozen=True)
class AnswerObjection:
    answer: str
    public_text: str


@dataclass(frozen=True)
class RecordSession:
    held_at: datetime
    venue: str
    chair: str
    sealed_attendees: str
    sealed_minutes: str
    outcome: str


@dataclass(frozen=True)
class EndObjection:
    outcome: str
    conclusion: str
