"""Pages of claims: the list, proposing an advance, the worksheet, a person's identity and account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import drafts
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.selectors import find_case
from casework.steps import may
from casework.timeline import case_url
from claims import selectors, services
from claims.forms.advance import ProposeAdvanceForm
from claims.forms.people import RelativeForm, VictimLinkForm
from claims.forms.worksheet import PersonForm, TypedBaseForm, WorksheetForm
from claims.models import Advance, Claim
from claims.permissions import OFFICERS
from claims.services import relatives, victim
from correspondence import api as correspondence
from damages import api as damages

if TYPE_CHECKING:
    from django.http import HttpRequest

    from access.actors import Actor


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _claim(request: HttpRequest, reference: str) -> Claim:
    """The claim if the reader may see it; 404 otherwise."""
    claim = selectors.claims_seen_by(_actor(request)).filter(reference=reference).first()
    if claim is None:
        raise Http404
    return claim


def _ensure_may(claim: Claim, verb: str, request: HttpRequest) -> None:
    verdict = may(claim, verb, _actor(request))
    if not verdict.allowed:
        raise PermissionDenied(verdict.reason)


def _assessing(claim: Claim) -> str:
    return "assess" if claim.state in ("open", "docs_missing") else "revise_assessment"


@login_required
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """The claims in my scope, by what they wait for."""
    show, words = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:60]
    page = selectors.claims_page(actor=_actor(request), show=show, words=words, number=request.GET.get("page", "1"))
    return render(request, "claims/claims.html", {"page": page, "show": show, "q": words})


@login_required
@require_POST
def open_claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a claim for one person of an incident who has none yet."""
    incident = find_case(actor=_actor(request), reference=reference)
    if incident is None or incident.kind != "incident":
        raise Http404
    try:
        claim = services.open_claim_for(incident, request.POST.get("key", ""), by=_actor(request), happened_at=timezone.now())
    except NotPermitted as refusal:
        raise PermissionDenied(refusal.says) from refusal
    except (StepRefused, FactsRefused) as refusal:
        messages.error(request, str(getattr(refusal, "says", refusal)))
        return redirect(case_url(incident))
    return redirect(case_url(claim))


@login_required
@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose an advance, at night from a phone: to whom, how much, on which basis."""
    claim, actor, key = _claim(request, reference), _actor(request), f"page/advance/{reference}"
    if not services.may_advance(claim, actor):
        raise PermissionDenied(_("垫付由本案的使用管理人提出。"))
    kept = None if request.method == "POST" else drafts.restore(actor.user_id, key)
    form = ProposeAdvanceForm(
        request.POST or (kept[0] if kept else None), request.FILES or None, case=claim, actor=actor, restored=kept is not None
    )
    if request.method == "POST" and form.is_valid():
        born = _propose(form, actor)
        if born is not None:
            drafts.drop(actor.user_id, key)
            messages.success(request, _("已提出垫付 %(ref)s。") % {"ref": born.reference})
            urgent = form.cleaned_data["emergency"]
            return redirect("casework:step", born.reference, "approve_in_emergency") if urgent else redirect(case_url(born))
    context = {"claim": claim, "form": form, "draft_key": key.removeprefix("page/"), "saved_at": kept[1] if kept else None}
    return render(request, "claims/advance.html", context, status=422 if form.errors else 200)


def _propose(form: ProposeAdvanceForm, actor: Actor) -> Advance | None:
    """The advance that was proposed, or None: then the form says beside its fields what is wrong."""
    data = form.cleaned_data
    try:
        return services.propose_from_page(
            claim=form.claim,
            facts=form.typed(None),
            account=form.account,
            deposit=data["estimate"],
            notice=data["notice"],
            by=actor,
            happened_at=data["happened_at"],
        )
    except FactsRefused as refusal:
        form.refuse(refusal.errors)
    except StepRefused as refusal:
        form.add_error(None, refusal.says)
    except ValidationError as refusal:
        form.refuse(refusal.message_dict if hasattr(refusal, "error_dict") else {"notice": refusal.messages})
    return None


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Say who a person of the claim is, and where the money goes."""
    claim = _claim(request, reference)
    _ensure_may(claim, "identify", request)
    if not any(p["key"] == key for p in claim.people):
        raise Http404
    about_relative = "relative_name" in request.POST
    relative = RelativeForm(request.POST if about_relative else None)
    form = PersonForm(request.POST if request.method == "POST" and not about_relative else None)
    if about_relative and relative.is_valid() and _add_relative(relative, claim, key, request):
        return redirect(request.path)
    if request.method == "POST" and not about_relative and form.is_valid():
        try:
            services.identify_person(claim, key, form.cleaned_data, by=_actor(request), happened_at=timezone.now())
        except ValidationError as refusal:
            form.refuse(refusal.message_dict)
        else:
            messages.success(request, _("已登记。新账号等另一位同事核对后就能付款。"))
            return redirect(f"{case_url(claim)}#people")
    context = {"claim": claim, "form": form, "relative": relative, "person": services.known_person(claim, key)}
    return render(request, "claims/person.html", context, status=422 if form.errors or relative.errors else 200)


