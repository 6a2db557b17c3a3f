"""Pages of recovery: the desk, and a personal link for a target."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from access.scopes import in_scope
from casework.steps import may
from casework.timeline import case_url
from correspondence import api as correspondence
from recovery.models import RecoveryTarget
from recovery.selectors import desk as desks

if TYPE_CHECKING:
    from django.http import HttpRequest

LINK_DAYS = 180


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The targets in my scope: owed, collected, next day, what to do now."""
    show, words = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:60]
    page = desks.desk(actor=_actor(request), show=show, words=words, number=request.GET.get("page", "1"))
    return render(request, "recovery/desk.html", {"page": page, "show": show, "q": words})


@login_required
@require_POST
@never_cache
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the target's own link; its address and code are shown this once."""
    actor = _actor(request)
    target = RecoveryTarget.objects.filter(in_scope(actor), reference=reference).first()
    if target is None:
        raise Http404
    verdict = may(target, "identify", actor)
    if not verdict.allowed:
        raise PermissionDenied(verdict.reason)
    made = correspondence.issue_link(
        case=target, purpose="recovery.target", party_id=None, label=target.name,
        expires_at=timezone.now() + timedelta(days=LINK_DAYS), by=actor,
    )  # fmt: skip
    address = request.build_absolute_uri(made.path)
    return render(request, "recovery/link_made.html", {"target": target, "made": made, "address": address, "back": case_url(target)})
