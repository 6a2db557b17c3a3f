"""Reads of recovery files and of their targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from casework import registry
from casework.models import Case, CaseEvent
from disputes import api as disputes
from legislation.money import ZERO
from recovery.models import Instalment, PayoutProspect, RecoveryFile, RecoveryTarget
from recovery.selectors.account import AccountView, FileLine, TargetLine, account_of, version_of
from recovery.terms import Prospect

__all__ = ["AccountView", "FileLine", "TargetLine", "account_of", "version_of"]


@dataclass(frozen=True)
class RecoveryPosition:
    """What the steps of a file must know, fresh from the account: what is left, what is another's, who still owes."""

    receivable: Decimal
    prospect: str
    hand_over: Decimal
    open_targets: int
    shares_number: int
    collected_of: Mapping[str, Decimal]


@registry.position_for("recovery_file")
def recovery_position(case: RecoveryFile) -> RecoveryPosition:
    account = account_of(case.parent_id or 0)
    line = account.files[case.pk]
    return RecoveryPosition(
        line.left, prospect_of(case.parent_id), line.hand_over, line.open_targets, account.shares_number, line.collected_of
    )


@dataclass(frozen=True)
class TargetPosition:
    """What the steps of a target must know, fresh from the account. arrears: due under the plan and not paid."""

    left: Decimal
    collected: Decimal
    refund: Decimal
    prospect: str
    arrears: Decimal
    lawsuits: tuple[str, ...]


@registry.position_for("recovery_target")
def target_position(case: RecoveryTarget) -> TargetPosition:
    incident_id = case.lineage[0]
    line = next(t for t in account_of(incident_id).files[case.parent_id or 0].targets if t.case_id == case.pk)
    return TargetPosition(
        left=line.left,
        collected=line.collected,
        refund=line.refund,
        prospect=prospect_of(incident_id),
        arrears=arrears_of(case, timezone.localdate()),
        lawsuits=tuple(d.reference for d in disputes.open_of(case.pk)),
    )


def plan_of(target: RecoveryTarget) -> list[Instalment]:
    """The instalments of the newest plan."""
    newest = Instalment.objects.filter(target_id=target.pk).order_by("-pk").values_list("event_id", flat=True).first()
    return list(Instalment.objects.filter(target_id=target.pk, event_id=newest)) if newest else []


def arrears_of(target: RecoveryTarget, today: date) -> Decimal:
    """What was due under the plan before today and has not been paid."""
    due = sum((part.amount for part in plan_of(target) if part.due_on < today), ZERO)
    arrears: Decimal = max(due - (target.collected - target.planned_from), ZERO)
    return arrears


def prospect_of(incident_id: int | None) -> str:
    found = PayoutProspect.objects.filter(incident_id=incident_id).values_list("prospect", flat=True).first()
    return found or Prospect.NONE


def files_of(incident_id: int) -> QuerySet[RecoveryFile]:
    files: QuerySet[RecoveryFile] = RecoveryFile.objects.filter(parent_id=incident_id)
    return files.select_related("payer_organisation").order_by("pk")


def targets_of(file_id: int) -> QuerySet[RecoveryTarget]:
    targets: QuerySet[RecoveryTarget] = RecoveryTarget.objects.filter(parent_id=file_id)
    return targets.order_by("pk")


def is_recorded(case: Case, verb: str, source_case_id: int, source_number: int | None = None) -> bool:
    """Whether a payment from this source (and of this number) already stands in the file."""
    found = CaseEvent.objects.filter(case_id=case.pk, verb=verb, record__facts__source_case_id=source_case_id)
    return (found if source_number is None else found.filter(record__facts__source_number=source_number)).exists()
