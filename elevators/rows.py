"""Pure functions from a step's facts to the rows it writes beside the incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from elevators.facts import ChangePeople, JoinReport, PersonFacts, ReportIncident
    from elevators.models import AffectedPerson, Incident, LinkedReport
    from elevators.selectors.readmodels import IncidentPosition


def people_reported(case: Incident, facts: ReportIncident, law: Any, event_id: UUID, position: None) -> list[AffectedPerson]:
    return [_person(case, p, None) for p in facts.people]


def people_changed(case: Incident, facts: ChangePeople, law: Any, event_id: UUID, position: IncidentPosition) -> list[AffectedPerson]:
    known = {p.key: p.row_id for p in position.people}
    return [_person(case, p, known.get(p.key)) for p in facts.people]


def _person(case: Incident, person: PersonFacts, row_id: int | None) -> AffectedPerson:
    from elevators.models import AffectedPerson

    return AffectedPerson(
        id=row_id,
        incident_id=case.pk,
        key=person.key,
        party_id=person.party_id,
        name=person.name,
        is_named=person.is_named,
        harm=person.harm,
        was_trapped=person.was_trapped,
        age=person.age,
        removed_because=person.removed_because,
    )


def linked_report(case: Incident, facts: JoinReport, law: Any, event_id: UUID, position: IncidentPosition) -> list[LinkedReport]:
    from elevators.models import LinkedReport

    return [
        LinkedReport(
            incident_id=case.pk,
            event_id=event_id,
            source=facts.source,
            reporter=facts.reporter,
            reported_at=facts.reported_at,
            started_at=facts.started_at,
            people_count=facts.people_count,
            description=facts.description,
            case_reference=facts.case_reference,
        )
    ]
