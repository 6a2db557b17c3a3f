"""Pages of a request for records: asking below a case, and the link for a holder without an account."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.timeline import case_url
from casework.views import case_or_404
from correspondence.forms import AskForm
from correspondence.links import issue_link
from correspondence.models import RecordsRequest
from correspondence.permissions import ASKERS, LINK
from correspondence.services import ask_records

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casework.models import Case

DAYS_TO_ANSWER = 10  # what the form proposes; the asker decides
DAYS_BEFORE = 45  # three cycles of maintenance: what the form proposes
LINK_AFTER_DUE = 30  # days a link outlives the due day, for what comes late


def _form(request: HttpRequest, case: Case) -> AskForm:
    actor = request.actor  # type: ignore[attr-defined]
    happened = timezone.localtime(case.happened_at).date()
    initial = {
        "what": _("事发电梯每十五日一次的维护保养记录、故障和维修记录、应急救援记录。"),
        "since": happened - timedelta(days=DAYS_BEFORE),
        "until": happened,
        "due_on": timezone.localdate() + timedelta(days=DAYS_TO_ANSWER),
        "purpose": _("查明事故原因和责任，办理理赔。"),
        "addressee": case.parts.filter(role="maintenance").values_list("organisation_id", flat=True).first(),
    }
    return AskForm(request.POST or None, case=None, actor=actor, initial=initial)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for records below a case in scope."""
    found, actor = case_or_404(request, reference), request.actor  # type: ignore[attr-defined]
    if not actor.has(*ASKERS) or isinstance(found, RecordsRequest):
        raise PermissionDenied(_("您的岗位不调取资料。"))
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        event = _begun(form, found, actor)
        if event is not None:
            messages.success(request, _("已发函，答复会出现在这里。"))
            return redirect(case_url(event.case))
    return render(request, "correspondence/ask_records.html", {"form": form, "case": found}, status=422 if form.errors else 200)


def _begun(form: AskForm, parent: Case, actor: Any) -> Any:
    try:
        return ask_records(parent=parent, facts=form.facts(), by=actor, happened_at=form.cleaned_data["happened_at"])
    except FactsRefused as refused:
        form.refuse(refused.errors)
    except NotPermitted as refused:
        raise PermissionDenied(refused.says) from refused
    except OutOfScope as refused:
        raise Http404 from refused
    except StepRefused as refused:
        form.add_error(None, refused.says)
    return None


@login_required
@require_POST
def make_link(request: HttpRequest, reference: str) -> HttpResponse:
    """A link for a holder without an account; path and code are shown this once."""
    found, actor = case_or_404(request, reference), request.actor  # type: ignore[attr-defined]
    if not isinstance(found, RecordsRequest) or found.addressee_id is not None or found.is_ended:
        raise Http404
    if not actor.has(*ASKERS):
        raise PermissionDenied(_("链接由发函的单位生成。"))
    last = timezone.make_aware(datetime.combine(max(found.due_on, timezone.localdate()) + timedelta(days=LINK_AFTER_DUE), time(23, 59)))
    made = issue_link(case=found, purpose=LINK, party_id=None, label=found.addressee_name[:60], expires_at=last, by=actor)
    address = request.build_absolute_uri(made.path)
    return render(request, "correspondence/records_link.html", {"case": found, "made": made, "address": address})
