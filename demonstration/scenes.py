"""The stories stopped on their way, so that everybody's desk has work: played on the province, some days before today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from casework.outbox import delivered_here
from demonstration import ballots, province, services, stage, stories
from demonstration.stage import Stage
from demonstration.stories import district, entrapment, five, heirs, joint, judgment, mediated, night, ownerless, provisional, thirty, three
from elevators.models import Elevator, UseManagement


@dataclass(frozen=True)
class Scene:
    """A story that began some days ago at an hour of the day, told until a mark ("" for its end)."""

    name: str
    play: stories.Play
    ago: int
    hour: int
    minute: int
    until: str
    make: Callable[[datetime, int], Stage]


def _on_the_province(begins: datetime, number: int) -> Stage:
    """The nth elevator of the demonstration's own property company whose inspection mark was valid."""
    cast = stage.guangzhou()
    managed = UseManagement.objects.filter(organisation=cast.manager, until=None).values("elevator")
    elevators = Elevator.objects.filter(pk__in=managed, inspection_valid_until__gte=timezone.localdate()).order_by("pk")
    return Stage(cast, elevators[number * 3], begins)


def _short_of_limits(begins: datetime, number: int) -> Stage:
    return stories.three_injured(begins)


def _short_of_aggregate(begins: datetime, number: int) -> Stage:
    return stories.five_injured(begins)


def _in_shenzhen(begins: datetime, number: int) -> Stage:
    return stories.own_stage(begins, shenzhen=True)


def _uninsured(begins: datetime, number: int) -> Stage:
    return stories.uninsured_stage(begins)


def _without_manager(begins: datetime, number: int) -> Stage:
    cast = stage.guangzhou()
    elevator = Elevator.objects.filter(building__estate=province.ORPHANED).order_by("pk")[0]
    return Stage(replace(cast, clerk=cast.street_clerk), elevator, begins)


def _without_manager_either(begins: datetime, number: int) -> Stage:
    cast = stage.guangzhou()
    return Stage(cast, Elevator.objects.filter(building__estate=province.ORPHANED).order_by("pk")[1], begins)


def _with_a_cap(begins: datetime, number: int) -> Stage:
    return stories.own_stage(
        begins, entrapment_amount=Decimal(thirty.PER_PERSON), entrapment_minutes=40, entrapment_cap=Decimal(thirty.CAP)
    )


def _trapped(*people: tuple[str, str]) -> stories.Play:
    return partial(entrapment.play, people=people)


def _hurt(described: str, name: str, account: str) -> stories.Play:
    return partial(night.play, person=(described, name, account))


SCENES = (
    Scene(
        "entrapment to confirm",
        _trapped(("蔡子悦", "6222021000000101"), ("蔡明", "6222021000000119")),
        1,
        19,
        32,
        "assessed",
        _on_the_province,
    ),
    Scene("entrapment to approve", entrapment.play, 3, 8, 14, "proposed", _on_the_province),
    Scene(
        "entrapment to pay", _trapped(("卢伟文", "6222021000000127"), ("区慧仪", "6222021000000135")), 4, 12, 47, "agreed", _on_the_province
    ),
    Scene("entrapment paid", _trapped(("潘少强", "6222021000000143")), 41, 21, 5, "", _on_the_province),
    Scene("deposit to approve", _hurt("戴眼镜的中年男子", "关永昌", "6222021000000150"), 1, 23, 12, "deposit proposed", _on_the_province),
    Scene("deposit to release", _hurt("拄拐杖的老太太", "麦凤娇", "6222021000000168"), 1, 22, 40, "deposit approved", _on_the_province),
    Scene("emergency to confirm", _hurt("穿蓝色工服的男子", "莫海涛", "6222021000000176"), 1, 22, 56, "deposit paid", _on_the_province),
    Scene("settlement to consent to", night.play, 26, 23, 1, "consent asked", _on_the_province),
    Scene("payout to approve", _hurt("背双肩包的学生", "倪嘉欣", "6222021000000184"), 33, 21, 48, "payout proposed", _on_the_province),
    Scene("provisional payment due", provisional.play, 60, 18, 40, "waiting", _on_the_province),
    Scene("three injured to negotiate", three.play, 64, 8, 5, "assessed", _short_of_limits),
    Scene("five claims share an aggregate", five.play, 82, 17, 35, "agreed", _short_of_aggregate),
    Scene("judgment with a supplement", judgment.play, 195, 10, 20, "supplement", _in_shenzhen),
    Scene("waiting for the hearing", judgment.play, 152, 9, 40, "sued", _in_shenzhen),
    Scene("agreement to be confirmed", mediated.play, 34, 18, 10, "agreed", _on_the_province),
    Scene("recovery to sue over", joint.play, 133, 17, 25, "insolvent", _uninsured),
    Scene("subsidies of a district", district.play, 40, 9, 0, "", _without_manager),
    Scene("elevator without a manager", ownerless.play, 6, 17, 15, "reported", _without_manager),
    Scene("elevator without a manager, settled", ownerless.play, 38, 9, 40, "settled", _without_manager_either),
    Scene("a death with three heirs", heirs.play, 22, 14, 30, "heirs recorded", _uninsured),
    Scene("thirty held at once", thirty.play, 2, 8, 20, "assessed", _with_a_cap),
)


@dataclass(frozen=True)
class BallotScene:
    """A ballot announced some days ago, as far as it has come since."""

    name: str
    play: Callable[[ballots.BallotStage], Iterator[str]]
    make: Callable[[datetime], ballots.BallotStage]
    ago: int


BALLOTS = (
    BallotScene("ballot open", ballots.retrofit, ballots.committee, 23),
    BallotScene("ballot with a mismatch", ballots.mismatch, ballots.committee, 20),
    BallotScene("ballot certified", ballots.two_thirds, ballots.street_office, 60),
)


def load() -> int:
    """Play every scene that does not stand yet; each wholly or not at all. How many were played."""
    played = 0
    stamped = set(services.stamped())
    for number, scene in enumerate(SCENES):
        if scene.name not in stamped:
            _play(scene, number)
            played += 1
    for ballot in BALLOTS:
        if ballot.name not in stamped:
            _vote(ballot)
            played += 1
    return played


@transaction.atomic
def _vote(scene: BallotScene) -> None:
    begins = (timezone.localtime() - timedelta(days=scene.ago)).replace(hour=9, minute=30, second=0, microsecond=0)
    with delivered_here():
        for _mark in scene.play(scene.make(begins)):
            pass
    services.stamp(scene.name)


@transaction.atomic
def _play(scene: Scene, number: int) -> None:
    begins = (timezone.localtime() - timedelta(days=scene.ago)).replace(hour=scene.hour, minute=scene.minute, second=0, microsecond=0)
    with delivered_here():
        for mark in scene.play(scene.make(begins, number)):
            if mark == scene.until:
                break
    services.stamp(scene.name)
