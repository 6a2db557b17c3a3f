"""The door to the register: elevators, who is responsible for them when, incidents, life lines. Read models only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from casework.models import Case
from elevators import selectors, services
from elevators.facts import (
    ChangePeople,
    CloseIncident,
    ConfirmGrade,
    CorrectFacts,
    JoinReport,
    NotifyInsurer,
    NotifyRegulator,
    PersonFacts,
    RecordRescue,
    Regrade,
    ReopenIncident,
)
from elevators.models import Elevator, Incident
from elevators.selectors.readmodels import CoverView, ElevatorView, IncidentView, LifeEvent, ManagerView, PersonAffected, SameEvent
from elevators.terms import ExclusionReason, Grade, Harm, Nature, Source

if TYPE_CHECKING:
    from access.actors import Actor


class NoSuchElevator(LookupError):
    """No elevator has this id or code."""


def elevator(key: int | str, *, on: date | None = None) -> ElevatorView:
    """An elevator by id, or by any code on its plate, as it stands on a day. Raises NoSuchElevator."""
    return selectors.elevator_view(_elevator(key), on=on)


def _elevator(key: int | str) -> Elevator:
    if isinstance(key, int):
        found = Elevator.objects.select_related("building__street_office").filter(pk=key).first()
    else:
        found = selectors.find_elevator(key)
    if found is None:
        raise NoSuchElevator(key)
    return found


def use_manager_on(elevator_id: int, day: date) -> ManagerView | None:
    """Who was use-manager of an elevator on a day; None when nobody was."""
    return selectors.use_manager_on(elevator_id, day)


def cover_on(elevator_id: int, moment: datetime) -> CoverView | None:
    """The cover of an elevator at a moment, the oldest if several."""
    return next(iter(selectors.covers_on(elevator_id, moment)), None)


def covers_on(elevator_id: int, moment: datetime) -> tuple[CoverView, ...]:
    return selectors.covers_on(elevator_id, moment)


def record_cover(
    *,
    elevator_id: int,
    insurer_id: int,
    policy_reference: str,
    since: datetime,
    until: datetime,
    policy_id: int | None = None,
    product: str = "",
    programme: str = "",
    insured_parties: Sequence[str | int] = (),
    ended_because: str = "",
) -> None:
    """The insurer's room tells that an elevator is covered from `since` (included) to `until` (excluded). Idempotent."""
    services.record_cover(
        elevator_id=elevator_id,
        insurer_id=insurer_id,
        policy_reference=policy_reference,
        since=since,
        until=until,
        policy_id=policy_id,
        product=product,
        programme=programme,
        insured_parties=insured_parties,
        ended_because=ended_because,
    )


def report_incident(
    *,
    elevator_id: int,
    by: Actor,
    nature: str,
    started_at: datetime,
    learnt_at: datetime,
    people_count: int,
    source: str = Source.RESCUE_LINE,
    people: Sequence[PersonFacts] = (),
    phones: Mapping[int, str] | None = None,
    description: str = "",
    arrival_at: datetime | None = None,
    released_at: datetime | None = None,
    on_behalf_of: str = "",
) -> Case:
    """Register an incident once; people beyond those described become 乘客 2, 乘客 3 ... with keys of their own.

    `people` need no key; each becomes a party unless it names one; `phones` are numbers by position.
    Emits elevators.incident.report, and record_rescue when `released_at` is known already.
    Raises NoSuchElevator, OutOfScope, NotPermitted, FactsRefused.
    """
    return services.report_incident(
        elevator=_elevator(elevator_id),
        by=by,
        nature=nature,
        source=source,
        started_at=started_at,
        learnt_at=learnt_at,
        people_count=people_count,
        people=people,
        phones=phones,
        description=description,
        arrival_at=arrival_at,
        released_at=released_at,
        on_behalf_of=on_behalf_of,
    )


def incident_view(case_id: int) -> IncidentView:
    """The facts of an incident as they stand. Raises Incident.DoesNotExist (an ObjectDoesNotExist)."""
    return selectors.incident_view(Incident.objects.select_related("elevator__building").get(pk=case_id))


def set_party(*, case_id: int, key: str, party_id: int, name: str, by: Actor, happened_at: datetime) -> None:
    """Say who the person P1, P2 ... of an incident is. Idempotent."""
    services.set_party(Incident.objects.get(pk=case_id), key=key, party_id=party_id, name=name, by=by, happened_at=happened_at)


def same_event_candidates(*, elevator_id: int, started_at: datetime) -> tuple[SameEvent, ...]:
    """Open incidents of an elevator that may be the event now reported."""
    return selectors.same_event_candidates(elevator_id=elevator_id, started_at=started_at)


def life_line(elevator_id: int, *, by: Actor | None = None) -> tuple[LifeEvent, ...]:
    """Everything in the life of an elevator, the latest first; incidents only as far as the reader may look."""
    from elevators.selectors.lifeline import life_line as build

    return build(elevator_id, by=by)


__all__ = [
    "ChangePeople",
    "CloseIncident",
    "ConfirmGrade",
    "CorrectFacts",
    "CoverView",
    "ElevatorView",
    "ExclusionReason",
    "Grade",
    "Harm",
    "IncidentView",
    "JoinReport",
    "LifeEvent",
    "ManagerView",
    "Nature",
    "NoSuchElevator",
    "NotifyInsurer",
    "NotifyRegulator",
    "PersonAffected",
    "PersonFacts",
    "RecordRescue",
    "Regrade",
    "ReopenIncident",
    "SameEvent",
    "Source",
    "cover_on",
    "covers_on",
    "elevator",
    "incident_view",
    "life_line",
    "record_cover",
    "report_incident",
    "same_event_candidates",
    "set_party",
    "use_manager_on",
]
