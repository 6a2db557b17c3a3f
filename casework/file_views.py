"""Pages around files: asking for the whole file of a case and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework import archive
from casework.errors import OutOfScope
from casework.file_panels import archive_context
from casework.timeline import case_url
from casework.views import case_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def whole_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the file of a case; read again, the sheet says whether it is ready."""
    found, actor = case_or_404(request, reference), _actor(request)
    if request.method == "POST":
        try:
            archive.ask(found, by=actor, purpose=request.POST.get("purpose", ""), note=request.POST.get("note", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("已申请，生成好了会在“卷宗”一栏出现下载链接。"))
    elif getattr(request, "htmx", False):
        return render(request, "casework/panels/archive.html", {"panel": archive_context(found, actor)})
    return redirect(f"{case_url(found)}#archive")


@login_required
@require_GET
def take_archive(request: HttpRequest, key: UUID) -> FileResponse:
    """The archive, for the person who asked for it; the download is on record before the first byte."""
    try:
        row = archive.take(key, by=_actor(request))
    except OutOfScope as refused:
        raise Http404 from refused
    name = f"卷宗-{row.case.reference}-{row.as_of:%Y%m%d%H%M}.zip"
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
