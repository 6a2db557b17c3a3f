"""The public calculator of damages for personal injury: JSON in, JSON out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from damages.calculations import HEADS, DamageInput, Dependant, DependantCap, HeadAmount, Outcome, Residence, TypedBase, Worksheet, assess
from legislation.calculators import calculator
from legislation.inputs import BadInput, parse_integer, parse_money
from legislation.lookup import Law, for_case
from legislation.money import format_money
from legislation.payload import Reader

REQUIRED = ("law_date", "place", "outcome")
BASES = ("income_base", "consumption_base", "wage_base")
OPTIONAL = ("accident_on", "age", "grades", "items", "dependants", "dependant_cap", "residence", *BASES)
OLDEST = 150
MOST_SUPPORTERS = 20
MOST_LISTED = 20


@calculator("injury")
def damages_of_a_person(payload: dict[str, Any]) -> dict[str, Any]:
    """人身损害赔偿: facts of one person's harm → {"items": [{"code", "amount", "formula", "provisions"}], "total"}."""
    sheet = worksheet(payload)
    answer: dict[str, Any] = {"items": [_written(item) for item in sheet.items], "total": None}
    if sheet.total is None:
        return answer | {"known_total": format_money(sheet.known_total)}
    return answer | {"total": format_money(sheet.total)}


def worksheet(payload: dict[str, Any]) -> Worksheet:
    """The worksheet behind the answer, for a page that also shows each head's inputs and what it rests on."""
    reader = Reader(payload, REQUIRED, OPTIONAL)
    law = _law(reader)
    return assess(law, _facts(reader, law))


def _law(reader: Reader) -> Law:
    law_date = reader.day("law_date")
    accident_on = reader.day("accident_on") if reader.has("accident_on") else law_date
    if accident_on > law_date:
        raise BadInput("accident_on", "事故不能晚于和解或法庭辩论终结之日（law_date），请核对")
    return for_case(reader.place("place"), {"event": law_date, "settlement": law_date, "accident": accident_on})


def _facts(reader: Reader, law: Law) -> DamageInput:
    outcome = cast(Outcome, reader.choice("outcome", ("injury", "disability", "death")))
    if outcome != "injury" and not reader.has("age"):
        raise BadInput("age", "伤残或死亡案件必填：定残日或死亡时的周岁")
    grades = tuple(parse_integer(value, name, minimum=1, maximum=10) for value, name in reader.elements("grades"))
    if grades and outcome != "disability":
        raise BadInput("grades", "只有伤残案件才有等级；构成伤残的请把 outcome 写作 disability")
    dependants = _dependants(reader, law)
    if dependants and outcome == "injury":
        raise BadInput("dependants", "只有伤残或死亡案件才计算被扶养人生活费")
    _ensure_few(reader, "grades", grades)
    _ensure_few(reader, "dependants", dependants)
    cap = reader.choice("dependant_cap", ("literal", "shares_first")) if reader.has("dependant_cap") else None
    residence = reader.choice("residence", ("urban", "rural")) if reader.has("residence") else "urban"
    return DamageInput(
        outcome=outcome,
        age=reader.integer("age", 0, OLDEST) if reader.has("age") else None,
        grades=grades,
        items=_items(reader),
        dependants=dependants,
        dependant_cap=cast("DependantCap | None", cap),
        residence=cast(Residence, residence),
        income_base=_typed(reader, "income_base"),
        consumption_base=_typed(reader, "consumption_base"),
        wage_base=_typed(reader, "wage_base"),
    )


def _items(reader: Reader) -> dict[str, Decimal]:
    items = {}
    for code, value, name in reader.members("items"):
        if code not in HEADS:
            raise BadInput(name, f"没有这一赔偿项目，可用的有：{'、'.join(HEADS)}")
        if value is not None:
            items[code] = parse_money(value, name)
    return items


def _dependants(reader: Reader, law: Law) -> tuple[Dependant, ...]:
    longest = OLDEST
    if law.has("damages.dependant_years"):
        longest = law.table("damages.dependant_years").value["full_years"]
    found = []
    for value, name in reader.elements("dependants"):
        one = Reader(value, ["years", "supporters"], (), name)
        found.append(Dependant(one.integer("years", 0, longest), one.integer("supporters", 1, MOST_SUPPORTERS)))
    return tuple(found)


def _typed(reader: Reader, key: str) -> TypedBase | None:
    amount = reader.optional_money(key)
    if amount is not None and not amount:
        raise BadInput(key, "年度标准不能为零")
    return None if amount is None else TypedBase(amount)


def _ensure_few(reader: Reader, key: str, listed: tuple[object, ...]) -> None:
    if len(listed) > MOST_LISTED:
        raise BadInput(reader.name(key), f"最多 {MOST_LISTED} 项，请核对")


def _written(item: HeadAmount) -> dict[str, Any]:
    answer = {
        "code": item.code,
        "amount": None if item.amount is None else format_money(item.amount),
        "formula": item.formula,
        "provisions": list(item.provisions),
    }
    return answer | {"missing": item.missing} if item.missing else answer
