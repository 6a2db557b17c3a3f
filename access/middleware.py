"""Gives every request its actor: the signed-in user in the organisation they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from access.actors import actor_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

ORGANISATION_KEY = "organisation"


class ActorMiddleware:
    """Sets request.actor (an access.actors.Actor, or None when nobody is signed in)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request)) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest):  # type: ignore[no-untyped-def]
    return actor_for(request.user, request.session.get(ORGANISATION_KEY))  # type: ignore[arg-type]
