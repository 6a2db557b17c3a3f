"""The public calculator of amounts in capitals: JSON in, JSON out."""

from __future__ import annotations

from typing import Any

from ledger.capitals import LARGEST, capitals
from legislation.calculators import calculator
from legislation.payload import Reader


@calculator("capitals")
def amount_in_capitals(payload: dict[str, Any]) -> dict[str, Any]:
    """人民币大写: {"amount": "1409.50"} → {"capitals": "人民币壹仟肆佰零玖元伍角"}."""
    return {"capitals": capitals(Reader(payload, ["amount"]).money("amount", LARGEST))}
