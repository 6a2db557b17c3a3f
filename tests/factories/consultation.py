"""Rolls and ballots for tests, through the real doors. All names invented."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from access.actors import Actor
from access.roles import Role
from casework import evidence, outbox
from casework.models import Evidence, OutboxEntry
from casework.steps import perform
from consultation.facts import Announce
from consultation.models import Ballot, Roll, Voter
from consultation.services import ballots, rolls
from tests.factories.access import make_actor

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


@dataclass(frozen=True)
class Committee:
    """An owners' committee with two people, who keep the roll and key the paper."""

    first: Actor
    second: Actor


def make_committee(place: str = "441900") -> Committee:
    first = make_actor(Role.OWNERS_OFFICER, place=place)
    from access.models import Organisation

    second = make_actor(Role.OWNERS_OFFICER, organisation=Organisation.objects.get(pk=first.organisation_id))
    return Committee(first, second)


def table(rows: list[tuple[str, ...]], head: tuple[str, ...] = ("房号", "业主", "面积")) -> bytes:
    return "\r\n".join(",".join(row) for row in [head, *rows]).encode()


def make_roll(by: Actor, areas: list[str] | None = None, *, place: str = "441900", owners: list[str] | None = None, **more: object) -> Roll:
    """Units 101, 102, … with these areas, each with an owner of their own unless named."""
    areas = areas or ["60.00", "60.00", "60.00"]
    owners = owners or [f"{NAMES[n % 20]}业主{n}" for n in range(len(areas))]
    run = rolls.dry_run(table([(str(101 + n), owner, area) for n, (area, owner) in enumerate(zip(areas, owners, strict=True))]))
    assert run.errors == {}
    return rolls.make(
        lines=run.lines, name="城市花园 7 座 1 单元", place=place, scope="unit", scope_reason="电梯只服务本单元", by=by, **more
    )


def dongguan_areas() -> list[str]:
    """44 areas that sum to 4,433.46 ㎡, the first thirty to exactly two thirds (2,955.64)."""
    first = ["98.52"] * 29 + [str(Decimal("2955.64") - 29 * Decimal("98.52"))]
    rest = ["105.55"] * 13 + [str(Decimal("1477.82") - 13 * Decimal("105.55"))]
    return first + rest


def make_ballot(by: Actor, roll: Roll, *, matter: str = "use_fund", happened_at: datetime | None = None, **more: object) -> Ballot:
    return ballots.open_ballot(
        parent=None,
        matter=matter,
        place=roll.place,
        law_date=date(2026, 3, 1),
        proposal=ballots.Proposal("更新 1 号电梯", "更换整机，预算 300,000.00 元，全部由维修资金支付。"),
        roll=roll,
        by=by,
        happened_at=happened_at or timezone.now() - timedelta(days=60),
        **more,
    )


def open_for_votes(by: Actor, roll: Roll, *, until: timedelta = timedelta(days=3), **more: object) -> Ballot:
    """Announced forty days ago, open since twenty, closing after `until`."""
    ballot = make_ballot(by, roll, **more)
    now = timezone.now()
    window = Announce(opens_at=now - timedelta(days=20), closes_at=(now + until).replace(hour=23, minute=59))
    perform(ballot, "announce", by=by, happened_at=now - timedelta(days=40), seen=None, facts=window)
    return ballots.start(ballot, by=by, happened_at=now - timedelta(days=20))


def close_now(ballot: Ballot, by: Actor) -> Ballot:
    """As if the last minute had come: the window's end is moved into the past, then the ballot is closed by its step."""
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    perform(ballot, "close", by=by, happened_at=timezone.now(), seen=None)
    return Ballot.objects.get(pk=ballot.pk)


def vote(ballot: Ballot, number: int, choice: str, by: Actor, **more: object) -> str:
    """The voter of this number votes through a link of their own."""
    from access.actors import link_actor
    from correspondence.api import links_of

    voter = Voter.objects.get(ballot=ballot, number=number)
    if voter.party_id is None:
        ballots.link_for(voter, by=by)
        voter.refresh_from_db()
    link = next(one for one in links_of(ballot) if one.party_id == voter.party_id)
    return ballots.cast_by_link(ballot, voter_id=voter.pk, choice=choice, by=link_actor(link), strength=link.strength, **more)


def photo(ballot: Ballot, by: Actor, code: str = "sheet", note: str = "") -> Evidence:
    file = SimpleUploadedFile(f"{note or code}.jpg", JPEG + note.encode(), "image/jpeg")
    return evidence.add(ballot, code=code, file=file, by=by, note=note)


@contextmanager
def news_delivered():
    """Deliver what the block gave rise to inside consultation, papers left out."""
    yield
    while entry := OutboxEntry.objects.filter(status="pending", handler__startswith="consultation.effects.").order_by("id").first():
        with transaction.atomic():
            outbox.handle(entry)
            OutboxEntry.objects.filter(pk=entry.pk).update(status="done")
