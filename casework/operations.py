"""Read model of the operator's page: the outbox, the size of the books, the law in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework.models import Case, CaseEvent, Deadline, OutboxEntry
from casework.panels import operator_panels
from legislation import lookup, release

if TYPE_CHECKING:
    from access.actors import Actor


@dataclass(frozen=True)
class OperatorPage:
    """The outbox and the size of the books."""

    pending: int
    late: int
    parked: tuple[OutboxEntry, ...]
    failing: tuple[OutboxEntry, ...]
    cases: int
    events: int
    release: str
    unverified: int
    without_rule: tuple[Deadline, ...]
    panels: tuple[dict[str, Any], ...]


def operator_page(*, actor: Actor) -> OperatorPage:
    """What waits, what failed, what was given up: for the operator, who alone sees it."""
    rows = OutboxEntry.objects.select_related("event__case")
    pending = OutboxEntry.objects.filter(status=OutboxEntry.Status.PENDING)
    return OperatorPage(
        pending=pending.count(),
        late=pending.filter(next_attempt_at__lt=timezone.now() - timedelta(minutes=2)).count(),
        parked=tuple(rows.filter(status=OutboxEntry.Status.PARKED).order_by("pk")[:100]),
        failing=tuple(rows.filter(status=OutboxEntry.Status.PENDING, attempts__gt=0).order_by("pk")[:100]),
        cases=Case.objects.count(),
        events=CaseEvent.objects.count(),
        release=release.RELEASE,
        unverified=len(lookup.unverified()),
        without_rule=tuple(Deadline.objects.filter(status=Deadline.Status.NO_RULE).select_related("case").order_by("-starts_at")[:50]),
        panels=operator_panels(actor),
    )
