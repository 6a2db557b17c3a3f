"""Two pages for people without an account: one answers what was asked, the other only reads."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from access.actors import link_actor
from casework.steps import perform
from correspondence.api import LinkView, link_page
from tests.sample.models import AskMatter, Matter


@link_page("sample.answer", title="补充材料")
def answer(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    """The first page shows the matter, a POST to "send" answers it."""
    matter = Matter.objects.get(pk=link.case_id)
    if rest == "send" and request.method == "POST":
        seen = int(request.POST["seen"])
        perform(matter, "answer", by=link_actor(link), happened_at=timezone.now(), seen=seen, facts=AskMatter())
        return redirect(link.path)
    if rest:
        raise Http404
    return render(request, "sample/answer.html", {"link": link, "matter": matter})


@link_page("sample.read", title="看看办到哪里")
def read(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    return HttpResponse(f"只看不办 {rest}")
