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
from casework.steps import lock, perform
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
    NamePayees,
    PayeeShare,
    PersonFact,
    RequestFurther,
    ReviseLoss,
    VictimPaid,
)
from policies.models import Payout, Policy, PolicyElevator, PolicyInsured
from policies.terms import COSTS, INSURED, AgreedWith, Beneficiary, FixedBy, Head, PayeeKind

if TYPE_CHECKING:
    from access.actors import Actor

Capacity = PolicyInsured.Capacity
EntrapmentTo = Policy.EntrapmentTo
issue_policy = services.issue_policy
cover_elevator = services.cover_elevator

__all__ = [
    "INSURED",
    "AgreedWith",
    "Beneficiary",
    "Capacity",
    "EntrapmentTo",
    "FixedBy",
    "Head",
    "LimitView",
    "LossFact",
    "PayeeKind",
    "PayeeLine",
    "PayeeShare",
    "PayoutView",
    "PersonFact",
    "PolicyView",
    "ask_settlement_consent",
    "close_with_claim",
    "cover_elevator",
    "dispute",
    "entrapment_lines",
    "issue_policy",
    "last_policy_before",
    "limits_view",
    "name_account",
    "name_payees",
    "open_payout",
    "payout_view",
    "payouts_of",
    "policies_for",
    "policy_for",
    "policy_view",
    "record_liability_fixed",
    "record_victim_payment",
    "request_further",
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
    """A payout as other apps see it. is_further: it asks for bills that came after an earlier request of the same claim."""

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
    is_further: bool
    payees: tuple[PayeeLine, ...]


def policy_for(elevator_id: int, moment: datetime) -> PolicyView | None:
    """The policy that covers an elevator at a moment, to the minute; the one that began last, if several. None: uninsured."""
    found = selectors.policies_at(elevator_id, moment)
    return policy_view(found[0].pk) if found else None


def policies_for(elevator_id: int, moment: datetime) -> tuple[PolicyView, ...]:
    """Every policy that covers an elevator at a moment; more than one contribute by their sums insured."""
    return tuple(policy_view(policy.pk) for policy in selectors.policies_at(elevator_id, moment))


def last_policy_before(elevator_id: int, moment: datetime) -> PolicyView | None:
    """The policy over an elevator that ended last before a moment: whose insurer refuses with the minute. None: never insured."""
    row = PolicyElevator.objects.filter(elevator_id=elevator_id, until__lte=moment).order_by("-until", "-policy_id").first()
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
    asked_as: CaseRole = CaseRole.USE_MANAGER,
) -> Case:
    """Ask for a payout below a claim, and open the limits of accident and persons.

    requested_by: the organisation that asks (the use-manager; in its absence the street office). is_complete: the claim's
    evidence is all there. asked_as: MAINTENANCE for a maintenance unit that the policy insures (else ValidationError).
    With is_complete and nothing but entrapment money the system goes as far as a proposed decision.
    """
    return services.open_payout(
        claim_case=claim_case,
        policy_id=policy_id,
        incident_id=incident_id,
        people=people,
        lines=lines,
        requested_by=requested_by,
        by=by,
        happened_at=happened_at,
        liability_share=liability_share,
        is_joint=is_joint,
        is_complete=is_complete,
        note=note,
        on_behalf_of=on_behalf_of,
        asked_as=asked_as,
    )


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

    The insured's own costs (57, 64, 66) stay too: they are no loss of the injured.

    After it was paid or closed: open a further payout.
    """
    payout = Payout.objects.select_related("policy").get(pk=payout_id)
    services.open_limits(payout.policy, payout.incident_id, [p.key for p in people])
    lock(payout)
    costs = [LossFact(x.person, x.head, x.asked, x.estimate, x.basis) for x in selectors.payout_position(payout).lines if x.head in COSTS]
    lines = [*lines, *(cost for cost in costs if (cost.person, cost.head) not in {(x.person, x.head) for x in lines})]
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


def name_payees(*, payout_id: int, person: str, payees: Sequence[PayeeShare], document: str, by: Actor, happened_at: datetime) -> None:
    """Tell who receives what is paid for a person: funds first by amount, heirs by share (together 1), with the paper."""
    facts = NamePayees(person, tuple(payees), document)
    perform(Payout.objects.get(pk=payout_id), "name_payees", by=by, happened_at=happened_at, seen=None, facts=facts)


def request_further(*, payout_id: int, lines: Sequence[LossFact], by: Actor, happened_at: datetime, note: str = "") -> None:
    """Ask for bills that came after the payout was agreed or paid: a new payout with its own clocks opens behind it."""
    facts = RequestFurther(tuple(lines), note)
    perform(Payout.objects.get(pk=payout_id), "request_further", by=by, happened_at=happened_at, seen=None, facts=facts)


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
        is_further=selectors.is_further(row),
        payees=selectors.payout_position(row).payees,
    )
