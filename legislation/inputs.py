"""Strict readers of calculator input: each takes the JSON object and a field, and names the field when it refuses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from legislation.money import LARGEST
from legislation.money import parse_money as read_yuan

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)
_SHARE = re.compile(r"\d{1,4}(\.\d{1,12})?|\d{1,12}/\d{1,12}", re.ASCII)
_PLACE = re.compile(r"\d{6}", re.ASCII)
_ABSENT = object()


class BadInput(ValueError):
    """An input that a calculator refuses: which field and why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why

    def __str__(self) -> str:
        return f"{self.field}: {self.why}"


def only(payload: Mapping[str, Any], *fields: str) -> None:
    """Refuse fields that the calculator does not know, so that a typing error is not silently ignored."""
    for field in payload:
        if field not in fields:
            raise BadInput(str(field), "未知的字段")


def required(payload: Mapping[str, Any], field: str) -> Any:
    """The value of a field that must be there and not null."""
    value = payload.get(field, _ABSENT)
    if value is _ABSENT or value is None:
        raise BadInput(field, "必填")
    return value


def choice(payload: Mapping[str, Any], field: str, choices: Collection[str]) -> str:
    """One of the named choices."""
    value = required(payload, field)
    if not isinstance(value, str) or value not in choices:
        raise BadInput(field, f"应为以下之一：{'、'.join(choices)}")
    return value


def integer(payload: Mapping[str, Any], field: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """A JSON integer (no boolean, no decimal point) within its bounds."""
    return parse_integer(required(payload, field), field, minimum=minimum, maximum=maximum)


def day(payload: Mapping[str, Any], field: str) -> date:
    """A date as "2025-03-03"."""
    return parse_day(required(payload, field), field)


def moment(payload: Mapping[str, Any], field: str) -> datetime:
    """A local date-time as "2025-03-03T23:30"."""
    value = required(payload, field)
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise BadInput(field, "应为当地日期时间，如 2025-03-03T23:30")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise BadInput(field, "没有这个日期或时间") from None


def money(payload: Mapping[str, Any], field: str) -> Decimal:
    """An amount in yuan, not negative, at most two decimals, as a string."""
    return parse_money(required(payload, field), field)


def share(payload: Mapping[str, Any], field: str) -> Fraction:
    """A share from 0 to 1 as a string: "0.7" or "2/3"."""
    return parse_share(required(payload, field), field)


def place(payload: Mapping[str, Any], field: str) -> str:
    """A six-digit region code as a string."""
    value = required(payload, field)
    if not isinstance(value, str) or not _PLACE.fullmatch(value):
        raise BadInput(field, "应为六位行政区划代码，如 440100")
    return value


def parse_integer(value: object, field: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Read a JSON integer; see `integer`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(field, "应为整数")
    if minimum is not None and value < minimum:
        raise BadInput(field, "不能为负数" if minimum == 0 else f"不能小于 {minimum}")
    if maximum is not None and value > maximum:
        raise BadInput(field, f"不能大于 {maximum}")
    return value


def parse_day(value: object, field: str) -> date:
    """Read a date; see `day`."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise BadInput(field, "应为日期，如 2025-03-03")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(field, "没有这个日期") from None


def parse_money(value: object, field: str, largest: Decimal = LARGEST) -> Decimal:
    """Read an amount; see `money`."""
    if not isinstance(value, str):
        raise BadInput(field, '金额应写成带引号、两位小数的字符串，如 "48105.75"')
    try:
        return read_yuan(value, largest)
    except ValueError as error:
        raise BadInput(field, str(error)) from None


def parse_share(value: object, field: str) -> Fraction:
    """Read a share; see `share`."""
    if not isinstance(value, str) or not _SHARE.fullmatch(value):
        raise BadInput(field, '应为 0 至 1 之间的份额字符串，如 "0.7" 或 "2/3"')
    try:
        found = Fraction(value)
    except ZeroDivisionError:
        raise BadInput(field, "分母不能为零") from None
    if found > 1:
        raise BadInput(field, "份额不能大于 1")
    return found
