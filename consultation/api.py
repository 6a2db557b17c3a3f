"""The door of consultation: open a ballot or a public notice below any case, read what came of them.

News: `consultation.ballot.certify / declare_failed / withdraw / annul`, `consultation.public_notice.post / change_content / finish`,
`consultation.objection.receive / settle / dismiss / withdraw / reopen`, with `event.case.parent_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.steps import today
from consultation.calculations import Line, line_from
from consultation.models import Ballot, Objection, PublicNotice, Roll
from consultation.selectors import rolls as roll_reads
from consultation.selectors.positions import BallotPosition
from consultation.services import ballots, notices
from consultation.services.ballots import Proposal
from consultation.terms import Matter, NoticePurpose, Scope
from legislation.lookup import at

if TYPE_CHECKING:
    from access.actors import Actor
    from access.roles import CaseRole
    from casework.models import Case

__all__ = [
    "BallotResult",
    "Matter",
    "NoticePurpose",
    "NoticeView",
    "ObjectionView",
    "Proposal",
    "RequiredLine",
    "RollView",
    "Scope",
    "ballots_of",
    "notices_of",
    "objections_of",
    "open_ballot",
    "open_notice",
    "required_line",
    "result_of",
    "rolls_of",
]


@dataclass(frozen=True)
class RequiredLine:
    """The line of a matter at a place on a day, with its article; `stricter` names the matter whose stricter line may be asked."""

    matter: str
    line: Line
    citation: str
    stricter: str


@dataclass(frozen=True)
class RollView:
    """A roll of owners. Area in ㎡."""

    id: int
    name: str
    scope: str
    persons: int
    area: Decimal
    is_frozen: bool
    is_practice: bool


@dataclass(frozen=True)
class BallotResult:
    """A ballot as other apps see it. `passed` is None until it is certified or declared failed, and always for practice."""

    case_id: int
    reference: str
    state: str
    state_label: Any
    matter: str
    proposal_title: str
    proposal_digest: str
    is_practice: bool
    is_official: bool
    is_open: bool
    passed: bool | None
    decided_at: datetime | None
    closes_at: datetime | None
    persons: int
    area: Decimal
    participating_persons: int
    participating_area: Decimal
    agreeing_persons: int
    agreeing_area: Decimal


@dataclass(frozen=True)
class NoticeView:
    """A public notice. It counts only while posted or finished."""

    case_id: int
    reference: str
    state: str
    state_label: Any
    purpose: str
    heading: str
    text_digest: str
    displayed_from: date | None
    displayed_until: date | None
    restarts: int
    is_finished: bool
    path: str


@dataclass(frozen=True)
class ObjectionView:
    """An objection. `effect` is what it does to the next step while it is open: "bars", or "hear" (hear, then decide)."""

    case_id: int
    reference: str
    notice_id: int | None
    state: str
    state_label: Any
    category: str
    outcome: str
    conclusion: str
    is_open: bool
    sessions: int
    effect: str


def required_line(*, matter: str, place: str, law_date: date) -> RequiredLine:
    """Raises legislation.units.NotInForce when no line answers."""
    law = at(law_date, place)
    rule = law.table(f"consultation.line.{Matter(matter)}")
    stricter = law.table("consultation.stricter_line").value.get(matter, "") if law.has("consultation.stricter_line") else ""
    return RequiredLine(str(Matter(matter)), line_from(rule.value), rule.citation, str(stricter or ""))


def open_ballot(
    *,
    parent: Case | None,
    matter: str,
    place: str,
    law_date: date,
    proposal: Proposal,
    roll_id: int,
    by: Actor,
    happened_at: datetime,
    scope: str = "",
    scope_reason: str = "",
    matter_reason: str = "",
    contact: str = "",
    is_practice: bool = False,
    is_official: bool = False,
    organiser_id: int | None = None,
    parts: tuple[tuple[int, CaseRole], ...] = (),
) -> Case:
    """A ballot in draft below a case (or on its own). Scope and reason are the roll's unless given."""
    return ballots.open_ballot(
        parent=parent,
        matter=matter,
        place=place,
        law_date=law_date,
        proposal=proposal,
        roll=Roll.objects.get(pk=roll_id),
        by=by,
        happened_at=happened_at,
        scope=scope,
        scope_reason=scope_reason,
        matter_reason=matter_reason,
        contact=contact,
        is_practice=is_practice,
        is_official=is_official,
        organiser_id=organiser_id,
        parts=parts,
    )


