"""Sheets of the case page about its files: the evidence pack of the incident, the file to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework import pack
from casework.archive import archives_of
from casework.models import ArchiveRequest
from casework.panels import panel
from casework.selectors import evidence_choices

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@panel("*", template="casework/panels/pack.html", column="main", order=85)
def evidence_pack(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Every piece of the incident once, with its uses; those the reader may open and this case lacks can be picked."""
    pieces = pack.pack(case, actor)
    if not pieces:
        return None
    here = set(case.evidence.filter(withdrawn_at=None).values_list("sha256", flat=True))
    elsewhere = [p for p in pieces if p.verdict.allowed and p.row.sha256 not in here]
    return {"case": case, "pieces": pieces, "elsewhere": elsewhere, "choices": evidence_choices(case) if elsewhere else ()}


@panel("*", template="casework/panels/archive.html", column="side", order=90)
def whole_file(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What the reader asked for on this case, and the form to ask. Nobody without an organisation takes a file away."""
    if actor.user_id is None or actor.organisation_id is None:
        return None
    return archive_context(case, actor)


def archive_context(case: Case, actor: Actor) -> dict[str, Any]:
    rows = archives_of(case, actor=actor)
    is_waiting = any(row.status == ArchiveRequest.Status.WAITING for row in rows)
    return {"case": case, "rows": rows, "purposes": ArchiveRequest.Purpose.choices, "is_waiting": is_waiting}
