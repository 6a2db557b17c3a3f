"""What the steps of an incident take. Moments carry a zone and are exact to the minute; amounts are CNY."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from elevators.terms import Harm


@dataclass(frozen=True)
class PersonFacts:
    """One person it happened to. `key` is P1, P2 ...; `name` may be a description (穿红衣的女士)."""

    key: str
    name: str = ""
    is_named: bool = False
    harm: str = Harm.UNHURT
    was_trapped: bool = False
    age: int | None = None
    party_id: int | None = None
    removed_because: str = ""


@dataclass(frozen=True)
class Circumstances:
    """What the register knew of the elevator at that minute: never typed."""

    elevator_id: int
    use_manager_id: int | None
    use_manager_name: str
    maintenance_id: int | None
    insurer_id: int | None
    policy_reference: str
    policy_id: int | None
    programme: str


@dataclass(frozen=True)
class ReportIncident:
    nature: str
    source: str
    started_at: datetime
    learnt_at: datetime
    people_count: int
    people: tuple[PersonFacts, ...]
    description: str
    circumstances: Circumstances
    reported_by_id: int | None = None


@dataclass(frozen=True)
class RecordRescue:
    """Arrival of the rescuers and release of the last person. Either may come first; both may be corrected later."""

    released_at: datetime
    arrival_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class ConfirmGrade:
    note: str = ""


@dataclass(frozen=True)
class Regrade:
    grade: str
    reason: str


@dataclass(frozen=True)
class NotifyRegulator:
    """`channel` is in_app, telephone or paper; `receipt` the regulator's number or the name of who took the call."""

    reported_at: datetime
    channel: str
    receipt: str = ""


@dataclass(frozen=True)
class NotifyInsurer:
    notified_at: datetime
    channel: str
    receipt: str = ""


@dataclass(frozen=True)
class CorrectFacts:
    """The facts as they should have been. When the head of the unit learnt of it is not among them: the 1-hour clock stands on it."""

    nature: str
    started_at: datetime
    people_count: int
    description: str
    loss_estimate: Decimal | None
    exclusion: str
    exclusion_reason: str
    reason: str


@dataclass(frozen=True)
class ChangePeople:
    """Everybody, also those who stay as they are; nobody is left out, a mistaken entry is marked with its reason."""

    people: tuple[PersonFacts, ...]
    people_count: int
    reason: str


@dataclass(frozen=True)
class JoinReport:
    """Another report of the same event, as it came."""

    source: str
    reporter: str
    reported_at: datetime
    started_at: datetime
    people_count: int = 0
    description: str = ""
    case_reference: str = ""


@dataclass(frozen=True)
class MarkDuplicate:
    of_reference: str
    of_id: int
    reason: str


@dataclass(frozen=True)
class CloseIncident:
    conclusion: str


@dataclass(frozen=True)
class ReopenIncident:
    reason: str
