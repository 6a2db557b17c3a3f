"""The papers of a case beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from access.scopes import in_scope
from casework.panels import operator_panel, panel
from correspondence import selectors
from correspondence.links import links_of
from correspondence.models import IssuedDocument, Message
from correspondence.permissions import ASKERS, LINK

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


@panel("*", template="correspondence/panels/records_requests.html", column="side", order=35)
def records_requests(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Papers asked for below this case; money orders and requests themselves ask for none."""
    if case.kind in ("records_request", "payment_order"):
        return None
    rows, may_ask = selectors.records_requests(case=case, actor=actor), actor.has(*ASKERS) and not case.is_ended
    return {"case": case, "rows": rows, "may_ask": may_ask} if rows or may_ask else None


@panel("records_request", template="correspondence/panels/records_request.html", order=10)
def records_request(case: Case, actor: Actor) -> dict[str, Any]:
    """What is asked, what came, and the links by which somebody without an account answers."""
    found: Any = case.specific
    is_asker = actor.has(*ASKERS)
    links = [link for link in links_of(case, LINK) if link.is_open] if is_asker else []
    return {"case": found, "links": links, "may_link": is_asker and found.addressee_id is None and not case.is_ended}
