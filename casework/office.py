"""What an office arranges about a case: who handles it, who stands in. No step of any life cycle, but a link of its chain."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from casework import audit, registry, steps
from casework.declarations import NoFacts, StepSpec
from casework.facts import plain
from casework.models import Case
from legislation import release

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import CaseEvent

ASSIGN, SUBSTITUTE = "assign_officer", "name_substitute"


@transaction.atomic
def record(case: Case, verb: str, *, by: Actor, facts: dict[str, Any], changes: dict[str, Any]) -> CaseEvent:
    """Change these columns of a case, none of which its life cycle owns, and append the event that says so."""
    case = steps.lock(case)
    case.sequence += 1
    now = timezone.now()
    event = audit.record(
        event_id=uuid.uuid4(),
        case=case,
        step=_spec(case, verb),
        source=case.state,
        by=by,
        happened_at=now,
        recorded_at=now,
        facts=plain(facts),
        changes=plain(changes),
        law_release=release.RELEASE,
        provisions=[],
        on_behalf_of="",
    )
    Case.objects.filter(pk=case.pk).update(sequence=case.sequence, head=case.head, **changes)
    return event


def _spec(case: Case, verb: str) -> StepSpec:
    return StepSpec(
        verb=verb, sources=(), target=None, label=registry.OFFICE[verb], description="", guards=(), checks=(), moves=(), rows=(),
        provisions=(), facts=NoFacts, evidence=(), grave=False, foresee=False, system_only=False,
        kind=case.kind, app=registry.kind(case.kind).app,
    )  # fmt: skip
