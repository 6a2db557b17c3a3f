"""Reads of policies and payouts: the position that guards judge, the limits, the arithmetic as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils import timezone

from access.actors import authority_of_roles
from access.roles import Role
from casework.models import Deadline
from casework.registry import position_for
from disputes import api as disputes
from legislation.money import ZERO
from policies import movements
from policies.calculations.worksheet import OtherPerson, PayeeLine, Terms, compute, payees
from policies.facts import DecidedLine, DecidePayout, HeldPart, PayoutSheet, SheetPerson
from policies.models import Payout, Policy
from policies.selectors.limits import other_policies_of, others_of, paid_by_other_insurers, terms_of
from policies.terms import DECIDE, INSURED, NEVER_BARS, Answer, PayeeKind

#: States of a payment order in which its money neither moved nor came back.
ORDER_OPEN = frozenset({"", "proposed", "released"})
ORDER_GONE = frozenset({"returned", "bounced", "cancelled"})


@dataclass(frozen=True)
class AskedLine:
    person: str
    head: str
    asked: Decimal
    estimate: Decimal
    basis: str = ""


@dataclass(frozen=True)
class PaymentView:
    """One payment of the payout; `status` is that of its payment order, "" before the order is opened."""

    number: int
    person: str
    payee_kind: str
    amount: Decimal
    status: str
    is_provisional: bool
    payee_name: str
    account_masked: str
    order_reference: str
    beside: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in ORDER_OPEN

    @property
    def counts(self) -> bool:
        return self.status not in ORDER_GONE


class Pool:
    """Limits and neighbours of a payout, read once and only when somebody asks: most steps do not."""

    def __init__(self, payout: Payout) -> None:
        self._payout = payout

    @cached_property
    def others(self) -> tuple[OtherPerson, ...]:
        return others_of(self._payout)

    @cached_property
    def terms(self) -> Terms:
        return terms_of(self._payout)

    @cached_property
    def handlers_authority(self) -> Decimal:
        """What the insurer's handlers may decide alone."""
        return authority_of_roles(self._payout.policy.insurer_id, [Role.INSURER_HANDLER], DECIDE) or ZERO

    @cached_property
    def other_policies(self) -> dict[int, str]:
        """Policies that cover the lift at the minute of the accident and were not asked for this claim: their numbers by id."""
        return other_policies_of(self._payout)

    @cached_property
    def elsewhere(self) -> dict[str, Decimal]:
        return paid_by_other_insurers(self._payout)

    @cached_property
    def disputes(self) -> tuple[str, ...]:
        """References of the lawsuits and mediations below the payout that are not over."""
        return tuple(f"{d.reference} {d.state_label}" for d in disputes.open_of(self._payout.pk))


