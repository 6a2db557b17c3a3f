"""The papers of a ballot, a notice and an objection. An office's announcements stand in the geometry of GB/T 9704-2012."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from access.roles import CaseRole
from casework.models import CaseOrganisation
from casework.steps import today
from casework.timeline import masked as mask
from consultation.models import Ballot, MediationSession, Objection, PublicNotice
from consultation.selectors import ballots as reads
from consultation.selectors import counting, rolls
from consultation.selectors.positions import BallotPosition
from correspondence.declarations import Document
from correspondence.rendering import qr_svg

if TYPE_CHECKING:
    from casework.models import CaseEvent

LINE = ("consultation.heads", "consultation.area_basis")
WIDEST, LETTER = 150, 14.11  # mm of the red heading, mm of one of its letters
TITLE_LINE = 17  # letters of a title that stand on one line


def organiser_of(case_id: int) -> Organisation:
    """Whoever holds the ballot or notice: every kind here is born with one."""
    rows = CaseOrganisation.objects.filter(case_id=case_id, role=CaseRole.ORGANISER).select_related("organisation").order_by("pk")
    return rows[0].organisation


def is_office(case_id: int) -> bool:
    return organiser_of(case_id).kind == Organisation.Kind.STREET_OFFICE


@dataclass(frozen=True)
class Measure:
    """One threshold as a paper prints it: persons and area, part of whole, what the line asks."""

    persons: int
    of_persons: int
    area: Decimal
    of_area: Decimal
    persons_percent: str
    area_percent: str
    reached: bool
    missing_persons: int
    missing_area: Decimal


@dataclass(frozen=True)
class BallotFacts:
    """What the announcements of a ballot say. Areas in ㎡, moments with a zone."""

    title_lines: tuple[str, ...]
    number: str
    mark_scale: str
    addressee: str
    copies: str
    contact: str
    is_practice: bool
    is_official: bool
    title: str
    text: str
    proposal_digest: str
    matter: str
    matter_reason: str
    line: str
    citation: str
    scope: str
    scope_reason: str
    persons: int
    area: Decimal
    opens_at: datetime | None
    closes_at: datetime | None
    roll_digest: str
    recount_digest: str
    participation: Measure | None
    assent: Measure | None
    passed: bool
    paper: int
    struck: int
    tallied_on: date | None


def _measure(stage: Any) -> Measure:
    return Measure(
        stage.persons,
        stage.of_persons,
        stage.area,
        stage.of_area,
        reads.percent(stage.persons, stage.of_persons),
        reads.percent(stage.area, stage.of_area),
        stage.reached,
        stage.missing_persons,
        stage.missing_area,
    )


def _ballot_facts(event: CaseEvent, heading: str, *, counted: bool) -> BallotFacts:
    ballot = Ballot.objects.select_related("roll").get(pk=event.case_id)
    organiser, words = organiser_of(ballot.pk), reads.line_words(ballot)
    found = BallotPosition(ballot).outcome if counted else None
    persons, area = (ballot.persons or 0, ballot.area or Decimal("0.00")) if counted else rolls.base_of(ballot.roll)
    title = f"关于{ballot.proposal_title}的{heading}"
    return BallotFacts(
        title_lines=tuple(title[n : n + TITLE_LINE] for n in range(0, len(title), TITLE_LINE)),
        number=f"〔{today(event.happened_at).year}〕　　号",
        mark_scale=f"{min(1.0, WIDEST / (LETTER * (len(organiser.name) + 2))):.3f}",
        addressee=f"{ballot.roll.name}全体业主",
        copies="",
        contact=ballot.contact or organiser.phone,
        is_practice=ballot.is_practice,
        is_official=ballot.is_official,
        title=ballot.proposal_title,
        text=ballot.proposal_text,
        proposal_digest=ballot.proposal_digest,
        matter=str(ballot.get_matter_display()),
        matter_reason=ballot.matter_reason,
        line=words["words"],
        citation=words["citation"],
        scope=str(ballot.get_scope_display()),
        scope_reason=ballot.scope_reason,
        persons=persons,
        area=area,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        roll_digest=ballot.roll_digest,
        recount_digest=ballot.recount_digest,
        participation=_measure(found.participation) if found and found.line.participation else None,
        assent=_measure(found.assent) if found else None,
        passed=bool(found and found.passed),
        paper=sum(vote.channel == "paper" for vote in counting.effective(ballot.pk).values()) if counted else 0,
        struck=ballot.votes.filter(struck__isnull=False).count(),
        tallied_on=ballot.tallied_on,
    )


class _OfBallot(Document):
    heading_words = ""
    counted = True
    provisions: ClassVar[tuple[str, ...]] = LINE
    supersedes = True

    def facts(self, event: CaseEvent) -> BallotFacts:
        return _ballot_facts(event, self.heading_words, counted=self.counted)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        said = [(str(_("表决")), facts["title"]), (str(_("总人数、总面积")), f"{facts['persons']} 人，{facts['area']} ㎡")]
        return [(str(_("演练")), str(_("不作数"))), *said] if facts["is_practice"] else said


class VoteCall(_OfBallot):
    """表决公告 of an owners' committee."""

    title, heading_words, counted, prefix = _("表决公告"), "表决公告", False, "BG"
    template = "consultation/documents/call.html"
    provisions = (*LINE, "consultation.call_period")


class OfficialVoteCall(VoteCall):
    """表决公告 of a street office."""

    template = "consultation/documents/call_official.html"


class VoteTally(_OfBallot):
    """初步统计公示."""

    title, heading_words, prefix = _("初步统计公示"), "初步统计公示", "CB"
    template = "consultation/documents/tally.html"
    provisions = (*LINE, "consultation.challenge_period")


