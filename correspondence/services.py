"""Asking for records: a request below the case that needs them, whoever holds them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework.models import CaseEvent, CaseOrganisation
from casework.steps import admit, begin
from correspondence.models import RecordsRequest

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case
    from correspondence.facts import AskRecords

#: Of the parts in the case above these also see what was asked and what came.
SEEN_BY = (CaseRole.USE_MANAGER, CaseRole.INSURER, CaseRole.STREET_OFFICE, CaseRole.REGULATOR)


@transaction.atomic
def ask_records(*, parent: Case, facts: AskRecords, by: Actor, happened_at: datetime) -> CaseEvent:
    """Begin a request below a case; the holder of the papers sees this request and nothing of the case above.

    Raises OutOfScope, NotPermitted, FactsRefused.
    """
    above = CaseOrganisation.objects.filter(case_id=parent.pk, role__in=SEEN_BY).order_by("pk")
    parts = [(p.organisation_id, CaseRole(p.role)) for p in above]
    if facts.addressee_id is not None:
        parts.append((facts.addressee_id, CaseRole.MAINTENANCE))
    title = _("%(title)s：调取资料") % {"title": parent.title}
    event = begin(
        RecordsRequest, "ask", parent=parent, by=by, happened_at=happened_at, place=parent.place, title=title, parts=parts, facts=facts
    )
    if by.organisation_id is not None and by.organisation_id not in event.case.organisation_ids:
        held = CaseOrganisation.objects.filter(case_id=parent.pk, organisation_id=by.organisation_id).values_list("role", flat=True).first()
        if held:
            admit(event.case, by.organisation_id, CaseRole(held))
    return event
