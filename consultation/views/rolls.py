"""Rolls: the list, the import with its dry run, one roll with its corrections."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consultation.forms.rolls import AreaForm, DisputeForm, OwnerForm, PresenceForm, RollForm
from consultation.models import RollDispute
from consultation.permissions import ORGANISERS
from consultation.selectors import rolls as reads
from consultation.services import rolls as services
from consultation.services.tables import BadTable

if TYPE_CHECKING:
    from django.http import HttpRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_UPLOAD = 1_500_000  # what travels through the page between the dry run and the import


def organiser(request: HttpRequest) -> Any:
    """The actor, if they keep rolls and hold ballots."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*ORGANISERS):
        raise PermissionDenied(_("名册和表决由街道办或者业主委员会办理。"))
    return actor


def workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename={name}"
    return response


@login_required
@require_GET
def rolls(request: HttpRequest) -> HttpResponse:
    """The rolls I keep, newest first, with persons and area."""
    found = reads.rolls_in_scope(organiser(request))[:60]
    return render(request, "consultation/rolls.html", {"rows": [(roll, *reads.base_of(roll)) for roll in found]})


@login_required
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    organiser(request)
    return workbook(services.template(), "roll.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload, look at what it would give, then keep it; the wrong rows come back as a workbook."""
    actor = organiser(request)
    form = RollForm(request.POST or None, request.FILES or None, initial={"place": "440105"})
    context: dict[str, Any] = {"form": form}
    data = _table(request)
    if request.method == "POST" and data:
        try:
            run = services.dry_run(data)
        except BadTable as bad:
            return render(request, "consultation/roll_new.html", context | {"bad": str(bad)}, status=422)
        if "errors" in request.POST:
            return workbook(services.error_workbook(run), "roll-errors.xlsx")
        context |= {"run": run, "kept": base64.b64encode(data).decode(), "errors": sorted(run.errors.items())[:50]}
        if "keep" in request.POST and form.is_valid() and (not run.errors or form.cleaned_data["without_errors"]):
            fields = {name: form.cleaned_data[name] for name in ("name", "place", "scope", "scope_reason", "is_practice")}
            made = services.make(lines=run.lines, by=actor, **fields)
            messages.success(request, _("名册已建立：%(n)s 户。") % {"n": len(run.lines)})
            return redirect("consultation:roll", made.pk)
        if "keep" in request.POST and run.errors:
            context["bad"] = _("还有没读懂的行。改好再传，或者勾选“先导入没有问题的行”。")
    elif request.method == "POST":
        context["bad"] = _("先选一个文件（XLSX 或者 CSV）。")
    return render(request, "consultation/roll_new.html", context)


def _table(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is not None:
        read: bytes = file.read(LARGEST_UPLOAD + 1)[:LARGEST_UPLOAD]
        return read
    try:
        return base64.b64decode(request.POST.get("kept", ""), validate=True)
    except binascii.Error:
        return b""


FORMS: dict[str, Any] = {"owner": OwnerForm, "area": AreaForm, "presence": PresenceForm, "dispute": DisputeForm}


ACTS: dict[str, Any] = {
    "owner": services.change_owner,
    "area": services.change_area,
    "presence": services.note_presence,
    "dispute": services.dispute,
}


@login_required
@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """One roll: units, persons, what was changed, what is disputed."""
    actor = organiser(request)
    found = get_object_or_404(reads.rolls_in_scope(actor), pk=pk)
    forms = {name: form(prefix=name, roll=found) for name, form in FORMS.items()}
    if request.method == "POST":
        done = _act(request, found, actor, forms)
        if done is not None:
            return done
    groups = reads.groups_of(found)
    context = {
        "roll": found,
        "units": reads.units_of(found),
        "persons": len(groups),
        "area": sum((group.area for group in groups), Decimal("0.00")),
        "same": reads.same_names(found),
        "forms": forms,
        "is_own": actor.organisation_id == found.organisation_id,
        "disputes": found.disputes.all(),
        "changes": found.changes.select_related("recorded_by"),
    }
    return render(request, "consultation/roll.html", context)


def _act(request: HttpRequest, found: Any, actor: Any, forms: dict[str, Any]) -> HttpResponse | None:
    """Take what one of the page's forms says; None shows the page again with its error."""
    act = request.POST.get("act", "")
    try:
        if act == "copy":
            return redirect("consultation:roll", services.copy(found, by=actor).pk)
        if act == "answer":
            row = get_object_or_404(RollDispute, pk=request.POST.get("dispute") or 0, roll=found)
            services.answer_dispute(row, answer=request.POST.get("answer", ""), by=actor)
            return redirect("consultation:roll", found.pk)
        form = forms[act] = FORMS[act](request.POST, prefix=act, roll=found)
        if not form.is_valid():
            return None
        ACTS[act](found, by=actor, **form.cleaned_data)
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
        return None
    except KeyError:
        return None
    messages.success(request, _("已记下。"))
    return redirect("consultation:roll", found.pk)
