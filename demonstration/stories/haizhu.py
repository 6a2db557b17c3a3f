"""Haizhu's retrofit subsidy at its edges: certificates of 2018-06-05 and 06, of 2021-06-05 and 06; two lifts at one entrance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from demonstration.stories import grants
from funding import facts as told

if TYPE_CHECKING:
    from demonstration.stage import Stage
    from funding.models import SubsidyApplication

#: Certificate, whose application, at which entrance, and how it ends.
EDGES = (
    (date(2018, 6, 5), "冯少芬", "1 梯口", False),
    (date(2018, 6, 6), "杨顺钦", "2 梯口", True),
    (date(2021, 6, 5), "谢月嫦", "3 梯口", True),
    (date(2021, 6, 6), "陆永康", "4 梯口", False),
)


def _moment(day: date, hours: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hours)))


def play(stage: Stage) -> Iterator[str]:
    """The day before the first and the day after the last are declined in writing; both days themselves are paid."""
    offices = grants.haizhu()
    pool = grants.open_pool(
        offices, scheme="GZ-HAIZHU-2018", year=2018, name="海珠增设电梯补助资金", amount="1000000.00", at=_moment(date(2018, 6, 4))
    )
    yield "pool opened"
    paid: list[SubsidyApplication] = []
    for n, (certificate, name, entrance, granted) in enumerate(EDGES):
        lift = grants.new_lift(
            offices,
            estate="南石西新村",
            number=2 * n + 1,
            stops=9,
            used_since=certificate,
            road="广州市海珠区南石西路",
            code=f"311010890{certificate.year}{81000 + n:05d}",
        )
        at = _moment(certificate + timedelta(days=20))
        case = grants.apply(
            offices, pool, lift, name=name, at=at, certificate_on=certificate, owners=16, lifts_at_entrance=2, entrance=entrance
        )
        if not granted:
            facts = told.Refuse("not_eligible", f"使用登记证日期为{certificate.isoformat()}，不在方案有效期内", "海更新〔2018〕39号")
            grants.take(case, "decline", offices.clerk, at + timedelta(minutes=30), facts)
            yield f"declined {certificate}"
            continue
        grants.take(case, "accept", offices.clerk, at + timedelta(minutes=30))
        case = grants.verify(offices, grants.fresh(case), at + timedelta(days=3), entrance=entrance)
        case = grants.publish(offices, case, at + timedelta(days=4))
        case = grants.approve(offices, case, at + timedelta(days=21))
        case = grants.name_account(offices, case, f"62220210000007{n}3", at + timedelta(days=22))
        case = grants.order(offices, case, at + timedelta(days=23), f"海财拨〔{certificate.year}〕{n}号")
        case = grants.pay(offices, case, at + timedelta(days=25))
        paid.append(grants.finish(offices, case, at + timedelta(days=60)))
        stage.root = stage.root or case
        yield f"paid {certificate}"
    yield "closed"
