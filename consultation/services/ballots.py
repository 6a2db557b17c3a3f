"""Ballots: opened from any case or on their own, the window moved by the clock, links made, votes and paper sheets taken."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actors import system_actor
from access.encryption import encrypt
from access.models import Organisation
from access.roles import CaseRole
from casework.errors import NotPermitted, OutOfScope, StepRefused
from casework.models import Case, Evidence
from casework.steps import begin, lock, perform
from consultation.facts import CastVote, OpenWindow, ProposeBallot
from consultation.models import Ballot, PaperSheet, PracticeBallot, Roll, Voter
from consultation.permissions import ORGANISERS, PURPOSE
from consultation.selectors.positions import BallotPosition
from consultation.terms import Channel, Choice, SheetState
from correspondence.api import IssuedLink, issue_link
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SYSTEM = "consultation"
PRACTICE_LINK = timedelta(1)  # a link for practice holds a day


@dataclass(frozen=True)
class Proposal:
    """What is asked. `digest` of title and text is printed on every paper of the ballot."""

    title: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


def code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def open_ballot(
    *,
    parent: Case | None,
    matter: str,
    place: str,
    law_date: date,
    proposal: Proposal,
    roll: Roll,
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
) -> Ballot:
    """A ballot in draft. `organiser_id` is the organisation that holds it, by default the roll's own."""
    organiser = organiser_id or roll.organisation_id
    facts = ProposeBallot(
        matter=matter,
        law_date=law_date,
        scope=scope or roll.scope,
        scope_reason=scope_reason or roll.scope_reason,
        roll_id=roll.pk,
        proposal_title=proposal.title.strip(),
        proposal_text=proposal.text.strip(),
        proposal_digest=proposal.digest,
        matter_reason=matter_reason,
        contact=contact,
        is_practice=is_practice or roll.is_practice,
        is_official=is_official,
    )
    title = f"{_('【演练】') if facts.is_practice else ''}{proposal.title}"
    event = begin(
        PracticeBallot if facts.is_practice else Ballot,
        "propose",
        parent=parent,
        by=by,
        happened_at=happened_at,
        place=place,
        title=title,
        parts=tuple(dict.fromkeys(((organiser, CaseRole.ORGANISER), *_office(organiser), *parts))),
        facts=facts,
    )
    made: Ballot = Ballot.objects.get(pk=event.case_id)
    return made


def _office(organiser: int) -> tuple[tuple[int, CaseRole], ...]:
    """A street office that organises has its own part too, so that its desk finds the case."""
    is_office = Organisation.objects.filter(pk=organiser, kind=Organisation.Kind.STREET_OFFICE).exists()
    return ((organiser, CaseRole.STREET_OFFICE),) if is_office else ()


@transaction.atomic
def start(ballot: Ballot, *, by: Actor, happened_at: datetime) -> Ballot:
    """Open the window: freeze the roll as it stands."""
    held = lock(ballot)
    facts = OpenWindow(roll_digest=BallotPosition(held).roll_digest)
    perform(held, "open", by=by, happened_at=happened_at, seen=None, facts=facts)
    opened: Ballot = Ballot.objects.get(pk=ballot.pk)
    return opened


def move_by_clock(now: datetime | None = None) -> int:
    """Open and close what its announced minute has come for. How many moved; a refusal of one does not hold the others."""
    now = now or timezone.now()
    moved = 0
    for ballot in Ballot.objects.filter(state="announced", opens_at__lte=now, is_practice=False):
        moved += _try(ballot, "open")
    for ballot in Ballot.objects.filter(state="open", closes_at__lte=now, is_practice=False):
        moved += _try(ballot, "close")
    return moved


def _try(ballot: Ballot, verb: str) -> int:
    try:
        if verb == "open":
            start(ballot, by=system_actor(SYSTEM), happened_at=timezone.now())
        else:
            perform(ballot, verb, by=system_actor(SYSTEM), happened_at=timezone.now(), seen=None)
    except StepRefused:
        return 0
    return 1


@transaction.atomic
def link_for(voter: Voter, *, by: Actor) -> IssuedLink:
    """A personal link for one voter; an older one is taken back. Raises OutOfScope, ValidationError, StepRefused."""
    ballot = voter.ballot
    if ballot.state not in ("announced", "open"):
        raise StepRefused("window_is_closed", _("投票没有开放，不发链接。"))
    if not by.is_system and not by.has(*ORGANISERS):
        raise NotPermitted("not_this_role", _("链接由组织表决的单位发。"))
    if voter.party_id is None:
        voter.party_id = parties.register_person(voter.name).id
        voter.save(update_fields=["party_id"])
    until = ballot.closes_at if ballot.closes_at and ballot.closes_at > timezone.now() else timezone.now() + PRACTICE_LINK
    return issue_link(case=ballot, purpose=PURPOSE, party_id=voter.party_id, label=voter.name[:120], expires_at=until, by=by)


def cast_by_link(
    ballot: Ballot, *, voter_id: int, choice: str, by: Actor, strength: str, assisted_by: str = "", proxy_id: int | None = None
) -> str:
    """A vote through a personal link; gives the receipt."""
    receipt, now = code(10), timezone.now()
    said = f"{strength}，{_('代填')}" if assisted_by.strip() else strength
    facts = CastVote(
        voter_id=voter_id,
        sealed=encrypt(Choice(choice)),
        channel=Channel.ASSISTED if assisted_by.strip() else Channel.LINK,
        strength=said[:60],
        receipt=receipt,
        cast_at=now,
        proxy_id=proxy_id,
        assisted_by=assisted_by.strip()[:60],
    )
    perform(ballot, "cast", by=by, happened_at=now, seen=None, facts=facts)
    return receipt


