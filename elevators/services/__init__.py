"""Writes of the register: the register's own rows, and the birth of an incident with everything the register knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Organisation
from access.roles import CaseRole
from casework.errors import FactsRefused, OutOfScope
from casework.steps import begin, perform
from elevators import selectors
from elevators.facts import ChangePeople, Circumstances, JoinReport, MarkDuplicate, PersonFacts, RecordRescue, ReportIncident
from elevators.models import CoverFact, Elevator, Incident, InspectionFact, MaintenanceContract, UseManagement
from elevators.terms import Nature
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor

#: The part that an office of the place plays in an incident there.
_OFFICES = {Organisation.Kind.STREET_OFFICE.value: CaseRole.STREET_OFFICE, Organisation.Kind.MARKET_REGULATOR.value: CaseRole.REGULATOR}


def circumstances_of(elevator: Elevator, moment: datetime) -> Circumstances:
    """What the register knows of an elevator at a moment: manager, maintenance, cover."""
    day = timezone.localtime(moment).date()
    manager, maintenance = selectors.use_manager_on(elevator.pk, day), selectors.maintenance_on(elevator.pk, day)
    cover = next(iter(selectors.covers_on(elevator.pk, moment)), None)
    return Circumstances(
        elevator_id=elevator.pk,
        use_manager_id=manager.organisation_id if manager else None,
        use_manager_name=manager.name if manager else _("没有使用管理人"),
        maintenance_id=maintenance.organisation_id if maintenance else None,
        insurer_id=cover.insurer_id if cover else None,
        policy_reference=cover.policy_reference if cover else "",
        policy_id=cover.policy_id if cover else None,
        programme=cover.programme if cover else "",
    )


def parts_of(elevator: Elevator, known: Circumstances, by: Actor) -> list[tuple[int, CaseRole]]:
    """Who takes part in an incident: manager, maintenance and insurer of that moment, the offices of the place."""
    view = selectors.elevator_view(elevator)
    parts = [
        (known.use_manager_id, CaseRole.USE_MANAGER),
        (known.maintenance_id, CaseRole.MAINTENANCE),
        (known.insurer_id, CaseRole.INSURER),
        (view.regulator_id, CaseRole.REGULATOR),
        (view.street_office_id, CaseRole.STREET_OFFICE),
    ]
    found = [(organisation, part) for organisation, part in parts if organisation is not None]
    office = _office_of(by, elevator.place)
    return found if office is None or office in found else [*found, office]


def _office_of(by: Actor, place: str) -> tuple[int, CaseRole] | None:
    """The part of the reporting office itself, if it looks after the place but is not the one found by it."""
    if by.organisation_id is None or not by.place_prefix or not place.startswith(by.place_prefix):
        return None
    kind = Organisation.objects.values_list("kind", flat=True).get(pk=by.organisation_id)
    return (by.organisation_id, _OFFICES[kind]) if kind in _OFFICES else None


@transaction.atomic
def report_incident(
    *,
    elevator: Elevator,
    by: Actor,
    nature: str,
    source: str,
    started_at: datetime,
    learnt_at: datetime,
    people_count: int,
    people: Sequence[PersonFacts] = (),
    phones: Mapping[int, str] | None = None,
    description: str = "",
    arrival_at: datetime | None = None,
    released_at: datetime | None = None,
    all_trapped: bool | None = None,
    on_behalf_of: str = "",
) -> Incident:
    """Register an incident once, with its rescue if that is over already. Moments are taken to the minute.

    all_trapped: everybody was held in the car; by default so in an entrapment, else as said of each person.
    Raises OutOfScope for an elevator the actor does not see, FactsRefused for facts that do not hold.
    """
    if not by.is_system and not selectors.elevators_in_scope(by).filter(pk=elevator.pk).exists():
        raise OutOfScope("out_of_scope", _("没有这台电梯，或者不在您的范围内。"))
    started_at, learnt_at = _minute(started_at), _minute(learnt_at)
    _ensure_past(started_at=started_at, learnt_at=learnt_at, released_at=released_at, arrival_at=arrival_at)
    known = circumstances_of(elevator, started_at)
    trapped = nature == Nature.ENTRAPMENT if all_trapped is None else all_trapped
    everybody = introduced(complete(people, people_count, was_trapped=trapped), phones or {}, by)
    facts = ReportIncident(
        nature=nature,
        source=source,
        started_at=started_at,
        learnt_at=learnt_at,
        people_count=people_count,
        people=everybody,
        description=description.strip(),
        circumstances=known,
        reported_by_id=by.user_id,
    )
    event = begin(
        Incident,
        "report",
        parent=None,
        by=by,
        happened_at=started_at,
        place=elevator.place,
        title=elevator.name,
        parts=parts_of(elevator, known, by),
        facts=facts,
        on_behalf_of=on_behalf_of,
    )
    if released_at is not None:
        rescue = RecordRescue(released_at=_minute(released_at), arrival_at=_minute(arrival_at) if arrival_at else None)
        event = perform(
            event.case,
            "record_rescue",
            by=by,
            happened_at=max(rescue.released_at, learnt_at),
            seen=None,
            facts=rescue,
            on_behalf_of=on_behalf_of,
        )
    return fresh(event.case_id)


def complete(people: Sequence[PersonFacts], people_count: int, *, was_trapped: bool) -> tuple[PersonFacts, ...]:
    """Everybody who was there, the nameless included, each with a key that stays: P1, P2 ... in the order given."""
    from elevators.checks import MOST_PEOPLE

    if not 0 <= people_count <= MOST_PEOPLE:
        return tuple(people)
    nameless = max(0, people_count - len(people))
    found = [*people, *(PersonFacts(key="") for _n in range(nameless))]
    return tuple(
        PersonFacts(
            key=f"P{n}",
            name=p.name.strip() or _("乘客 %(n)s") % {"n": n},
            is_named=p.is_named,
            harm=p.harm,
            was_trapped=p.was_trapped or was_trapped,
            age=p.age,
            party_id=p.party_id,
        )
        for n, p in enumerate(found, start=1)
    )


def introduced(people: Sequence[PersonFacts], phones: Mapping[int, str], by: Actor) -> tuple[PersonFacts, ...]:
    """Everybody with a party of their own; `phones` are telephone numbers by position. Raises FactsRefused by field."""
    found = []
    for n, person in enumerate(people):
        if person.party_id is None:
            name, description = (person.name, "") if person.is_named else ("", person.name)
            try:
                ref = parties.register_person(name, description=description, phone=phones.get(n, ""), by=by)
            except ValidationError as error:
                raise FactsRefused({f"people.{n}.{name}": says for name, says in error.message_dict.items()}) from error
            person = replace(person, party_id=ref.id)
        found.append(person)
    return tuple(found)


def fresh(case_id: int) -> Incident:
    """An incident as it stands now."""
    incident: Incident = Incident.objects.select_related("elevator__building").get(pk=case_id)
    return incident


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _ensure_past(**moments: datetime | None) -> None:
    now = timezone.now()
    late = {name: [_("这个时间还没到，请看一眼。")] for name, moment in moments.items() if moment is not None and moment > now}
    if late:
        raise FactsRefused(late)


def join_report(
    incident: Incident,
    *,
    by: Actor,
    source: str,
    reported_at: datetime,
    started_at: datetime,
    people_count: int = 0,
    description: str = "",
    seen: int | None = None,
) -> Incident:
    """Keep a further report of an incident with it; no second case is opened."""
    facts = JoinReport(
        source=source,
        reporter=f"{by.name}（{by.organisation_name}）" if by.organisation_name else by.name,
        reported_at=_minute(reported_at),
        started_at=_minute(started_at),
        people_count=people_count,
        description=description.strip(),
    )
    perform(incident, "join", by=by, happened_at=max(facts.reported_at, incident.happened_at), seen=seen, facts=facts)
    return fresh(incident.pk)


def join_incidents(second: Incident, first: Incident, *, by: Actor, reason: str, happened_at: datetime, seen: int | None = None) -> None:
    """Two incidents turn out to be one: the second points to the first, which then takes its report over (effects)."""
    if second.elevator_id != first.elevator_id:
        raise FactsRefused({"of_reference": [_("两案不是同一台电梯。")]})
    perform(
        second,
        "mark_duplicate",
        by=by,
        happened_at=happened_at,
        seen=seen,
        facts=MarkDuplicate(of_reference=first.reference, of_id=first.pk, reason=reason),
    )


def set_party(incident: Incident, *, key: str, party_id: int, name: str, by: Actor, happened_at: datetime) -> None:
    """Say who a person is, once known. Nothing happens when that is on record already."""
    from elevators.models import AffectedPerson

    rows = list(AffectedPerson.objects.filter(incident_id=incident.pk))
    if any(p.key == key and p.party_id == party_id and p.name == name for p in rows):
        return
    people = tuple(
        PersonFacts(
            key=p.key,
            name=name if p.key == key else p.name,
            is_named=p.is_named or p.key == key,
            harm=p.harm,
            was_trapped=p.was_trapped,
            age=p.age,
            party_id=party_id if p.key == key else p.party_id,
            removed_because=p.removed_because,
        )
        for p in rows
    )
    perform(
        incident,
        "change_people",
        by=by,
        happened_at=happened_at,
        seen=None,
        facts=ChangePeople(people=people, people_count=incident.people_count, reason=_("补登身份")),
    )


@transaction.atomic
def appoint_use_manager(
    elevator: Elevator, *, since: date, basis: str, organisation_id: int | None = None, holder_name: str = "", document: str = ""
) -> UseManagement:
    """Someone becomes use-manager from a day on; who was it until then ends the day before."""
    _end_current(UseManagement, elevator, since)
    row = UseManagement.objects.create(
        elevator=elevator, organisation_id=organisation_id, holder_name=holder_name, since=since, basis=basis, document=document
    )
    if elevator.status == Elevator.Status.SUSPENDED_NO_MANAGER:
        Elevator.objects.filter(pk=elevator.pk).update(status=Elevator.Status.SUSPENDED)
    return row


@transaction.atomic
def end_use_management(elevator: Elevator, *, on: date) -> None:
    """The use-manager leaves and nobody follows: the elevator must not be used (rulebook 1.4, row 8)."""
    UseManagement.objects.filter(elevator=elevator, until=None).update(until=on)
    Elevator.objects.filter(pk=elevator.pk).update(status=Elevator.Status.SUSPENDED_NO_MANAGER)


@transaction.atomic
def contract_maintenance(
    elevator: Elevator, *, organisation_id: int, since: date, until: date | None = None, duty_phone: str = "", document: str = ""
) -> MaintenanceContract:
    _end_current(MaintenanceContract, elevator, since)
    return MaintenanceContract.objects.create(
        elevator=elevator, organisation_id=organisation_id, since=since, until=until, duty_phone=duty_phone, document=document
    )


def _end_current(model: type[UseManagement] | type[MaintenanceContract], elevator: Elevator, since: date) -> None:
    day_before = date.fromordinal(since.toordinal() - 1)
    model.objects.filter(elevator=elevator, until=None, since__lt=since).update(until=day_before)


@transaction.atomic
def record_inspection(
    elevator: Elevator,
    *,
    inspected_on: date,
    passed: bool,
    valid_until: date | None = None,
    kind: str = InspectionFact.Kind.PERIODIC,
    body: str = "",
    report_number: str = "",
) -> InspectionFact:
    """Keep an inspection; the elevator's own date of validity follows the latest one. A failed one ends it that day."""
    row, _created = InspectionFact.objects.update_or_create(
        elevator=elevator,
        kind=kind,
        inspected_on=inspected_on,
        defaults={
            "result": InspectionFact.Result.PASSED if passed else InspectionFact.Result.FAILED,
            "valid_until": valid_until,
            "body": body,
            "report_number": report_number,
        },
    )
    latest = InspectionFact.objects.filter(elevator=elevator).exclude(kind=InspectionFact.Kind.ASSESSMENT).first()
    if latest is not None and latest.pk == row.pk:
        Elevator.objects.filter(pk=elevator.pk).update(inspection_valid_until=valid_until if passed else inspected_on)
    return row


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
) -> CoverFact:
    """Keep the fact that an elevator is covered. Told again with the same policy and beginning, it is brought up to date."""
    row, _created = CoverFact.objects.update_or_create(
        elevator_id=elevator_id,
        policy_reference=policy_reference,
        since=since,
        defaults={
            "insurer_id": insurer_id,
            "until": until,
            "policy_id": policy_id,
            "product": product,
            "programme": programme,
            "insured_parties": list(insured_parties),
            "ended_because": ended_because,
        },
    )
    return row
