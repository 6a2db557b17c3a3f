"""The door of recovery: open a file, tell it what was paid, what came back, and whether a payout may still come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from recovery import selectors, services

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case

__all__ = ["RecoveryView", "files", "open_file", "open_files", "record_payment", "record_payout_prospect", "record_reimbursement"]


@dataclass(frozen=True)
class RecoveryView:
    """A file as other apps see it. Amounts in yuan; `left` is what is still to be claimed."""

    case_id: int
    reference: str
    state: str
    state_label: Any
    payer_organisation_id: int
    payer: str
    paid: Decimal
    reimbursed: Decimal
    collected: Decimal
    written_off: Decimal
    left: Decimal
    is_open: bool


def open_file(
    *,
    incident_id: int,
    payer_organisation_id: int,
    by: Actor,
    happened_at: datetime,
    basis: Literal["recourse", "subrogation"] = "recourse",
) -> Case:
    """The recovery file of this payer in this incident, opened if there is none. Idempotent."""
    return services.open_file(
        incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=basis, by=by, happened_at=happened_at
    )


def record_payment(
    *, incident_id: int, payer_organisation_id: int, source_case_id: int, amount: Decimal, paid_on: date, by: Actor, happened_at: datetime
) -> Case:
    """Add a proven payment (an advance) to the payer's file. The same `source_case_id` counts once."""
    return services.record_payment(
        incident_id=incident_id,
        payer_organisation_id=payer_organisation_id,
        source_case_id=source_case_id,
        amount=amount,
        paid_on=paid_on,
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
) -> Case | None:
    """An insurer reimbursed the payer; at most what is left leaves its receivable. None when it has no file. Once for
    each source and number."""
    return services.record_reimbursement(
        incident_id=incident_id,
        payer_organisation_id=payer_organisation_id,
        source_case_id=source_case_id,
        amount=amount,
        paid_on=paid_on,
        by=by,
        happened_at=happened_at,
        source_number=source_number,
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
            payer_organisation_id=f.payer_organisation_id,
            payer=str(f.payer_organisation),
            paid=f.paid,
            reimbursed=f.reimbursed,
            collected=f.collected,
            written_off=f.written_off,
            left=f.amount or Decimal(0),
            is_open=not f.is_ended,
        )
        for f in selectors.files_of(incident_id)
    )


def open_files(*, incident_id: int) -> tuple[RecoveryView, ...]:
    """The files that still hold the incident open."""
    return tuple(f for f in files(incident_id=incident_id) if f.is_open)
