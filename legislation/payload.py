"""A calculator's nested JSON object: which keys it must and may have, each value's full name in a refusal.

Single values are read by `legislation.inputs`; here stands only the structure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from legislation import inputs
from legislation.inputs import BadInput
from legislation.money import LARGEST

LONGEST_NAME = 100


class Reader:
    """One JSON object; `path` is its place in the whole, for the names of fields in `BadInput(field, why)`.

    A key given as null counts as not given; an unknown key is refused, so that a typing error is not silently ignored.
    """

    def __init__(self, payload: object, required: Collection[str], optional: Collection[str] = (), path: str = "") -> None:
        self.path = path
        if not isinstance(payload, Mapping):
            raise BadInput(path or "input", "应为一个 JSON 对象，形如 {…}")
        known = (*required, *optional)
        for key in payload:
            if key not in known:
                raise BadInput(self.name(str(key)), f"未知的字段，可用的有：{'、'.join(known)}")
        self.values: dict[str, Any] = {key: value for key, value in payload.items() if value is not None}
        for key in required:
            if key not in self.values:
                raise BadInput(self.name(key), "必填，请补上")

    def name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        return key in self.values

    def money(self, key: str, largest: Decimal = LARGEST) -> Decimal:
        return inputs.parse_money(self.values[key], self.name(key), largest)

    def money_or(self, key: str, default: Decimal) -> Decimal:
        return self.money(key) if self.has(key) else default

    def optional_money(self, key: str) -> Decimal | None:
        return self.money(key) if self.has(key) else None

    def integer(self, key: str, minimum: int, maximum: int) -> int:
        return inputs.parse_integer(self.values[key], self.name(key), minimum=minimum, maximum=maximum)

    def integer_or(self, key: str, minimum: int, maximum: int, default: int) -> int:
        return self.integer(key, minimum, maximum) if self.has(key) else default

    def choice(self, key: str, choices: Collection[str]) -> str:
        return inputs.choice({self.name(key): self.values[key]}, self.name(key), choices)

    def text(self, key: str) -> str:
        return read_text(self.values[key], self.name(key))

    def day(self, key: str) -> date:
        return inputs.parse_day(self.values[key], self.name(key))

    def place(self, key: str) -> str:
        return inputs.place({self.name(key): self.values[key]}, self.name(key))

    def elements(self, key: str) -> Iterator[tuple[Any, str]]:
        """The elements of a JSON array, each with its name."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise BadInput(self.name(key), "应为数组，形如 […]")
        return ((element, f"{self.name(key)}[{n}]") for n, element in enumerate(value))

    def members(self, key: str) -> Iterator[tuple[str, Any, str]]:
        """The members of a JSON object whose keys are free, each with its name."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            raise BadInput(self.name(key), "应为对象，形如 {…}")
        return ((read_text(name, self.name(key)), member, f"{self.name(key)}.{name}") for name, member in value.items())


def read_text(value: object, field: str) -> str:
    """A name: not blank, not absurdly long."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        raise BadInput(field, f"应为不超过 {LONGEST_NAME} 个字的名称，不能为空")
    return value
