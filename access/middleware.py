"""Gives every request its actor: the signed-in user in the organisation they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import logout
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from access.actors import actor_for
from access.roles import MONEY_ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from access.actors import Actor

ORGANISATION_KEY = "organisation"
SECOND_FACTOR_KEY = "second_factor"


class LanguageMiddleware(LocaleMiddleware):
    """Chinese, unless the reader chose otherwise: the browser's own preference decides nothing."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


class ActorMiddleware:
    """Sets request.actor (an access.actors.Actor, or None when nobody is signed in).

    A session begun without the second factor ends when its person has come to hold a role that moves money.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request)) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        if request.actor is not None and settings.SECOND_FACTOR_ENFORCED and _lacks_second_factor(request):  # type: ignore[attr-defined]
            logout(request)
            request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    return actor_for(request.user, request.session.get(ORGANISATION_KEY))  # type: ignore[arg-type]


def _lacks_second_factor(request: HttpRequest) -> bool:
    if request.session.get(SECOND_FACTOR_KEY):
        return False
    return request.actor.has(*MONEY_ROLES)  # type: ignore[attr-defined, no-any-return]
