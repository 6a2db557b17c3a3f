"""What the case page shows of ballots, notices and objections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from access.roles import CaseRole
from casework.models import CaseOrganisation
from casework.panels import panel
from consultation.models import Ballot, Objection, PublicNotice
from consultation.selectors import ballots as reads
from consultation.selectors import rolls

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


def is_organiser(case: Case, actor: Actor) -> bool:
    return CaseOrganisation.objects.filter(case_id=case.pk, organisation_id=actor.organisation_id or 0, role=CaseRole.ORGANISER).exists()


@panel("ballot", template="consultation/panels/gap.html", order=5)
def gap(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What is still missing, by both denominators; nothing about who voted what."""
    ballot = Ballot.objects.get(pk=case.pk)
    return None if ballot.state in ("draft", "announced", "withdrawn") else reads.gap(ballot)


@panel("ballot", template="consultation/panels/proposal.html", order=10)
def proposal(case: Case, actor: Actor) -> dict[str, Any]:
    ballot = Ballot.objects.select_related("roll").get(pk=case.pk)
    persons, area = rolls.base_of(ballot.roll)
    return {
        "ballot": ballot,
        "persons": persons,
        "area": area,
        "line": reads.line_words(ballot),
        "disputes": ballot.roll.disputes.filter(answered_at=None).count(),
        "official": getattr(ballot, "official", None) if ballot.is_official else None,
    }


@panel("ballot", template="consultation/panels/voters.html", column="side", order=10)
def voters(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Who has voted and who has not; never what."""
    ballot = Ballot.objects.get(pk=case.pk)
    if not is_organiser(case, actor) or not ballot.voters.exists():
        return None
    return {"ballot": ballot, "voters": reads.voters(ballot), "may_invite": ballot.state in ("announced", "open")}


@panel("ballot", template="consultation/panels/paper.html", order=20)
def paper(case: Case, actor: Actor) -> dict[str, Any] | None:
    ballot = Ballot.objects.get(pk=case.pk)
    if not is_organiser(case, actor) or ballot.state not in ("open", "counting"):
        return None
    return {"ballot": ballot, "sheets": reads.waiting_sheets(ballot)}


@panel("ballot", template="consultation/panels/notices.html", order=30)
def ballot_notices(case: Case, actor: Actor) -> dict[str, Any]:
    return {
        "notices": PublicNotice.objects.filter(parent_id=case.pk).order_by("pk"),
        "objections": Objection.objects.filter(lineage__contains=[case.pk]).order_by("pk"),
        "may": is_organiser(case, actor),
        "case": case,
    }


@panel("public_notice", template="consultation/panels/notice.html", order=10)
def notice(case: Case, actor: Actor) -> dict[str, Any]:
    row = PublicNotice.objects.get(pk=case.pk)
    return {
        "notice": row,
        "objections": Objection.objects.filter(parent_id=case.pk).order_by("pk"),
        "may": is_organiser(case, actor),
        "photos": case.evidence.filter(code="photo", withdrawn_at=None).count(),
    }


@panel("objection", template="consultation/panels/objection.html", order=10)
def objection(case: Case, actor: Actor) -> dict[str, Any]:
    """What was said; the person only for those who handle it."""
    row = Objection.objects.select_related("statement", "parent").get(pk=case.pk)
    return {"objection": row, "sees": is_organiser(case, actor), "sessions": row.sessions.all()}
