"""Pages of casework: my work, search, the case, its steps, files, deadlines; the operator's page and the law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.models import User
from access.roles import Role
from access.scopes import in_scope
from casework import audit, drafts, evidence, law_pages, operations, outbox, search, selectors, services, timeline
from casework.errands import errands
from casework.errors import NotPermitted, OutOfScope
from casework.forms import AwayForm
from casework.models import Case, Deadline, Evidence, OutboxEntry, Task
from casework.step_page import StepPage, draft_key

if TYPE_CHECKING:
    from django.http import HttpRequest

log = structlog.get_logger(__name__)


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def case_or_404(request: HttpRequest, reference: str) -> Case:
    case = selectors.find_case(actor=_actor(request), reference=reference)
    if case is None:
        raise Http404
    return case


@login_required
@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I wait for, what changed."""
    actor, show, after = _actor(request), request.GET.get("show", "all"), request.GET.get("after", "")
    context: dict[str, Any] = {
        "show": show,
        "after": after,
        "counts": selectors.work_counts(actor=actor),
        "page": selectors.work_page(actor=actor, show=show, after=after),
        "today": timezone.localdate(),
    }
    if show != "others":
        context["others"] = selectors.work_page(actor=actor, show="others", size=6)
    context |= {"tasks": selectors.open_tasks(actor=actor), "errands": errands(actor), "changes": selectors.changes(actor=actor)}
    return render(request, "casework/my_work.html", context)


@login_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Search within what I may see; the exact number of a case leads straight to it."""
    words, actor = request.GET.get("q", "").strip()[:100], _actor(request)
    case = search.exact(words, actor) if words else None
    if case is not None:
        return redirect(timeline.case_url(case))
    context = {"q": words, "cases": search.cases(words, actor) if words else [], "others": search.other_hits(words, actor) if words else []}
    return render(request, "casework/search.html", context)


@login_required
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The one page of every kind of case."""
    found, actor = case_or_404(request, reference), _actor(request)
    page = selectors.case_page(case=found, actor=actor, everything="all" in request.GET)
    changed = request.GET.get("changed", "")
    return render(request, "casework/case.html", {"page": page, "case": found, "changed": int(changed) if changed.isdigit() else 0})


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    page = StepPage.open(request, case_or_404(request, reference), verb)
    return page.take() if request.method == "POST" else page.show()


