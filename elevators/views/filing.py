"""Filing on a phone: code, what and when, who, photos, check, filed. One thing a page; every page keeps what was typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import registry
from casework.errors import FactsRefused, StepRefused
from casework.models import Deadline
from correspondence import api as correspondence
from elevators import selectors
from elevators.calculations import AccidentFacts, accident_grade, trapped_minutes
from elevators.forms.filing import CheckForm, CodeForm, WhatForm, WhoForm
from elevators.terms import Grade, Harm, Nature
from elevators.views import filing_draft
from elevators.views.filing_draft import Filing
from legislation import lookup
from legislation.units import NotInForce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from elevators.facts import PersonFacts

#: How often the last page asks whether the paper is there, and when it gives up.
PAPER_TRIES = 20


def _actor(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    may = registry.may("incident", "report")
    if may is None or not actor.has(*may.roles):
        raise PermissionDenied(_("报事件由物业、维保、街道办和市场监管的经办人办理。"))
    return actor


def _open(request: HttpRequest, code: str) -> Filing:
    actor = _actor(request)
    found = selectors.elevators_in_scope(actor).filter(code=code).first()
    if found is None:
        raise Http404
    return Filing(actor, found)


def _to(page: str, code: str) -> str:
    return reverse(f"elevators:file_{page}", args=[code])


def _frame(page: str, filing_: Filing, **more: Any) -> dict[str, Any]:
    pages = filing_draft.PAGES
    step, kept = pages.index(page) + 1, filing_.restore(page)
    return {
        "elevator": filing_.elevator,
        "step": step,
        "steps": len(pages),
        "bars": [n < step for n in range(len(pages))],
        "saved_at": kept[1] if kept else None,
        "draft_key": filing_.key(page),
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Which elevator: typed here, or brought along from the plate in the car (?code=)."""
    actor, given = _actor(request), request.GET.get("code")
    data = request.POST if request.method == "POST" else {"code": given} if given else None
    form = CodeForm(data, actor=actor)
    if data is not None and form.is_valid() and form.elevator is not None:
        return redirect(_to("what", form.elevator.code))
    lifts = {e.code: e for e in selectors.elevators_in_scope(actor).filter(code__in=[c for c, _at in filing_draft.unfinished(actor)])}
    begun = [(lifts[c], at) for c, at in filing_draft.unfinished(actor) if c in lifts]
    return render(request, "elevators/filing/code.html", {"form": form, "begun": begun})


@login_required
@require_http_methods(["GET", "POST"])
def what(request: HttpRequest, code: str) -> HttpResponse:
    """What happened and when; everything the register knows of the elevator stands above the questions."""
    page = _open(request, code)
    if request.method == "POST":
        page.keep("what", request.POST)
        form = WhatForm(request.POST, actor=page.actor)
        if form.is_valid():
            return redirect(_to("photos" if form.cleaned_data["nature"] == Nature.FAULT else "who", code))
    else:
        form = _restored(request, page, "what", WhatForm, actor=page.actor)
    cover = next(iter(selectors.covers_on(page.elevator.pk, timezone.now())), None)
    known = {
        "view": selectors.elevator_view(page.elevator),
        "cover": cover,
        "cover_ends": selectors.last_day(cover.until) if cover else None,
    }
    return render(request, "elevators/filing/what.html", _frame("what", page, form=form, **known))


def _restored(request: HttpRequest, page: Filing, name: str, form: type[Any], **how: Any) -> Any:
    """The form as it was left. With ?mend it is judged, so that what is wrong stands beside its field."""
    kept = page.restore(name)
    if kept is None:
        return form(**how)
    return form(kept[0], **how) if "mend" in request.GET else form(initial=kept[0].dict(), **how)


@login_required
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest, code: str) -> HttpResponse:
    """How many people, who is hurt."""
    page = _open(request, code)
    said = page.what()
    if said is None:
        return redirect(f"{_to('what', code)}?mend")
    how = {"nature": said.cleaned_data["nature"]}
    if request.method == "POST":
        data = request.POST.copy()
        if "more" in data:
            data["rows"] = str(WhoForm(data, **how).row_count + 1)
            del data["more"]
        page.keep("who", data)
        if data.get("rows") != request.POST.get("rows"):
            return redirect(_to("who", code) + "#more")
        form = WhoForm(data, **how)
        if form.is_valid():
            return redirect(_to("photos", code))
    else:
        form = _restored(request, page, "who", WhoForm, **how)
    near = {"candidates": page.same_events(said.cleaned_data["started_at"]), "report_due": _report_due(page, said.cleaned_data)}
    return render(request, "elevators/filing/who.html", _frame("who", page, form=form, **near))


def _report_due(page: Filing, said: dict[str, Any], people: Sequence[PersonFacts] = ()) -> dict[str, Any] | None:
    """Until when the regulator must have the report, with its article; None while the facts told reach no grade."""
    law = lookup.at(timezone.localtime(said["started_at"]).date(), page.elevator.place)
    trapped = said["trapped"] == WhatForm.Trapped.OUT and said["released_at"] is not None
    known = AccidentFacts(
        deaths=sum(p.harm == Harm.DEAD for p in people),
        serious_injuries=sum(p.harm == Harm.SERIOUS for p in people),
        trapped_minutes=trapped_minutes(said["started_at"], said["released_at"]) if trapped else None,
    )
    if said["nature"] == Nature.FAULT or accident_grade(law, known).code == Grade.NONE:
        return None
    try:
        period = law.hours("incident.regulator_report_period")
    except NotInForce:
        return None
    learnt: datetime = said["learnt_at"]
    return {"at": learnt + timedelta(hours=period.value), "hours": period.value, "citation": period.citation, "learnt_at": learnt}


