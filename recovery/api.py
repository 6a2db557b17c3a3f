"""The door of recovery: what was paid for others, what came back, who bears what, and whether a payout may still come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from recovery import facts, selectors, services
from recovery.facts import Because, ProposeWriteOff

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case

__all__ = [
    "Because",
    "ProposeWriteOff",
    "RecoveryView",
    "files",
    "open_file",
    "open_files",
    "record_loss",
    "record_payment",
    "record_payout_prospect",
    "record_reimbursement",
    "record_return",
    "record_shares",
    "take_reimbursement_back",
]
Basis = Literal["recourse", "subrogation"]


@dataclass(frozen=True)
class RecoveryView:
    """A file as other apps see it. Amounts in yuan; `left` is what is still to be claimed, `own_burden` what stays here."""

    case_id: int
    reference: str
    state: str
    state_label: Any
    basis: str
    payer_organisation_id: int
    payer: str
    paid: Decimal
    reimbursed: Decimal
    collected: Decimal
    written_off: Decimal
    own_burden: Decimal
    left: Decimal
    is_open: bool


def open_file(*, incident_id: int, payer_organisation_id: int, by: Actor, happened_at: datetime, basis: Basis = "recourse") -> Case:
    """The recovery file of this payer on this ground in this incident, opened if there is none. Idempotent."""
    return services.open_file(
        incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=basis, by=by, happened_at=happened_at
    )


def record_payment(
    *,
    incident_id: int,
    payer_organisation_id: int,
    source_case_id: int,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    happened_at: datetime,
    source_number: int = 0,
    claim_id: int = 0,
    basis: Basis = "recourse",
    insured: Sequence[int] = (),
) -> Case:
    """Add a proven payment to the payer's file: an advance, a settlement, a payout straight to the injured (subrogation).

    claim_id: the claim it went to. insured: who is insured under the policy that paid. Counts once for source and number.
    """
    told = facts.RecordPayment(source_case_id, amount, paid_on, source_number, claim_id, insured=tuple(insured))
    return services.record_payment(
        incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=basis, facts=told, by=by, happened_at=happened_at
    )


def record_return(
    *,
    incident_id: int,
    payer_organisation_id: int,
    source_case_id: int,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    happened_at: datetime,
    source_number: int = 0,
    claim_id: int = 0,
    basis: Basis = "recourse",
) -> Case | None:
    """The payee or the bank gave something back, so it was never paid for others. None when this payer has no file."""
    told = facts.RecordReturn(source_case_id, amount, paid_on, source_number, claim_id)
    return services.record_return(
        incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=basis, facts=told, by=by, happened_at=happened_at
    )


def take_reimbursement_back(
    *,
    incident_id: int,
    payer_organisation_id: int,
    source_case_id: int,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    happened_at: datetime,
    source_number: int = 0,
    insurer_organisation_id: int | None = None,
) -> None:
    """The bank gave a reimbursement back: it never reached the payer, whose claim it is again. Once for source and number."""
    services.take_reimbursement_back(
        incident_id=incident_id,
        payer_organisation_id=payer_organisation_id,
        insurer_organisation_id=insurer_organisation_id,
        facts=facts.RecordReimbursement(source_case_id, amount, paid_on, source_number),
        by=by,
        happened_at=happened_at,
    )


def record_reimbursement(
    *,
    incident_id: int,
    payer_organisation_id: int,
    source_case_id: int,
    amount: Decimal,
    paid_on: date,
    by: Actor,
    happened_at: datetime,
    source_number: int = 0,
    insurer_organisation_id: int | None = None,
    insured: Sequence[int] = (),
) -> Case:
    """An insurer gave the payer back what it had paid: that amount moves from its recourse to the insurer's subrogation.

    Never lost: without a file one is opened; what was collected already waits to be handed over to the insurer. Once for
    each source and number.
    """
    told = facts.RecordReimbursement(source_case_id, amount, paid_on, source_number)
    return services.record_reimbursement(
        incident_id=incident_id,
        payer_organisation_id=payer_organisation_id,
        insurer_organisation_id=insurer_organisation_id,
        facts=told,
        insured=insured,
        by=by,
        happened_at=happened_at,
    )


def record_loss(*, incident_id: int, claim_id: int, amount: Decimal | None, by: Actor, happened_at: datetime) -> None:
    """What the liable owe the injured of one claim, their own fault deducted; None where it is not known any more."""
    services.record_loss(incident_id=incident_id, claim_id=claim_id, amount=amount, by=by, happened_at=happened_at)


def record_shares(
    *,
    incident_id: int,
    claim_id: int,
    event_id: UUID,
    basis: str,
    shares: Mapping[str, Fraction],
    reason: str,
    by: Actor,
    happened_at: datetime,
) -> None:
    """A version of the liability shares from a claim, by capacity; "victim" is left out. Once for each event."""
    services.record_shares(
        incident_id=incident_id,
        event_id=event_id,
        basis=basis,
        shares=shares,
        names=services.known_names(incident_id),
        reason=reason,
        claim_id=claim_id,
        by=by,
        happened_at=happened_at,
    )


def record_payout_prospect(*, incident_id: int, prospect: Literal["none", "possible", "open", "over"]) -> None:
    """The insurer's room tells whether a payout may still come: the waiver rules of Insurance Law 61 hang on it."""
    services.record_payout_prospect(incident_id=incident_id, prospect=prospect)


def files(*, incident_id: int) -> tuple[RecoveryView, ...]:
    """All files of an incident."""
    return tuple(
        RecoveryView(
            case_id=f.pk,
            reference=f.reference,
            state=f.state,
            state_label=f.state_label,
            basis=f.basis,
            payer_organisation_id=f.payer_organisation_id,
            payer=str(f.payer_organisation),
            paid=f.paid,
            reimbursed=f.reimbursed,
            collected=f.collected,
            written_off=f.written_off,
            own_burden=f.own_burden,
            left=f.amount or Decimal(0),
            is_open=not f.is_ended,
        )
        for f in selectors.files_of(incident_id)
    )


def open_files(*, incident_id: int) -> tuple[RecoveryView, ...]:
    """The files that still hold the incident open."""
    return tuple(f for f in files(incident_id=incident_id) if f.is_open)
