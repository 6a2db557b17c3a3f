"""Reads of claims and advances: positions for guards, lists and money for pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from access.roles import CaseRole
from access.scopes import in_scope
from casework import registry
from casework.models import Case, CaseEvent, CaseOrganisation, Deadline
from casework.permits import standing_within
from claims import movements
from claims.models import Advance, Claim
from damages import api as damages
from disputes import api as disputes
from elevators import api as elevators
from ledger import api as ledger
from legislation.money import ZERO, split, to_fen
from policies import api as policies

if TYPE_CHECKING:
    from access.actors import Actor

#: Advances that count against the estimate.
COMMITTED = ("approved", "paid")


class ClaimPosition:
    """What the steps of a claim must know beside its own fields, read after the lock. Amounts in yuan.

    Read-only; each part is read when a guard, a check or the turn first asks for it: most steps ask for one or two.
    """

    def __init__(self, case: Claim) -> None:
        self._case = case
        self.proven = case.proven
        self._asked = case.payout_asked_at is not None

    @cached_property
    def _children(self) -> list[Any]:
        rows = Case.objects.filter(parent_id=self._case.pk)
        return list(rows.values_list("pk", "kind", "reference", "state", "closed_at", "amount"))

    @cached_property
    def _sheet(self) -> damages.WorksheetView | None:
        return damages.current(self._case.pk)

    @property
    def worksheet_id(self) -> int | None:
        return self._sheet.id if self._sheet else None

    @property
    def worksheet_total(self) -> Decimal | None:
        return self._sheet.total if self._sheet else None

    @cached_property
    def ordered(self) -> Decimal:
        """What is on its way to the injured, whoever pays it: by advances, by the claim's own orders, by the insurer."""
        return on_its_way(self._case, [pk for pk, kind, *_rest in self._children if kind in ("advance", "payout")])

    @cached_property
    def advanced(self) -> Decimal:
        return advanced(self._case.pk)

    @cached_property
    def ordered_by_manager(self) -> Decimal:
        """What was ordered to the injured of this claim before, paid or on its way; authority counts it with the next order."""
        return sum((order.amount for order in ledger.orders_of([self._case.pk]) if not order.is_gone), ZERO)

    @cached_property
    def entitled(self) -> frozenset[str]:
        """Who may be paid: the people of the claim, or the heirs of one who died; and the funds that paid first."""
        case = self._case
        heirs = [case.representative] if case.representative else [heir["key"] for heir in case.heirs]
        return frozenset([*(heirs if case.died_on else [p["key"] for p in case.people]), *(fund["key"] for fund in case.funds)])

    @cached_property
    def _ordered_by_key(self) -> dict[str, Decimal]:
        """What the claim's own orders pay or paid, by the key of their payee."""
        running = {order.note: order.amount for order in ledger.orders_of([self._case.pk]) if not order.is_gone}
        found: dict[str, Decimal] = {}
        events = CaseEvent.objects.filter(case_id=self._case.pk, verb="order_payment")
        for number, key in events.values_list("number", "record__facts__key"):
            amount = running.get(f"{self._case.reference}-{number}", ZERO)
            found[str(key)] = found.get(str(key), ZERO) + amount
        return found

    def part_of(self, key: str) -> Decimal | None:
        """What may still be ordered to one payee beside the rest; None while nothing is owed."""
        case, ordered = self._case, self._ordered_by_key
        if case.owed is None:
            return None
        for fund in case.funds:
            if fund["key"] == key:
                return max(Decimal(fund["amount"]) - ordered.get(key, ZERO), ZERO)
        reserved = sum((max(Decimal(f["amount"]) - ordered.get(f["key"], ZERO), ZERO) for f in case.funds), ZERO)
        left: Decimal = max(case.owed - self.proven - self.ordered - reserved, ZERO)
        if not case.heirs or case.representative:
            return left
        heirs = {heir["key"]: Fraction(heir["share"]) for heir in case.heirs}
        to_heirs = sum((ordered.get(k, ZERO) for k in heirs), ZERO)
        parts = dict(zip(heirs, split(left + to_heirs, list(heirs.values())), strict=True))
        part: Decimal = max(parts.get(key, ZERO) - ordered.get(key, ZERO), ZERO)
        return part

    @property
    def has_payout(self) -> bool:
        return self._asked or any(kind == "payout" for _pk, kind, *_rest in self._children)

    @property
    def payout_is_open(self) -> bool:
        return any(kind == "payout" and closed_at is None for _pk, kind, _ref, _state, closed_at, _amount in self._children)

    @cached_property
    def consent_is_overdue(self) -> bool:
        return Deadline.objects.filter(
            case_id=self._case.pk, rule="consent", status=Deadline.Status.RUNNING, due_at__lt=timezone.now()
        ).exists()

    @cached_property
    def manager_is_here(self) -> bool:
        return standing_within(self._case).first(CaseRole.USE_MANAGER) is not None

    @cached_property
    def vouchers(self) -> frozenset[tuple[str, str]]:
        return frozenset(self._case.victim_payments.filter(amount__gt=0).values_list("payer", "voucher"))

    @cached_property
    def cost_vouchers(self) -> frozenset[tuple[str, str]]:
        return frozenset(self._case.costs.values_list("head", "voucher"))

    @cached_property
    def _disputes(self) -> tuple[disputes.DisputeView, ...]:
        return disputes.of_case(self._case.pk)

    @property
    def pending_disputes(self) -> tuple[str, ...]:
        """The lawsuits and mediations whose outcome nobody knows yet, in words."""
        return tuple(f"{registry.kind(d.kind).label} {d.reference}" for d in self._disputes if d.is_pending)

    @property
    def has_open_mediation(self) -> bool:
        return any(d.is_open and d.kind == "mediation" for d in self._disputes)

    @cached_property
    def open_matters(self) -> tuple[str, ...]:
        """What must be done before closing, in words."""
        return _open_matters(self._case, self._children)


