"""What the frame of every page needs: the acting person, navigation by role, language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from casework.navigation import navigation_for

if TYPE_CHECKING:
    from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation and actor for templates/base.html."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "navigation": navigation_for(actor, request.path) if actor else (),
        "is_large": request.COOKIES.get("tb_large") == "1",
        "is_demonstration": settings.DEMONSTRATION,
    }
