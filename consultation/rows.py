"""Pure functions from a step's facts to the rows it leaves: the frozen voters, votes, proxies, official figures, sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.utils import timezone

from access.encryption import decrypt

if TYPE_CHECKING:
    from consultation.facts import AddProxy, CastVote, ImportOfficial, OpenWindow, ReceiveObjection, RecordSession, StrikeVote
    from consultation.selectors.positions import BallotPosition


def _make(model: str, /, **values: Any) -> Any:
    return apps.get_model("consultation", model)(**values)


def freeze_roll(case: Any, facts: OpenWindow, law: Any, event_id: UUID, position: BallotPosition) -> Iterable[Any]:
    """The roll itself, frozen, and one voter for each person of it."""
    roll = position.roll
    roll.digest, roll.frozen_at = facts.roll_digest, timezone.now()
    if position.is_first_freeze:
        yield roll
    for number, group in enumerate(position.groups, 1):
        yield _make(
            "Voter",
            ballot_id=case.pk,
            number=number,
            units=list(group.units),
            name=group.name,
            area=group.area,
            presence=group.presence,
            note=group.note,
            commitment=group.commitment,
        )


def vote(case: Any, facts: CastVote, law: Any, event_id: UUID, position: BallotPosition) -> Iterable[Any]:
    yield _make(
        "Vote",
        ballot_id=case.pk,
        voter_id=facts.voter_id,
        event_id=event_id,
        number=position.votes_so_far + 1,
        choice=decrypt(facts.sealed),
        channel=facts.channel,
        strength=facts.strength,
        proxy_id=facts.proxy_id,
        assisted_by=facts.assisted_by,
        receipt=facts.receipt,
        cast_at=facts.cast_at,
    )


def proxy(case: Any, facts: AddProxy, law: Any, event_id: UUID, position: BallotPosition) -> Iterable[Any]:
    yield _make(
        "Proxy",
        ballot_id=case.pk,
        voter_id=facts.voter_id,
        event_id=event_id,
        name=decrypt(facts.sealed_name),
        document_id=facts.document_id,
        powers=facts.powers,
        until=facts.until,
    )


def strike(case: Any, facts: StrikeVote, law: Any, event_id: UUID, position: BallotPosition) -> Iterable[Any]:
    yield _make("StruckVote", vote_id=position.vote_id(facts.receipt), event_id=event_id, reason=facts.reason, struck_at=timezone.now())


def official(case: Any, facts: ImportOfficial, law: Any, event_id: UUID, position: BallotPosition) -> Iterable[Any]:
    """The published figures beside those of our roll."""
    persons, area = position.roll_base
    found = []
    if facts.persons != persons:
        found.append({"what": "persons", "theirs": str(facts.persons), "ours": str(persons)})
    if facts.area != area:
        found.append({"what": "area", "theirs": str(facts.area), "ours": str(area)})
    yield _make(
        "OfficialFigures",
        ballot_id=case.pk,
        event_id=event_id,
        address=facts.address,
        called_on=facts.called_on,
        tallied_on=facts.tallied_on,
        published_on=facts.published_on,
        call_persons=facts.persons,
        call_area=facts.area,
        roll_persons=persons,
        roll_area=area,
        differences=found,
        explanation=facts.explanation,
    )


def statement(case: Any, facts: ReceiveObjection, law: Any, event_id: UUID, position: Any) -> Iterable[Any]:
    yield _make(
        "Statement",
        objection_id=case.pk,
        event_id=event_id,
        objector=decrypt(facts.sealed_name),
        phone=decrypt(facts.sealed_phone) if facts.sealed_phone else "",
        dwelling=decrypt(facts.sealed_dwelling) if facts.sealed_dwelling else "",
        text=decrypt(facts.sealed_text),
    )


def session(case: Any, facts: RecordSession, law: Any, event_id: UUID, position: Any) -> Iterable[Any]:
    yield _make(
        "MediationSession",
        objection_id=case.pk,
        event_id=event_id,
        held_at=facts.held_at,
        venue=facts.venue,
        chair=facts.chair,
        attendees=decrypt(facts.sealed_attendees),
        minutes=decrypt(facts.sealed_minutes),
        outcome=facts.outcome,
    )