def _add_relative(form: RelativeForm, claim: Claim, key: str, request: HttpRequest) -> bool:
    """Whether the relative was recorded; if not, the form says why."""
    try:
        relatives.add_relative(claim, key, form.cleaned_data, by=_actor(request))
    except ValidationError as refusal:
        form.refuse(refusal.message_dict)
    except StepRefused as refusal:
        form.add_error(None, refusal.says)
    else:
        messages.success(request, _("已登记近亲属。"))
        return True
    return False


@login_required
@require_http_methods(["GET", "POST"])
def worksheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The worksheet: asked, assessed, agreed per head, computed as one types; each save is a version."""
    claim, actor, key = _claim(request, reference), _actor(request), f"page/worksheet/{reference}"
    _ensure_may(claim, _assessing(claim), request)
    kept = None if request.method == "POST" else drafts.restore(actor.user_id, key)
    form = WorksheetForm(request.POST or (kept[0] if kept else None), claim=claim)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_worksheet(claim=claim, entered=form.entered(), by=actor, reason=form.cleaned_data.get("reason", ""))
        except FactsRefused as refusal:
            form.refuse(refusal.errors)
        else:
            drafts.drop(actor.user_id, key)
            saved = damages.current(claim.pk)
            if saved is not None and saved.total is None:
                messages.warning(
                    request, _("已存为第 %(n)s 版。还缺年度标准，合计先空着：按文件录入，由同事确认后再出新版。") % {"n": saved.version}
                )
                return redirect(f"{request.path}#bases")
            return redirect("casework:step", claim.reference, _assessing(claim))
    return _worksheet_page(request, claim, form, TypedBaseForm(), kept[1] if kept else None)


def _worksheet_page(request: HttpRequest, claim: Claim, form: WorksheetForm, base: TypedBaseForm, saved_at: Any = None) -> HttpResponse:
    status = 422 if request.method == "POST" and (form.errors or base.errors) else 200
    result = form.preview()
    if request.method == "GET":
        form.errors.clear()  # a draft is not yet sent: nobody has made a mistake in it
    context = {
        "claim": claim,
        "form": form,
        "base_form": base,
        "bases": damages.typed_bases(claim.pk),
        "saved_at": saved_at,
        "draft_key": f"worksheet/{claim.reference}",
        "me": _actor(request).user_id,
        **result,
    }
    return render(request, "claims/worksheet.html", context, status=status)


@login_required
@require_POST
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """What the worksheet comes to with what is typed now; nothing is written."""
    claim = _claim(request, reference)
    form = WorksheetForm(request.POST, claim=claim)
    return render(request, "claims/worksheet_result.html", {"claim": claim, **form.preview()})


@login_required
@require_POST
def type_base(request: HttpRequest, reference: str) -> HttpResponse:
    """Type a yearly figure that the data lacks; a colleague confirms it."""
    claim, form = _claim(request, reference), TypedBaseForm(request.POST)
    _ensure_may(claim, _assessing(claim), request)
    if not form.is_valid():
        return _worksheet_page(request, claim, WorksheetForm(None, claim=claim), form)
    damages.type_base(case_id=claim.pk, by=_actor(request), **form.cleaned_data)
    messages.success(request, _("已录入，请另一位同事核对文件后确认。"))
    return redirect("claims:worksheet", claim.reference)


@login_required
@require_POST
def confirm_base(request: HttpRequest, reference: str, key: int) -> HttpResponse:
    """A second person has read the notice."""
    claim = _claim(request, reference)
    _ensure_may(claim, "record_estimate", request)
    if not any(base.id == key for base in damages.typed_bases(claim.pk)):
        raise Http404
    try:
        damages.confirm_base(base_id=key, by=_actor(request))
    except (NotPermitted, OutOfScope) as refusal:
        raise PermissionDenied(refusal.says) from refusal
    messages.success(request, _("已确认，可以按这个标准出新版计算书。"))
    return redirect(f"{case_url(claim)}#damages")


@login_required
@require_http_methods(["GET", "POST"])
def victim_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Give one person their own page: the printed slip with the QR code, and the code apart. Both are shown once."""
    claim, actor = _claim(request, reference), _actor(request)
    if not actor.has(*OFFICERS) or actor.organisation_id not in claim.organisation_ids:
        raise PermissionDenied(_("链接由经办这件理赔的单位发给受害人。"))
    form = VictimLinkForm(request.POST or None, claim=claim)
    slip = victim.issue_victim_link(claim, form.cleaned_data, by=actor) if request.method == "POST" and form.is_valid() else None
    context = {"claim": claim, "form": form, "slip": slip, "doc": slip, "links": correspondence.links_of(claim, victim.VICTIM_PURPOSE)}
    return render(request, "claims/victim/slip.html" if slip else "claims/victim/issue.html", context, status=422 if form.errors else 200)
