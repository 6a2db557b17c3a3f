"""The papers of a case beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from access.scopes import in_scope
from casework.panels import operator_panel, panel
from correspondence.models import IssuedDocument, Message

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@panel("*", template="correspondence/panels/papers.html", column="side", order=30)
def papers(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Issued papers of the case, of those it hangs on and of those right below it, as far as the actor sees them; newest first."""
    near = Q(case_id__in=case.lineage) | Q(case__parent_id=case.pk)
    rows = IssuedDocument.objects.filter(Q(case_id=case.pk) | (near & in_scope(actor, "case")))
    return {"rows": rows.select_related("replaced_by", "case"), "case_id": case.pk}


@operator_panel(template="correspondence/panels/failed.html", order=40)
def failed_messages(actor: Actor) -> dict[str, Any]:
    """Mail that did not arrive, newest first, and how much still waits."""
    return {
        "rows": Message.objects.filter(status=Message.Status.FAILED).select_related("recipient", "case")[:50],
        "waiting": Message.objects.filter(status=Message.Status.PENDING).count(),
    }
