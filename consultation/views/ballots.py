"""The organiser's pages: ballots, personal links, paper keying and its queue, the recount file, objections."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from access.scopes import in_scope
from casework import evidence
from casework.errors import FactsRefused, StepRefused
from casework.timeline import case_url
from consultation.forms.ballot import ResolveForm, SheetForm
from consultation.forms.notices import ObjectForm
from consultation.forms.rolls import BallotForm
from consultation.models import Ballot, PublicNotice, Voter
from consultation.selectors import ballots as reads
from consultation.selectors import counting
from consultation.selectors import rolls as roll_reads
from consultation.services import ballots, notices
from consultation.views.rolls import organiser

if TYPE_CHECKING:
    from django.http import HttpRequest

COUNTED = ("prelim", "challenge", "result", "failed", "annulled")


def ballot_or_404(request: HttpRequest, reference: str) -> Ballot:
    found = reads.ballot_in_scope(organiser(request), reference)
    if found is None:
        raise Http404
    return found


def says(refused: Exception) -> str:
    """A refusal of any kind in one sentence."""
    if isinstance(refused, FactsRefused):
        return "；".join(str(one) for lines in refused.errors.values() for one in lines)
    if isinstance(refused, ValidationError):
        return "；".join(refused.messages)
    return str(getattr(refused, "says", refused))


@login_required
@require_GET
def ballots_page(request: HttpRequest) -> HttpResponse:
    actor = organiser(request)
    return render(request, "consultation/ballots.html", {"rows": reads.ballots_in_scope(actor)[:80]})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A ballot on its own over one of my rolls."""
    actor = organiser(request)
    roll = get_object_or_404(roll_reads.rolls_in_scope(actor), pk=pk, organisation_id=actor.organisation_id or 0)
    form = BallotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        proposal = ballots.Proposal(data.pop("title"), data.pop("text"))
        try:
            made = ballots.open_ballot(
                parent=None, place=roll.place, proposal=proposal, roll=roll, by=actor, happened_at=timezone.now(), **data
            )
            return redirect(case_url(made))
        except (StepRefused, FactsRefused) as refused:
            messages.error(request, says(refused))
    return render(request, "consultation/ballot_new.html", {"form": form, "roll": roll})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Make personal links for chosen voters; address and code are shown here once, to be printed and handed over."""
    ballot = ballot_or_404(request, reference)
    made: list[dict[str, Any]] = []
    if request.method == "POST":
        chosen = Voter.objects.filter(ballot=ballot, pk__in=[int(n) for n in request.POST.getlist("voter") if n.isdigit()])
        try:
            for voter in chosen:
                link = ballots.link_for(voter, by=organiser(request))
                made.append({"voter": voter, "address": f"{settings.PUBLIC_ADDRESS}{link.path}", "code": link.code})
        except (StepRefused, ValidationError) as refused:
            messages.error(request, says(refused))
    return render(request, "consultation/links.html", {"ballot": ballot, "voters": reads.voters(ballot), "made": made})


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """Key a paper ballot; what the first person ticked is never shown to the second."""
    ballot, actor = ballot_or_404(request, reference), organiser(request)
    form = SheetForm(request.POST or None, request.FILES or None, ballot=ballot)
    if request.method == "POST" and form.is_valid() and _key(request, ballot, actor, form):
        return redirect("consultation:paper", reference)
    context = {"ballot": ballot, "form": form, "sheets": reads.waiting_sheets(ballot), "user_id": actor.user_id}
    return render(request, "consultation/paper.html", context, status=422 if form.errors else 200)


def _key(request: HttpRequest, ballot: Ballot, actor: Any, form: SheetForm) -> bool:
    data = form.cleaned_data
    try:
        photo = evidence.add(ballot, code="sheet", file=data["photo"], by=actor, note=str(data["voter"])) if data["photo"] else None
        sheet = ballots.key_sheet(
            ballot,
            voter_id=data["voter"].pk,
            choice=data["choice"],
            photo=photo,
            signed_on=data["signed_on"],
            received_at=data["received_at"],
            by=actor,
            signer=data["signer"],
        )
    except ValidationError as refused:
        told: dict[Any, list[str]] = {**refused.message_dict} if hasattr(refused, "error_dict") else {None: refused.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                form.add_error("voter" if name == "voter_id" else name, sentence)
        return False
    except (StepRefused, FactsRefused) as refused:
        form.add_error(None, says(refused))
        return False
    messages.success(request, _("%(units)s：%(state)s。") % {"units": data["voter"], "state": sheet.get_state_of_keying_display()})
    return True


@login_required
@require_http_methods(["GET", "POST"])
def resolve(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Decide one mismatch while looking at the photograph."""
    ballot, actor = ballot_or_404(request, reference), organiser(request)
    sheet = get_object_or_404(reads.waiting_sheets(ballot), pk=pk, state_of_keying="mismatch")
    form = ResolveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["choice"]
        try:
            ballots.resolve_sheet(sheet, choice="" if choice == "void" else choice, reason=form.cleaned_data["reason"], by=actor)
            messages.success(request, _("已核对。"))
            return redirect("consultation:paper", reference)
        except (StepRefused, FactsRefused, ValidationError) as refused:
            form.add_error(None, says(refused))
    return render(
        request, "consultation/resolve.html", {"ballot": ballot, "sheet": sheet, "form": form}, status=422 if form.errors else 200
    )


def recount_file(ballot: Ballot) -> HttpResponse:
    """The recount file as it was digested; once counted it never changes."""
    if ballot.state not in COUNTED or ballot.is_official:
        raise Http404
    text = json.dumps(counting.recount(ballot), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename={ballot.reference}-recount.json"
    return response


@login_required
@require_GET
def recount(request: HttpRequest, reference: str) -> HttpResponse:
    return recount_file(ballot_or_404(request, reference))


@login_required
@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    actor = organiser(request)
    return render(request, "consultation/objections.html", {"rows": reads.objections_in_scope(actor)[:80]})


@login_required
@require_http_methods(["GET", "POST"])
def objection_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Record an objection for somebody who came or called."""
    actor = organiser(request)
    notice = get_object_or_404(PublicNotice.objects.filter(in_scope(actor)), reference=reference)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("category", "name", "text", "phone", "dwelling")}
        return redirect(case_url(notices.object_to(notice, by=actor, **data)))
    return render(request, "consultation/objection_new.html", {"form": form, "notice": notice}, status=422 if form.errors else 200)
