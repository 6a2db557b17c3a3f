"""Reads of recovery files."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from casework import registry
from casework.models import Case, CaseEvent
from recovery.models import PayoutProspect, RecoveryFile
from recovery.terms import Prospect


@dataclass(frozen=True)
class RecoveryPosition:
    """What the steps of a file must know: what is left to claim, and whether a payout may still come."""

    receivable: Decimal
    prospect: str


@registry.position_for("recovery_file")
def recovery_position(case: RecoveryFile) -> RecoveryPosition:
    return RecoveryPosition(case.amount or Decimal(0), prospect_of(case.parent_id))


def prospect_of(incident_id: int | None) -> str:
    found = PayoutProspect.objects.filter(incident_id=incident_id).values_list("prospect", flat=True).first()
    return found or Prospect.NONE


def files_of(incident_id: int) -> QuerySet[RecoveryFile]:
    files: QuerySet[RecoveryFile] = RecoveryFile.objects.filter(parent_id=incident_id)
    return files.select_related("payer_organisation").order_by("pk")


def is_recorded(case: Case, verb: str, source_case_id: int, source_number: int | None = None) -> bool:
    """Whether a payment from this source (and of this number) already stands in the file."""
    found = CaseEvent.objects.filter(case_id=case.pk, verb=verb, record__facts__source_case_id=source_case_id)
    return (found if source_number is None else found.filter(record__facts__source_number=source_number)).exists()
