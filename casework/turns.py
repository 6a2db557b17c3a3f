"""Whose turn it is: read from a case as it now stands and kept on its row, where "my work" finds it."""

from __future__ import annotations

from datetime import datetime

from casework import registry
from casework.models import Case
from casework.permits import Standing, standing_of


def take_turn(case: Case, now: datetime, standing: Standing) -> None:
    """Write on the case (unsaved) which organisation, role and step it now waits for."""
    turn = None if case.state in case.ENDED else case.turn(registry.position_of(case))
    organisation = standing.first(turn.part) if turn is not None and turn.part is not None else None
    role, verb = (str(turn.role or ""), turn.verb) if turn else ("", "")
    if (case.turn_organisation_id, case.turn_role, case.turn_verb) != (organisation, role, verb):
        case.turn_since = now
    case.turn_organisation_id, case.turn_role, case.turn_verb = organisation, role, verb


def wake_parent(parent_id: int, now: datetime) -> None:
    """A child that ended may have been all its parent waited for: whose turn it is there is read anew, under its lock."""
    parent = Case.objects.get(pk=parent_id).specific
    before = parent.turn_organisation_id, parent.turn_role, parent.turn_verb
    take_turn(parent, now, standing_of(parent))
    turn = {"turn_organisation_id": parent.turn_organisation_id, "turn_role": parent.turn_role, "turn_verb": parent.turn_verb}
    if tuple(turn.values()) != before:
        Case.objects.filter(pk=parent_id).update(**turn, turn_since=now)
