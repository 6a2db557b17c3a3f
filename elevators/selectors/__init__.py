"""Reads of the register: keyword-only functions giving read models, and scoped querysets for our own pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Organisation
from access.scopes import in_scope
from casework import registry
from casework.models import Case
from elevators.models import AffectedPerson, CoverFact, Elevator, Incident, InspectionFact, MaintenanceContract, UseManagement
from elevators.selectors.readmodels import (
    CoverView,
    ElevatorView,
    IncidentPosition,
    IncidentView,
    InspectionView,
    MaintenanceView,
    ManagerView,
    PersonAffected,
    PersonPosition,
    SameEvent,
)
from elevators.terms import codes
from legislation import lookup
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor


def _on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def elevators_in_scope(actor: Actor, *, on: date | None = None) -> QuerySet[Elevator]:
    """The elevators an actor sees: those its organisation manages, maintains or insures now, or all of its district."""
    rows = Elevator.objects.select_related("building")
    if actor.sees_all:
        return rows
    if actor.organisation_id is None or not actor.roles:
        return rows.none()
    day, mine = on or timezone.localdate(), actor.organisation_id
    scope = (
        Q(pk__in=UseManagement.objects.filter(_on(day), organisation_id=mine).values("elevator_id"))
        | Q(pk__in=MaintenanceContract.objects.filter(_on(day), organisation_id=mine).values("elevator_id"))
        | Q(pk__in=CoverFact.objects.filter(insurer_id=mine, until__gt=timezone.now()).values("elevator_id"))
    )
    if actor.place_prefix:
        scope |= Q(building__place__startswith=actor.place_prefix)
    return rows.filter(scope)


def incidents_in_scope(actor: Actor) -> QuerySet[Incident]:
    rows: QuerySet[Incident] = Incident.objects.filter(in_scope(actor)).select_related("elevator__building")
    return rows


def find_elevator(text: str) -> Elevator | None:
    """An elevator by what stands on its plate: 设备代码, old 注册代码, 使用登记证编号 or 96333 code."""
    digits = codes.tidy(text)
    if not digits:
        return None
    rows = Elevator.objects.select_related("building")
    return (
        rows.filter(code=digits).first()
        or rows.filter(registration_code=digits).order_by("pk").first()
        or rows.filter(Q(rescue_code__iexact=digits) | Q(use_registration__iexact=digits)).order_by("pk").first()
    )


def use_manager_on(elevator_id: int, day: date) -> ManagerView | None:
    """Who was use-manager on a day; None when nobody was (then the street office coordinates)."""
    row = UseManagement.objects.filter(_on(day), elevator_id=elevator_id).select_related("organisation").first()
    if row is None:
        return None
    return ManagerView(
        row.organisation_id, row.manager_name, row.organisation.phone if row.organisation else "", row.basis, row.since, row.until
    )


def maintenance_on(elevator_id: int, day: date) -> MaintenanceView | None:
    row = MaintenanceContract.objects.filter(_on(day), elevator_id=elevator_id).select_related("organisation").first()
    if row is None:
        return None
    return MaintenanceView(
        row.organisation_id,
        row.organisation.name,
        row.organisation.short_name,
        row.duty_phone or row.organisation.phone,
        row.since,
        row.until,
    )


def covers_on(elevator_id: int, moment: datetime) -> tuple[CoverView, ...]:
    """Every cover of an elevator at a moment, a policy of its own before a programme, the older first."""
    rows = CoverFact.objects.filter(elevator_id=elevator_id, since__lte=moment, until__gt=moment).select_related("insurer")
    return tuple(
        CoverView(
            r.insurer_id,
            r.insurer.short_name,
            r.policy_reference,
            r.policy_id,
            r.product,
            r.programme,
            tuple(r.insured_parties),
            r.since,
            r.until,
        )
        for r in rows.order_by("since", "pk")
    )


def last_day(until: datetime) -> date:
    """The last day of a cover that ends, excluded, at `until`: midnight of 1 January is 31 December."""
    return timezone.localtime(until - timedelta(microseconds=1)).date()


def last_inspection(elevator_id: int) -> InspectionView | None:
    row = InspectionFact.objects.filter(elevator_id=elevator_id).exclude(kind=InspectionFact.Kind.ASSESSMENT).first()
    if row is None:
        return None
    return InspectionView(
        str(row.get_kind_display()),
        row.inspected_on,
        str(row.get_result_display()),
        row.result == InspectionFact.Result.PASSED,
        row.valid_until,
        row.body,
    )


def regulator_of(place: str) -> Organisation | None:
    """The market regulator nearest to a place: the district's, else the city's, else the province's."""
    wider = [place, place[:4] + "00", place[:2] + "0000"]
    found = {o.place: o for o in Organisation.objects.filter(kind=Organisation.Kind.MARKET_REGULATOR, place__in=wider).order_by("-pk")}
    return next((found[p] for p in wider if p in found), None)


def street_office_of(elevator: Elevator) -> Organisation | None:
    """The street office named for the building; else the only one of the district."""
    if elevator.building.street_office is not None:
        return elevator.building.street_office
    offices = list(Organisation.objects.filter(kind=Organisation.Kind.STREET_OFFICE, place=elevator.place).order_by("pk")[:2])
    return offices[0] if len(offices) == 1 else None


