"""The payout desk, the list of policies, one policy with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from policies.selectors import desk

if TYPE_CHECKING:
    from django.http import HttpRequest


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def payouts(request: HttpRequest) -> HttpResponse:
    """The queue by clock."""
    found = desk.desk(actor=_actor(request), show=request.GET.get("show", ""), number=request.GET.get("page", "1"))
    return render(request, "policies/payouts.html", {"desk": found, "show": request.GET.get("show", "open")})


@login_required
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:60]
    page = desk.policies_page(actor=_actor(request), words=words, number=request.GET.get("page", "1"))
    return render(request, "policies/policies.html", {"page": page, "q": words})


@login_required
@require_GET
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """One contract: terms, limits used and held, who and what is insured, the payouts under it."""
    actor = _actor(request)
    found = get_object_or_404(desk.policies_in_scope(actor), number=number)
    return render(
        request,
        "policies/policy.html",
        {
            "policy": found,
            "bars": desk.limit_bars(found),
            "insured": found.insured.select_related("organisation"),
            "elevators": found.elevators.select_related("elevator")[: desk.PAGE],
            "elevator_count": found.elevators.count(),
            "payouts": desk.open_payouts_of(found, actor),
        },
    )
