"""The waiting list of a pool: the order of acceptance, read from the audit chain and from nothing that anybody can edit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from casework.models import CaseEvent
from funding.models import SubsidyApplication

#: Verified and waiting for money.
WAITING = ("verified", "waitlisted")


def in_order(rows: QuerySet[SubsidyApplication]) -> QuerySet[SubsidyApplication]:
    """By the moment at which the first acceptance was recorded: a moment typed later cannot overtake."""
    first = CaseEvent.objects.filter(case_id=OuterRef("pk"), verb="accept").order_by("number")
    return rows.annotate(accepted_at=Subquery(first.values("recorded_at")[:1])).order_by("accepted_at", "pk")


def queue_of(pool_id: int) -> list[SubsidyApplication]:
    """The applications that wait for the pool's money, the earliest accepted first."""
    return list(in_order(SubsidyApplication.objects.filter(pool_id=pool_id, state__in=WAITING)))


@dataclass(frozen=True)
class Place:
    """One place of the queue with its proof: the event of acceptance."""

    number: int
    application: SubsidyApplication
    amount: Decimal | None
    accepted_at: datetime | None
    accepted_by: str
    event_number: int
    digest: str


def places_of(pool_id: int) -> list[Place]:
    """The queue with its proofs, as the page prints it and as anybody can recompute it from the events."""
    rows = queue_of(pool_id)
    proofs: dict[int, CaseEvent] = {}
    for event in CaseEvent.objects.filter(case_id__in=[row.pk for row in rows], verb="accept").order_by("-number"):
        proofs[event.case_id] = event
    return [
        Place(
            number,
            row,
            row.amount,
            row.accepted_at,  # type: ignore[attr-defined]
            proofs[row.pk].actor_name if row.pk in proofs else "",
            proofs[row.pk].number if row.pk in proofs else 0,
            proofs[row.pk].digest if row.pk in proofs else "",
        )
        for number, row in enumerate(rows, 1)
    ]


def place_in_queue(application: SubsidyApplication) -> int | None:
    """Which number an application has; None when it does not wait."""
    if application.state not in WAITING:
        return None
    return next((n for n, row in enumerate(queue_of(application.pool_id), 1) if row.pk == application.pk), None)
