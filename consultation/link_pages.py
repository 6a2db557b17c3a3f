"""My vote: what an owner sees and sends by a personal link, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from access.actors import link_actor
from casework.errors import FactsRefused, OutOfScope, StepRefused
from consultation.models import Ballot, Voter
from consultation.permissions import PURPOSE
from consultation.selectors import ballots as reads
from consultation.selectors import counting
from consultation.services import ballots
from consultation.terms import Choice
from correspondence.api import link_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from correspondence.api import LinkView


@link_page(PURPOSE, title=_l("业主表决"))
def my_vote(request: HttpRequest, link: LinkView, rest: str) -> HttpResponse:
    """Choose, look once more, send; then the receipt. Until the last minute everybody may choose anew."""
    ballot = Ballot.objects.select_related("roll").get(pk=link.case_id)
    voter = Voter.objects.filter(ballot=ballot, party_id=link.party_id or 0).first()
    if voter is None or rest.strip("/") not in ("", "done"):
        raise OutOfScope("out_of_scope", _("没有这一页。"))
    context = _context(ballot, voter, link)
    if rest.strip("/") == "done":
        return render(request, "consultation/vote/done.html", context)
    if request.method != "POST":
        return render(request, "consultation/vote/choose.html", context)
    choice, helper = request.POST.get("choice", ""), request.POST.get("assisted_by", "").strip()[:60]
    context |= {"choice": choice, "assisted_by": helper, "choice_label": dict(Choice.choices).get(choice, "")}
    if choice not in Choice.values:
        return render(request, "consultation/vote/choose.html", context | {"error": _("还没有选：同意、不同意，还是弃权。")}, status=422)
    if request.POST.get("is_sure") != "yes":
        return render(request, "consultation/vote/check.html", context)
    try:
        ballots.cast_by_link(ballot, voter_id=voter.pk, choice=choice, by=link_actor(link), strength=link.strength, assisted_by=helper)
    except (StepRefused, FactsRefused) as refused:
        return render(request, "consultation/vote/choose.html", context | {"error": _says(refused)}, status=409)
    return redirect(f"{link.path}done")


def _says(refused: StepRefused | FactsRefused) -> str:
    if isinstance(refused, FactsRefused):
        return "；".join(str(sentence) for says in refused.errors.values() for sentence in says)
    return str(refused.says)


def _context(ballot: Ballot, voter: Voter, link: LinkView) -> dict[str, Any]:
    vote = counting.effective(ballot.pk).get(voter.pk)
    tally = counting.tally_of(ballot.pk)
    return {
        "ballot": ballot,
        "voter": voter,
        "link": link,
        "line": reads.line_words(ballot),
        "vote": vote,
        "vote_label": dict(Choice.choices).get(vote.choice) if vote else "",
        "present": tally.participating_persons,
        "persons": tally.persons,
        "is_open": ballot.state == "open",
        "choices": [(Choice.YES, _("同意"), ""), (Choice.NO, _("不同意"), ""), (Choice.ABSTAIN, _("弃权"), _("算参与，不算同意"))],
    }