def rolls_of(actor: Actor) -> tuple[RollView, ...]:
    """The rolls an actor may use for a ballot, newest first."""
    return tuple(
        RollView(roll.pk, roll.name, roll.scope, *roll_reads.base_of(roll), roll.frozen_at is not None, roll.is_practice)
        for roll in roll_reads.rolls_in_scope(actor)
    )


def result_of(case: Case | int) -> BallotResult:
    """One ballot. Raises Ballot.DoesNotExist."""
    ballot = Ballot.objects.get(pk=case if isinstance(case, int) else case.pk)
    tally = BallotPosition(ballot).tally
    decided = {"result": True, "failed": False, "annulled": False}.get(ballot.state)
    return BallotResult(
        case_id=ballot.pk,
        reference=ballot.reference,
        state=ballot.state,
        state_label=ballot.state_label,
        matter=ballot.matter,
        proposal_title=ballot.proposal_title,
        proposal_digest=ballot.proposal_digest,
        is_practice=ballot.is_practice,
        is_official=ballot.is_official,
        is_open=not ballot.is_ended,
        passed=None if ballot.is_practice else decided,
        decided_at=ballot.closed_at if decided is not None else None,
        closes_at=ballot.closes_at,
        persons=tally.persons,
        area=tally.area,
        participating_persons=tally.participating_persons,
        participating_area=tally.participating_area,
        agreeing_persons=tally.agreeing_persons,
        agreeing_area=tally.agreeing_area,
    )


def ballots_of(case_id: int) -> tuple[BallotResult, ...]:
    """The ballots right below a case, the oldest first."""
    return tuple(result_of(pk) for pk in Ballot.objects.filter(parent_id=case_id).order_by("pk").values_list("pk", flat=True))


def open_notice(
    *,
    parent: Case | None,
    purpose: str,
    heading: str,
    text: str,
    place: str,
    organiser_id: int,
    by: Actor,
    happened_at: datetime,
    contact: str = "",
) -> Case:
    """A public notice in draft below a case."""
    return notices.open_notice(
        parent=parent,
        purpose=purpose,
        heading=heading,
        text=text,
        place=place,
        organiser_id=organiser_id,
        by=by,
        happened_at=happened_at,
        contact=contact,
    )


def notices_of(case_id: int) -> tuple[NoticeView, ...]:
    """The notices right below a case, the oldest first."""
    return tuple(_notice(row) for row in PublicNotice.objects.filter(parent_id=case_id).order_by("pk"))


def objections_of(case_id: int, *, open_only: bool = False) -> tuple[ObjectionView, ...]:
    """The objections to any notice below a case (or to the notice itself), the oldest first."""
    rows = Objection.objects.filter(lineage__contains=[case_id]).order_by("pk")
    return tuple(_objection(row) for row in (rows.filter(closed_at=None) if open_only else rows))


def _notice(row: PublicNotice) -> NoticeView:
    return NoticeView(
        case_id=row.pk,
        reference=row.reference,
        state=row.state,
        state_label=row.state_label,
        purpose=row.purpose,
        heading=row.heading,
        text_digest=row.text_digest,
        displayed_from=row.displayed_from,
        displayed_until=row.displayed_until,
        restarts=row.restarts,
        is_finished=row.state == "finished",
        path=f"/n/{row.code}/",
    )


def _objection(row: Objection) -> ObjectionView:
    law = at(today(row.happened_at), row.place)
    return ObjectionView(
        case_id=row.pk,
        reference=row.reference,
        notice_id=row.parent_id,
        state=row.state,
        state_label=row.state_label,
        category=row.category,
        outcome=row.outcome,
        conclusion=row.conclusion,
        is_open=not row.is_ended,
        sessions=row.sessions.count(),
        effect=law.text("consultation.unresolved_objection").value,
    )
