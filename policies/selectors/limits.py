"""What the limits of a contract leave for a payout, and who else was hurt in the same accident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from elevators import api as elevators
from ledger import api as ledger
from legislation.money import ZERO, to_fen
from policies import movements
from policies.calculations.worksheet import OtherPerson, Terms
from policies.models import Payout, PayoutPayment, Policy, PolicyElevator
from policies.terms import COSTS, Head, PayeeKind


def names_under(policy_id: int, incident_id: int | None) -> dict[str, str]:
    """The masked names of the people of one accident by their keys, as the payouts under a policy have them."""
    payouts = Payout.objects.filter(policy_id=policy_id, incident_id=incident_id).order_by("pk") if incident_id is not None else ()
    return {p["key"]: p["name"] for payout in payouts for p in payout.people}


def _left(payout: Payout, account: str, limit: str, person: str = "") -> Decimal:
    """What a payout may take of a limit in all: what is free, with its own holds and payments."""
    own = ZERO
    for entry in payout.holds.values():
        if entry["limit"] == limit and (not person or entry["person"] == person):
            own += Decimal(entry["amount"])
    for key, amount in payout.posted.items():
        who, name = key.rsplit("/", 1)
        if name == limit and (not person or who == person):
            own += Decimal(amount)
    return ledger.balance(account).available + own


def limits_of(policy: Policy) -> tuple[str, ...]:
    """The limits that this contract has."""
    amounts = {
        movements.MEDICAL: policy.medical_per_person,
        movements.PERSON: policy.per_person,
        movements.ACCIDENT: policy.per_accident,
        movements.AGGREGATE: policy.aggregate,
    }
    return tuple(limit for limit in movements.LIMITS if amounts[limit] is not None)


def terms_of(payout: Payout) -> Terms:
    """The contract's terms and what is left of its limits for this payout."""
    policy, limits = payout.policy, limits_of(payout.policy)

    def account(limit: str, person: str = "") -> str:
        return movements.limit_account(policy.pk, payout.incident_id, person, limit)

    def left_by_person(limit: str) -> dict[str, Decimal]:
        if limit not in limits:
            return {}
        return {p["key"]: max(_left(payout, account(limit, p["key"]), limit, p["key"]), ZERO) for p in payout.people}

    siblings = [s for s in siblings_of(payout) if s.decided_amount is not None]
    borne = sum((p.deductible for s in siblings for p in movements.sheet_persons(s)), ZERO)
    entrapment = sum((p.entrapment for s in siblings for p in movements.sheet_persons(s)), ZERO)
    return Terms(
        medical=policy.medical_per_person,
        person=policy.per_person,
        deductible=max(policy.deductible - borne, ZERO),
        entrapment_cap=None if policy.entrapment_cap is None else max(policy.entrapment_cap - entrapment, ZERO),
        legal_costs=policy.legal_cost_limit,
        fixed=None if payout.liability_amount is None or is_further(payout) else payout.liability_amount,
        contribution=Fraction(payout.contribution),
        mitigation=policy.per_accident if policy.per_accident is not None else policy.aggregate,
        person_left=left_by_person(movements.PERSON),
        medical_left=left_by_person(movements.MEDICAL),
        accident_left=_left(payout, account(movements.ACCIDENT), movements.ACCIDENT) if movements.ACCIDENT in limits else None,
        aggregate_left=_left(payout, account(movements.AGGREGATE), movements.AGGREGATE) if movements.AGGREGATE in limits else None,
        limits=limits,
    )


def siblings_of(payout: Payout) -> list[Payout]:
    """The other payouts of the same accident under the same policy that still count."""
    found = Payout.objects.filter(policy_id=payout.policy_id, incident_id=payout.incident_id).exclude(pk=payout.pk)
    return list(found.exclude(Q(state="withdrawn")).select_related("policy").prefetch_related("loss_lines"))


def others_of(payout: Payout) -> tuple[OtherPerson, ...]:
    """Everybody hurt in the same accident under another payout, by the current estimates."""
    return tuple(person for sibling in siblings_of(payout) for person in _people_of(sibling))


