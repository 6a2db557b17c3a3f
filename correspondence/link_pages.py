"""Where a holder of records without an account reads what is asked, sends the papers or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actors import link_actor
from casework import evidence
from casework.errors import FactsRefused, StepRefused
from casework.steps import perform
from correspondence.facts import AnswerRecords, RefuseRecords
from correspondence.links import LinkView, link_page
from correspondence.models import RecordsRequest
from correspondence.permissions import LINK

if TYPE_CHECKING:
    from django.http import HttpRequest


class AnswerByLink(forms.Form):
    """What the holder hands over, or why not."""

    use_required_attribute = False
    note = forms.CharField(label=gettext_lazy("提供了哪些，或者不提供的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    lacking = forms.CharField(label=gettext_lazy("哪些没有，为什么"), max_length=300, required=False)


@link_page(LINK, title=gettext_lazy("提供资料"))
def records(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    """Show the request; take files and the answer, or the refusal with its reason."""
    if rest:
        raise Http404
    case = RecordsRequest.objects.get(pk=link.case_id)
    form = AnswerByLink(request.POST or None)
    if request.method == "POST" and not case.is_ended and form.is_valid() and _answered(request, link, case, form):
        return redirect(link.path)
    files = case.evidence.filter(code="records", withdrawn_at=None)
    context = {"link": link, "case": case, "form": form, "files": files}
    return render(request, "correspondence/records_by_link.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, link: LinkView, case: RecordsRequest, form: AnswerByLink) -> bool:
    """Keep the files, then take the step through the one door; what is wrong stands on the form."""
    actor, said = link_actor(link), form.cleaned_data
    refuses = "refuse" in request.POST
    for upload in [] if refuses else request.FILES.getlist("file"):
        try:
            evidence.add(case, code="records", file=upload, by=actor)
        except ValidationError as error:
            form.add_error(None, [f"{upload.name}：{sentence}" for sentence in error.messages])
    if form.errors:
        return False
    verb, facts = ("refuse", RefuseRecords(said["note"])) if refuses else ("answer_request", AnswerRecords(said["note"], said["lacking"]))
    try:
        perform(case, verb, by=actor, happened_at=timezone.now(), seen=case.sequence, facts=facts)
    except FactsRefused as refused:
        form.add_error(None, [str(s) for says in refused.errors.values() for s in says])
    except StepRefused as refused:
        form.add_error(None, _("还没有附上资料，请拍照或者选文件。") if refused.code == "evidence_missing" else refused.says)
    return not form.errors
