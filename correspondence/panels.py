"""The papers of a case beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.panels import panel
from correspondence.models import IssuedDocument

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@panel("*", template="correspondence/panels/papers.html", column="side", order=30)
def papers(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Issued papers of the case and of the cases it hangs on, newest first."""
    rows = IssuedDocument.objects.filter(case_id__in=[case.pk, *case.lineage]).select_related("replaced_by", "case")
    shown = [row for row in rows if row.case_id == case.pk or actor.sees_all or actor.organisation_id in row.case.organisation_ids]
    return {"rows": shown}
