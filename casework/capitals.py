"""Amounts in capitals on confirmation pages. The ledger, a floor above, brings the writing (as it brings the mover)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

_write: Callable[[Decimal], str] | None = None


def register(write: Callable[[Decimal], str]) -> None:
    global _write
    _write = write


def capitals(amount: Decimal) -> str:
    """人民币壹仟肆佰零玖元伍角, or nothing where no writer is registered."""
    return _write(amount) if _write else ""
