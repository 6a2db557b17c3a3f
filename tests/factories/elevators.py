"""An elevator with everybody responsible for it, and incidents on it, through the real door. All names invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from access.actors import Actor
from access.models import Organisation
from access.roles import Role
from casework import outbox
from casework.models import OutboxEntry
from elevators import api, services
from elevators.models import Building, Elevator, Incident, UseManagement
from tests.factories.access import PLACE, make_actor, make_organisation

_serial = count(1)


@dataclass(frozen=True)
class Lobby:
    """One elevator with its people: manager, maintenance, street office, regulator, insurer."""

    elevator: Elevator
    manager: Organisation
    clerk: Actor
    approver: Actor
    maintainer: Actor
    street_clerk: Actor
    officer: Actor
    insurer: Organisation
    handler: Actor


def make_elevator(name: str = "榕岸花园 3 栋 1 梯", *, place: str = PLACE, street_office: Organisation | None = None) -> Elevator:
    number = next(_serial)
    building = Building.objects.create(
        name=name.rsplit(" ", 1)[0], estate="榕岸花园", address="广州市海珠区榕岸路 86 号", place=place, street_office=street_office
    )
    return Elevator.objects.create(
        code=f"3110108902005{number:05d}",
        name=name,
        building=building,
        rescue_code=f"A{number:05d}",
        floors=18,
        stops=18,
        put_into_use_on=date(2005, 6, 1),
    )


def make_lobby(*, since: date = date(2020, 1, 1), insured: bool = True, place: str = PLACE) -> Lobby:
    """Managed and maintained since a day, covered for the years around it, inspected last March."""
    manager, maintenance = make_organisation(place=place), make_organisation(Organisation.Kind.MAINTENANCE_CONTRACTOR, place)
    office, regulator = (
        make_organisation(Organisation.Kind.STREET_OFFICE, place),
        make_organisation(Organisation.Kind.MARKET_REGULATOR, place),
    )
    insurer = make_organisation(Organisation.Kind.INSURER, place)
    lift = make_elevator(place=place, street_office=office)
    services.appoint_use_manager(lift, since=since, basis=UseManagement.Basis.ENTRUSTED, organisation_id=manager.pk)
    services.contract_maintenance(lift, organisation_id=maintenance.pk, since=since, duty_phone="020-0000 0000")
    services.record_inspection(lift, inspected_on=date(2026, 3, 11), passed=True, valid_until=date(2027, 3, 31))
    if insured:
        api.record_cover(
            elevator_id=lift.pk,
            insurer_id=insurer.pk,
            policy_reference=f"P-{lift.pk}",
            product="电梯责任保险",
            since=timezone.make_aware(datetime(since.year, 1, 1)),
            until=timezone.make_aware(datetime(2030, 1, 1)),
        )
    return Lobby(
        Elevator.objects.get(pk=lift.pk),
        manager,
        clerk=make_actor(Role.MANAGER_CLERK, organisation=manager),
        approver=make_actor(Role.MANAGER_APPROVER, organisation=manager),
        maintainer=make_actor(Role.MAINTENANCE_STAFF, organisation=maintenance),
        street_clerk=make_actor(Role.STREET_CLERK, organisation=office),
        officer=make_actor(Role.REGULATOR_OFFICER, organisation=regulator),
        insurer=insurer,
        handler=make_actor(Role.INSURER_HANDLER, organisation=insurer),
    )


@contextmanager
def register_drained() -> Iterator[None]:
    """Deliver what the block gave rise to inside the register; papers and claims above it have their own tests."""
    yield
    while entry := OutboxEntry.objects.filter(status="pending", handler__startswith="elevators.effects.").order_by("id").first():
        with transaction.atomic():
            outbox.handle(entry)
            OutboxEntry.objects.filter(pk=entry.pk).update(status="done")


def ago(minutes: int) -> datetime:
    """A whole minute of the recent past."""
    return (timezone.now() - timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def make_incident(
    lobby: Lobby,
    *,
    nature: str = api.Nature.ENTRAPMENT,
    started: int = 180,
    learnt: int | None = None,
    trapped: int | None = None,
    people_count: int = 3,
    people: tuple[api.PersonFacts, ...] = (),
    by: Actor | None = None,
) -> Incident:
    """An incident that began `started` minutes ago; with `trapped` everybody was out after that many minutes."""
    start = ago(started)
    case = api.report_incident(
        elevator_id=lobby.elevator.pk,
        by=by or lobby.clerk,
        nature=nature,
        started_at=start,
        learnt_at=ago(learnt) if learnt is not None else start,
        people_count=people_count,
        people=people,
        released_at=start + timedelta(minutes=trapped) if trapped is not None else None,
    )
    return Incident.objects.get(pk=case.pk)