@dataclass(frozen=True)
class PayoutPosition:
    """What the guards and checks of a payout must know beside its own fields, read after the lock. Amounts in yuan."""

    payout_id: int
    people: tuple[str, ...]
    named_accounts: frozenset[str]
    lines: tuple[AskedLine, ...]
    cover_doubts: tuple[str, ...]
    exclusions_explained: bool
    has_injured: bool
    has_liability_paper: bool
    to_manager: bool
    liability_share: str
    is_joint: bool
    proven: Mapping[str, Decimal]
    proofs: frozenset[tuple[str, str]]
    payments: tuple[PaymentView, ...]
    beside: tuple[PaymentView, ...]
    supplement_due_on: date | None
    sheet: tuple[SheetPerson, ...]
    decided_lines: tuple[DecidedLine, ...]
    decided_sheet_total: Decimal | None
    holds: Mapping[tuple[str, str], Decimal]
    pool: Pool = field(compare=False, repr=False)

    @property
    def next_payment(self) -> int:
        return max((p.number for p in (*self.payments, *self.beside)), default=0) + 1

    def beside_for(self, *kinds: str) -> Decimal:
        """What is proposed or paid beside the insurance money, of these kinds (of all, if none is named)."""
        return sum((p.amount for p in self.beside if p.counts and (not kinds or p.beside in kinds)), ZERO)

    @property
    def open_payments(self) -> tuple[PaymentView, ...]:
        return tuple(p for p in self.payments if p.is_open)

    @property
    def paid(self) -> Decimal:
        return sum((p.amount for p in self.payments if p.status == "paid"), ZERO)

    @property
    def provisional(self) -> Decimal:
        """What is proposed or paid provisionally, to whomever."""
        return sum((p.amount for p in self.payments if p.counts and p.is_provisional), ZERO)

    @property
    def unpaid(self) -> Decimal:
        """What is decided and not yet paid, person by person."""
        return sum((max(p.payable - self._paid_for(p.person), ZERO) for p in self.sheet), ZERO)

    def _paid_for(self, person: str) -> Decimal:
        return sum((p.amount for p in self.payments if p.status == "paid" and p.person == person), ZERO)

    @property
    def orders_stand_under_the_sheet(self) -> bool:
        """Whether what is proposed and not yet paid stays, person by person, within what the sheet leaves to pay."""
        payable = {p.person: p.payable for p in self.sheet}
        waiting: dict[str, Decimal] = {}
        for payment in self.open_payments:
            waiting[payment.person] = waiting.get(payment.person, ZERO) + payment.amount
        return all(amount <= payable.get(person, ZERO) - self._paid_for(person) for person, amount in waiting.items())

    def proven_for(self, person: str) -> Decimal:
        return self.proven.get(person, ZERO)

    def committed_for(self, person: str, *kinds: str) -> Decimal:
        """What is proposed or paid for a person, to these kinds of payee (to all, if none is named)."""
        return sum((p.amount for p in self.payments if p.counts and p.person == person and (not kinds or p.payee_kind in kinds)), ZERO)

    def excess_of(self, person: SheetPerson) -> Decimal:
        """What one person received, from the insured and from the insurer, above what the insured owes."""
        direct = sum(
            (p.amount for p in self.payments if p.status == "paid" and p.person == person.person and p.payee_kind != PayeeKind.INSURED),
            ZERO,
        )
        direct += self.pool.elsewhere.get(person.person, ZERO)
        return max(self.proven_for(person.person) + direct - person.liable - person.entrapment, ZERO)

    @property
    def payees(self) -> tuple[PayeeLine, ...]:
        """付给谁, by the current decision."""
        return tuple(line for person in self.sheet for line in self._payees_of(person))

    def _payees_of(self, person: SheetPerson) -> tuple[PayeeLine, ...]:
        committed = {str(kind): self.committed_for(person.person, kind) for kind in PayeeKind.values}
        return payees(
            person.person,
            person.payable,
            max(person.liable + person.entrapment - self.pool.elsewhere.get(person.person, ZERO), ZERO),
            self.proven_for(person.person),
            committed,
            person.costs,
            victim_named=person.person in self.named_accounts,
            to_manager=self.to_manager and not person.liable,
        )

    def open_for(self, person: str, kind: str) -> Decimal:
        """What may now be proposed for a person to one kind of payee."""
        return sum(
            (line.open for line in self.payees if line.person == person and line.payee_kind == kind and line.waits_for != "proof"), ZERO
        )

    @property
    def owed_to_victims(self) -> Decimal:
        return sum((line.open for line in self.payees if line.payee_kind == PayeeKind.VICTIM), ZERO)

    @property
    def reimbursable(self) -> Decimal:
        return sum((line.open for line in self.payees if line.payee_kind == PayeeKind.INSURED and line.waits_for != "proof"), ZERO)

    @property
    def waiting_for_proof(self) -> Decimal:
        return sum((line.open for line in self.payees if line.waits_for == "proof"), ZERO)

    def sheet_of(self, facts: DecidePayout) -> PayoutSheet:
        """The arithmetic that follows from these lines and from the limits at this moment."""
        return self.arithmetic(facts.lines, facts.liability_share, is_joint=facts.is_joint)

    def arithmetic(self, lines: Iterable[DecidedLine], share: str, *, is_joint: bool) -> PayoutSheet:
        return compute(tuple(lines), Fraction(share), is_joint, self.pool.terms, self.pool.others)

    @property
    def lacks_accounts(self) -> bool:
        """Whether something agreed cannot be paid because a victim's account is not known yet, and nothing else is on its way."""
        return not self.open_payments and any(line.open and line.waits_for == "account" for line in self.payees)

    @property
    def sheet_is_current(self) -> bool:
        """Whether the decision's amounts still follow from limits and losses."""
        if self.decided_sheet_total is None or {(x.person, x.head, x.asked) for x in self.decided_lines} != {
            (x.person, x.head, x.asked) for x in self.lines
        }:
            return False
        now = self.arithmetic(self.decided_lines, self.liability_share, is_joint=self.is_joint)
        return now.persons == self.sheet and now.total == self.decided_sheet_total

    @cached_property
    def _as_asked(self) -> Mapping[str, SheetPerson]:
        lines = [DecidedLine(x.person, x.head, x.asked, x.asked, x.asked) for x in self.lines]
        return {p.person: p for p in self.arithmetic(lines, self.liability_share, is_joint=self.is_joint).persons}

    def determinable_for(self, person: str) -> Decimal:
        """What of a person's loss is certain by now (what is asked and documented), less what is proposed or paid."""
        found = self._as_asked.get(person)
        return max((found.payable if found else ZERO) - self.committed_for(person), ZERO)

    def parts_for(self, person: str, amount: Decimal) -> tuple[HeldPart, ...]:
        """How a provisional amount for a person stands under the contract's limits; medical expenses first."""
        found = self._as_asked.get(person)
        if found is None:
            return ()
        within = min(amount, found.payable - found.costs)
        damages = min(within, found.payable - found.costs - found.entrapment)
        medical = max(min(damages, found.medical - self.holds.get((person, movements.MEDICAL), ZERO)), ZERO)
        parts = {movements.MEDICAL: medical, movements.PERSON: damages, movements.ACCIDENT: within, movements.AGGREGATE: within}
        return tuple(HeldPart(limit, parts[limit]) for limit in self.pool.terms.limits)


