"""Who can be claimed from for how much after a victim was paid: pure arithmetic. Never a query or a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from legislation.money import ZERO, split, to_fen

Liability = Literal["joint", "several"]


@dataclass(frozen=True)
class RecourseCase:
    """One loss, who paid the victim how much of it, and whose it finally is.

    `loss`, `paid` and `reimbursed` (what an insurer or anybody else gave back to the claimant) are yuan to the fen;
    `shares` are exact and sum to 1; a payer without a share has the share 0.
    """

    loss: Decimal
    paid: Mapping[str, Decimal]
    shares: Mapping[str, Fraction]
    claimant: str
    liability: Liability
    insolvent: frozenset[str] = field(default_factory=frozenset)
    reimbursed: Decimal = ZERO


@dataclass(frozen=True)
class Recourse:
    """`claimable` per party except the claimant, in the order of the shares; `own_burden` stays with the claimant."""

    claimable: Mapping[str, Decimal]
    own_burden: Decimal


def recourse(case: RecourseCase) -> Recourse:
    """Compute the recourse of one payer (追偿): Civil Code 178(2), 519(2); 519(3) where liability is joint.

    Each party owes its own unpaid share of the loss. The sum never exceeds what the claimant paid, less what was given
    back to it, less its own share; beyond that every claim is cut pro rata.
    """
    burdens = _burdens(case)
    open_parts = {
        party: max(burden - Fraction(case.paid.get(party, ZERO)), Fraction(0))
        for party, burden in burdens.items()
        if party != case.claimant
    }
    claimable = {party: to_fen(part) for party, part in open_parts.items()}
    spent = case.paid.get(case.claimant, ZERO) - case.reimbursed
    own_share = case.shares.get(case.claimant, Fraction(0)) * Fraction(case.loss)
    ceiling = max(to_fen(Fraction(spent) - own_share), ZERO)
    if sum(claimable.values(), ZERO) > ceiling:
        claimable = dict(zip(open_parts, split(ceiling, list(open_parts.values())), strict=True))
    return Recourse(claimable, spent - sum(claimable.values(), ZERO))


def _burdens(case: RecourseCase) -> dict[str, Fraction]:
    """Each party's part of the loss, an insolvent joint debtor's unpaid part spread over the solvent (CC 519(3))."""
    burdens = {party: share * Fraction(case.loss) for party, share in case.shares.items()}
    if case.liability != "joint":
        return burdens
    failing = [party for party in burdens if party in case.insolvent]
    solvent = {party: share for party, share in case.shares.items() if party not in case.insolvent}
    paid = {party: Fraction(case.paid.get(party, ZERO)) for party in failing}
    unpaid = sum((max(burdens[party] - paid[party], Fraction(0)) for party in failing), Fraction(0))
    weight = sum(solvent.values(), Fraction(0))
    for party in failing:
        burdens[party] = min(burdens[party], paid[party])
    for party, share in solvent.items():
        burdens[party] += unpaid * share / weight if weight else 0
    return burdens
