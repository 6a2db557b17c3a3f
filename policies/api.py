"""The door of the insurer's room: whose policy answers, ask for a payout, tell it what became known, see the limits.

Amounts are Decimal in CNY. The steps' own refusals (StepRefused, FactsRefused ...) come through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from access.roles import CaseRole
from casework.models import Case
from casework.steps import begin, perform, today
from elevators import api as elevators
from ledger import api as ledger
from policies import movements, selectors, services
from policies.calculations.worksheet import PayeeLine
from policies.facts import (
    AskConsent,
    Because,
    Dispute,
    LiabilityFixed,
    LossFact,
    NameAccount,
    PersonFact,
    RequestPayout,
    ReviseLoss,
    VictimPaid,
)
from policies.models import Payout, Policy, PolicyElevator, PolicyInsured
from policies.terms import INSURED, AgreedWith, FixedBy, Head, PayeeKind

if TYPE_CHECKING:
    from access.actors import Actor

Capacity = PolicyInsured.Capacity
EntrapmentTo = Policy.EntrapmentTo
issue_policy = services.issue_policy
cover_elevator = services.cover_elevator

__all__ = [
    "INSURED",
    "AgreedWith",
    "Capacity",
    "EntrapmentTo",
    "FixedBy",
    "Head",
    "LimitView",
    "LossFact",
    "PayeeKind",
    "PayeeLine",
    "PayoutView",
    "PersonFact",
    "PolicyView",
    "ask_settlement_consent",
    "close_with_claim",
    "cover_elevator",
    "dispute",
    "entrapment_lines",
    "issue_policy",
    "limits_view",
    "name_account",
    "open_payout",
    "payout_view",
    "payouts_of",
    "policy_for",
    "policy_view",
    "record_liability_fixed",
    "record_victim_payment",
    "revise_loss",
]


@dataclass(frozen=True)
class PolicyView:
    """A policy as other apps see it. `until` is excluded; limits that the contract does not have are None."""

    id: int
    number: str
    product: str
    programme: str
    insurer_id: int
    insurer_name: str
    policyholder_id: int
    since: datetime
    until: datetime
    medical_per_person: Decimal | None
    per_person: Decimal | None
    per_accident: Decimal | None
    aggregate: Decimal | None
    deductible: Decimal
    entrapment_amount: Decimal | None
    entrapment_minutes: int | None
    pays_victim_directly: bool
    insured_ids: frozenset[int]


@dataclass(frozen=True)
class LimitView:
    """One limit in yuan. person: the key of the person it stands for ("" for accident and aggregate), name: masked."""

    limit: str
    person: str
    name: str
    granted: Decimal
    used: Decimal
    reserved: Decimal
    left: Decimal


@dataclass(frozen=True)
class PayoutView:
    """A payout as other apps see it."""

    id: int
    reference: str
    state: str
    state_label: str
    policy_id: int
    policy_number: str
    incident_id: int
    claim_id: int | None
    requested: Decimal
    decided: Decimal | None
    refused: Decimal
    paid: Decimal
    claw_back: Decimal
    consent: str
    is_ended: bool
    payees: tuple[PayeeLine, ...]


def policy_for(elevator_id: int, moment: datetime) -> PolicyView | None:
    """The policy that covers an elevator at a moment, to the minute; the one that began last, if several. None: uninsured."""
    row = (
        PolicyElevator.objects.filter(
            elevator_id=elevator_id, since__lte=moment, until__gt=moment, policy__since__lte=moment, policy__until__gt=moment
        )
        .order_by("-policy__since", "-policy_id")
        .first()
    )
    return policy_view(row.policy_id) if row else None


def policy_view(policy_id: int) -> PolicyView:
    """One policy. Raises Policy.DoesNotExist."""
    row = Policy.objects.select_related("insurer", "programme").get(pk=policy_id)
    return PolicyView(
        id=row.pk,
        number=row.number,
        product=row.product,
        programme=row.programme.code if row.programme else "",
        insurer_id=row.insurer_id,
        insurer_name=row.insurer.short_name,
        policyholder_id=row.policyholder_id,
        since=row.since,
        until=row.until,
        medical_per_person=row.medical_per_person,
        per_person=row.per_person,
        per_accident=row.per_accident,
        aggregate=row.aggregate,
        deductible=row.deductible,
        entrapment_amount=row.entrapment_amount,
        entrapment_minutes=row.entrapment_minutes,
        pays_victim_directly=row.pays_victim_directly,
        insured_ids=frozenset(row.insured.values_list("organisation_id", flat=True)),
    )


def entrapment_lines(*, policy_id: int, incident_id: int, keys: Iterable[str]) -> tuple[LossFact, ...]:
    """The entrapment money of these people by contract or programme; empty below the threshold. Raises NotInForce."""
    policy = Policy.objects.select_related("programme").get(pk=policy_id)
    return services.entrapment_lines(policy, elevators.incident_view(incident_id), keys)


@transaction.atomic
def open_payout(
    *,
    claim_case: Case,
    policy_id: int,
    incident_id: int,
    people: Sequence[PersonFact],
    lines: Sequence[LossFact],
    requested_by: int,
    by: Actor,
    happened_at: datetime,
    liability_share: str = "1",
    is_joint: bool = False,
    is_complete: bool = False,
    note: str = "",
    on_behalf_of: str = "",
) -> Case:
    """Ask for a payout below a claim, and open the limits of accident and persons.

    requested_by: the organisation that asks (the use-manager; in its absence the street office). is_complete: the claim's
    evidence is all there. With is_complete and nothing but entrapment money the system goes as far as a proposed decision.
    """
    policy = Policy.objects.select_related("insurer").get(pk=policy_id)
    incident = elevators.incident_view(incident_id)
    facts = RequestPayout(
        policy_id=policy.pk,
        incident_id=incident_id,
        elevator_id=incident.elevator_id,
        accident_on=today(incident.started_at),
        people=tuple(people),
        lines=tuple(lines),
        liability_share=liability_share,
        is_joint=is_joint,
        decision_days=policy.decision_days,
        payment_days=policy.payment_days,
        is_complete=is_complete,
        note=note,
    )
    payout = begin(
        Payout,
        "request",
        parent=claim_case,
        by=by,
        happened_at=happened_at,
        place=incident.place,
        title=f"{incident.elevator_name} {incident.kind_label}",
        facts=facts,
        on_behalf_of=on_behalf_of,
        parts=[(policy.insurer_id, CaseRole.INSURER), (policy.insurer_id, CaseRole.PAYER), (requested_by, CaseRole.USE_MANAGER)],
    ).case
    services.open_limits(policy, incident_id, [p.key for p in people])
    return payout


@transaction.atomic
def revise_loss(
    *,
    payout_id: int,
    people: Sequence[PersonFact],
    lines: Sequence[LossFact],
    by: Actor,
    happened_at: datetime,
    liability_share: str | None = None,
    is_joint: bool | None = None,
    why: str = "",
) -> None:
    """Give a payout the losses as they are known now, all of them; share and joint liability stay where none is told.

    After it was paid or closed: open a further payout.
    """
    payout = Payout.objects.select_related("policy").get(pk=payout_id)
    services.open_limits(payout.policy, payout.incident_id, [p.key for p in people])
    share = payout.liability_share if liability_share is None else liability_share
    joint = payout.is_joint if is_joint is None else is_joint
    facts = ReviseLoss(tuple(people), tuple(lines), share, joint, why)
    perform(payout, "revise_loss", by=by, happened_at=happened_at, seen=None, facts=facts)


def name_account(*, payout_id: int, person: str, account_id: int, masked: str, by: Actor, happened_at: datetime) -> None:
    """Tell the payee account of one person."""
    perform(
        Payout.objects.get(pk=payout_id),
        "name_account",
        by=by,
        happened_at=happened_at,
        seen=None,
        facts=NameAccount(person, account_id, masked),
    )


def ask_settlement_consent(*, payout_id: int, amount: Decimal, person: str, draft: str, by: Actor, happened_at: datetime) -> None:
    """Put a draft settlement before the insurer; it answers by the event policies.payout.answer_consent."""
    perform(
        Payout.objects.get(pk=payout_id), "ask_consent", by=by, happened_at=happened_at, seen=None, facts=AskConsent(amount, person, draft)
    )


def record_liability_fixed(
    *, payout_id: int, fixed_by: str, fixed_on: date, amount: Decimal, person: str, by: Actor, happened_at: datetime, document: str = ""
) -> None:
    """Tell that the insured's liability is certain (FixedBy: judgment, agreement, other)."""
    perform(
        Payout.objects.get(pk=payout_id),
        "record_liability_fixed",
        by=by,
        happened_at=happened_at,
        seen=None,
        facts=LiabilityFixed(fixed_by, fixed_on, amount, person, document),
    )


