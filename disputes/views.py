"""The page of lawsuits and mediations in my scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from disputes import selectors
from disputes.navigation_items import READERS

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_GET
def lawsuits(request: HttpRequest) -> HttpResponse:
    """The lawsuits in my scope, the next hearing first; the mediations that are still open below them."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*READERS):
        raise PermissionDenied(_("这一页给办理纠纷的人看。"))
    show, words = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:60]
    page = selectors.lawsuits_page(actor=actor, show=show, words=words, number=request.GET.get("page", "1"))
    return render(request, "disputes/lawsuits.html", {"page": page, "show": show, "q": words})