@transaction.atomic
def key_sheet(
    ballot: Ballot,
    *,
    voter_id: int,
    choice: str,
    photo: Evidence | None,
    signed_on: date | None,
    received_at: datetime | None,
    by: Actor,
    signer: str = "owner",
) -> PaperSheet:
    """Key a paper ballot. The first keying brings the photograph; the second, by another person, makes it a vote or a mismatch.

    Raises OutOfScope, NotPermitted, StepRefused, ValidationError.
    """
    held = _keyed_in(ballot, by)
    voter = Voter.objects.filter(pk=voter_id, ballot_id=held.pk).first()
    if voter is None:
        raise ValidationError({"voter_id": _("这次表决的名册里没有这一户。")})
    sheet = (
        PaperSheet.objects.select_for_update()
        .filter(ballot_id=held.pk, voter=voter, state_of_keying__in=(SheetState.ONCE, SheetState.MISMATCH))
        .first()
    )
    if sheet is None:
        return _first(held, voter, Choice(choice), photo, signed_on, received_at, by, signer)
    if sheet.state_of_keying == SheetState.MISMATCH:
        raise ValidationError({"voter_id": _("这一户两人录得不一致，在“待核对”里处理。")})
    if sheet.first_by_id == by.user_id:
        raise NotPermitted("four_eyes", _("这张票是您录的第一遍，第二遍要请另一位同事看着照片录。"))
    sheet.second, sheet.second_by_id, sheet.second_at = Choice(choice), by.user_id, timezone.now()
    if sheet.first == sheet.second:
        return _count(held, sheet, sheet.first, SheetState.MATCHED)
    sheet.state_of_keying = SheetState.MISMATCH
    sheet.save()
    return sheet


def _keyed_in(ballot: Ballot, by: Actor) -> Ballot:
    held: Ballot = lock(ballot)  # type: ignore[assignment]
    if by.organisation_id not in held.organisation_ids or by.user_id is None:
        raise OutOfScope("out_of_scope", _("没有这次表决，或者不在您的范围内。"))
    if not by.has(*ORGANISERS):
        raise NotPermitted("not_this_role", _("纸质票由组织表决的单位录入。"))
    if held.state not in ("open", "counting"):
        raise StepRefused("window_is_closed", _("现在不能录纸质票：投票还没有开始，或者已经统计。"))
    return held


def _first(
    ballot: Ballot,
    voter: Voter,
    choice: str,
    photo: Evidence | None,
    signed_on: date | None,
    received_at: datetime | None,
    by: Actor,
    signer: str,
) -> PaperSheet:
    if photo is None or photo.case_id != ballot.pk:
        raise ValidationError({"photo": _("先拍下整张表决票，签名要看得清。")})
    if signed_on is None or received_at is None:
        raise ValidationError({"signed_on": _("填上签字日期和收到时间。")})
    is_late = ballot.closes_at is not None and received_at >= ballot.closes_at and not ballot.is_practice
    if is_late or received_at > timezone.now() or (ballot.opens_at and received_at < ballot.opens_at and not ballot.is_practice):
        raise ValidationError({"received_at": _("收到的时间不在投票起止之内，这张票不能计。")})
    return PaperSheet.objects.create(
        ballot=ballot,
        voter=voter,
        photo=photo,
        signed_on=signed_on,
        received_at=received_at,
        signer=signer,
        first=choice,
        first_by_id=by.user_id or 0,
        first_at=timezone.now(),
    )


def _count(ballot: Ballot, sheet: PaperSheet, choice: str, state: str) -> PaperSheet:
    """Two people agree: the sheet becomes a vote."""
    proxy = sheet.voter.proxies.filter(until__gte=sheet.received_at).order_by("-pk").first() if sheet.signer == "proxy" else None
    if sheet.signer == "proxy" and proxy is None:
        raise ValidationError({"signer": _("受托人签的票，先登记委托书。")})
    receipt = code(10)
    facts = CastVote(
        voter_id=sheet.voter_id,
        sealed=encrypt(choice),
        channel=Channel.PAPER,
        strength=str(_("签名纸票，两人录入")),
        receipt=receipt,
        cast_at=sheet.received_at,
        proxy_id=proxy.pk if proxy else None,
    )
    happened_at = max(sheet.received_at, ballot.happened_at)
    perform(ballot, "cast", by=system_actor(SYSTEM), happened_at=happened_at, seen=None, facts=facts)
    sheet.state_of_keying = state
    sheet.vote = ballot.votes.get(receipt=receipt)
    sheet.save()
    return sheet


@transaction.atomic
def resolve_sheet(sheet: PaperSheet, *, choice: str, reason: str, by: Actor) -> PaperSheet:
    """Decide a mismatch after looking at the photograph: "" makes the sheet void. Somebody who keyed it may not decide alone
    in favour of their own entry: a third person, or the one whose entry was wrong."""
    ballot = _keyed_in(sheet.ballot, by)
    held = PaperSheet.objects.select_for_update(of=("self",)).select_related("voter").get(pk=sheet.pk)
    if held.state_of_keying != SheetState.MISMATCH:
        raise ValidationError(_("这张票已经处理过。"))
    if not reason.strip():
        raise ValidationError({"reason": _("写明照片上看到的是什么。")})
    own = {held.first_by_id: held.first, held.second_by_id: held.second}.get(by.user_id)
    if own is not None and own == choice:
        raise NotPermitted("four_eyes", _("不能自己认定自己录的对：请另一位同事看照片核对。"))
    held.resolved_by_id, held.resolution = by.user_id, reason.strip()[:200]
    if not choice:
        held.state_of_keying = SheetState.VOID
        held.save()
        return held
    held.resolved = Choice(choice)
    return _count(ballot, held, choice, SheetState.RESOLVED)
