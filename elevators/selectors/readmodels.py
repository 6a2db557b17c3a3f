"""Frozen answers of the register: what pages, guards and higher floors read. No rows, no querysets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ManagerView:
    """Who manages on a day. `organisation_id` is None for all owners or a person without an account."""

    organisation_id: int | None
    name: str
    phone: str
    basis: str
    since: date
    until: date | None


@dataclass(frozen=True)
class MaintenanceView:
    organisation_id: int
    name: str
    short_name: str
    duty_phone: str
    since: date
    until: date | None


@dataclass(frozen=True)
class CoverView:
    """One cover at one moment; `since` included, `until` excluded."""

    insurer_id: int
    insurer_name: str
    policy_reference: str
    policy_id: int | None
    product: str
    programme: str
    insured_parties: tuple[Any, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True)
class InspectionView:
    kind: str
    inspected_on: date
    result: str
    passed: bool
    valid_until: date | None
    body: str


@dataclass(frozen=True)
class ElevatorView:
    """One elevator on one day."""

    id: int
    code: str
    name: str
    address: str
    place: str
    building: str
    estate: str
    status: str
    status_label: str
    floors: int | None
    put_into_use_on: date | None
    rescue_code: str
    use_registration: str
    use_manager_id: int | None
    use_manager_name: str
    use_manager_phone: str
    use_manager_basis: str
    maintenance_id: int | None
    maintenance_name: str
    maintenance_phone: str
    inspection_valid_until: date | None
    street_office_id: int | None
    regulator_id: int | None
    regulator_name: str
    building_id: int = 0
    stops: int | None = None

    def inspection_valid_on(self, day: date) -> bool:
        """Whether the inspection mark was valid on a day, as far as the register knows now."""
        return self.inspection_valid_until is not None and day <= self.inspection_valid_until


@dataclass(frozen=True)
class PersonAffected:
    """Somebody an incident happened to. `key` is stable inside the incident (P1 ...).

    `name` may be a description; pages show `masked_name`.
    """

    key: str
    party_id: int | None
    name: str
    is_named: bool
    injured: bool
    harm: str
    was_trapped: bool
    age: int | None
    masked_name: str


@dataclass(frozen=True)
class IncidentView:
    """The facts of an incident as they stand. Minutes are whole; amounts CNY."""

    case_id: int
    reference: str
    state: str
    elevator_id: int
    elevator_name: str
    elevator_code: str
    address: str
    place: str
    kind: str
    kind_label: str
    source: str
    source_label: str
    started_at: datetime
    learnt_at: datetime
    arrival_at: datetime | None
    released_at: datetime | None
    trapped_minutes: int | None
    people_count: int
    people: tuple[PersonAffected, ...]
    description: str
    deaths: int
    serious_injuries: int
    injured_count: int
    loss_estimate: Decimal | None
    grade: str
    grade_label: str
    grade_provision: str
    is_grade_confirmed: bool
    exclusion: str
    exclusion_reason: str
    must_report: bool
    regulator_notified_at: datetime | None
    insurer_notified_at: datetime | None
    use_manager_id: int | None
    use_manager_name: str
    maintenance_id: int | None
    insurer_id: int | None
    policy_reference: str
    policy_id: int | None
    programme: str
    linked_reports: int

    @property
    def trapped_people(self) -> tuple[PersonAffected, ...]:
        return tuple(p for p in self.people if p.was_trapped)

    @property
    def injured_people(self) -> tuple[PersonAffected, ...]:
        return tuple(p for p in self.people if p.injured)


@dataclass(frozen=True)
class PersonPosition:
    row_id: int
    key: str
    party_id: int | None


@dataclass(frozen=True)
class IncidentPosition:
    """What the guards of an incident judge beside its own fields: read after the lock."""

    people: tuple[PersonPosition, ...]
    open_children: tuple[str, ...]


@dataclass(frozen=True)
class SameEvent:
    """An incident that may be the one being reported."""

    case_id: int
    reference: str
    nature: str
    started_at: datetime
    people_count: int


@dataclass(frozen=True)
class LifeEvent:
    """One thing in the life of an elevator. `url` is empty where the reader may not look."""

    on: date
    at: datetime | None
    kind: str
    title: str
    detail: str
    case_id: int | None = None
