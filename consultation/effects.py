"""What follows from a ballot's events: its papers, its three public notices, a period that starts anew with a new proposal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from access.actors import system_actor
from casework.outbox import after
from casework.steps import perform, today
from consultation import documents
from consultation.documents import is_office, organiser_of
from consultation.facts import Because, ChangeNotice
from consultation.models import Ballot, PublicNotice
from consultation.selectors import ballots as reads
from consultation.selectors import rolls
from consultation.selectors.positions import BallotPosition
from consultation.services import notices
from consultation.terms import NoticePurpose
from correspondence import api as correspondence
from legislation.lookup import at

if TYPE_CHECKING:
    from casework.models import CaseEvent

SYSTEM = "consultation"


def _open_notice(ballot: Ballot, purpose: NoticePurpose, text: str, event: CaseEvent) -> None:
    """The notice of this purpose, in draft, unless one stands already."""
    standing = PublicNotice.objects.filter(parent_id=ballot.pk, purpose=purpose, state__in=("draft", "posted"))
    if standing.exists():
        return
    notices.open_notice(
        parent=ballot,
        purpose=purpose,
        heading=f"{ballot.proposal_title}：{purpose.label}",
        text=text,
        place=ballot.place,
        organiser_id=organiser_of(ballot.pk).pk,
        by=system_actor(SYSTEM),
        happened_at=event.happened_at,
        contact=ballot.contact,
        is_practice=ballot.is_practice,
    )


def _call_text(ballot: Ballot) -> str:
    persons, area = rolls.base_of(ballot.roll)
    window = f"{_moment(ballot.opens_at)}至{_moment(ballot.closes_at)}"
    return (
        f"{ballot.proposal_text}\n\n{_('有票的业主')}：{ballot.get_scope_display()}（{ballot.scope_reason}），{persons} 人，{area} ㎡。\n"
        f"{_('投票')}：{window}。\n{_('怎样通过')}：{reads.line_words(ballot)['words']}。"
    )


def _moment(value: object) -> str:
    local = timezone.localtime(value)  # type: ignore[arg-type]
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _count_text(ballot: Ballot) -> str:
    found = BallotPosition(ballot).outcome
    part, yes = found.participation, found.assent
    return (
        f"{ballot.proposal_title}\n\n{_('参与')}：{part.persons} / {part.of_persons} 人，{part.area} / {part.of_area} ㎡。\n"
        f"{_('同意')}：{yes.persons} / {yes.of_persons} 人，{yes.area} / {yes.of_area} ㎡。\n"
        f"{_('怎样通过')}：{reads.line_words(ballot)['words']}。"
    )


@after("consultation.ballot.announce", "consultation.ballot.change_proposal")
def call_owners(event: CaseEvent) -> None:
    """The call, its roll and its sheets; a call that hangs already starts anew with the new content."""
    ballot = Ballot.objects.select_related("roll").get(pk=event.case_id)
    if ballot.opens_at is None or ballot.state == "draft":
        return
    text, heading = _call_text(ballot), f"{ballot.proposal_title}：{NoticePurpose.VOTE_CALL.label}"
    for notice in PublicNotice.objects.filter(parent_id=ballot.pk, purpose=NoticePurpose.VOTE_CALL, state__in=("draft", "posted")):
        if notice.text == text:
            continue
        if notice.state == "draft":
            _withdraw(notice, event)
            continue
        days = at(today(event.happened_at), notice.place).table("consultation.notice_period").value[notice.purpose]
        begins = max(today(event.happened_at), notice.displayed_from or today(event.happened_at))
        digest = notices.text_digest(heading, text)
        facts = ChangeNotice(heading, text, digest, str(_("方案改了")), begins, begins + timedelta(days=days))
        perform(notice, "change_content", by=system_actor(SYSTEM), happened_at=event.happened_at, seen=None, facts=facts)
    _open_notice(ballot, NoticePurpose.VOTE_CALL, text, event)


@after("consultation.ballot.announce", "consultation.ballot.change_proposal")
def print_call(event: CaseEvent) -> None:
    ballot = Ballot.objects.get(pk=event.case_id)
    if ballot.opens_at is None or ballot.state == "draft":
        return
    correspondence.issue(documents.OfficialVoteCall if is_office(ballot.pk) else documents.VoteCall, event)
    correspondence.issue(documents.RollPaper, event)
    correspondence.issue(documents.BallotSheets, event)


@after("consultation.ballot.publish_tally")
def publish_tally(event: CaseEvent) -> None:
    ballot = Ballot.objects.get(pk=event.case_id)
    _open_notice(ballot, NoticePurpose.VOTE_TALLY, _count_text(ballot), event)


@after("consultation.ballot.publish_tally")
def print_tally(event: CaseEvent) -> None:
    correspondence.issue(documents.OfficialVoteTally if is_office(event.case_id) else documents.VoteTally, event)


@after("consultation.ballot.certify", "consultation.ballot.declare_failed")
def publish_result(event: CaseEvent) -> None:
    ballot = Ballot.objects.get(pk=event.case_id)
    _open_notice(ballot, NoticePurpose.VOTE_RESULT, _count_text(ballot), event)


@after("consultation.ballot.certify", "consultation.ballot.declare_failed")
def print_result(event: CaseEvent) -> None:
    correspondence.issue(documents.OfficialVoteResult if is_office(event.case_id) else documents.VoteResult, event)


@after("consultation.ballot.withdraw")
def take_notices_down(event: CaseEvent) -> None:
    for notice in PublicNotice.objects.filter(parent_id=event.case_id, state__in=("draft", "posted")):
        _withdraw(notice, event)


def _withdraw(notice: PublicNotice, event: CaseEvent) -> None:
    facts = Because(str(_("表决已撤回或者方案已改")))
    perform(notice, "withdraw", by=system_actor(SYSTEM), happened_at=event.happened_at, seen=None, facts=facts)


@after("consultation.public_notice.draft", "consultation.public_notice.change_content")
def print_poster(event: CaseEvent) -> None:
    correspondence.issue(documents.Poster, event)


@after("consultation.objection.receive")
def print_objection(event: CaseEvent) -> None:
    correspondence.issue(documents.ObjectionRecord, event)


@after("consultation.objection.record_session")
def print_minutes(event: CaseEvent) -> None:
    correspondence.issue(documents.SessionMinutes, event)