@registry.position_for("claim")
def claim_position(case: Claim) -> ClaimPosition:
    return ClaimPosition(case)


def _open_matters(case: Claim, children: list[Any]) -> tuple[str, ...]:
    """Its own things only: an open recovery holds the incident, not the claim."""
    matters = [
        f"{registry.kind(kind).label} {reference}（{registry.kind(kind).states.get(state, state)}）"
        for _pk, kind, reference, state, closed_at, _amount in children
        if closed_at is None
    ]
    matters += list(case.tasks.filter(done_at=None).values_list("says", flat=True))
    unconfirmed = Advance.objects.filter(parent_id=case.pk, is_emergency=True, confirmed_at=None, objection="", state__in=COMMITTED)
    matters += [str(_("%(ref)s 紧急垫付还没有补充确认") % {"ref": a.reference}) for a in unconfirmed]
    return tuple(matters)


def on_its_way(claim: Claim, payers: list[int]) -> Decimal:
    """Orders to the injured, below the claim and below these cases of its, whose money is not counted as received yet."""
    counted = set(claim.victim_payments.filter(amount__gt=0).values_list("source_case_id", flat=True))
    return sum(
        (
            order.amount
            for order in ledger.orders_of([claim.pk, *payers])
            if not order.is_gone and movements.received(claim.pk) in order.into and not {order.id, order.parent_id} & counted
        ),
        ZERO,
    )


def carrier_id(claim_id: int) -> int | None:
    """Who carries a claim and speaks for it: the use-manager, else the street office."""
    held = dict(CaseOrganisation.objects.filter(case_id=claim_id).order_by("-pk").values_list("role", "organisation_id"))
    return held.get(CaseRole.USE_MANAGER) or held.get(CaseRole.STREET_OFFICE)


def carrier_name(claim_id: int) -> str:
    return Organisation.objects.filter(pk=carrier_id(claim_id) or 0).values_list("name", flat=True).first() or ""


def carried_as(claim_id: int) -> CaseRole:
    """The part in which a claim is carried."""
    is_managed = CaseOrganisation.objects.filter(case_id=claim_id, role=CaseRole.USE_MANAGER).exists()
    return CaseRole.USE_MANAGER if is_managed else CaseRole.STREET_OFFICE


def advanced(claim_id: int) -> Decimal:
    """The sum of the advances approved or paid, less what was given back."""
    return _approved(Advance.objects.filter(parent_id=claim_id, state__in=COMMITTED))


@dataclass(frozen=True)
class AdvancePosition:
    """What the steps of an advance must know. `committed`: the other advances of the claim; `estimate`: the latest.

    approved_for_person, unconfirmed_for_person: what was approved before for the same injured person, and what of it one
    person approved in an emergency without a second; authority counts them, so that splitting gains nothing.
    """

    estimate: Decimal | None
    committed: Decimal
    order_is_running: bool
    approved_for_person: Decimal
    unconfirmed_for_person: Decimal


