"""Pages around files: evidence in hand, its terms and grounds, picking from the pack, the whole file of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.scopes import in_scope
from casework import archive, pack, selectors, sharing, watermark
from casework.errors import NotPermitted, OutOfScope
from casework.file_forms import ConsentForm, TermsForm
from casework.file_panels import archive_context
from casework.models import Evidence, FileAccess, SharingConsent
from casework.timeline import case_url
from casework.views import case_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWABLE = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


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


# ---- a piece of evidence ----


def _piece_or_404(request: HttpRequest, key: int) -> Evidence:
    rows = Evidence.objects.select_related("case", "origin").filter(in_scope(_actor(request), "case"))
    return get_object_or_404(rows, pk=key)


@login_required
@require_GET
def evidence_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """A piece for those who may read it: the original to its own organisation, a marked copy to others. Every look is on record."""
    row, actor, purpose = _piece_or_404(request, key), _actor(request), request.GET.get("purpose", "").strip()
    verdict = sharing.may_read(row, actor)
    if not verdict.allowed:
        sharing.log_access(row, by=actor, act=FileAccess.Act.REFUSED, purpose=purpose)
        raise PermissionDenied(verdict.reason)
    if sharing.needs_purpose(row, actor) and not purpose:
        return render(request, "casework/evidence_purpose.html", {"row": row, "case": row.case})
    try:
        copy = sharing.copy_for(row, by=actor)
    except watermark.Unmarkable as error:
        sharing.log_access(row, by=actor, act=FileAccess.Act.REFUSED, purpose=purpose)
        raise PermissionDenied(_("这份文件打不上水印（可能加了密），不能提供。请联系上传的单位。")) from error
    as_attachment = "download" in request.GET or row.media_type not in SHOWABLE
    sharing.log_access(row, by=actor, act=FileAccess.Act.DOWNLOAD if as_attachment else FileAccess.Act.VIEW, purpose=purpose)
    response: HttpResponseBase
    response = HttpResponse(copy, content_type=row.media_type) if copy else FileResponse(row.file.open("rb"), content_type=row.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment, row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def about_piece(request: HttpRequest, key: int) -> HttpResponse:
    """Where a piece came from, who may read it on what ground, where it is used, who had it in hand."""
    return _about(request, _piece_or_404(request, key))


def _about(request: HttpRequest, row: Evidence, **forms: Any) -> HttpResponse:
    actor = _actor(request)
    piece = row.piece
    context = {
        "row": row,
        "case": row.case,
        "piece": piece,
        "label": pack.label_of(row),
        "verdict": sharing.may_read(row, actor),
        "is_own": sharing.is_own(row, actor),
        "uses": pack.uses(row, actor),
        "consents": piece.consents.all(),
        "looks": pack.looks(row, actor),
        "terms_form": TermsForm.of(piece),
        "consent_form": ConsentForm(),
        **forms,
    }
    return render(request, "casework/evidence_piece.html", context, status=422 if forms else 200)


@login_required
@require_POST
def set_terms(request: HttpRequest, key: int) -> HttpResponse:
    row, form = _piece_or_404(request, key), TermsForm(request.POST)
    return _recorded(request, row, form, "terms_form", sharing.set_terms, _("已登记。"))


@login_required
@require_POST
def record_consent(request: HttpRequest, key: int) -> HttpResponse:
    row, form = _piece_or_404(request, key), ConsentForm(request.POST)
    return _recorded(request, row, form, "consent_form", sharing.record_consent, _("已登记，选定的单位现在可以看这份材料。"))


def _recorded(request: HttpRequest, row: Evidence, form: Any, name: str, service: Any, done: str) -> HttpResponse:
    """Judge a small form about a piece, carry it out, come back to the piece."""
    if not form.is_valid():
        return _about(request, row, **{name: form})
    try:
        service(row, by=_actor(request), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return _about(request, row, **{name: form})
    except NotPermitted as refused:
        raise PermissionDenied(refused.says) from refused
    messages.success(request, done)
    return redirect("casework:about_piece", row.pk)


@login_required
@require_POST
def withdraw_consent(request: HttpRequest, key: int) -> HttpResponse:
    rows = SharingConsent.objects.select_related("evidence__case", "evidence__origin")
    consent = get_object_or_404(rows.filter(in_scope(_actor(request), "evidence__case")), pk=key)
    try:
        sharing.withdraw_consent(consent, because=request.POST.get("because", ""), by=_actor(request))
    except NotPermitted as refused:
        raise PermissionDenied(refused.says) from refused
    messages.success(request, _("已登记撤回，这份材料不再提供给别的单位。"))
    return redirect("casework:about_piece", consent.evidence_id)


@login_required
@require_POST
def pick_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Use a piece of the incident's pack in this case."""
    found, actor, code = case_or_404(request, reference), _actor(request), request.POST.get("code", "")
    key = request.POST.get("piece", "")
    if code not in dict(selectors.evidence_choices(found)):
        raise Http404
    if not key.isdigit():
        messages.error(request, _("还没有选材料。"))
        return redirect(f"{case_url(found)}#evidence")
    try:
        row = pack.attach(found, key=int(key), code=code, by=actor)
    except OutOfScope as refused:
        raise Http404 from refused
    except NotPermitted as refused:
        raise PermissionDenied(refused.says) from refused
    messages.success(request, _("已选用“%(name)s”，没有重复存放。") % {"name": row.name})
    return redirect(f"{reverse('casework:case', args=[found.reference])}#evidence")
