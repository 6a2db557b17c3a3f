"""The page of a target without an account: what is claimed, why, on which share and paper; accept, propose, contest, upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.actors import link_actor
from casework import evidence
from casework.errors import FactsRefused, StepRefused
from casework.forms import MoneyField
from casework.steps import perform
from correspondence.api import LinkView, link_page, papers_of
from legislation.money import ZERO
from recovery import selectors
from recovery.facts import Accept, Contest
from recovery.models import RecoveryTarget
from recovery.panels import percent

if TYPE_CHECKING:
    from django.http import HttpRequest


class AnswerForm(forms.Form):
    """Accept with a way to pay, or contest with a reason; a paper may come with either."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=_("您的答复"), choices=[("accept", _("承认，愿意付")), ("contest", _("不同意，有异议"))], widget=forms.RadioSelect
    )
    amount = MoneyField(label=_("承认的金额"), required=False)
    words = forms.CharField(
        label=_("怎么付，或者为什么不同意"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：分三期，每月 15 日付；或者写明哪里算得不对。"),
    )  # fmt: skip
    file = forms.FileField(label=_("附上材料（照片或 PDF）"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == "contest" and not (data.get("words") or "").strip():
            self.add_error("words", _("请写明为什么不同意。"))
        return data


@link_page("recovery.target", title=_("追偿事项"))
def target_page(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    """The first page tells and asks; a POST answers."""
    target = RecoveryTarget.objects.select_related("parent").get(pk=link.case_id)
    if rest:
        raise Http404
    form = AnswerForm(request.POST or None, request.FILES or None, initial={"amount": target.amount})
    if request.method == "POST" and form.is_valid() and _answered(target, link, form):
        messages.success(request, _("收到了您的答复。"))
        return redirect(link.path)
    return render(request, "recovery/target_link.html", {"link": link, "form": form, **_told(target)})


def _told(target: RecoveryTarget) -> dict[str, Any]:
    incident_id, version = target.lineage[0], selectors.version_of(target.lineage[0])
    file = selectors.files_of(incident_id).get(pk=target.parent_id or 0)
    line = next(t for t in selectors.account_of(incident_id).files[file.pk].targets if t.case_id == target.pk)
    share = version.fractions.get(target.party) if version else None
    return {
        "target": target, "file": file, "line": line, "version": version, "share": percent(share) if share is not None else "",
        "papers": papers_of(target), "plan": selectors.plan_of(target), "can_answer": target.state in ("demanded", "contested"),
    }  # fmt: skip


def _answered(target: RecoveryTarget, link: LinkView, form: AnswerForm) -> bool:
    """Take the step in the person's own name; what the door finds wrong stands on the form."""
    data, actor, now = form.cleaned_data, link_actor(link), timezone.now()
    facts: Accept | Contest
    if data["answer"] == "accept":
        verb, facts = "accept", Accept(data["amount"] or target.amount or ZERO, timezone.localdate(now), data["words"])
    else:
        verb, facts = "contest", Contest(timezone.localdate(now), data["words"], data["amount"])
    try:
        if data["file"]:
            evidence.add(target, code="answer", file=data["file"], by=actor)
        perform(target, verb, by=actor, happened_at=now, seen=None, facts=facts)
    except FactsRefused as refused:
        for says in refused.errors.values():
            form.add_error(None, [str(s) for s in says])
    except StepRefused as refused:
        form.add_error(None, str(refused.says))
    except ValidationError as refused:
        form.add_error("file", refused)
    return not form.errors