def record_victim_payment(
    *, payout_id: int, person: str, amount: Decimal, paid_on: date, proof: str, by: Actor, happened_at: datetime
) -> None:
    """Prove what the insured paid to one person (advances too). The same proof counts once: a repetition changes nothing."""
    payout = Payout.objects.get(pk=payout_id)
    if payout.victim_payments.filter(person=person, proof=proof.strip()).exists():
        return
    perform(payout, "record_victim_payment", by=by, happened_at=happened_at, seen=None, facts=VictimPaid(person, amount, paid_on, proof))


def dispute(*, payout_id: int, raised_by: str, reason: str, by: Actor, happened_at: datetime) -> None:
    """Tell that the decision is disputed."""
    perform(Payout.objects.get(pk=payout_id), "dispute", by=by, happened_at=happened_at, seen=None, facts=Dispute(raised_by, reason))


@transaction.atomic
def close_with_claim(*, claim_id: int, reason: str, by: Actor, happened_at: datetime) -> tuple[str, ...]:
    """End the payouts of a claim that is left (withdrawn, duplicate, not covered); the references of those that ended.

    What was reserved goes back, what was paid stays recorded and is looked at. All or none: raises StepRefused
    (payment_orders_open) while money is on its way.
    """
    ended = []
    for payout in Payout.objects.filter(parent_id=claim_id, closed_at=None).order_by("pk"):
        perform(payout, "close_with_claim", by=by, happened_at=happened_at, seen=None, facts=Because(reason))
        ended.append(payout.reference)
    return tuple(ended)


