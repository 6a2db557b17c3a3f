"""Contracts: issue a policy, bring elevators under it, open its limits, entrapment money by its terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.steps import today
from elevators import api as elevators
from ledger import api as ledger
from legislation import lookup
from legislation.money import ZERO, split
from legislation.units import NotInForce
from policies import movements
from policies.calculations import EntrapmentMoney, entrapment_money
from policies.facts import LossFact
from policies.models import Policy, PolicyElevator, PolicyInsured, Programme
from policies.terms import Head

if TYPE_CHECKING:
    from legislation.lookup import Law


@transaction.atomic
def issue_policy(*, insured: Sequence[tuple[int, str]], elevator_ids: Iterable[int], programme: str = "", **terms: Any) -> Policy:
    """Record a contract with whom and what it covers, open its aggregate limit, and tell the register what is covered.

    insured: (organisation id, capacity). programme: a code of the law data. terms: fields of Policy.
    Raises ValidationError by field.
    """
    policy = Policy(programme=_programme(programme), **terms)
    policy.full_clean()
    _ensure_entrapment_amount(policy)
    policy.save()
    PolicyInsured.objects.bulk_create(
        PolicyInsured(policy=policy, organisation_id=organisation, capacity=capacity) for organisation, capacity in insured
    )
    open_aggregate(policy)
    for elevator_id in elevator_ids:
        cover_elevator(policy, elevator_id)
    return policy


def _programme(code: str) -> Programme | None:
    if not code:
        return None
    if code not in lookup.programmes():
        raise ValidationError({"programme": _("没有这个统保方案的数据。")})
    return Programme.objects.get_or_create(code=code, defaults={"name": _("%(code)s 统保方案") % {"code": code}})[0]


def _ensure_entrapment_amount(policy: Policy) -> None:
    """The contract fixes its own amount inside the programme's range."""
    if policy.programme is None or policy.entrapment_amount is None:
        return
    name = f"programme.{policy.programme.code}.entrapment"
    law = lookup.at(today(policy.since))
    if not law.has(name):
        return
    tiers = law.provision(name).value["tiers"]
    ends = [
        amount for tier in tiers for amount in (tier.get("amount"), tier.get("amount_min"), tier.get("amount_max")) if amount is not None
    ]
    if ends and not min(ends) <= policy.entrapment_amount <= max(ends):
        raise ValidationError(
            {"entrapment_amount": _("困人补偿须在方案的幅度内：%(least)s 至 %(most)s 元。") % {"least": min(ends), "most": max(ends)}}
        )


@transaction.atomic
def cover_elevator(policy: Policy, elevator_id: int, *, since: datetime | None = None, until: datetime | None = None) -> None:
    """Bring an elevator under a policy and tell the register. Idempotent for the same beginning."""
    since, until = since or policy.since, until or policy.until
    if not policy.since <= since < until <= policy.until:
        raise ValidationError({"elevator": _("承保期间须在保险期间之内。")})
    row, _created = PolicyElevator.objects.update_or_create(policy=policy, elevator_id=elevator_id, since=since, defaults={"until": until})
    elevators.record_cover(
        elevator_id=elevator_id,
        insurer_id=policy.insurer_id,
        policy_reference=policy.number,
        since=row.since,
        until=row.until,
        policy_id=policy.pk,
        product=policy.product,
        programme=policy.programme.code if policy.programme else "",
        insured_parties=sorted({x.organisation_id for x in policy.insured.all()}),
    )


def open_aggregate(policy: Policy) -> None:
    """Open the aggregate limit with what was used of it before. Idempotent."""
    if policy.aggregate is None:
        return
    key = movements.limit_account(policy.pk, 0, "", movements.AGGREGATE)
    ledger.open_account(key, label=_("累计限额 %(number)s") % {"number": policy.number}, capped=True)
    ledger.set_opening(key, policy.aggregate, _("保单累计限额"), key_id=f"{key}/limit")
    if policy.aggregate_used:
        ledger.record_opening_use(key, policy.aggregate_used, movements.used_account(key), _("承接时累计已用"), key_id=f"{key}/used")


def open_limits(policy: Policy, incident_id: int, people: Iterable[str]) -> None:
    """Open the limits of one accident and of each person in it. Idempotent."""
    amounts = {
        movements.ACCIDENT: (policy.per_accident, _("每次事故限额")),
        movements.PERSON: (policy.per_person, _("每人限额")),
        movements.MEDICAL: (policy.medical_per_person, _("每人医疗限额")),
    }
    wanted = [(movements.ACCIDENT, "")]
    wanted += [(limit, person) for person in people for limit in (movements.PERSON, movements.MEDICAL)]
    for limit, person in wanted:
        amount, label = amounts[limit]
        if amount is None:
            continue
        key = movements.limit_account(policy.pk, incident_id, person, limit)
        ledger.open_account(key, label=f"{label} {policy.number} {person}".strip(), capped=True)
        ledger.set_opening(key, amount, label, key_id=f"{key}/limit")


def entrapment_per_person(policy: Policy, law: Law, minutes: int, people: int) -> tuple[Decimal, ...]:
    """What each of the people held is owed under the contract, in yuan; empty below the threshold.

    The contract's own threshold and amount come first, then the programme's table, in which a range is filled by the
    contract's amount. Raises NotInForce when neither answers.
    """
    if people < 1:
        return ()
    if policy.entrapment_minutes is not None:
        due, each, cap = minutes >= policy.entrapment_minutes, policy.entrapment_amount or ZERO, policy.entrapment_cap
    else:
        money = programme_money(policy, law, minutes, people)
        due, each, cap = money.due, _chosen(policy, money), money.total[1] if money.due else None
    if not due:
        return ()
    total = each * people
    return split(total if cap is None else min(total, cap), [1] * people)


def programme_money(policy: Policy, law: Law, minutes: int, people: int) -> EntrapmentMoney:
    if policy.programme is None:
        raise NotInForce("programme.entrapment", law.on, law.place)
    return entrapment_money(law, policy.programme.code, minutes, people)


def _chosen(policy: Policy, money: EntrapmentMoney) -> Decimal:
    least, most = money.per_person
    return min(max(policy.entrapment_amount or least, least), most) if money.is_range else least


def entrapment_lines(policy: Policy, incident: elevators.IncidentView, keys: Iterable[str]) -> tuple[LossFact, ...]:
    """The lines of entrapment money of these people, by contract or programme; none below the threshold."""
    keys = tuple(keys)
    if incident.trapped_minutes is None:
        return ()
    law = lookup.for_case(incident.place, dict.fromkeys(("event", "accident"), today(incident.started_at)))
    amounts = entrapment_per_person(policy, law, incident.trapped_minutes, len(keys))
    basis = _("被困 %(minutes)s 分钟") % {"minutes": incident.trapped_minutes}
    return tuple(LossFact(key, Head.ENTRAPMENT.value, amount, amount, basis) for key, amount in zip(keys, amounts, strict=False))
