"""Pages of the register: elevators and incidents in scope, one elevator with its life line, the public page behind the plate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from casework import registry
from elevators import selectors
from elevators.models import Elevator
from elevators.selectors import lifeline, lists

if TYPE_CHECKING:
    from django.http import HttpRequest

    from access.actors import Actor


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _may_report(actor: Actor) -> bool:
    may = registry.may("incident", "report")
    return may is not None and actor.has(*may.roles)


@login_required
@require_GET
def elevators(request: HttpRequest) -> HttpResponse:
    """Elevators in my scope, by name, found by name, code or address."""
    actor, words, after = _actor(request), request.GET.get("q", "").strip()[:60], request.GET.get("after", "")
    page = lists.elevators_page(actor=actor, words=words, after=after)
    return render(request, "elevators/elevators.html", {"page": page, "q": words, "after": after, "may_report": _may_report(actor)})


@login_required
@require_GET
def elevator(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one elevator, for those who answer for it."""
    actor = _actor(request)
    lift = selectors.elevators_in_scope(actor).filter(code=code).first()
    if lift is None:
        raise Http404
    context = {
        "elevator": lift,
        "view": selectors.elevator_view(lift),
        "inspection": selectors.last_inspection(lift.pk),
        "covers": selectors.covers_on(lift.pk, timezone.now()),
        "today": timezone.localdate(),
        "last_day": selectors.last_day,
        "incidents": lists.incidents_of(lift, actor),
        "life": lists.life_with_links(lifeline.life_line(lift.pk, by=actor)),
        "may_report": _may_report(actor),
        "year": lists.last_year(lift),
    }
    return render(request, "elevators/elevator.html", context)


@require_GET
@cache_control(public=True, max_age=60)
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """Behind the QR code in the car, for anybody: who answers for it, what to do, what is being done. Nothing personal."""
    lift = Elevator.objects.select_related("building__street_office").filter(code=code).first()
    if lift is None:
        raise Http404
    events = [e for e in lifeline.life_line(lift.pk) if e.kind in ("incident", "inspection", "beginning")]
    context = {
        "elevator": lift,
        "view": selectors.elevator_view(lift),
        "inspection": selectors.last_inspection(lift.pk),
        "covers": selectors.covers_on(lift.pk, timezone.now()),
        "events": events[:6],
        "year": lists.last_year(lift),
    }
    return render(request, "elevators/plate.html", context)


@login_required
@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """Incidents in my scope, the latest first."""
    actor, show, after = _actor(request), request.GET.get("show", "open"), request.GET.get("after", "")
    page = lists.incidents_page(actor=actor, show=show, after=after)
    return render(request, "elevators/incidents.html", {"page": page, "show": show, "after": after, "may_report": _may_report(actor)})
