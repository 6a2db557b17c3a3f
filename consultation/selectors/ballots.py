"""What the pages of a ballot show: what is missing, who is waited for, the paper that waits, lists in scope."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access.scopes import in_scope
from consultation.calculations import Line, Stage, line_from, quickest
from consultation.models import Ballot, Objection, PaperSheet, PublicNotice, Voter
from consultation.selectors import counting
from consultation.selectors.positions import BallotPosition
from consultation.terms import SheetState
from legislation.lookup import at

if TYPE_CHECKING:
    from access.actors import Actor

PERCENT = Decimal(100)
SHORT = 8  # persons whom one would visit in an evening


@dataclass(frozen=True)
class Bar:
    """One measure of one threshold, drawn: part of whole in percent for the eye only, the line's place, the formula for the mind."""

    label: str
    part: Any
    whole: Any
    unit: str
    percent: str
    line: str
    missing: Any
    least: Any
    formula: str


@dataclass(frozen=True)
class VoterLine:
    id: int
    number: int
    units: str
    area: Decimal
    has_voted: bool
    presence: str
    note: str


def percent(part: Any, whole: Any) -> str:
    return f"{Decimal(part) * PERCENT / Decimal(whole):.2f}" if whole else "0.00"


def _bars(stage: Stage, share: Any, *, is_strict: bool) -> tuple[Bar, Bar]:
    sign = "＞" if is_strict else "≥"

    def bar(label: str, part: Any, whole: Any, unit: str, missing: Any, least: Any) -> Bar:
        left, right = share.denominator * part, share.numerator * whole
        holds = left > right if is_strict else left >= right
        shown = sign if holds else "＜" if left < right else "＝"
        formula = f"{share.denominator} × {part:,} = {left:,} {shown} {share.numerator} × {whole:,} = {right:,}"
        return Bar(label, part, whole, unit, percent(part, whole), percent(share.numerator, share.denominator), missing, least, formula)

    return (
        bar(_("人数"), stage.persons, stage.of_persons, _("人"), stage.missing_persons, stage.least_persons),
        bar(_("面积"), stage.area, stage.of_area, "㎡", stage.missing_area, stage.least_area),
    )


def line_of(ballot: Ballot) -> tuple[Line, str]:
    rule = at(ballot.law_date, ballot.place).table(f"consultation.line.{ballot.matter}")
    return line_from(rule.value), rule.citation


def line_words(ballot: Ballot) -> dict[str, str]:
    """The line in words, and a warning where a stricter one may be asked."""
    line, citation = line_of(ballot)
    base = _("全体业主") if line.of_all else _("参与表决的业主")
    words = _("%(base)s中超过 %(share)s 同意") if line.is_strict else _("%(base)s中 %(share)s 以上同意")
    said = words % {"base": base, "share": line.assent}
    if line.participation:
        said = _("%(share)s 以上业主参与，") % {"share": line.participation} + said
    law = at(ballot.law_date, ballot.place)
    other = law.table("consultation.stricter_line").value.get(ballot.matter) if law.has("consultation.stricter_line") else None
    warning = ""
    if other:
        share = law.table(f"consultation.line.{other}").value["assent"]
        warning = _("要业主另外出钱，或者当地掌握得更严的，按 %(share)s 同意组织。") % {"share": share}
    return {"words": _("%(said)s，人数和面积都要达到") % {"said": said}, "citation": citation, "warning": warning}


def gap(ballot: Ballot) -> dict[str, Any]:
    """Both thresholds by both measures, and the quickest way over the first."""
    position = BallotPosition(ballot)
    found = position.outcome
    votes = counting.effective(ballot.pk) if ballot.state == "open" else {}
    waiting = [("、".join(v.units), v.area) for v in ballot.voters.all() if v.pk not in votes] if ballot.state == "open" else []
    shortlist = quickest(found.participation.missing_persons, found.participation.missing_area, waiting)
    return {
        "ballot": ballot,
        "found": found,
        "has_participation": bool(found.line.participation),
        "participation": _bars(found.participation, found.line.participation, is_strict=False),
        "assent": _bars(found.assent, found.line.assent, is_strict=found.line.is_strict),
        "line": line_words(ballot),
        "quickest": shortlist if len(shortlist) <= SHORT else (),
        "is_live": ballot.state in ("open", "counting"),
        "paper_share": sum(1 for vote in counting.effective(ballot.pk).values() if vote.channel == "paper"),
        "struck": ballot.votes.filter(struck__isnull=False).count(),
    }


def voters(ballot: Ballot) -> list[VoterLine]:
    votes = counting.effective(ballot.pk)
    return [
        VoterLine(v.pk, v.number, "、".join(v.units), v.area, v.pk in votes, v.get_presence_display() if v.presence else "", v.note)
        for v in Voter.objects.filter(ballot=ballot)
    ]


def waiting_sheets(ballot: Ballot) -> QuerySet[PaperSheet]:
    rows: QuerySet[PaperSheet] = PaperSheet.objects.filter(
        ballot=ballot, state_of_keying__in=(SheetState.ONCE, SheetState.MISMATCH)
    ).select_related("voter", "photo", "first_by", "second_by")
    return rows.order_by("state_of_keying", "pk")


def ballots_in_scope(actor: Actor) -> QuerySet[Ballot]:
    rows: QuerySet[Ballot] = Ballot.objects.filter(in_scope(actor)).select_related("roll").order_by("-opened_at")
    return rows


def ballot_in_scope(actor: Actor, reference: str) -> Ballot | None:
    found: Ballot | None = Ballot.objects.filter(in_scope(actor), reference=reference).first()
    return found


def objections_in_scope(actor: Actor) -> QuerySet[Objection]:
    rows: QuerySet[Objection] = (
        Objection.objects.filter(in_scope(actor)).select_related("parent").order_by("closed_at", "next_deadline_at", "pk")
    )
    return rows


def public_notice(code: str) -> PublicNotice | None:
    """A notice as anybody may read it: posted or finished, never practice."""
    found: PublicNotice | None = PublicNotice.objects.filter(code=code, is_practice=False, state__in=("posted", "finished")).first()
    return found
