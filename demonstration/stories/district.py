"""A district's subsidy desk on an ordinary day: one application in every place where somebody must act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from demonstration import province
from demonstration.stories import grants
from elevators.models import Elevator
from funding import facts as told

if TYPE_CHECKING:
    from demonstration.stage import Stage

NAMES = ("黎桂琼", "伍志辉", "岑洁贞", "容国华", "司徒慧", "祝广生", "霍丽仪", "卓文彬", "甘绍基")


def play(stage: Stage) -> Iterator[str]:
    """A pool that holds less than is asked for; paid, ordered, approved, published, reserved, waiting, to verify, to accept."""
    offices = grants.haizhu()
    pool = grants.open_pool(
        offices, scheme="NAT-2026-RENEW", year=2026, name="海珠 2026 年老旧电梯更新资金", amount="900000.00", at=stage.at(minutes=5)
    )
    lifts = list(Elevator.objects.filter(building__estate=province.ORPHANED).order_by("-pk")[: len(NAMES)])
    cases = [
        grants.apply(offices, pool, lift, name=name, at=stage.at(days=2, minutes=10 * n), prints=n < 2)
        for n, (lift, name) in enumerate(zip(lifts, NAMES, strict=False))
    ]
    stage.root = cases[0]
    for n, case in enumerate(cases[:-1]):
        grants.take(case, "accept", offices.clerk, stage.at(days=3, minutes=10 * n), prints=n < 2)
    yield "accepted"
    for n, case in enumerate(cases[:-2]):
        grants.verify(offices, grants.fresh(case), stage.at(days=5, minutes=10 * n), prints=n < 2)
    yield "verified"
    funded = [case for case in map(grants.fresh, cases) if case.state == "reserved"]
    for n, case in enumerate(funded[:4]):
        grants.publish(offices, case, stage.at(days=7, minutes=10 * n))
    for n, case in enumerate(funded[:3]):
        grants.approve(offices, grants.fresh(case), stage.at(days=22, minutes=10 * n))
        grants.name_account(offices, grants.fresh(case), f"62220210000008{n}7", stage.at(days=23, minutes=10 * n))
    for n, case in enumerate(funded[:2]):
        grants.order(offices, grants.fresh(case), stage.at(days=24, minutes=10 * n), f"海财拨〔2026〕{n + 1}号")
    grants.pay(offices, grants.fresh(funded[0]), stage.at(days=25))
    yield "paid"
    change = told.ProposeChange("additional", pool.amount or pool.change_amount, "海财建〔2026〕31号", "第二批超长期特别国债")
    grants.take(pool, "propose_change", offices.officer, stage.at(days=26) + timedelta(hours=1), change)
    yield "more asked for"
