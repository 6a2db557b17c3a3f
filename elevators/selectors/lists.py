"""Reads of the list pages: a page at a time by the last row's own keys, never by counting rows."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from casework.models import Case
from elevators import selectors
from elevators.models import CoverFact, Elevator, Incident, UseManagement
from elevators.terms import codes

if TYPE_CHECKING:
    from access.actors import Actor
    from elevators.selectors.readmodels import LifeEvent

PAGE = 30
SHOWN = {"open": Q(state="open"), "closed": ~Q(state="open"), "accidents": ~Q(accident_grade__in=["", "none"])}


@dataclass(frozen=True)
class Page:
    rows: tuple[Any, ...]
    next_cursor: str


@dataclass(frozen=True)
class ElevatorRow:
    elevator: Elevator
    manager: str
    insurer: str
    open_incidents: int
    is_overdue: bool


@dataclass(frozen=True)
class Year:
    """One elevator's last twelve months in figures."""

    incidents: int
    entrapments: int
    median_minutes: int | None


def elevators_page(*, actor: Actor, words: str = "", after: str = "") -> Page:
    """Elevators in scope by name. Words: a part of the name or address, or the beginning of a code."""
    rows = selectors.elevators_in_scope(actor).filter(_matching(words)).order_by("name", "pk")
    name, _tilde, key = after.rpartition("~")
    if key.isdigit():
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(key)))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    cursor = f"{shown[-1].name}~{shown[-1].pk}" if len(found) > PAGE else ""
    return Page(_elevator_rows(shown), cursor)


def _matching(words: str) -> Q:
    digits = codes.tidy(words)
    match = Q()
    for word in words.split():
        match &= Q(name__contains=word) | Q(building__address__contains=word) | Q(building__estate__contains=word)
    if digits:
        match |= Q(code__startswith=digits) | Q(registration_code__startswith=digits) | Q(rescue_code__istartswith=digits)
    return match


def _elevator_rows(lifts: Sequence[Elevator]) -> tuple[ElevatorRow, ...]:
    keys, today, now = [e.pk for e in lifts], timezone.localdate(), timezone.now()
    current = Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))
    management = UseManagement.objects.filter(current, elevator_id__in=keys).select_related("organisation")
    managers = {m.elevator_id: m.manager_name for m in management}
    covers = (
        CoverFact.objects.filter(elevator_id__in=keys, since__lte=now, until__gt=now).select_related("insurer").order_by("-since", "-pk")
    )
    insurers = {c.elevator_id: c.insurer.short_name for c in covers}
    open_ones: dict[int, int] = {}
    for key in Incident.objects.filter(elevator_id__in=keys, state="open").values_list("elevator_id", flat=True):
        open_ones[key] = open_ones.get(key, 0) + 1
    return tuple(
        ElevatorRow(
            e,
            managers.get(e.pk, ""),
            insurers.get(e.pk, ""),
            open_ones.get(e.pk, 0),
            e.inspection_valid_until is None or e.inspection_valid_until < today,
        )
        for e in lifts
    )


def incidents_page(*, actor: Actor, show: str = "open", after: str = "") -> Page:
    """Incidents in scope, the latest first."""
    rows = selectors.incidents_in_scope(actor).filter(SHOWN.get(show, Q())).order_by("-started_at", "-pk")
    moment, _tilde, key = after.rpartition("~")
    try:
        start = datetime.fromisoformat(moment) if key.isdigit() else None
    except ValueError:
        start = None
    if start is not None:
        rows = rows.filter(Q(started_at__lt=start) | Q(started_at=start, pk__lt=int(key)))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    cursor = f"{shown[-1].started_at.isoformat()}~{shown[-1].pk}" if len(found) > PAGE else ""
    return Page(tuple(shown), cursor)


def incidents_of(lift: Elevator, actor: Actor) -> list[Incident]:
    """The latest incidents of one elevator that the actor may see."""
    return list(selectors.incidents_in_scope(actor).filter(elevator=lift).order_by("-started_at")[:PAGE])


def life_with_links(events: Iterable[LifeEvent]) -> list[tuple[LifeEvent, str]]:
    """Each event with the address of its case, where the reader may open it."""
    found = list(events)
    numbers = dict(Case.objects.filter(pk__in=[e.case_id for e in found if e.case_id]).values_list("pk", "reference"))
    return [(e, reverse("casework:case", args=[numbers[e.case_id]]) if e.case_id in numbers else "") for e in found]


def last_year(lift: Elevator) -> Year:
    """Incidents of the last 52 weeks; the median of the minutes that people were held."""
    since = timezone.now() - timedelta(weeks=52)
    rows = Incident.objects.filter(elevator=lift, started_at__gte=since).exclude(state="duplicate")
    minutes = [m for m in rows.values_list("trapped_minutes", flat=True) if m is not None]
    return Year(rows.count(), rows.filter(has_trapped=True).count(), round(statistics.median(minutes)) if minutes else None)