def _people_of(sibling: Payout) -> Iterable[OtherPerson]:
    decided = {p.person: p for p in movements.sheet_persons(sibling)} if sibling.decided_amount is not None else None
    share = (Fraction(1) if sibling.is_joint else Fraction(sibling.liability_share)) * Fraction(sibling.contribution)
    for person in sibling.people:
        key = person["key"]
        shared = (movements.ACCIDENT, movements.AGGREGATE)  # a contract may have one without the other; both hold the same
        taken = max(movements.held(sibling, key, limit) + movements.posted(sibling, key, limit) for limit in shared)
        name = f"{sibling.pk}/{key}"
        if decided is not None:
            found = decided.get(key)
            owed = taken if found is None or sibling.is_ended else found.capped + found.entrapment
            yield OtherPerson(name, ZERO, ZERO, owed, taken)
            continue
        mine = [x for x in sibling.loss_lines.all() if x.version == sibling.loss_version and x.person == key and x.head not in COSTS]
        medical = to_fen(Fraction(sum((x.estimate for x in mine if x.head == Head.MEDICAL), ZERO)) * share)
        other = to_fen(Fraction(sum((x.estimate for x in mine if x.head not in (Head.MEDICAL, Head.ENTRAPMENT)), ZERO)) * share)
        entrapment = sum((x.estimate for x in mine if x.head == Head.ENTRAPMENT), ZERO)
        yield OtherPerson(name, medical, other, _within(sibling.policy, medical, other) + entrapment, taken)


def _within(policy: Policy, medical: Decimal, other: Decimal) -> Decimal:
    capped = (medical if policy.medical_per_person is None else min(medical, policy.medical_per_person)) + other
    return capped if policy.per_person is None else min(capped, policy.per_person)


def paid_by_other_insurers(payout: Payout) -> dict[str, Decimal]:
    """What other insurers of the same liability proposed or paid straight to each person of the claim, in yuan."""
    if payout.parent_id is None:
        return {}
    rows = PayoutPayment.objects.filter(payout__parent_id=payout.parent_id, beside="").exclude(payout__policy_id=payout.policy_id)
    rows = rows.exclude(payee_kind=PayeeKind.INSURED).exclude(order__state__in=("returned", "cancelled"))
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.person] = found.get(row.person, ZERO) + row.amount
    return found


def policies_at(elevator_id: int, moment: datetime) -> list[Policy]:
    """Every policy that covers an elevator at a moment, to the minute; the one that began last first."""
    listed = PolicyElevator.objects.filter(elevator_id=elevator_id, since__lte=moment, until__gt=moment).values("policy")
    found = Policy.objects.filter(pk__in=listed, since__lte=moment, until__gt=moment).select_related("insurer")
    return list(found.order_by("-since", "-pk"))


def other_policies_of(payout: Payout) -> dict[int, str]:
    """The numbers, by id, of the policies beside the payout's own that its claim did not ask yet."""
    moment = elevators.incident_view(payout.incident_id).started_at
    asked = Payout.objects.filter(parent_id=payout.parent_id).exclude(state="withdrawn").values_list("policy_id", flat=True)
    return {p.pk: p.number for p in policies_at(payout.elevator_id, moment) if p.pk not in set(asked) | {payout.policy_id}}


def sum_insured(policy: Policy) -> Decimal | None:
    """By what a contract contributes beside others: the limit per accident, else the aggregate; None where it has neither."""
    found: Decimal | None = policy.per_accident if policy.per_accident is not None else policy.aggregate
    return found


def contribution_of(payout: Payout) -> tuple[Fraction, tuple[Policy, ...]]:
    """The part of the loss by sums insured that the payout's policy bears, and the others that cover the same lift (art 56).

    The whole where there is no other, or where one of them has no sum insured to compare.
    """
    moment = elevators.incident_view(payout.incident_id).started_at
    others = tuple(p for p in policies_at(payout.elevator_id, moment) if p.pk != payout.policy_id)
    own, sums = sum_insured(payout.policy), [sum_insured(p) for p in others]
    if not others or own is None or any(s is None for s in sums):
        return Fraction(1), others
    return Fraction(own) / (Fraction(own) + sum((Fraction(s) for s in sums if s is not None), Fraction(0))), others


def is_further(payout: Payout) -> bool:
    """Whether an earlier payout of the same claim under the same policy still counts: then this one is about later bills."""
    earlier = Payout.objects.filter(parent_id=payout.parent_id, policy_id=payout.policy_id, pk__lt=payout.pk)
    return payout.parent_id is not None and payout.parent_id != payout.incident_id and earlier.exclude(state="withdrawn").exists()