@login_required
@require_POST
def step_draft(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Keep what is being typed; answers with the line that says so."""
    case_or_404(request, reference)
    return _kept(request, draft_key(reference, verb))


@login_required
@require_POST
def page_draft(request: HttpRequest, key: str) -> HttpResponse:
    """The same for a form that begins a case and has no number yet (`key` names the page)."""
    return _kept(request, f"page/{key}"[:120])


def _kept(request: HttpRequest, key: str) -> HttpResponse:
    saved_at = drafts.keep(_actor(request).user_id, key, request.POST)
    return render(request, "components/draft.html", {"saved_at": saved_at})


@login_required
@require_POST
def add_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in files for one kind of evidence; what is wrong with a file is said beside it, the others are kept."""
    found, actor = case_or_404(request, reference), _actor(request)
    code, wrong = request.POST.get("code", ""), []
    if code not in dict(selectors.evidence_choices(found)):
        raise Http404
    for upload in request.FILES.getlist("file"):
        try:
            evidence.add(found, code=code, file=upload, by=actor, note=request.POST.get("note", "")[:200])
        except ValidationError as error:
            wrong += [f"{upload.name}：{sentence}" for sentence in error.messages]
    if not request.FILES:
        wrong.append(_("还没有选文件。"))
    return _evidence_sheet(request, found, wrong, code)


def _evidence_sheet(request: HttpRequest, found: Case, wrong: list[str], code: str) -> HttpResponse:
    if not getattr(request, "htmx", False):
        for sentence in wrong:
            messages.error(request, sentence)
        return redirect(f"{timeline.case_url(found)}#evidence")
    context = {
        "case": found,
        "lines": evidence.meter(found),
        "choices": selectors.evidence_choices(found),
        "wrong": wrong,
        "wrong_code": code,
        "changed_code": "" if wrong else code,
    }
    return render(request, "casework/panels/evidence.html", context)


@login_required
@require_POST
def withdraw_evidence(request: HttpRequest, key: int) -> HttpResponse:
    row = get_object_or_404(Evidence.objects.select_related("case").filter(in_scope(_actor(request), "case")), pk=key)
    return _write(request, row.case, "evidence", services.withdraw_evidence, row, because=request.POST.get("because", ""))


@login_required
@require_POST
def add_note(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_404(request, reference)
    return _write(request, found, "notes", services.write_note, found, text=request.POST.get("text", ""))


@login_required
@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    found, wanted = case_or_404(request, reference), request.POST.get("to", "")
    to = get_object_or_404(User, pk=int(wanted)) if wanted.isdigit() else None
    return _write(request, found, "assignee", services.assign, found, to=to)


@login_required
@require_POST
def finish_task(request: HttpRequest, key: int) -> HttpResponse:
    row = get_object_or_404(Task.objects.select_related("case").filter(in_scope(_actor(request), "case")), pk=key)
    return _write(request, row.case, "tasks", services.finish_task, row, outcome=request.POST.get("outcome", ""))


def _write(request: HttpRequest, found: Case, anchor: str, service: Any, subject: Any, **kwargs: Any) -> HttpResponse:
    """Carry out a small write and return to its place on the case page, with what was wrong said there."""
    try:
        service(subject, **kwargs, by=_actor(request))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    except NotPermitted as refused:
        raise PermissionDenied(refused.says) from refused
    except OutOfScope as refused:
        raise Http404 from refused
    return redirect(f"{timeline.case_url(found)}#{anchor}")


@login_required
@require_GET
def deadline(request: HttpRequest, reference: str, rule: str) -> HttpResponse:
    """One clock explained: from when, how long, what was taken out, under which article and release."""
    found = case_or_404(request, reference)
    row = get_object_or_404(Deadline.objects.select_related("start_event", "organisation"), case_id=found.pk, rule=rule)
    row.case = found
    return render(request, "casework/deadline.html", {"case": found, "deadline": row, "provision": law_pages.answered(found, row)})


@login_required
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """While I am away a colleague sees my cases as their own."""
    form = AwayForm(request.POST or None, actor=_actor(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.stand_in(absent=_actor(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已登记，这段时间由%(name)s代办。") % {"name": form.cleaned_data["substitute"]})
            return redirect("casework:away")
    rows = selectors.substitutions(actor=_actor(request))
    return render(request, "casework/away.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


# ---- the operator ----


def _operator_only(request: HttpRequest) -> None:
    if not _actor(request).has(Role.OPERATOR):
        raise PermissionDenied(_("这一页由系统运维看。"))


@login_required
@require_GET
def operator(request: HttpRequest) -> HttpResponse:
    """What the machinery could not do by itself, and whether the books of events still hold."""
    _operator_only(request)
    return render(request, "casework/operator.html", {"page": operations.operator_page(actor=_actor(request))})


@login_required
@require_POST
def retry_outbox(request: HttpRequest, key: int) -> HttpResponse:
    _operator_only(request)
    outbox.unpark(get_object_or_404(OutboxEntry, pk=key))
    outbox.wake()
    messages.success(request, _("已放回队列，稍后再试。"))
    return redirect("casework:operator")


@login_required
@require_POST
def verify_case(request: HttpRequest) -> HttpResponse:
    """Walk the chain of one case by its number."""
    _operator_only(request)
    found = get_object_or_404(Case, reference=request.POST.get("reference", "").strip().upper())
    broken = audit.verify_case(found)
    if broken is None:
        messages.success(
            request, _("%(reference)s：%(count)s 条记录，链条完整。") % {"reference": found.reference, "count": found.sequence}
        )
    else:
        messages.error(
            request,
            _("%(reference)s：第 %(number)s 条不对（%(why)s）。")
            % {"reference": broken.reference, "number": broken.number, "why": broken.why},
        )
    return redirect("casework:operator")


# ---- the law ----


@require_GET
def law(request: HttpRequest) -> HttpResponse:
    """Which rules and figures are held, searched by article or words."""
    words = request.GET.get("q", "").strip()[:200]
    return render(request, "casework/law.html", {"q": words, "rows": law_pages.found(words), "release": law_pages.release_in_use()})


@require_GET
def unverified(request: HttpRequest) -> HttpResponse:
    """The values whose article nobody has compared with the source yet."""
    return render(
        request, "casework/law.html", {"rows": law_pages.unverified_rows(), "is_unverified": True, "release": law_pages.release_in_use()}
    )


@require_GET
def provision(request: HttpRequest, name: str) -> HttpResponse:
    """One parameter of the law: every value by place and time, its article and its mark."""
    rows = law_pages.values_of(name)
    if not rows:
        raise Http404
    return render(request, "casework/provision.html", {"name": name, "rows": rows, "release": law_pages.release_in_use()})
