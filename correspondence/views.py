"""Papers to anybody who holds one, downloads to those in scope, messages to their readers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import structlog
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.roles import Role
from correspondence import messages, selectors

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)
COMPARE_UP_TO = 20 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Public: is this paper genuine, superseded, and where does the matter stand. A POSTed PDF is compared by its bytes."""
    code = code or request.GET.get("code", "").strip()
    if not code:
        return render(request, "correspondence/verify_form.html")
    found = selectors.verification(code=code)
    if found is None:
        return render(request, "correspondence/verify_form.html", {"unknown": code}, status=404)
    return render(request, "correspondence/verify.html", {"v": found, "comparison": _comparison(request, found)})


def _comparison(request: HttpRequest, found: selectors.Verification) -> str:
    """ "same", "different" or "" when no file was sent."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > COMPARE_UP_TO:
        return "different" if file else ""
    running = hashlib.sha256()
    for chunk in file.chunks():
        running.update(chunk)
    return "same" if running.hexdigest() == found.row.sha256 else "different"


@login_required
@require_safe
@xframe_options_sameorigin
def download(request: HttpRequest, serial: str) -> FileResponse:
    """The PDF of an issued paper, for whoever sees its case; each download is logged."""
    row = get_object_or_404(selectors.papers(actor=request.actor), serial=serial)  # type: ignore[attr-defined]
    if not row.file.storage.exists(row.file.name):
        raise Http404
    log.info("paper_downloaded", serial=row.serial, user=request.user.pk, case=row.case.reference)
    name = f"{row.title} {row.serial}.pdf"
    response = FileResponse(row.file.open("rb"), content_type="application/pdf", filename=name)
    if request.GET.get("download"):
        response.as_attachment = True
        response.set_headers(row.file)
    response["Cache-Control"] = "private, max-age=0"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages of the signed-in person; POST marks them read."""
    rows = selectors.inbox(actor=request.actor)  # type: ignore[attr-defined]
    if request.method == "POST":
        rows.filter(read_at=None).update(read_at=timezone.now())
        return redirect("correspondence:inbox")
    return render(request, "correspondence/inbox.html", {"messages_shown": rows[:100]})


@login_required
@require_POST
def try_again(request: HttpRequest, key: int) -> HttpResponse:
    """The operator sends a failed message once more."""
    if not request.actor.has(Role.OPERATOR):  # type: ignore[attr-defined]
        raise Http404
    if not messages.try_again(key):
        raise Http404
    return redirect("casework:operator")
