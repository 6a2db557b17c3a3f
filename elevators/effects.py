"""What follows from an incident's events: its grade by rule, the notices the house gives itself, the joining of doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actors import system_actor
from access.roles import CaseRole
from casework.models import CaseOrganisation
from casework.outbox import after
from casework.steps import perform
from elevators.facts import JoinReport, NotifyInsurer, NotifyRegulator
from elevators.models import AffectedPerson, Incident
from elevators.services import fresh
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import CaseEvent

SYSTEM = "elevators"
IN_APP = "in_app"


def _incident(event: CaseEvent) -> Incident:
    return fresh(event.case_id)


def _part_name(incident: Incident, part: CaseRole) -> str:
    """The organisation in a part of the incident, or nothing."""
    row = CaseOrganisation.objects.filter(case_id=incident.pk, role=part).select_related("organisation").order_by("pk").first()
    return row.organisation.short_name if row else ""


@after(
    "elevators.incident.report", "elevators.incident.record_rescue", "elevators.incident.correct_facts", "elevators.incident.change_people"
)
def propose_grade(event: CaseEvent) -> None:
    """Grade by the facts as they now stand; a grade that an office fixed with its reason stays."""
    incident = _incident(event)
    if incident.state == "open" and not incident.grade_reason:
        perform(incident, "grade", by=system_actor(SYSTEM), happened_at=event.happened_at, seen=None)


@after("elevators.incident.change_people")
def introduce_people(event: CaseEvent) -> None:
    """Whoever was added gets a party of their own; whoever is named now is named there too."""
    for person in AffectedPerson.objects.filter(incident_id=event.case_id, removed_because=""):
        name, description = (person.name, "") if person.is_named else ("", person.name)
        if person.party_id is None:
            person.party_id = parties.register_person(name, description=description).id
            person.save(update_fields=["party_id"])
        elif name and parties.ref(person.party_id).display_name != name:
            parties.identify(person.party_id, name=name)


@after(
    "elevators.incident.report", "elevators.incident.record_rescue", "elevators.incident.correct_facts", "elevators.incident.change_people"
)
def tell_regulator(event: CaseEvent) -> None:
    """Put the report before the regulator of the place, who works here, the moment the facts say that it is due."""
    incident = _incident(event)
    name = _part_name(incident, CaseRole.REGULATOR)
    if name and incident.must_report and incident.regulator_notified_at is None and incident.state == "open":
        facts = NotifyRegulator(reported_at=event.recorded_at, channel=IN_APP, receipt=_("%(name)s 系统内送达") % {"name": name})
        perform(incident, "notify_regulator", by=system_actor(SYSTEM), happened_at=event.recorded_at, seen=None, facts=facts)


@after("elevators.incident.report")
def tell_insurer(event: CaseEvent) -> None:
    """Give the insurer of that minute notice of the loss (保险法 21)."""
    incident = _incident(event)
    name = _part_name(incident, CaseRole.INSURER)
    if name and incident.insurer_notified_at is None and incident.state == "open":
        facts = NotifyInsurer(notified_at=event.recorded_at, channel=IN_APP, receipt=_("%(name)s 系统内送达") % {"name": name})
        perform(incident, "notify_insurer", by=system_actor(SYSTEM), happened_at=event.recorded_at, seen=None, facts=facts)


@after("elevators.incident.mark_duplicate")
def take_over_report(event: CaseEvent) -> None:
    """The incident that stays keeps the other's report with it."""
    second = _incident(event)
    first = Incident.objects.get(pk=(event.record.facts or {})["of_id"])
    if first.state != "open" or first.linked_reports.filter(case_reference=second.reference).exists():
        return
    facts = JoinReport(
        source=second.source,
        reporter=str(second.reported_by or ""),
        reported_at=max(second.learnt_at, first.started_at),
        started_at=second.started_at,
        people_count=second.people_count,
        description=second.description,
        case_reference=second.reference,
    )
    perform(first, "join", by=system_actor(SYSTEM), happened_at=timezone.now(), seen=None, facts=facts)