@registry.position_for("advance")
def advance_position(case: Advance) -> AdvancePosition:
    estimate = Claim.objects.filter(pk=case.parent_id).values_list("estimate", flat=True).first()
    own = (case.approved_amount or ZERO) - case.refunded if case.state in COMMITTED else ZERO
    running = Case.objects.filter(parent_id=case.pk, kind="payment_order", state__in=("proposed", "released")).exists()
    others = Advance.objects.filter(parent_id=case.parent_id, person_key=case.person_key, state__in=COMMITTED).exclude(pk=case.pk)
    return AdvancePosition(
        estimate=estimate,
        committed=advanced(case.parent_id) - own if case.parent_id else ZERO,
        order_is_running=running,
        approved_for_person=_approved(others),
        unconfirmed_for_person=_approved(others.filter(is_emergency=True, confirmed_at=None)),
    )


def _approved(advances: QuerySet[Advance]) -> Decimal:
    sums = advances.aggregate(a=Sum("approved_amount"), r=Sum("refunded"))
    return (sums["a"] or ZERO) - (sums["r"] or ZERO)


def claims_seen_by(actor: Actor) -> QuerySet[Claim]:
    """All claims in the actor's scope, the newest first."""
    claims: QuerySet[Claim] = Claim.objects.filter(in_scope(actor))
    return claims.order_by("-happened_at", "-pk")


def claims_of(incident_id: int) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = Claim.objects.filter(parent_id=incident_id)
    return claims.order_by("pk")


def advances_of(claim_id: int) -> QuerySet[Advance]:
    advances: QuerySet[Advance] = Advance.objects.filter(parent_id=claim_id)
    return advances.order_by("pk")


def left_of_estimate(claim: Claim) -> Decimal | None:
    """What may still be advanced under the latest estimate; None without one."""
    return None if claim.estimate is None else claim.estimate - advanced(claim.pk)


def after_fault(claim: Claim) -> Decimal | None:
    """The assessed loss less the part that the injured bears; None while nothing is assessed."""
    return None if claim.assessed is None else to_fen(Fraction(claim.assessed) * (1 - claim.fault_share))


def payees_of(claim: Claim) -> list[dict[str, Any]]:
    """Whom the claim may pay, each with key, name and party (None for a fund, which is repaid by its notice)."""
    entitled = claim_position(claim).entitled
    everybody = [*claim.people, *claim.heirs, *({**fund, "party_id": None} for fund in claim.funds)]
    return [payee for payee in everybody if payee["key"] in entitled]


def left_to_order(claim: Claim) -> Decimal | None:
    """What is owed, less what was received and what is on its way; None while nothing is owed."""
    return None if claim.outstanding is None else max(claim.outstanding - claim_position(claim).ordered, ZERO)


def policy_at_the_accident(claim: Claim) -> policies.PolicyView | None:
    """The policy that covered the lift at the minute of the accident, as the insurer's room knows it now."""
    if claim.parent_id is None:
        return None
    return policies.policy_for(elevators.incident_view(claim.parent_id).elevator_id, claim.accident_at)


#: The filters of the list: which states each shows.
FILTERS: dict[str, tuple[Any, tuple[str, ...] | None]] = {
    "open": (_("办理中"), None),
    "pay": (_("待付给受害人"), ("liability_fixed",)),
    "close": (_("待结案"), ("victim_paid", "not_liable")),
    "ended": (_("已结束"), None),
    "all": (_("全部"), None),
}
PER_PAGE = 30


@dataclass(frozen=True)
class Filter:
    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class ClaimsPage:
    """One page of the list with its filters."""

    rows: Any
    filters: tuple[Filter, ...]


def claims_page(*, actor: Actor, show: str, words: str, number: str) -> ClaimsPage:
    """The claims in scope, by filter and by words of reference or title."""
    seen = claims_seen_by(actor)
    if words:
        seen = seen.filter(Q(reference__icontains=words) | Q(title__icontains=words))
    show = show if show in FILTERS else "open"
    filters = tuple(Filter(key, label, _shown(seen, key).count(), key == show) for key, (label, _states) in FILTERS.items())
    return ClaimsPage(Paginator(_shown(seen, show), PER_PAGE).get_page(number), filters)


def _shown(claims: QuerySet[Claim], key: str) -> QuerySet[Claim]:
    states = FILTERS[key][1]
    if states is not None:
        return claims.filter(state__in=states)
    if key == "all":
        return claims
    return claims.filter(closed_at__isnull=key == "open")
