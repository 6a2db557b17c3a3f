"""The way in by a personal link: the code first, then the page of its purpose; every use leaves a row."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from casework.errors import OutOfScope
from correspondence import links
from correspondence.forms import LinkCodeForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from correspondence.models import PersonalLink

OPENED_KEY = "links"
IDLE_SECONDS = 3600
LEAVE = "leave"


@never_cache
@sensitive_post_parameters("code")
def link(request: HttpRequest, token: str, rest: str = "") -> HttpResponse:
    """Public: whoever holds an open link and its code. A forged, expired or revoked one is no page at all."""
    row = links.find(token)
    if row is None:
        raise Http404
    if not _is_inside(request, row):
        response = _code(request, row, token, rest)
    elif rest == LEAVE:
        response = _leave(request, row, token)
    else:
        response = _serve(request, row, token, rest)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _serve(request: HttpRequest, row: PersonalLink, token: str, rest: str) -> HttpResponse:
    """The page of the link's purpose. The row of the use stands whatever comes of it."""
    request.session[OPENED_KEY][str(row.pk)] = int(time.time())
    request.session.modified = True
    links.note_use(row, page=rest, sent=request.method == "POST")
    try:
        return links.page_of(row.purpose).view(request, links.view_of(row, token), rest)
    except OutOfScope as refused:
        raise Http404 from refused


def _code(request: HttpRequest, row: PersonalLink, token: str, rest: str) -> HttpResponse:
    """Ask for the code; what was to be sent to a page behind it is not kept, the person is let in and sends it again."""
    resting = links.resting_until(row)
    form = LinkCodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    if form.is_bound and not resting and form.is_valid():
        if links.try_code(row, token, form.cleaned_data["code"]):
            return _enter(request, row, token, rest)
        row = links.find(token) or row
        resting = links.resting_until(row)
        form.add_error("code", _("验证码不对，请看清楚再输一次。"))
    context = {"form": form, "title": links.page_of(row.purpose).title, "resting_until": resting, "expires_at": row.expires_at}
    status = 429 if resting else 422 if form.errors else 200
    return render(request, "correspondence/link_code.html", context, status=status)


def _enter(request: HttpRequest, row: PersonalLink, token: str, rest: str) -> HttpResponse:
    opened = {**request.session.get(OPENED_KEY, {}), str(row.pk): int(time.time())}
    request.session.cycle_key()
    request.session[OPENED_KEY] = opened
    if rest in ("", LEAVE):
        return redirect("correspondence:link", token)
    return redirect("correspondence:link_page", token, rest)


def _leave(request: HttpRequest, row: PersonalLink, token: str) -> HttpResponse:
    request.session[OPENED_KEY].pop(str(row.pk))
    request.session.modified = True
    return redirect("correspondence:link", token)


def _is_inside(request: HttpRequest, row: PersonalLink) -> bool:
    at = request.session.get(OPENED_KEY, {}).get(str(row.pk))
    return at is not None and time.time() - at < IDLE_SECONDS