@login_required
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, code: str) -> HttpResponse:
    """Pictures, each kept the moment it arrives; what is wrong with one is said beside it and the others stay."""
    page = _open(request, code)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if "drop" in request.POST:
            page.drop_photo(request.POST["drop"])
        wrong = _take_in(page, request)
        if "on" in request.POST and not wrong:
            return redirect(_to("check", code))
    kept = page.photos()
    slots = [(slot, label, how, [p for p in kept if p.slot == slot], wrong.get(slot, "")) for slot, label, how in filing_draft.SLOTS]
    return render(request, "elevators/filing/photos.html", _frame("photos", page, slots=slots, wrong=wrong, count=len(kept)))


def _take_in(page: Filing, request: HttpRequest) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for slot, _label, _how in filing_draft.SLOTS:
        for upload in request.FILES.getlist(f"photo-{slot}"):
            try:
                page.add_photo(slot, upload)
            except ValidationError as error:
                wrong[slot] = f"{upload.name}：{''.join(error.messages)}"
    return wrong


@login_required
@require_GET
def photo(request: HttpRequest, code: str, key: str) -> FileResponse:
    """A picture of one's own draft."""
    found = next((p for p in _open(request, code).photos() if p.key == key), None)
    if found is None or not default_storage.exists(found.path):
        raise Http404
    return FileResponse(default_storage.open(found.path), content_type=found.media_type)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Everything once more, each with its way back; sending writes the case."""
    page = _open(request, code)
    said = page.what()
    if said is None:
        done = request.session.get(f"filed:{code}") if request.method == "POST" else None
        return redirect("elevators:filed", done) if done else redirect(f"{_to('what', code)}?mend")
    people = page.who(said.cleaned_data["nature"])
    if people is None and said.cleaned_data["nature"] != Nature.FAULT:
        return redirect(f"{_to('who', code)}?mend")
    how = {"candidates": page.same_events(said.cleaned_data["started_at"])}
    refused: list[tuple[str, Any]] = []
    if request.method == "POST":
        page.keep("check", request.POST)
        form = CheckForm(request.POST, **how)
        if form.is_valid():
            answer = _submit(request, page, form, refused)
            if answer is not None:
                return answer
    else:
        form = _restored(request, page, "check", CheckForm, **how)
    view = selectors.elevator_view(page.elevator)
    context = {
        "said": said,
        "people": people,
        "photos": len(page.photos()),
        "report_due": _report_due(page, said.cleaned_data, people.people() if people else ()),
        "view": view,
        "cover": next(iter(selectors.covers_on(page.elevator.pk, said.cleaned_data["started_at"])), None),
    }
    return render(request, "elevators/filing/check.html", _frame("check", page, form=form, refused=refused, **how, **context))


def _submit(request: HttpRequest, page: Filing, form: CheckForm, refused: list[tuple[str, Any]]) -> HttpResponse | None:
    """The way on when the case is written; None with the reasons, each with the page that asks for it, when it is not."""
    where = page.elevator.code
    try:
        incident = page.submit(form)
    except FactsRefused as refusal:
        for name, sentences in refusal.errors.items():
            asked_on = filing_draft.ASKED_ON.get(name.split(".")[0], "what" if name.endswith("_at") else "check")
            refused += [(_to(asked_on, where), sentence) for sentence in sentences]
        return None
    except StepRefused as refusal:
        refused.append(("", refusal.says))
        return None
    if incident is None:
        done = request.session.get(f"filed:{where}")
        return redirect("elevators:filed", done) if done else redirect(_to("what", where))
    request.session[f"filed:{where}"] = incident.reference
    return redirect("elevators:filed", incident.reference)


@login_required
@require_GET
def filed(request: HttpRequest, reference: str) -> HttpResponse:
    """The number, the paper as soon as it is there, and what happens next with dates."""
    incident = selectors.incidents_in_scope(_actor(request)).filter(reference=reference).first()
    if incident is None:
        raise Http404
    tries = request.GET.get("try", "0")
    again = int(tries) + 1 if tries.isdigit() and len(tries) < 4 else 1
    papers = correspondence.papers_of(incident)
    context = {
        "incident": incident,
        "view": selectors.incident_view(incident),
        "papers": papers,
        "deadline": Deadline.objects.filter(case_id=incident.pk, rule="regulator_report").first(),
        "again": again if not papers and again <= PAPER_TRIES else 0,
        "joined": incident.linked_reports.order_by("-pk").first() if incident.reported_by_id != request.user.pk else None,
        "regulator": selectors.regulator_of(incident.place),
        "insurer": incident.insurer,
    }
    page = "elevators/filing/papers.html" if "try" in request.GET else "elevators/filing/filed.html"
    return render(request, page, context)


@login_required
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw a draft away, when its owner says so."""
    _open(request, code).discard()
    return redirect("elevators:file")
