"""Opening a lawsuit or a mediation below a case, and ending what was performed. Each source opens one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework.models import Case, CaseOrganisation
from casework.steps import begin, lock, perform
from disputes.facts import Because, CloseLitigation, OpenLitigation, OpenMediation
from disputes.lifecycle.litigation import IN_FORCE
from disputes.models import Litigation, Mediation
from disputes.selectors import disputes_below

if TYPE_CHECKING:
    from access.actors import Actor

Parts = Sequence[tuple[int, CaseRole]]


@transaction.atomic
def open_litigation(*, parent: Case, parts: Parts, facts: OpenLitigation, by: Actor, happened_at: datetime) -> Litigation:
    """A lawsuit below a case; the one that this source opened, if there is one. No parts: the parent's own."""
    return _open(Litigation, parent, parts, facts, by, happened_at, _("%(title)s 诉讼"))  # type: ignore[return-value]


@transaction.atomic
def open_mediation(*, parent: Case, parts: Parts, facts: OpenMediation, by: Actor, happened_at: datetime) -> Mediation:
    """A mediation below a case; the one that this source opened, if there is one. No parts: the parent's own."""
    return _open(Mediation, parent, parts, facts, by, happened_at, _("%(title)s 调解"))  # type: ignore[return-value]


def _open(model: Any, parent: Case, parts: Parts, facts: Any, by: Actor, happened_at: datetime, title: str) -> Case:
    parent = lock(parent)
    known: Case | None = model.objects.filter(source=facts.source).first() if facts.source else None
    if known is not None:
        return known
    event = begin(
        model,
        "open",
        parent=parent,
        by=by,
        happened_at=happened_at,
        place=parent.place,
        title=title % {"title": parent.title},
        parts=parts or parts_of(parent),
        facts=facts,
    )
    return event.case


def parts_of(case: Case) -> list[tuple[int, CaseRole]]:
    """The organisations of a case with their parts, oldest first."""
    rows = CaseOrganisation.objects.filter(case_id=case.pk).order_by("pk")
    return [(row.organisation_id, CaseRole(row.role)) for row in rows]


@transaction.atomic
def end_what_was_performed(*, case_id: int, by: Actor, happened_at: datetime, conclusion: str) -> int:
    """Close the lawsuits in force and conclude the agreements below a case whose debt was paid. Returns how many."""
    ended = 0
    for dispute in disputes_below(case_id):
        if isinstance(dispute, Litigation) and dispute.state in IN_FORCE:
            perform(dispute, "close", by=by, happened_at=happened_at, seen=None, facts=CloseLitigation(conclusion))
            ended += 1
        elif isinstance(dispute, Mediation) and dispute.state == "agreed":
            perform(dispute, "conclude", by=by, happened_at=happened_at, seen=None, facts=Because(conclusion))
            ended += 1
    return ended
