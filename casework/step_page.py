"""The one page on which every step is taken: form or confirmation, draft, files, refusal, once-more for money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework import drafts, evidence, registry
from casework.declarations import NoFacts
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.forms import StepForm
from casework.steps import StepView, may, perform, steps_for
from casework.timeline import case_url, missed
from casework.transcription import PAPER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from access.actors import Actor
    from casework.declarations import StepSpec
    from casework.evidence import EvidenceLine
    from casework.models import Case, CaseEvent


def draft_key(reference: str, verb: str) -> str:
    return f"{reference}/{verb}"


def form_class_of(step: StepSpec) -> type[StepForm]:
    """The form of a step: its own, or the bare one when it takes no facts."""
    own = registry.form_of(step.topic)
    if own is not None:
        return own
    if step.facts is not NoFacts:
        raise ImproperlyConfigured(f"{step.topic} takes {step.facts.__name__} and has no form")
    return StepForm


@dataclass
class StepPage:
    """One step of one case, as one person sees it."""

    request: HttpRequest
    case: Case
    step: StepSpec
    actor: Actor
    transcribing: bool
    view: StepView | None
    file_errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def open(cls, request: HttpRequest, case: Case, verb: str) -> StepPage:
        """404 for a step the kind does not have, 403 with the reason for a person who may not take it."""
        step = registry.kind(case.kind).steps.get(verb)
        if step is None or step.is_birth or step.system_only:
            raise Http404
        actor: Actor = request.actor  # type: ignore[attr-defined]
        verdict, transcribing = may(case, verb, actor), False
        if not verdict.allowed and may(case, verb, actor, on_behalf_of="?").allowed:
            transcribing = True
        elif not verdict.allowed:
            raise PermissionDenied(verdict.reason)
        view = next((v for v in steps_for(case, actor) if v.verb == verb), None)
        return cls(request, case, step, actor, transcribing, view)

    @property
    def key(self) -> str:
        return draft_key(self.case.reference, self.step.verb)

    # ---- showing ----

    def show(self) -> HttpResponse:
        """The page as one comes to it: with the draft, if there is one."""
        found = drafts.restore(self.actor.user_id, self.key) if self.actor.user_id else None
        if found is None:
            return self._render(self._form())
        data, saved_at = found
        seen = int(data.get("seen") or 0) if str(data.get("seen") or "0").isdigit() else 0
        changed = missed(case=self.case, seen=seen) if seen and seen < self.case.sequence else ()
        data["seen"] = str(self.case.sequence)
        return self._render(self._form(data, restored=True), saved_at=saved_at, changed=changed)

    def _form(self, data: QueryDict | None = None, **kwargs: Any) -> StepForm:
        files = self.request.FILES if data is not None and not kwargs.get("restored") else None
        return form_class_of(self.step)(data, files, case=self.case, actor=self.actor, transcribing=self.transcribing, **kwargs)

    def _render(self, form: StepForm, *, status: int = 200, refusal: StepRefused | None = None, **context: Any) -> HttpResponse:
        blocked = self._blocked()
        return render(
            self.request,
            "casework/step.html",
            {
                "case": self.case,
                "step": self.step,
                "view": self.view,
                "form": form,
                "refusal": refusal or blocked,
                "is_blocked": blocked is not None and self.request.method == "GET",
                "files": self._wanted_files(),
                "transcribing": self.transcribing,
                "PAPER": PAPER,
                **context,
            },
            status=status,
        )

    def _blocked(self) -> StepRefused | None:
        """Why nobody can take the step now; missing evidence does not block, for it can be added right here."""
        if self.view is None:
            state = self.case.state_label
            return StepRefused("not_from_here", _("现在是“%(state)s”，还办不了这一步。") % {"state": state})
        if self.view.allowed or self.view.code == "evidence_missing":
            return None
        return StepRefused(self.view.code, self.view.reason, self.view.citation, self.view.cure)

    @property
    def _own_papers(self) -> set[str]:
        """The codes of the papers that the step cannot do without."""
        return evidence.wanted(self.case, self.step)

    def _wanted_files(self) -> list[dict[str, Any]]:
        codes = self._own_papers
        lines: list[EvidenceLine] = [line for line in evidence.meter(self.case) if line.code in codes]
        wanted = [{"code": line.code, "label": line.label, "how": line.how, "files": line.files} for line in lines]
        if self.transcribing and not codes:  # else the step's own paper is the paper of whom it is recorded for
            there = tuple(self.case.evidence.filter(code=PAPER, withdrawn_at=None))
            wanted.append({"code": PAPER, "label": _("本人签字的纸质材料"), "how": _("拍照或扫描件。"), "files": there})
        return [{**row, "errors": self.file_errors.get(row["code"], [])} for row in wanted]

    # ---- taking the step ----

    def take(self) -> HttpResponse:
        """Keep the files, judge the form, ask once more for money, then go through the one door."""
        post = self.request.POST
        self._keep_files()
        if "_edit" in post:
            return self._render(self._form(post, restored=True))
        form = self._form(post)
        if not form.is_valid() or self.file_errors:
            return self._again(form, 422)
        event: CaseEvent | None = None
        try:
            if form.confirm and "_confirmed" not in post:
                self._rehearse(form)
            else:
                event = self._perform(form)
        except FactsRefused as refused:
            form.refuse(refused.errors)
            return self._again(form, 422)
        except NotPermitted as refused:
            raise PermissionDenied(refused.says) from refused
        except OutOfScope as refused:
            raise Http404 from refused
        except StepRefused as refused:
            return self._refused(form, refused)
        return self._ask_once_more(form) if event is None else self._done(event)

    def _rehearse(self, form: StepForm) -> None:
        """Take the step and take it back: what would refuse it is said before anybody is asked once more."""
        with transaction.atomic():
            self._perform(form)
            transaction.set_rollback(True)
        self.case = type(self.case).objects.get(pk=self.case.pk)

    def _perform(self, form: StepForm) -> CaseEvent:
        typed = form.cleaned_data
        return perform(
            self.case,
            self.step.verb,
            by=self.actor,
            happened_at=typed["happened_at"],
            seen=typed.get("seen") or 0,
            facts=form.facts(),
            on_behalf_of=typed.get("on_behalf_of", "") if self.transcribing else "",
        )

    def _keep_files(self) -> None:
        """Files are kept before anything is judged, so that a refused form never asks for them twice."""
        wanted = {f"evidence-{row['code']}": row["code"] for row in self._wanted_files()}
        for name, code in wanted.items():
            for upload in self.request.FILES.getlist(name):
                try:
                    evidence.add(self.case, code=code, file=upload, by=self.actor)
                except ValidationError as error:
                    self.file_errors.setdefault(code, []).extend(error.messages)
        if wanted and self.request.FILES:
            self.view = next((v for v in steps_for(self.case, self.actor) if v.verb == self.step.verb), None)

    def _again(self, form: StepForm, status: int, **context: Any) -> HttpResponse:
        if self.actor.user_id:
            context["saved_at"] = drafts.keep(self.actor.user_id, self.key, self.request.POST)
        return self._render(form, status=status, **context)

    def _refused(self, form: StepForm, refusal: StepRefused) -> HttpResponse:
        """The case as it stands now, what was typed, and why not; a stale page learns what changed and may go on."""
        changed: tuple[Any, ...] = ()
        if refusal.code == "changed_since":
            changed = missed(case=self.case, seen=form.cleaned_data.get("seen") or 0)
        self.case = type(self.case).objects.get(pk=self.case.pk)
        self.view = next((v for v in steps_for(self.case, self.actor) if v.verb == self.step.verb), None)
        data = self.request.POST.copy()
        data["seen"] = str(self.case.sequence)
        return self._again(self._form(data, restored=True), 409, refusal=refusal, changed=changed)

    def _ask_once_more(self, form: StepForm) -> HttpResponse:
        amounts = form.money()
        named = {str(label) for label, _amount in amounts}
        typed = [(name, value) for name, values in self.request.POST.lists() if name not in drafts.PASSING for value in values]
        return render(
            self.request,
            "casework/confirm.html",
            {
                "case": self.case,
                "step": self.step,
                "view": self.view,
                "form": form,
                "typed": typed,
                "summary": [(label, value) for label, value in form.summary() if str(label) not in named],
                "amounts": amounts,
                "consequences": form.consequences(),
            },
        )

    def _done(self, event: CaseEvent) -> HttpResponse:
        if self.actor.user_id:
            drafts.drop(self.actor.user_id, self.key)
        messages.success(self.request, _("已办：%(step)s。") % {"step": self.step.label})
        return redirect(f"{case_url(self.case)}?changed={event.number}")
