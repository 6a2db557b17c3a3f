"""From an incident to its claims: one for each injured person, one for the unhurt who were held too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access.actors import Actor, system_actor
from casework.outbox import after
from casework.steps import perform
from claims import services
from claims.facts import Assess
from claims.models import Claim
from claims.terms import Subject
from elevators import api as elevators

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")


@after("elevators.incident.report", "elevators.incident.change_people")
def open_for_the_injured(event: CaseEvent) -> None:
    """Whoever is hurt has a claim from the first minute, known by name or not."""
    view = elevators.incident_view(event.case_id)
    if view.state == "open":
        services.open_injury_claims(view, by=BY, happened_at=event.happened_at)


@after("elevators.incident.record_rescue", "elevators.incident.correct_facts", "elevators.incident.change_people")
def open_for_the_unhurt(event: CaseEvent) -> None:
    """Whether the unhurt have a claim is known when they are out: the threshold of the policy's programme decides."""
    view = elevators.incident_view(event.case_id)
    if view.state == "open" and view.trapped_minutes is not None:
        services.open_entrapment_claim(view, by=BY, happened_at=event.happened_at)


@after("elevators.incident.change_people")
def name_the_people(event: CaseEvent) -> None:
    """Names and accounts that the register learns later reach the claims below."""
    view = elevators.incident_view(event.case_id)
    services.name_people(view, by=BY, happened_at=event.happened_at)


@after("claims.claim.open", "claims.claim.reopen")
def assess_the_entrapment(event: CaseEvent) -> None:
    """Entrapment money is a figure of the programme and the policy: the worksheet writes itself, a person confirms it."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.subject != Subject.ENTRAPMENT or claim.state != "open" or claim.policy_id is None:
        return
    sheet = services.write_entrapment_sheet(claim, by=BY)
    if sheet is not None and sheet.total is not None:
        facts = Assess(sheet.id, sheet.total, sheet.reason)
        perform(claim, "assess", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
