"""From the steps of claims to ledger movements, and the accounts that payments to the injured stand on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework.declarations import Movement

if TYPE_CHECKING:
    from claims.models import Advance


def received(claim_id: int) -> str:
    """What the people of a claim received in all."""
    return f"claim/{claim_id}/received"


def refund(case: Advance, facts: Any, law: Any) -> Iterator[Movement]:
    yield Movement(
        "transfer", facts.amount, received(case.parent_id or 0), f"org/{case.payer_organisation_id}/bank", memo=f"退款 {case.reference}"
    )


def outside(case: Any, facts: Any, law: Any) -> Iterator[Movement]:
    """What somebody paid outside the house stands on the same account as everything the injured received."""
    yield Movement("transfer", facts.amount, f"claim/{case.pk}/outside", received(case.pk), memo=f"别处已付 {facts.voucher}"[:200])
