"""Sheets of the case page about its files: the file to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.archive import archives_of
from casework.models import ArchiveRequest
from casework.panels import panel

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


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
