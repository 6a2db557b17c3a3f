"""The append-only audit chain of a case: each event's digest covers the one before it and the digest of its facts."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from casework import sql
from casework.facts import canonical, digest
from casework.models import Case, CaseEvent, EventFacts

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.declarations import StepSpec


def genesis(reference: str) -> str:
    return digest("tibao", reference)


def _facts_digest(salt: str, facts: Any, changes: Any) -> str:
    return digest(salt, canonical(facts), canonical(changes))


def covered(event: CaseEvent) -> dict[str, str]:
    """What an event's digest is taken over, by name and in order; the offline verifier of a file reads the same."""
    return {
        "previous": event.previous,
        "id": str(event.id),
        "case_id": str(event.case_id),
        "number": str(event.number),
        "topic": event.topic,
        "source": event.source,
        "target": event.target,
        "actor_user_id": str(event.actor_user_id or ""),
        "actor_organisation_id": str(event.actor_organisation_id or ""),
        "actor_name": event.actor_name,
        "on_behalf_of": event.on_behalf_of,
        "happened_at": _instant(event.happened_at),
        "recorded_at": _instant(event.recorded_at),
        "law_release": event.law_release,
        "provisions": canonical(event.provisions),
        "facts_digest": event.facts_digest,
        **({"link_id": str(event.link_id), "identified_by": event.identified_by} if event.link_id is not None else {}),
    }


def _event_digest(event: CaseEvent) -> str:
    return digest(*covered(event).values())


def _instant(moment: datetime) -> str:
    return moment.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


def record(
    *,
    event_id: UUID,
    case: Case,
    step: StepSpec,
    source: str,
    by: Actor,
    happened_at: datetime,
    recorded_at: datetime,
    facts: Any,
    changes: Any,
    law_release: str,
    provisions: list[str],
    on_behalf_of: str,
) -> CaseEvent:
    """Append one event. `facts` and `changes` are plain JSON; case.sequence already counts this event.

    Leaves the new digest in case.head for the caller to store.
    """
    salt = secrets.token_hex(16)
    event = CaseEvent(
        id=event_id,
        case_id=case.pk,
        number=case.sequence,
        topic=step.topic,
        verb=step.verb,
        source=source,
        target=case.state,
        actor_user_id=by.user_id,
        actor_organisation_id=by.organisation_id,
        actor_name=by.name,
        actor_is_system=by.is_system,
        on_behalf_of=on_behalf_of,
        link_id=by.link.id if by.link else None,
        identified_by=by.link.strength if by.link else "",
        happened_at=happened_at,
        recorded_at=recorded_at,
        law_release=law_release,
        provisions=provisions,
        facts_digest=_facts_digest(salt, facts, changes),
        previous=case.head or genesis(case.reference),
    )
    event.digest = case.head = _event_digest(event)
    kept = EventFacts(event=event, facts=facts, changes=changes, salt=salt)
    sql.insert([event])
    sql.insert([kept])
    event.record = kept
    return event


@dataclass(frozen=True)
class Broken:
    """Where a chain breaks: the first row that does not hold, and why."""

    reference: str
    number: int
    why: str


def verify_case(case: Case) -> Broken | None:
    """Walk one case's chain; the first broken row, or None."""
    previous, state, expected = genesis(case.reference), "", 0
    for event in case.events.select_related("record").order_by("number").iterator():
        expected += 1
        if event.number != expected:
            return Broken(case.reference, expected, "missing")
        if event.previous != previous:
            return Broken(case.reference, event.number, "does not follow the row before it")
        if event.digest != _event_digest(event):
            return Broken(case.reference, event.number, "altered")
        if event.source != state:
            return Broken(case.reference, event.number, "starts from a state the case was not in")
        kept = getattr(event, "record", None)
        if kept is None:
            return Broken(case.reference, event.number, "facts missing without a tombstone")
        if kept.erased_at is None and event.facts_digest != _facts_digest(kept.salt, kept.facts, kept.changes):
            return Broken(case.reference, event.number, "facts altered")
        previous, state = event.digest, event.target
    if expected != case.sequence:
        return Broken(case.reference, expected + 1, "missing at the end")
    if previous != case.head:
        return Broken(case.reference, expected, "the case's own record of its last event differs")
    if state != case.state:
        return Broken(case.reference, expected, "the case is in a state its chain does not reach")
    return None


def verify_all() -> Iterator[Broken]:
    """The first broken row of every case whose chain does not hold."""
    for case in Case.objects.order_by("pk").iterator(chunk_size=500):
        broken = verify_case(case)
        if broken:
            yield broken
