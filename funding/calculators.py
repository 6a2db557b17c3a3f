"""The public calculators of funding: what a scheme grants, shares by area, closed funding. JSON in, JSON out."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from funding.calculations import Facts, close_funding, judge, scheme, schemes, share_by_area
from legislation.calculators import BadInput, calculator
from legislation.inputs import parse_money
from legislation.money import ZERO, format_money
from legislation.payload import Reader

MOST = 1000  # stops, floors, lifts: beyond it surely a slip
ASKED = ("stops", "floors", "investment", "registered_on", "certificate_on", "lifts_at_entrance")
_AREA = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


@calculator("subsidy")
def subsidy_of_a_lift(payload: dict[str, Any]) -> dict[str, Any]:
    """补助: whether a scheme grants a lift money and how much, rule by rule; a rule whose fact is missing answers null."""
    reader = Reader(payload, ["scheme"], ASKED)
    one = scheme(reader.choice("scheme", tuple(each.code for each in schemes())))
    numbers = {key: reader.integer(key, 1, MOST) for key in ("stops", "floors", "lifts_at_entrance") if reader.has(key)}
    days = {key: reader.day(key) for key in ("registered_on", "certificate_on") if reader.has(key)}
    found = judge(
        one,
        Facts(
            stops=numbers.get("stops"),
            floors=numbers.get("floors"),
            investment=reader.optional_money("investment"),
            registered_on=days.get("registered_on"),
            certificate_on=days.get("certificate_on"),
            lifts_at_entrance=numbers.get("lifts_at_entrance"),
        ),
    )
    answer: dict[str, Any] = {"eligible": found.eligible}
    if found.eligible:
        answer["amount"] = None if found.amount is None else format_money(found.amount)
        if found.amount is None:
            answer["missing"] = "补助按层（站）数分档，请填 stops 或者 floors"
    answer["reasons"] = [
        {"rule": each.says, "met": each.met, "source": each.source} for each in found.answers if set(each.needs) & set(ASKED)
    ]
    return answer


@calculator("fund-shares")
def shares_by_area(payload: dict[str, Any]) -> dict[str, Any]:
    """按面积分摊: a cost over the units by exclusive area (民法典 283); the shares sum to the total."""
    reader = Reader(payload, ["total", "units"])
    total = reader.money("total")
    units: list[tuple[str, Decimal]] = []
    seen: set[str] = set()
    for value, field in reader.elements("units"):
        unit = Reader(value, ["id", "area"], (), field)
        name = unit.text("id")
        if name in seen:
            raise BadInput(unit.name("id"), "这一户上面已经列过，请合并为一行")
        seen.add(name)
        units.append((name, _area(unit.values["area"], unit.name("area"))))
    if not sum((area for _name, area in units), ZERO):
        raise BadInput("units", "至少要有一户，而且面积合计大于零")
    amounts = share_by_area(total, [area for _name, area in units])
    shares = [{"id": name, "amount": format_money(amount)} for (name, _area_), amount in zip(units, amounts, strict=True)]
    return {"shares": shares, "sum": format_money(sum(amounts, ZERO))}


def _area(value: object, field: str) -> Decimal:
    """An area in ㎡: a string or a plain JSON number with at most four decimals, as registers print it."""
    text = value if isinstance(value, str) else ""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        text = repr(value)
    if not _AREA.fullmatch(text):
        raise BadInput(field, '面积应写成 "88.50" 这样的平方米数，不能为负，最多四位小数')
    return Decimal(text)


@calculator("closed-funding")
def closed_funding(payload: dict[str, Any]) -> dict[str, Any]:
    """资金闭合: {"budget", "sources": {name: amount}} → {"owners_bring", "closed"}; sources above the budget are an error."""
    reader = Reader(payload, ["budget", "sources"])
    sources = {name: parse_money(value, field) for name, value, field in reader.members("sources")}
    try:
        found = close_funding(reader.money("budget"), sources)
    except ValueError as above:
        if isinstance(above, BadInput):
            raise
        raise BadInput("sources", str(above)) from None
    return {"owners_bring": format_money(found.owners_bring), "closed": found.closed}
