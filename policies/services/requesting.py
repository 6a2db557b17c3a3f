"""Asking for a payout: the first time, of another insurer of the same liability, or for bills that came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework.models import Case
from casework.steps import begin, today
from elevators import api as elevators
from policies.facts import LossFact, PersonFact, RequestPayout
from policies.models import Payout, Policy, PolicyInsured
from policies.services.contracts import open_limits

if TYPE_CHECKING:
    from access.actors import Actor


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
    asked_as: CaseRole = CaseRole.USE_MANAGER,
) -> Case:
    """Ask for a payout below a claim, and open the limits of accident and persons. Shape and errors: policies.api.open_payout."""
    policy = Policy.objects.select_related("insurer").get(pk=policy_id)
    _ensure_insured(policy, requested_by, asked_as)
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
        asked_as=str(asked_as),
    )
    payout = begin(
        Payout,
        "request",
        parent=claim_case,
        by=by,
        happened_at=happened_at,
        place=incident.place,
        title=claim_case.title,
        facts=facts,
        on_behalf_of=on_behalf_of,
        parts=[(policy.insurer_id, CaseRole.INSURER), (policy.insurer_id, CaseRole.PAYER), (requested_by, asked_as)],
    ).case
    open_limits(policy, incident_id, [p.key for p in people])
    return payout


def _ensure_insured(policy: Policy, organisation_id: int, asked_as: CaseRole) -> None:
    """A maintenance unit asks in its own right only where the policy insures it; managers and offices ask for the injured too."""
    if asked_as == CaseRole.MAINTENANCE:
        own = policy.insured.filter(organisation_id=organisation_id, capacity=PolicyInsured.Capacity.MAINTENANCE)
        if not own.exists():
            raise ValidationError({"requested_by": _("维保单位不是这张保单的被保险人，不能以自己的名义请求。")})


def ask_again(payout: Payout, *, policy_id: int, lines: Sequence[LossFact], by: Actor, happened_at: datetime, note: str) -> Case:
    """A payout of its own with the people of an earlier one: under another policy, or for what came later."""
    asker = payout.parts.filter(role=payout.asked_as).order_by("pk").first()
    people = [PersonFact(p["key"], p["name"], p["is_injured"], p["party_id"], p["account_id"]) for p in payout.people]
    return open_payout(
        claim_case=payout.parent or payout.incident,
        policy_id=policy_id,
        incident_id=payout.incident_id,
        people=people,
        lines=lines,
        requested_by=asker.organisation_id if asker else payout.policy.policyholder_id,
        by=by,
        happened_at=happened_at,
        liability_share=payout.liability_share,
        is_joint=payout.is_joint,
        note=note,
        asked_as=CaseRole(payout.asked_as),
    )
