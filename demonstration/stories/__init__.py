"""The stories by name: what each tells, on which stage, and what it plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from demonstration import stage
from demonstration.stage import Stage
from demonstration.stories import entrapment


@dataclass(frozen=True)
class Story:
    """A story that can be told again and again: `set_up` makes its own stage, `play` yields after every state."""

    name: str
    title: str
    set_up: Callable[[], Stage]
    play: Callable[[Stage], Iterator[str]]


def moment(text: str) -> datetime:
    """A local minute: 2020-08-14 19:32."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.get_default_timezone())


def _entrapment_2019() -> Stage:
    begins, cast = moment("2020-08-14 19:32"), stage.guangzhou()
    on = begins.date()
    elevator = stage.new_elevator(
        cast, place="440105", estate="榕岸花园", address="广州市海珠区榕岸路 20 号", street_office="rongan", on=on
    )
    stage.new_policy(cast, elevator, on=on, programme="GD-2019", entrapment_amount=Decimal("200.00"), aggregate=Decimal("10000000.00"))
    return Stage(cast, elevator, begins)


STORIES = {
    story.name: story
    for story in (
        Story("entrapment-2019", "三人被困 52 分钟，按 2019 年广东统保方案每人 200.00 元", _entrapment_2019, entrapment.play),
    )
}
