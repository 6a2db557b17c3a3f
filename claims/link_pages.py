"""The page of the injured, by her personal link: look, bring what is missing, ask or object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from access.actors import link_actor
from casework import evidence
from casework.errors import FactsRefused
from casework.steps import perform
from claims.facts import VictimSays
from claims.models import Claim
from claims.services.victim import HERS, VICTIM_PURPOSE, victim_page
from claims.terms import Word
from correspondence.api import LinkView, link_page

if TYPE_CHECKING:
    from django.http import HttpRequest


@link_page(VICTIM_PURPOSE, title=_("您的理赔"))
def victim(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    """Her page; below it "papers" takes what she brings and "word" what she says."""
    claim = Claim.objects.filter(pk=link.case_id).first()
    if claim is None or rest not in ("", "papers", "word"):
        raise Http404
    if request.method == "POST" and rest:
        (_take_papers if rest == "papers" else _take_word)(request, link, claim)
        return redirect(link.path)
    context = {"link": link, "page": victim_page(claim, link), "kinds": Word.choices}
    return render(request, "claims/victim/page.html", context)


def _take_papers(request: HttpRequest, link: LinkView, claim: Claim) -> None:
    """Keep what she sends; what is wrong with one file is said and the others stay."""
    kept = 0
    for code in HERS:
        for upload in request.FILES.getlist(code):
            try:
                evidence.add(claim, code=code, file=upload, by=link_actor(link), note=now_("受害人凭链接上传"))
                kept += 1
            except ValidationError as refused:
                messages.error(request, f"{upload.name}：{''.join(refused.messages)}")
    if kept:
        messages.success(request, now_("收到 %(n)s 份材料，谢谢。") % {"n": kept})


def _take_word(request: HttpRequest, link: LinkView, claim: Claim) -> None:
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "").strip()
    facts = VictimSays(kind if kind in Word.values else Word.QUESTION.value, text)
    try:
        perform(claim, "hear_victim", by=link_actor(link), happened_at=timezone.now(), seen=None, facts=facts)
    except FactsRefused as refused:
        messages.error(request, "".join(str(says) for found in refused.errors.values() for says in found))
    else:
        messages.success(request, now_("已经送到，经办人会答复您。"))
