"""Money as numbers: rounded in one place, split so that the parts make the whole. Never a rule of law."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Number = Decimal | Fraction | int

ZERO = Decimal("0.00")
FEN_PER_YUAN = 100
LARGEST = Decimal(10**12)
_WRITTEN = re.compile(r"(-?)(0|[1-9][0-9]*)(\.[0-9]{1,2})?", re.ASCII)


def to_fen(amount: Number) -> Decimal:
    """Round yuan half up (away from zero) to two places; exact whatever the size of the number."""
    fen = Fraction(amount) * FEN_PER_YUAN
    whole = floor(abs(fen) + Fraction(1, 2))
    return _from_fen(-whole if fen < 0 else whole)


def split(amount: Decimal, weights: Sequence[Number]) -> tuple[Decimal, ...]:
    """Share `amount` by `weights`, in fen by largest remainder, ties in the order given; the parts sum to `amount`.

    With whole-fen weights whose sum is at least `amount`, no part exceeds its weight.
    Raises ValueError for a negative amount or weight, for more than two places, or when there is money but no weight.
    """
    if to_fen(amount) != amount:
        raise ValueError("an amount to split has at most two places")
    exact = [Fraction(weight) for weight in weights]
    if amount < 0 or any(weight < 0 for weight in exact):
        raise ValueError("neither amount nor weights are negative")
    whole = sum(exact)
    fen = int(Fraction(amount) * FEN_PER_YUAN)
    if not whole:
        if fen:
            raise ValueError("an amount needs somebody to bear it")
        return tuple(ZERO for _ in exact)
    ideal = [fen * weight / whole for weight in exact]
    parts = [floor(share) for share in ideal]
    by_remainder = sorted(range(len(parts)), key=lambda n: parts[n] - ideal[n])  # stable: ties keep their order
    for n in by_remainder[: fen - sum(parts)]:
        parts[n] += 1
    return tuple(_from_fen(part) for part in parts)


def parse_money(text: str, largest: Decimal = LARGEST) -> Decimal:
    """Read "48105.75": at most two decimals, no separators.

    Raises ValueError with a Chinese sentence that says how to mend it.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}", text, re.ASCII):
            raise ValueError("金额最多两位小数（到分），请先确定分位")
        raise ValueError("请写成不带千分位、单位和空格的数字，如 48105.75")
    if match[1]:
        raise ValueError("金额不能是负数")
    amount = Decimal(text)
    if amount >= largest:
        raise ValueError(f"金额过大，应小于 {largest:f} 元，请核对")
    return to_fen(amount)


def format_money(amount: Decimal) -> str:
    """Two decimals, no separators: the form of every JSON answer."""
    return f"{to_fen(amount):f}"


def _from_fen(fen: int) -> Decimal:
    return Decimal(f"{'-' if fen < 0 else ''}{abs(fen) // FEN_PER_YUAN}.{abs(fen) % FEN_PER_YUAN:02d}")
