"""Pages of public money: pools, applications, eligibility before the long form, schemes, the public notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from access.models import Organisation
from casework import registry
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.timeline import case_url
from funding import calculations, services
from funding.facts import OpenPool
from funding.forms.apply import ApplyForm, EligibilityForm
from funding.forms.pool import OpenPoolForm
from funding.selectors import lists

if TYPE_CHECKING:
    from django.http import HttpRequest

    from access.actors import Actor


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _may(actor: Actor, kind: str, verb: str) -> bool:
    row = registry.may(kind, verb)
    return row is not None and actor.has(*row.roles)


@login_required
@require_GET
def pools(request: HttpRequest) -> HttpResponse:
    """Every pool in scope: what came in, what is held, what is left, who waits."""
    actor = _actor(request)
    context = {"rows": lists.pool_rows(actor=actor), "may_open": _may(actor, "budget_pool", "open")}
    return render(request, "funding/pools.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_pool(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    if not _may(actor, "budget_pool", "open"):
        raise PermissionDenied(_("资金池由财政部门设立。"))
    form = OpenPoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = OpenPool(data["name"], data["scheme"], data["year"], actor.organisation_id)
        try:
            pool = services.open_pool(facts=facts, place=_place_of(actor), by=actor, happened_at=timezone.now())
        except FactsRefused as refused:
            for name, says in refused.errors.items():
                form.add_error(name if name in form.fields else None, says)
        else:
            messages.success(request, _("资金池已设立。接着提出年初预算，由同事复核入账。"))
            return redirect("casework:step", pool.reference, "propose_change")
    return render(request, "funding/open_pool.html", {"form": form}, status=422 if form.errors else 200)


def _place_of(actor: Actor) -> str:
    return Organisation.objects.values_list("place", flat=True).get(pk=actor.organisation_id or 0)


@login_required
@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The applications in scope by what they wait for."""
    actor = _actor(request)
    page = lists.applications_page(actor=actor, show=request.GET.get("show", ""), number=request.GET.get("page", "1"))
    return render(request, "funding/applications.html", {"page": page, "may_apply": _may(actor, "subsidy_application", "submit")})


@login_required
@require_GET
def eligibility(request: HttpRequest) -> HttpResponse:
    """Before the long form: which lift, which scheme, and an answer with its source for every rule."""
    actor = _actor(request)
    form = EligibilityForm(request.GET or None, actor=actor)
    finding = form.finding() if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "finding": finding,
        "scheme": form.chosen,
        "lift": form.lift,
        "query": request.GET.urlencode(),
        "may_apply": _may(actor, "subsidy_application", "submit"),
        "has_pool": bool(form.pools),
    }
    return render(request, "funding/eligibility.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The application itself, opened from the eligibility page: its facts travel in the address."""
    actor = _actor(request)
    if not _may(actor, "subsidy_application", "submit"):
        raise PermissionDenied(_("补助申请由街道办经办人登记，或者代申请人录入。"))
    asked = EligibilityForm(request.GET or None, actor=actor)
    if not asked.is_bound or not asked.is_valid() or not asked.pools:
        return redirect(f"{reverse('funding:eligibility')}?{request.GET.urlencode()}")
    form = ApplyForm(request.POST or None, asked=asked, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            born = form.submit()
        except NotPermitted as refused:
            raise PermissionDenied(refused.says) from refused
        except FactsRefused as refused:
            form.refuse(refused.errors)
        except StepRefused as refused:
            form.add_error(None, refused.says)
        else:
            messages.success(request, _("已登记申请 %(ref)s。把材料附上就可以受理。") % {"ref": born.reference})
            return redirect(case_url(born))
    context = {"form": form, "asked": asked, "finding": asked.finding(), "scheme": asked.chosen, "lift": asked.lift}
    return render(request, "funding/apply.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def scheme_list(request: HttpRequest) -> HttpResponse:
    """Every scheme of the law data with how many open applications it touches."""
    actor = _actor(request)
    rows = [(one, len(lists.touched_by(one, actor=actor))) for one in calculations.schemes()]
    return render(request, "funding/schemes.html", {"rows": rows})


@login_required
@require_GET
def scheme_page(request: HttpRequest, code: str) -> HttpResponse:
    """One scheme: its rules with their sources, and the open cases that its change touches."""
    one = next((found for found in calculations.schemes() if found.code == code), None)
    if one is None:
        raise Http404
    touched = lists.touched_by(one, actor=_actor(request))
    answers = calculations.judge(one, calculations.Facts()).answers
    return render(request, "funding/scheme.html", {"scheme": one, "answers": answers, "touched": touched})


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is being published, for everybody: no name, no account."""
    return render(request, "funding/notices.html", {"rows": lists.public_notices()})
