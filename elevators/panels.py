"""What the page of an incident adds to the common skeleton: facts, people, what hangs below, joined reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from access.scopes import in_scope
from casework import registry
from casework.models import Case
from casework.panels import panel
from casework.steps import law_of
from elevators import selectors
from elevators.models import Incident
from legislation.units import NotInForce
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor
    from legislation.lookup import Law
    from legislation.units import Provision


def _incident(case: Case) -> Incident:
    incident: Incident = Incident.objects.select_related("elevator__building", "insurer", "maintenance", "reported_by").get(pk=case.pk)
    return incident


@panel("incident", template="elevators/panels/facts.html", order=10)
def facts(case: Case, actor: Actor) -> dict[str, Any]:
    """What happened, with the working of the trapped minutes and the article of the grade."""
    incident = _incident(case)
    law, view = law_of(incident, timezone.now()), selectors.incident_view(incident)
    lift = selectors.elevators_in_scope(actor).filter(pk=incident.elevator_id).first()
    return {
        "i": incident,
        "view": view,
        "arrival": _arrival(incident, law),
        "grade_table": _provision(law, "incident.grade_table"),
        "investigator": _investigator(incident, law),
        "elevator_url": reverse("elevators:elevator", args=[lift.code]) if lift else reverse("elevators:plate", args=[view.elevator_code]),
    }


def _arrival(incident: Incident, law: Law) -> dict[str, Any] | None:
    """How long the rescuers took and how long they may take there; for information."""
    if incident.arrival_at is None:
        return None
    name = "incident.rescue_arrival_urban" if incident.elevator.building.is_urban else "incident.rescue_arrival_elsewhere"
    minutes = int((incident.arrival_at - incident.started_at).total_seconds()) // 60
    allowed = _provision(law, name)
    return {"minutes": minutes, "allowed": allowed, "name": name, "is_late": allowed is not None and minutes > allowed.value}


def _provision(law: Law, name: str) -> Provision | None:
    try:
        return law.provision(name)
    except NotInForce:
        return None


def _investigator(incident: Incident, law: Law) -> str:
    """Who investigates an accident of this grade (特种设备安全法 72)."""
    levels = _provision(law, "incident.investigation_level")
    return str(levels.value.get(incident.accident_grade, "")) if levels else ""


@panel("incident", template="elevators/panels/people.html", order=20)
def people(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Who it happened to, by masked names."""
    rows = list(_incident(case).people.all())
    if not rows:
        return None
    known = parties.parties([p.party_id for p in rows if p.party_id])
    refs = [(p, known.get(p.party_id or 0)) for p in rows]
    shown = [(p, ref.masked_name if ref else p.name, ref) for p, ref in refs]
    return {"people": [row for row in shown if not row[0].removed_because], "removed": [row for row in shown if row[0].removed_because]}


@panel("incident", template="elevators/panels/below.html", order=60)
def below(case: Case, actor: Actor) -> dict[str, Any]:
    """The cases under it: what must end before it can be closed."""
    children = Case.objects.filter(in_scope(actor), parent_id=case.pk).order_by("pk")
    hidden = Case.objects.filter(parent_id=case.pk, closed_at=None).exclude(pk__in=[c.pk for c in children]).count()
    return {"children": [(c, registry.kind(c.kind).label) for c in children], "hidden": hidden}


@panel("incident", template="elevators/panels/reports.html", column="side", order=40)
def reports(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Further reports of the same event, as they came."""
    rows = list(_incident(case).linked_reports.all())
    return {"reports": rows} if rows else None
