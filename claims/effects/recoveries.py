"""What recovery is told by a claim: what the manager paid, what the liable owe in all, who bears which part. Idempotent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from access.actors import Actor, system_actor
from access.roles import CaseRole
from casework.models import Case, CaseOrganisation
from casework.outbox import after
from claims import selectors
from claims.models import Claim
from claims.terms import Payer
from recovery import api as recovery

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("outbox")


def _facts(event: CaseEvent) -> dict[str, Any]:
    return event.record.facts or {}


@after("claims.claim.record_payment", "claims.claim.prove_payment")
def count_what_the_manager_paid(event: CaseEvent) -> None:
    """Every payment of the manager can be claimed back, not only advances; those tell recovery themselves."""
    claim, facts = Claim.objects.get(pk=event.case_id), _facts(event)
    amount = Decimal(facts["amount"])
    manager = (
        CaseOrganisation.objects.filter(case_id=claim.pk, role=CaseRole.USE_MANAGER)
        .order_by("pk")
        .values_list("organisation_id", flat=True)
        .first()
    )
    if facts["payer"] != Payer.MANAGER or amount <= 0 or manager is None or claim.parent_id is None:
        return
    source = Case.objects.select_related("parent").filter(pk=facts.get("source_case_id") or 0).first()
    if source is not None and "advance" in (source.kind, source.parent.kind if source.parent else ""):
        return
    recovery.record_payment(
        incident_id=claim.parent_id,
        payer_organisation_id=manager,
        source_case_id=claim.pk,
        source_number=event.number,
        amount=amount,
        paid_on=date.fromisoformat(facts["paid_on"]),
        by=BY,
        happened_at=event.happened_at,
        claim_id=claim.pk,
    )


@after(
    "claims.claim.assess",
    "claims.claim.revise_assessment",
    "claims.claim.set_victim_fault",
    "claims.claim.fix_liability",
    "claims.claim.confirm_entrapment",
    "claims.claim.record_judgment",
    "claims.claim.record_court_settlement",
    "claims.claim.revoke_liability",
    "claims.claim.withdraw",
    "claims.claim.mark_duplicate",
    "claims.claim.decide_not_covered",
    "claims.claim.reopen",
)
def tell_the_loss(event: CaseEvent) -> None:
    """What the liable owe bounds what can be claimed back; a claim that was left tells no loss, only what was paid for it."""
    claim = Claim.objects.get(pk=event.case_id)
    if claim.parent_id is None:
        return
    left = claim.state in ("withdrawn", "duplicate", "not_covered")
    amount = None if left else claim.owed or selectors.after_fault(claim)
    recovery.record_loss(incident_id=claim.parent_id, claim_id=claim.pk, amount=amount, by=BY, happened_at=event.happened_at)


@after("claims.claim.record_shares")
def tell_the_shares(event: CaseEvent) -> None:
    """The shares are recorded once; recovery computes with the version in force and keeps every letter's own."""
    claim, facts = Claim.objects.get(pk=event.case_id), _facts(event)
    if claim.parent_id is None:
        return
    recovery.record_shares(
        incident_id=claim.parent_id,
        claim_id=claim.pk,
        event_id=event.id,
        basis=facts["basis"],
        shares={line["party"]: Fraction(line["share"]) for line in facts["shares"]},
        reason=facts["reason"],
        by=BY,
        happened_at=event.happened_at,
    )