class OfficialVoteTally(VoteTally):
    template = "consultation/documents/tally_official.html"


class VoteResult(_OfBallot):
    """表决结果公告."""

    title, heading_words, prefix = _("表决结果公告"), "表决结果公告", "JG"
    template = "consultation/documents/result.html"
    provisions = (*LINE, "consultation.annulment_right", "consultation.annulment_period")


class OfficialVoteResult(VoteResult):
    template = "consultation/documents/result_official.html"


@dataclass(frozen=True)
class RollLine:
    number: int
    units: str
    name: str
    area: Decimal
    note: str


@dataclass(frozen=True)
class RollFacts:
    """The roll by persons; names masked, for it hangs in the lobby."""

    name: str
    title: str
    scope: str
    scope_reason: str
    persons: int
    area: Decimal
    digest: str
    is_practice: bool
    lines: tuple[RollLine, ...]
    text: str
    line: str
    closes_at: datetime | None


def _roll_facts(event: CaseEvent, *, masked: bool) -> RollFacts:
    ballot = Ballot.objects.select_related("roll").get(pk=event.case_id)
    found = rolls.groups_of(ballot.roll)
    lines = tuple(
        RollLine(n, "、".join(g.units), "、".join(mask(p) for p in g.name.split("、")) if masked else g.name, g.area, str(g.note or ""))
        for n, g in enumerate(found, 1)
    )
    return RollFacts(
        name=ballot.roll.name,
        title=ballot.proposal_title,
        scope=str(ballot.get_scope_display()),
        scope_reason=ballot.scope_reason,
        persons=len(found),
        area=sum((g.area for g in found), Decimal("0.00")),
        digest=rolls.digest_of(found),
        is_practice=ballot.is_practice,
        lines=lines,
        text=ballot.proposal_text,
        line=reads.line_words(ballot)["words"],
        closes_at=ballot.closes_at,
    )


class RollPaper(Document):
    """业主名册（人数、面积）."""

    title, prefix = _("业主名册"), "MC"
    template = "consultation/documents/roll.html"
    provisions = LINE
    supersedes = True

    def facts(self, event: CaseEvent) -> RollFacts:
        return _roll_facts(event, masked=True)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk


class BallotSheets(Document):
    """表决票: a sheet for each person of the roll."""

    title, prefix = _("表决票"), "BJ"
    template = "consultation/documents/sheets.html"
    supersedes = True

    def facts(self, event: CaseEvent) -> RollFacts:
        return _roll_facts(event, masked=False)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk


@dataclass(frozen=True)
class PosterFacts:
    heading: str
    purpose: str
    text: str
    contact: str
    reference: str
    text_digest: str
    address: str
    qr: str
    restarts: int
    is_practice: bool


class Poster(Document):
    """公示海报: large, with the QR that leads to the public page."""

    title, prefix = _("公示海报"), "HB"
    template = "consultation/documents/poster.html"
    provisions = ("consultation.notice_period",)
    supersedes = True

    def facts(self, event: CaseEvent) -> PosterFacts:
        notice = PublicNotice.objects.get(pk=event.case_id)
        address = f"{settings.PUBLIC_ADDRESS}/n/{notice.code}/"
        return PosterFacts(
            heading=notice.heading,
            purpose=str(notice.get_purpose_display()),
            text=notice.text,
            contact=notice.contact,
            reference=notice.reference,
            text_digest=notice.text_digest,
            address=address,
            qr=mark_safe(qr_svg(address)),  # noqa: S308 - drawn by ourselves from our own address
            restarts=notice.restarts,
            is_practice=notice.is_practice,
        )

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk


@dataclass(frozen=True)
class ObjectionFacts:
    reference: str
    notice: str
    category: str
    received_at: datetime
    way: str
    objector: str
    phone: str
    dwelling: str
    text: str


class ObjectionRecord(Document):
    """异议登记表: stays in the file; the person is protected."""

    title, prefix = _("异议登记表"), "YY"
    template = "consultation/documents/objection.html"
    provisions = ("consultation.neighbour_rights", "consultation.objection_answer_period")

    def facts(self, event: CaseEvent) -> ObjectionFacts:
        row = Objection.objects.select_related("statement", "parent").get(pk=event.case_id)
        return ObjectionFacts(
            reference=row.reference,
            notice=row.parent.title if row.parent else "",
            category=str(row.get_category_display()),
            received_at=row.happened_at,
            way="公示页面" if row.is_by_page else "现场或者电话",
            objector=row.statement.objector,
            phone=row.statement.phone,
            dwelling=row.statement.dwelling,
            text=row.statement.text,
        )

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk


@dataclass(frozen=True)
class SessionFacts:
    reference: str
    matter: str
    category: str
    held_at: datetime
    venue: str
    chair: str
    attendees: str
    minutes: str
    outcome: str
    number: int


class SessionMinutes(Document):
    """调解（协调）会议记录."""

    title, prefix = _("调解（协调）会议记录"), "XT"
    template = "consultation/documents/session.html"
    provisions = ("consultation.neighbour_rights",)

    def facts(self, event: CaseEvent) -> SessionFacts:
        row = MediationSession.objects.select_related("objection").get(event_id=event.id)
        return SessionFacts(
            reference=row.objection.reference,
            matter=row.objection.title,
            category=str(row.objection.get_category_display()),
            held_at=row.held_at,
            venue=row.venue,
            chair=row.chair,
            attendees=row.attendees,
            minutes=row.minutes,
            outcome=row.outcome,
            number=row.objection.sessions.filter(pk__lte=row.pk).count(),
        )

    def issuer_id(self, event: CaseEvent) -> int | None:
        return organiser_of(event.case_id).pk
