"""Who brings how much: costs shared by exclusive area, and the sources of one budget. Exact; the parts make the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from legislation.money import ZERO, split


def share_by_area(total: Decimal, areas: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share yuan by exclusive area in ㎡ (民法典 283), in fen by largest remainder. Raises ValueError for no area at all."""
    return split(total, areas)


@dataclass(frozen=True)
class Closing:
    """资金闭合: closed exactly when the sources make the budget; until then `owners_bring` is what is missing."""

    owners_bring: Decimal
    closed: bool


def close_funding(budget: Decimal, sources: Mapping[str, Decimal]) -> Closing:
    """Hold the sources against the budget. Raises ValueError when they are more than it: no yuan may be asked for twice."""
    missing = budget - sum(sources.values(), ZERO)
    if missing < 0:
        raise ValueError(f"各项来源合计比预算多 {-missing:.2f} 元，同一笔费用不能有两份钱，请减少一项")
    return Closing(missing, missing == 0)
