"""Who can be claimed from for how much after a victim was paid: pure arithmetic. Never a query or a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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


# -- the account of one incident --------------------------------------------------------------------------------------

#: Stands for everybody liable while nobody has said who bears what.
UNKNOWN = ""


@dataclass(frozen=True)
class FileSums:
    """What one file of the account holds. `payer`: whose burden the money was; an insurer stands where its insured stands.

    paid: what went out and did not come back from the payee; in a file of subrogation also what the insurer gave back to
    its insured. reimbursed: what an insurer gave back to this payer. collected: per party, less what was returned to it.
    """

    key: int
    payer: str
    is_subrogation: bool
    paid: Decimal
    reimbursed: Decimal = ZERO
    collected: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        return max(self.paid - self.reimbursed, ZERO)

    @property
    def got(self) -> Decimal:
        return sum(self.collected.values(), ZERO)


@dataclass(frozen=True)
class FileShare:
    """What the account says of one file.

    claimable: in all, with what was collected already. left: per party, still to be collected. own_burden: stays with this
    payer. refunds: per party, collected above what it bears. hand_over: collected here though it is another payer's since
    this one was reimbursed. claimable + own_burden is what was paid and not reimbursed, to the fen.
    """

    claimable: Decimal
    own_burden: Decimal
    left: Mapping[str, Decimal]
    refunds: Mapping[str, Decimal]
    hand_over: Decimal


@dataclass(frozen=True)
class AccountCase:
    """One incident: the loss that the liable bear together, their shares (none: nobody has said), and who paid."""

    loss: Decimal
    shares: Mapping[str, Fraction]
    liability: Liability
    files: tuple[FileSums, ...]
    insolvent: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Account:
    """The account of one incident, per file and per party: what it can be claimed from by all payers together."""

    files: Mapping[int, FileShare]
    claimable: Mapping[str, Decimal]


def reckon(case: AccountCase) -> Account:
    """Reckon the account of one incident by the calculation of recourse, payer after payer.

    A payer and its insurers are one claimant; what the insurer gave back moves from the payer's claim to the insurer's,
    so that nothing is claimed twice. What an insolvent party paid in recourse counts as its part of the loss (519(3)).
    """
    case = case if case.shares else _undivided(case)
    payers = list(dict.fromkeys(f.payer for f in case.files))
    paid = {payer: sum((f.net for f in case.files if f.payer == payer), ZERO) for payer in payers}
    for party in case.insolvent:
        paid[party] = paid.get(party, ZERO) + _out_of_failing(case, case.files, party)
    files: dict[int, FileShare] = {}
    claimable: dict[str, Decimal] = {}
    for payer in payers:
        group = [f for f in case.files if f.payer == payer]
        claims = _claims(case, group, paid, payer, ZERO)
        files.update(_divide(case, group, claims, paid, payer))
        for party, amount in claims.items():
            claimable[party] = claimable.get(party, ZERO) + amount
            if party not in case.insolvent:
                paid[party] = paid.get(party, ZERO) + amount
        paid[payer] -= sum(claims.values(), ZERO)
    return Account(files, claimable)


def _undivided(case: AccountCase) -> AccountCase:
    """While nobody has said who bears what, everything paid can be claimed, from whomever."""
    files = tuple(replace(f, collected={UNKNOWN: f.got}) for f in case.files)
    everything = sum((f.net for f in files), ZERO)
    return replace(case, loss=everything, shares={UNKNOWN: Fraction(1)}, files=files, insolvent=frozenset(), liability="several")


def _claims(
    case: AccountCase, files: Sequence[FileSums], paid: Mapping[str, Decimal], payer: str, reimbursed: Decimal
) -> dict[str, Decimal]:
    """Per party what this claimant may claim in all; from an insolvent joint debtor no more than what came from it."""
    failing = {party: _out_of_failing(case, files, party) for party in sorted(case.insolvent)}
    if sum(failing.values(), ZERO) > paid[payer]:
        failing = dict(zip(failing, split(paid[payer], list(failing.values())), strict=True))
    spent = paid[payer] - sum(failing.values(), ZERO)
    joint = case.insolvent - {payer} if case.liability == "joint" else frozenset()
    asked = RecourseCase(case.loss, {**paid, payer: spent}, case.shares, payer, case.liability, joint, min(reimbursed, spent))
    found = dict(recourse(asked).claimable)
    for party, amount in failing.items():
        found[party] = found.get(party, ZERO) + amount
    most = sum((f.net for f in files), ZERO)
    return _take(found, most)


def _divide(
    case: AccountCase, group: Sequence[FileSums], claims: Mapping[str, Decimal], paid: Mapping[str, Decimal], payer: str
) -> dict[int, FileShare]:
    """Divide the claims of one claimant among its own file and its insurers': what was given back is the insurers'."""
    own = [f for f in group if not f.is_subrogation]
    insurers = [f for f in group if f.is_subrogation]
    whole = sum(claims.values(), ZERO)
    for_payer = whole
    if insurers:
        given = sum((f.paid for f in insurers), ZERO) - sum((_out_of_failing(case, insurers, p) for p in case.insolvent), ZERO)
        for_payer = sum(_claims(case, own, paid, payer, max(given, ZERO)).values(), ZERO) if own else ZERO
    for_payer = min(for_payer, whole, sum((f.net for f in own), ZERO))
    parts = dict(zip((f.key for f in own), split(for_payer, [f.net or _LEAST for f in own]), strict=True)) if own else {}
    rest = split(whole - for_payer, [f.net or _LEAST for f in insurers]) if insurers else ()
    parts.update(zip((f.key for f in insurers), rest, strict=True))
    refunds = _refunds(group, claims)
    pool = {party: max(amount - _collected(group, party), ZERO) for party, amount in claims.items()}
    shares = {}
    for f in (*own, *insurers):
        wanted = max(parts[f.key] - f.got + sum(refunds[f.key].values(), ZERO), ZERO)
        left = _take(pool, wanted)
        pool = {party: amount - left[party] for party, amount in pool.items()}
        over = max(f.got - sum(refunds[f.key].values(), ZERO) - parts[f.key], ZERO)
        shares[f.key] = FileShare(parts[f.key], f.paid - f.reimbursed - parts[f.key], left, refunds[f.key], over)
    return shares


_LEAST = Fraction(1, 10**9)  # a file without money still takes what nobody else can


def _take(pool: Mapping[str, Decimal], wanted: Decimal) -> dict[str, Decimal]:
    """Take an amount out of what the parties still owe, pro rata; all of it where it does not suffice."""
    amount = min(wanted, sum(pool.values(), ZERO))
    return dict(zip(pool, split(amount, list(pool.values())), strict=True)) if amount else dict.fromkeys(pool, ZERO)


def _refunds(group: Sequence[FileSums], claims: Mapping[str, Decimal]) -> dict[int, dict[str, Decimal]]:
    """What was collected from a party above what can be claimed from it goes back, by whoever collected last first."""
    found: dict[int, dict[str, Decimal]] = {f.key: {} for f in group}
    for party in dict.fromkeys(party for f in group for party in f.collected):
        above = _collected(group, party) - claims.get(party, ZERO)
        for f in reversed(group):
            part = min(above, f.collected.get(party, ZERO))
            if part > 0:
                found[f.key][party] = part
                above -= part
    return found


def _collected(files: Sequence[FileSums], party: str) -> Decimal:
    return sum((f.collected.get(party, ZERO) for f in files), ZERO)


def _out_of_failing(case: AccountCase, files: Sequence[FileSums], party: str) -> Decimal:
    """What came from a party that cannot pay all, as far as it bears it."""
    return min(_collected(files, party), to_fen(case.shares.get(party, Fraction(0)) * Fraction(case.loss)))