@position_for("payout")
def payout_position(payout: Payout) -> PayoutPosition:
    policy = payout.policy
    lines = tuple(AskedLine(x.person, x.head, x.asked, x.estimate, x.basis) for x in payout.loss_lines.filter(version=payout.loss_version))
    victim_payments = list(payout.victim_payments.all())
    proven: dict[str, Decimal] = {}
    payments = payments_of(payout)
    for paid in victim_payments:
        proven[paid.person] = proven.get(paid.person, ZERO) + paid.amount
    doubts = payout.cover_lines.filter(version=payout.cover_version, verdict__in=[Answer.FAILS, Answer.LOOK]).exclude(code__in=NEVER_BARS)
    decided = payout.decision_lines.filter(version=payout.decision_version)
    return PayoutPosition(
        payout_id=payout.pk,
        people=(*(p["key"] for p in payout.people), INSURED),
        named_accounts=frozenset(p["key"] for p in payout.people if p["account_id"] is not None or p.get("payees")),
        lines=lines,
        cover_doubts=tuple(doubts.values_list("code", flat=True)),
        exclusions_explained=bool(policy.exclusions_proof),
        has_injured=any(p["is_injured"] for p in payout.people),
        has_liability_paper=payout.evidence.filter(code="liability_document", withdrawn_at=None).exists(),
        to_manager=policy.entrapment_to == Policy.EntrapmentTo.MANAGER,
        liability_share=payout.liability_share,
        is_joint=payout.is_joint,
        proven=proven,
        proofs=frozenset((x.person, x.proof) for x in victim_payments),
        payments=tuple(p for p in payments if not p.beside),
        beside=tuple(p for p in payments if p.beside),
        supplement_due_on=_supplement_due_on(payout),
        sheet=movements.sheet_persons(payout),
        decided_lines=tuple(DecidedLine(x.person, x.head, x.asked, x.assessed, x.accepted, x.reason, x.note, x.clause) for x in decided),
        decided_sheet_total=payout.decided_amount,
        holds={(entry["person"], entry["limit"]): Decimal(entry["amount"]) for entry in payout.holds.values()},
        pool=Pool(payout),
    )


def payments_of(payout: Payout) -> tuple[PaymentView, ...]:
    rows = payout.payments.select_related("order").order_by("number")
    return tuple(
        PaymentView(
            row.number,
            row.person,
            row.payee_kind,
            row.amount,
            row.order.state if row.order else "",
            row.is_provisional,
            row.payee_name,
            row.account_masked,
            row.order.reference if row.order else "",
            row.beside,
        )
        for row in rows
    )


def _supplement_due_on(payout: Payout) -> date | None:
    due = Deadline.objects.filter(case_id=payout.pk, rule="supplement_answer").values_list("due_at", flat=True).first()
    return timezone.localtime(due).date() if due else None
