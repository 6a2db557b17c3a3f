"""Registry of the public calculators: JSON in, JSON out, by name. Apps register theirs; no database, no clock here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from legislation import deadlines, inputs
from legislation.inputs import BadInput
from legislation.units import NotInForce

__all__ = ["BadInput", "calculator", "names", "run"]

Calculator = Callable[[dict[str, Any]], dict[str, Any]]

OK, BAD = 0, 2
_registry: dict[str, Calculator] = {}


def calculator(name: str) -> Callable[[Calculator], Calculator]:
    """Register a calculator under a public name; the name is taken once."""

    def register(function: Calculator) -> Calculator:
        taken = _registry.get(name)
        if taken is not None and (taken.__module__, taken.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"calculator {name!r} is already registered by {taken.__module__}")
        _registry[name] = function
        return function

    return register


def names() -> tuple[str, ...]:
    """Names of the calculators registered so far, sorted."""
    return tuple(sorted(_registry))


def run(name: str, payload: object) -> tuple[Any, int]:
    """Calculate one object, or each element of a list in its order. Returns the JSON result and the exit code.

    A bad element answers {"error": {"field", "why"}} in its place and makes the exit code 2. Raises KeyError for an
    unknown name.
    """
    function = _registry[name]
    if isinstance(payload, list):
        answers = [_one(function, element) for element in payload]
        return [answer for answer, _ in answers], max((code for _, code in answers), default=OK)
    return _one(function, payload)


def _one(function: Calculator, payload: object) -> tuple[dict[str, Any], int]:
    try:
        if not isinstance(payload, dict):
            raise BadInput("input", "应为一个 JSON 对象")
        return function(payload), OK
    except BadInput as bad:
        return {"error": {"field": bad.field, "why": bad.why}}, BAD
    except NotInForce as gap:
        return {"error": {"field": "law", "why": str(gap)}}, BAD


@calculator("deadline")
def deadline(payload: dict[str, Any]) -> dict[str, Any]:
    """Compute the end of a period: {"start", "days", "unit", "pauses"?} to {"due", "provisional", "explanation"}."""
    inputs.only(payload, "start", "days", "unit", "pauses")
    unit = inputs.choice(payload, "unit", deadlines.UNITS)
    start: date | datetime = inputs.moment(payload, "start") if unit in deadlines.BY_THE_CLOCK else inputs.day(payload, "start")
    count = inputs.integer(payload, "days", minimum=0)
    pauses = _pauses(payload, start, unit)
    try:
        found = deadlines.due(start, count, unit, pauses)
    except OverflowError:
        raise BadInput("days", "期间过长，超出日历范围") from None
    return {"due": _written(found.due), "provisional": found.provisional, "explanation": list(found.explanation)}


def _pauses(payload: dict[str, Any], start: date, unit: str) -> list[deadlines.Pause]:
    pairs = [] if payload.get("pauses") is None else payload["pauses"]
    if not isinstance(pairs, list):
        raise BadInput("pauses", "应为日期对的列表")
    if pairs and unit not in deadlines.PAUSABLE:
        raise BadInput("pauses", "只有以自然日或工作日计算的期间可以中止")
    found: list[deadlines.Pause] = []
    for index, pair in enumerate(pairs):
        field = f"pauses[{index}]"
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadInput(field, "应为 [开始日, 结束日]")
        begun, ended = (inputs.parse_day(text, f"{field}[{side}]") for side, text in enumerate(pair))
        if ended < begun:
            raise BadInput(field, "中止的结束日早于开始日")
        if begun < start:
            raise BadInput(field, "中止的开始日早于起算日")
        found.append((begun, ended))
    return found


def _written(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        whole_minute = moment - timedelta(seconds=moment.second, microseconds=moment.microsecond) == moment
        return moment.isoformat(timespec="minutes" if whole_minute else "auto")
    return moment.isoformat()
