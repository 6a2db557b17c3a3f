"""Five claims of 3,000,000 against an aggregate of 10,000,000: each gets the same part, and the limit is never exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from demonstration.stage import Stage
from demonstration.stories.three import Hurt, insured

PER_PERSON, AGGREGATE = Decimal("3000000.00"), Decimal("10000000.00")
ITEMS = {"medical": "1200000.00", "lost_income": "400000.00", "nursing": "900000.00", "assistive_devices": "500000.00"}
PAYABLE = Decimal("2000000.00")
PEOPLE = tuple(
    Hurt(name, age, account, ITEMS, PAYABLE)
    for name, age, account in (
        ("邓嘉敏", 41, "6222021000000301"),
        ("霍志坚", 36, "6222021000000319"),
        ("甘秋霞", 52, "6222021000000327"),
        ("尹浩文", 29, "6222021000000335"),
        ("阮小玲", 47, "6222021000000343"),
    )
)


def play(stage: Stage) -> Iterator[str]:
    """The car goes up without stopping and hits the top; 15,000,000 of loss meet what the year's limit still gives.

    What the insurer does not owe stays the manager's debt: the claims stay open with it.
    """
    yield from insured(stage, PEOPLE, "轿厢冲顶，五名乘客重伤，均已送医。")
