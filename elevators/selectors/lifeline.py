"""The life line of an elevator: built, inspected, managed, insured, and what happened, in one row of time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from elevators import selectors
from elevators.models import CoverFact, Elevator, Incident, InspectionFact, MaintenanceContract, UseManagement
from elevators.selectors.readmodels import LifeEvent

if TYPE_CHECKING:
    from access.actors import Actor


def life_line(elevator_id: int, *, by: Actor | None = None) -> tuple[LifeEvent, ...]:
    """All events of one elevator, the latest first. Without a reader only what may hang on the plate in the car."""
    found = [*_beginnings(elevator_id), *_managements(elevator_id), *_inspections(elevator_id), *_covers(elevator_id)]
    found += _incidents(elevator_id, by)
    return tuple(sorted(found, key=lambda e: (e.on, e.at is not None, e.at or timezone.now()), reverse=True))


def _beginnings(elevator_id: int) -> list[LifeEvent]:
    lift = Elevator.objects.get(pk=elevator_id)
    rows = [(lift.first_supervision_on, _("安装监督检验")), (lift.put_into_use_on, _("投入使用"))]
    return [LifeEvent(day, None, "beginning", title, "") for day, title in rows if day is not None]


def _managements(elevator_id: int) -> list[LifeEvent]:
    rows = UseManagement.objects.filter(elevator_id=elevator_id).select_related("organisation")
    found = [
        LifeEvent(r.since, None, "management", _("使用管理人：%(name)s") % {"name": r.manager_name}, str(r.get_basis_display()))
        for r in rows
    ]
    contracts = MaintenanceContract.objects.filter(elevator_id=elevator_id).select_related("organisation")
    found += [
        LifeEvent(c.since, None, "maintenance", _("维保单位：%(name)s") % {"name": c.organisation.name}, c.document) for c in contracts
    ]
    return found


def _inspections(elevator_id: int) -> list[LifeEvent]:
    rows = InspectionFact.objects.filter(elevator_id=elevator_id)
    return [
        LifeEvent(
            r.inspected_on,
            None,
            "inspection",
            f"{r.get_kind_display()} {r.get_result_display()}",
            _("有效期至 %(day)s") % {"day": _day(r.valid_until)} if r.valid_until else "",
        )
        for r in rows
    ]


def _covers(elevator_id: int) -> list[LifeEvent]:
    rows = CoverFact.objects.filter(elevator_id=elevator_id).select_related("insurer")
    return [
        LifeEvent(
            timezone.localtime(r.since).date(),
            None,
            "cover",
            _("投保：%(insurer)s %(product)s") % {"insurer": r.insurer.short_name, "product": r.product},
            _("有效期至 %(day)s") % {"day": _day(selectors.last_day(r.until))},
        )
        for r in rows
    ]


def _incidents(elevator_id: int, by: Actor | None) -> list[LifeEvent]:
    rows = Incident.objects.filter(elevator_id=elevator_id).exclude(state="duplicate")
    visible = set(selectors.incidents_in_scope(by).filter(elevator_id=elevator_id).values_list("pk", flat=True)) if by else set()
    return [
        LifeEvent(
            timezone.localtime(r.started_at).date(), r.started_at, "incident", _title(r), _outcome(r), r.pk if r.pk in visible else None
        )
        for r in rows
    ]


def _title(incident: Incident) -> str:
    """What happened, in numbers only: nobody's name stands on a life line."""
    said = str(incident.get_nature_display())
    if incident.people_count:
        said = _("%(what)s，%(count)s 人") % {"what": said, "count": incident.people_count}
    if incident.injured_count and incident.nature != "injury":
        said = _("%(what)s，%(count)s 人受伤") % {"what": said, "count": incident.injured_count}
    return said


def _outcome(incident: Incident) -> str:
    if incident.released_at is None:
        return str(incident.state_label)
    when = timezone.localtime(incident.released_at)
    if incident.trapped_minutes is None:
        return _("%(when)s 救出") % {"when": f"{when:%H:%M}"}
    return _("%(when)s 全部救出，被困 %(minutes)s 分钟") % {"when": f"{when:%H:%M}", "minutes": incident.trapped_minutes}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
