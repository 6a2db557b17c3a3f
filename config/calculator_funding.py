"""The forms of the public calculators of funding."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from config.calculator_forms import Field, Filled, Form, Group, Rows
from funding.calculations import schemes


def finish_sources(filled: Filled) -> None:
    """One row a source; the command takes an object by name. The same name twice is one source written twice."""
    sources: dict[str, Any] = {}
    for n, row in filled.rows["sources"]:
        name = row.get("name")
        if name is None:
            continue
        if name in sources:
            filled.errors[f"sources.{n}.name"] = _("这一项上面已经列过，合成一行")
        filled.places[f"sources.{name}"] = f"sources.{n}.amount"
        if "amount" in row:
            sources[name] = row["amount"]
    filled.payload["sources"] = sources


SUBSIDY = Form(
    "subsidy",
    _l("补助资格和金额"),
    _l("一台电梯按一个补助方案能不能补、补多少，逐条回答并注明出处。还不知道的留空，那一条先不作判断。"),
    (
        Group(
            _l("方案和电梯"),
            (
                Field(
                    "scheme",
                    _l("补助方案"),
                    "choice",
                    required=True,
                    choices=tuple((one.code, f"{one.code}　{one.name}") for one in schemes()),
                ),
                Field("stops", _l("站数"), "integer", hint=_l("按层（站）数分档的方案用；不知道站数可以只填层数")),
                Field("floors", _l("住宅层数"), "integer"),
                Field("investment", _l("单台投资")),
                Field("registered_on", _l("旧梯使用登记日"), "day", hint=_l("更新、改造看旧梯登记得够不够早")),
                Field("certificate_on", _l("新梯使用登记证日期"), "day", hint=_l("增设电梯看新证是不是在方案有效期内")),
                Field("lifts_at_entrance", _l("同一楼梯口装几台"), "integer"),
            ),
        ),
    ),
    (
        (_l("2026 年更新，8 站"), {"scheme": "NAT-2026-RENEW", "stops": "8"}),
        (
            _l("2025 年更新，投资刚好 15 万"),
            {"scheme": "NAT-2025-RENEW", "stops": "8", "investment": "150000.00", "registered_on": "2009-12-31"},
        ),
        (
            _l("海珠增设，一个楼梯口两台"),
            {"scheme": "GZ-HAIZHU-2018", "floors": "9", "certificate_on": "2018-06-06", "lifts_at_entrance": "2"},
        ),
    ),
)

FUND_SHARES = Form(
    "fund-shares",
    _l("按面积分摊"),
    _l("共有部分的费用没有约定的，按各户专有部分面积分。分到分，各户相加一分不差。"),
    (
        Group(
            _l("费用和各户"),
            (
                Field("total", _l("要分的金额"), required=True),
                Rows(
                    "units",
                    _l("各户"),
                    (
                        Field("id", _l("哪一户"), "text", required=True),
                        Field("area", _l("专有部分面积"), "text", required=True, hint=_l("平方米，如 88.50")),
                    ),
                ),
            ),
        ),
    ),
    (
        (
            _l("15 万，三户"),
            {
                "total": "150000.00",
                "units.0.id": "301",
                "units.0.area": "88.50",
                "units.1.id": "302",
                "units.1.area": "120.30",
                "units.2.id": "401",
                "units.2.area": "75.20",
            },
        ),
    ),
)

CLOSED_FUNDING = Form(
    "closed-funding",
    _l("资金闭合"),
    _l("预算和各项资金来源对一对，还差多少由业主出。来源合计正好等于预算才算闭合；业主的钱有了凭证，也是一项来源。"),
    (
        Group(
            _l("预算和来源"),
            (
                Field("budget", _l("预算"), required=True),
                Rows(
                    "sources",
                    _l("资金来源"),
                    (
                        Field("name", _l("来源"), "text", required=True, hint=_l("如 国债补助、维修资金、公共收益")),
                        Field("amount", _l("金额"), required=True),
                    ),
                ),
            ),
        ),
    ),
    (
        (
            _l("30 万，国债 15 万，维修资金 9 万"),
            {
                "budget": "300000.00",
                "sources.0.name": "国债补助",
                "sources.0.amount": "150000.00",
                "sources.1.name": "维修资金",
                "sources.1.amount": "90000.00",
            },
        ),
    ),
    finish_sources,
)
