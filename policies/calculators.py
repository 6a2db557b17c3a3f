"""The public calculators of the insurer's room: limits and entrapment money. JSON in, JSON out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from legislation.calculators import BadInput, calculator
from legislation.lookup import programme, programmes
from legislation.money import ZERO, format_money
from legislation.payload import Reader
from policies.calculations import Limits, Loss, apply_limits, entrapment_money

LIMITS = ("medical_per_person", "per_person", "per_accident", "aggregate")
MOST_MINUTES = 60 * 24 * 366
MOST_PEOPLE = 100_000


@calculator("limits")
def limits_of_a_policy(payload: dict[str, Any]) -> dict[str, Any]:
    """责任限额: what each person is paid in each accident, what cut it, and what is left of the aggregate limit."""
    reader = Reader(payload, ["limits", "accidents"], ["deductible"])
    limits = _limits(reader)
    accidents = [_losses(value, field) for value, field in reader.elements("accidents")]
    answer = apply_limits(limits, accidents)
    return {
        "accidents": [
            {
                "persons": [
                    {"person": each.person, "payable": format_money(each.payable), "cut_by": list(each.cut_by)} for each in accident.persons
                ],
                "total": format_money(accident.total),
            }
            for accident in answer.accidents
        ],
        "aggregate_left": None if answer.aggregate_left is None else format_money(answer.aggregate_left),
    }


def _limits(reader: Reader) -> Limits:
    given = Reader(reader.values["limits"], (), LIMITS, "limits")
    medical = given.optional_money("medical_per_person")
    return Limits(
        sub_limits={} if medical is None else {"medical": medical},
        per_person=given.optional_money("per_person"),
        per_accident=given.optional_money("per_accident"),
        aggregate=given.optional_money("aggregate"),
        deductible=reader.money_or("deductible", ZERO),
    )


def _losses(value: object, field: str) -> list[Loss]:
    if not isinstance(value, list):
        raise BadInput(field, "每次事故应是一个数组，列出各人的损失")
    losses: list[Loss] = []
    for n, element in enumerate(value):
        person = Reader(element, ["person", "other"], ["medical"], f"{field}[{n}]")
        name = person.text("person")
        if any(loss.person == name for loss in losses):
            raise BadInput(person.name("person"), "同一次事故中此人已列过，请合并为一行")
        losses.append(Loss(name, {"medical": person.money_or("medical", ZERO), "other": person.money("other")}))
    return losses


@calculator("entrapment")
def entrapment_of_a_programme(payload: dict[str, Any]) -> dict[str, Any]:
    """困人补偿: {"programme", "minutes", "people"} → {"per_person", "total"}; a range as {"min", "max"}."""
    reader = Reader(payload, ["programme", "minutes", "people"])
    name = reader.choice("programme", _programmes_with_a_table())
    minutes, people = reader.integer("minutes", 0, MOST_MINUTES), reader.integer("people", 0, MOST_PEOPLE)
    money = entrapment_money(programme(name), name, minutes, people)
    written = _range if money.is_range else _least
    return {"per_person": written(money.per_person), "total": written(money.total)}


def _programmes_with_a_table() -> tuple[str, ...]:
    return tuple(name for name in programmes() if programme(name).has(f"programme.{name}.entrapment"))


def _least(ends: tuple[Decimal, Decimal]) -> str:
    return format_money(ends[0])


def _range(ends: tuple[Decimal, Decimal]) -> dict[str, str]:
    return {"min": format_money(ends[0]), "max": format_money(ends[1])}
