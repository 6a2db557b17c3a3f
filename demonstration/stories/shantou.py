"""Shantou 2025: 149 lifts of 34 estates at 150,000 yuan each through one pool that first holds too little."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from demonstration.stories import grants
from funding import services as funding

if TYPE_CHECKING:
    from demonstration.stage import Stage

LIFTS, ESTATES = 149, 34
FIRST, SECOND = "15000000.00", "7350000.00"
NAMES = ("翁佩兰", "庄锡坤", "连惠珍", "姚俊雄", "蔡映雪", "黄楚彬", "林婵英", "陈汉光")


def play(stage: Stage, lifts: int = LIFTS, first: str = FIRST, second: str = SECOND) -> Iterator[str]:
    """All apply in one week; a hundred find money, the others wait in the order of acceptance until more is granted."""
    offices = grants.jinping()
    pool = grants.open_pool(
        offices, scheme="NAT-2025-RENEW", year=2025, name="金平 2025 年老旧电梯更新资金", amount=first, at=stage.at(days=1)
    )
    yield "pool opened"
    cases = []
    for n in range(lifts):
        lift = grants.new_lift(
            offices,
            estate=f"汕樟{n % ESTATES + 1:02d}苑",
            number=n // ESTATES + 1,
            stops=8 + n % 5,
            used_since=date(2004, 3, 1) + timedelta(days=11 * n),
            road="汕头市金平区汕樟路",
            code=f"311010442{2004 + n // 34:04d}{70000 + n:05d}",
        )
        at = stage.at(days=3, minutes=n)
        case = grants.apply(
            offices,
            pool,
            lift,
            name=NAMES[n % len(NAMES)],
            at=at,
            prints=n == 0,
            investment=Decimal("268000.00"),
            registered_on=lift.put_into_use_on,
        )
        grants.take(case, "accept", offices.clerk, at, prints=n == 0)
        cases.append(grants.fresh(case))
    stage.root = cases[0]
    yield "accepted"
    for n, case in enumerate(cases):
        grants.verify(offices, case, stage.at(days=8, minutes=n), prints=n == 0)
    yield "waiting"
    grants.add_money(offices, pool, "additional", second, "粤财建〔2025〕88号", "第二批超长期特别国债", stage.at(days=30))
    funding.promote(pool.pk, stage.at(days=30, hours=3))
    yield "promoted"
    case = grants.publish(offices, grants.fresh(cases[0]), stage.at(days=31))
    case = grants.approve(offices, case, stage.at(days=48))
    case = grants.name_account(offices, case, "6222021000000705", stage.at(days=49))
    case = grants.order(offices, case, stage.at(days=50), "金财拨〔2025〕12号")
    case = grants.pay(offices, case, stage.at(days=52))
    grants.finish(offices, case, stage.at(days=90))
    yield "closed"