def limits_view(*, policy_id: int, incident_id: int | None = None) -> tuple[LimitView, ...]:
    """The aggregate of a policy and, with an incident, the limits of that accident and of the people in it."""
    keys = [(movements.AGGREGATE, "", movements.limit_account(policy_id, 0, "", movements.AGGREGATE))]
    if incident_id is not None:
        accident = movements.limit_account(policy_id, incident_id, "", movements.ACCIDENT)
        keys.append((movements.ACCIDENT, "", accident))
        for key in ledger.balances(f"{accident}/person/"):
            person, _slash, medical = key.removeprefix(f"{accident}/person/").partition("/")
            keys.append((movements.MEDICAL if medical else movements.PERSON, person, key))
    views, names = [], selectors.names_under(policy_id, incident_id)
    for limit, person, key in keys:
        found = ledger.balance(key)
        if found.credited:
            views.append(LimitView(limit, person, names.get(person, ""), found.credited, found.posted, found.reserved, found.available))
    return tuple(views)


def payout_view(payout_id: int) -> PayoutView:
    """One payout. Raises Payout.DoesNotExist."""
    return _view(Payout.objects.select_related("policy").get(pk=payout_id))


def payouts_of(*, claim_id: int | None = None, incident_id: int | None = None) -> tuple[PayoutView, ...]:
    """The payouts of a claim or of an incident, oldest first."""
    rows = Payout.objects.select_related("policy").order_by("pk")
    rows = rows.filter(parent_id=claim_id) if claim_id is not None else rows.filter(incident_id=incident_id)
    return tuple(_view(row) for row in rows)


def _view(row: Payout) -> PayoutView:
    return PayoutView(
        id=row.pk,
        reference=row.reference,
        state=row.state,
        state_label=str(row.state_label),
        policy_id=row.policy_id,
        policy_number=row.policy.number,
        incident_id=row.incident_id,
        claim_id=row.parent_id,
        requested=row.requested_amount,
        decided=row.decided_amount,
        refused=row.refused_amount,
        paid=row.paid_amount,
        claw_back=row.claw_back_amount,
        consent=row.consent,
        is_ended=row.is_ended,
        payees=selectors.payout_position(row).payees,
    )