def elevator_view(elevator: Elevator, *, on: date | None = None) -> ElevatorView:
    """An elevator with everybody responsible for it on a day (default today)."""
    day = on or timezone.localdate()
    manager, maintenance = use_manager_on(elevator.pk, day), maintenance_on(elevator.pk, day)
    office, regulator = street_office_of(elevator), regulator_of(elevator.place)
    return ElevatorView(
        id=elevator.pk,
        code=elevator.code,
        name=elevator.name,
        address=elevator.address,
        place=elevator.place,
        building=elevator.building.name,
        estate=elevator.building.estate,
        status=elevator.status,
        status_label=str(elevator.get_status_display()),
        floors=elevator.floors,
        put_into_use_on=elevator.put_into_use_on,
        rescue_code=elevator.rescue_code,
        use_registration=elevator.use_registration,
        use_manager_id=manager.organisation_id if manager else None,
        use_manager_name=manager.name if manager else _("没有使用管理人"),
        use_manager_phone=manager.phone if manager else "",
        use_manager_basis=manager.basis if manager else "",
        maintenance_id=maintenance.organisation_id if maintenance else None,
        maintenance_name=maintenance.name if maintenance else "",
        maintenance_phone=maintenance.duty_phone if maintenance else "",
        inspection_valid_until=elevator.inspection_valid_until,
        street_office_id=office.pk if office else None,
        regulator_id=regulator.pk if regulator else None,
        regulator_name=regulator.short_name if regulator else "",
        building_id=elevator.building_id,
        stops=elevator.stops,
    )


def same_event_candidates(*, elevator_id: int, started_at: datetime, besides: int | None = None) -> tuple[SameEvent, ...]:
    """Open incidents of the elevator that begin near this moment, or in which somebody was still trapped then."""
    place = Elevator.objects.values_list("building__place", flat=True).get(pk=elevator_id)
    window = lookup.at(timezone.localtime(started_at).date(), place).hours("incident.same_event_window")
    apart = timedelta(hours=window.value)
    near = Q(started_at__range=(started_at - apart, started_at + apart))
    still_in = Q(started_at__lte=started_at, has_trapped=True, released_at=None)
    rows = Incident.objects.filter(near | still_in, elevator_id=elevator_id, state="open").exclude(pk=besides).order_by("started_at")
    return tuple(SameEvent(r.pk, r.reference, str(r.get_nature_display()), r.started_at, r.people_count) for r in rows)


@registry.position_for("incident")
def incident_position(case: Incident) -> IncidentPosition:
    """What stands below the incident and who it happened to."""
    children = Case.objects.filter(parent_id=case.pk, closed_at=None).order_by("pk")
    return IncidentPosition(
        people=tuple(PersonPosition(p.pk, p.key, p.party_id) for p in AffectedPerson.objects.filter(incident_id=case.pk)),
        open_children=tuple(f"{registry.kind(c.kind).label} {c.reference}（{c.state_label}）" for c in children),
    )


def people_of(incident_id: int) -> tuple[PersonAffected, ...]:
    """Everybody affected, without mistaken entries."""
    rows = list(AffectedPerson.objects.filter(incident_id=incident_id, removed_because=""))
    known = parties.parties([p.party_id for p in rows if p.party_id is not None])
    return tuple(
        PersonAffected(
            p.key,
            p.party_id,
            p.name,
            p.is_named,
            p.is_injured,
            p.harm,
            p.was_trapped,
            p.age,
            masked_name=known[p.party_id].masked_name if p.party_id in known else p.name,
        )
        for p in rows
    )


def incident_view(incident: Incident) -> IncidentView:
    i, lift = incident, incident.elevator
    return IncidentView(
        case_id=i.pk,
        reference=i.reference,
        state=i.state,
        elevator_id=lift.pk,
        elevator_name=lift.name,
        elevator_code=lift.code,
        address=lift.address,
        place=i.place,
        kind=i.nature,
        kind_label=str(i.get_nature_display()),
        source=i.source,
        source_label=str(i.get_source_display()),
        started_at=i.started_at,
        learnt_at=i.learnt_at,
        arrival_at=i.arrival_at,
        released_at=i.released_at,
        trapped_minutes=i.trapped_minutes,
        people_count=i.people_count,
        people=people_of(i.pk),
        description=i.description,
        deaths=i.deaths,
        serious_injuries=i.serious_injuries,
        injured_count=i.injured_count,
        loss_estimate=i.loss_estimate,
        grade=i.accident_grade,
        grade_label=str(i.get_accident_grade_display()),
        grade_provision=i.grade_provision,
        is_grade_confirmed=i.is_grade_confirmed,
        exclusion=i.exclusion,
        exclusion_reason=i.exclusion_reason,
        must_report=i.must_report,
        regulator_notified_at=i.regulator_notified_at,
        insurer_notified_at=i.insurer_notified_at,
        use_manager_id=i.use_manager_id,
        use_manager_name=i.use_manager_name,
        maintenance_id=i.maintenance_id,
        insurer_id=i.insurer_id,
        policy_reference=i.policy_reference,
        policy_id=i.policy_id,
        programme=i.programme,
        linked_reports=i.linked_reports.count(),
    )
