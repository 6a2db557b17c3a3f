"""The figures of a budget pool, read from the ledger: what was appropriated, reserved, committed, paid, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from funding.models import BudgetPool
from funding.movements import account
from ledger import api as ledger
from legislation.money import ZERO


@dataclass(frozen=True)
class Figures:
    """One pool in CNY. appropriated + returned = reserved + committed + paid + available, always.

    appropriated: granted less taken out. returned: clawed back. reserved: held for verified applications. committed:
    approved and not yet paid. paid: gone to the applicants.
    """

    appropriated: Decimal
    returned: Decimal
    reserved: Decimal
    committed: Decimal
    paid: Decimal
    available: Decimal

    @property
    def whole(self) -> Decimal:
        return self.appropriated + self.returned

    def percent(self, part: Decimal) -> str:
        """A part of the whole for the bar, with two places."""
        return f"{part * 100 / self.whole:.2f}" if self.whole > 0 else "0"

    @property
    def paid_percent(self) -> str:
        return self.percent(self.paid)

    @property
    def committed_percent(self) -> str:
        return self.percent(self.committed)

    @property
    def reserved_percent(self) -> str:
        return self.percent(self.reserved)


def figures_of(pool: BudgetPool) -> Figures:
    rows = ledger.balances(f"pool/{pool.pk}/")
    by = {key.rsplit("/", 1)[-1]: row for key, row in rows.items()}
    budget, committed = by.get("budget"), by.get("committed")
    return Figures(
        appropriated=_posted(by, "appropriation") - _credited(by, "withdrawn"),
        returned=_posted(by, "returned"),
        reserved=budget.reserved if budget else ZERO,
        committed=(committed.credited - committed.posted) if committed else ZERO,
        paid=_credited(by, "paid"),
        available=budget.available if budget else ZERO,
    )


def _posted(by: dict[str, ledger.Balance], part: str) -> Decimal:
    return by[part].posted if part in by else ZERO


def _credited(by: dict[str, ledger.Balance], part: str) -> Decimal:
    return by[part].credited if part in by else ZERO


def keys_of(pool_id: int) -> list[str]:
    """The accounts of a pool, for its movements."""
    return [account(pool_id, part) for part in ("appropriation", "budget", "committed", "paid", "returned", "withdrawn")]
