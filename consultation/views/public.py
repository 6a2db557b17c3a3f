"""The public notice behind the QR of its poster: its text, its days, what others object, and the form to object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation.forms.notices import ObjectForm
from consultation.models import Ballot, Objection, PublicNotice
from consultation.selectors import ballots as reads
from consultation.services import notices
from consultation.views.ballots import recount_file

if TYPE_CHECKING:
    from django.http import HttpRequest


def _notice(code: str) -> PublicNotice:
    found = reads.public_notice(code)
    if found is None:
        raise Http404
    return found


@require_safe
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Public: anybody before the poster."""
    found = _notice(code)
    said = Objection.objects.filter(parent_id=found.pk).exclude(public_text="").order_by("pk")
    ballot = Ballot.objects.filter(pk=found.parent_id or 0, is_practice=False).first()
    context = {
        "notice": found,
        "objections": said,
        "count": Objection.objects.filter(parent_id=found.pk).count(),
        "is_running": found.state == "posted" and timezone.localdate() <= (found.displayed_until or timezone.localdate()),
        "ballot": ballot,
        "has_recount": ballot is not None and ballot.recount_digest and found.purpose in ("vote_tally", "vote_result"),
    }
    return render(request, "consultation/public/notice.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """Public: anybody affected says what they have against it. Throttled by address; a filled trap is thanked and dropped."""
    found = _notice(code)
    if found.state != "posted":
        raise Http404
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("category", "name", "text", "phone", "dwelling")}
        if form.cleaned_data["website"]:
            return render(request, "consultation/public/received.html", {"notice": found})
        if notices.is_throttled(request.META.get("REMOTE_ADDR", ""), found):
            return render(request, "consultation/public/object.html", {"notice": found, "form": form, "is_throttled": True}, status=429)
        made = notices.object_to(found, **data)
        return render(request, "consultation/public/received.html", {"notice": found, "objection": made})
    return render(request, "consultation/public/object.html", {"notice": found, "form": form}, status=422 if form.errors else 200)


@require_safe
def recount(request: HttpRequest, code: str) -> HttpResponse:
    """Public: the file from which a stranger counts again; only below a notice of the tally or the result."""
    found = _notice(code)
    ballot = Ballot.objects.filter(pk=found.parent_id or 0, is_practice=False).first()
    if ballot is None or found.purpose not in ("vote_tally", "vote_result"):
        raise Http404
    return recount_file(ballot)
