"""Opening a file and recording what was paid or came back from an insurer; each counts once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework.models import Case
from casework.steps import begin, lock, perform
from ledger import api as ledger
from recovery import movements, selectors
from recovery.facts import OpenFile, RecordPayment, RecordReimbursement
from recovery.models import PayoutProspect, RecoveryFile

if TYPE_CHECKING:
    from access.actors import Actor


@transaction.atomic
def open_file(*, incident_id: int, payer_organisation_id: int, basis: str, by: Actor, happened_at: datetime) -> RecoveryFile:
    """The file of this payer in this incident; opened if there is none."""
    incident = lock(Case.objects.get(pk=incident_id))
    found = selectors.files_of(incident_id).filter(payer_organisation_id=payer_organisation_id, basis=basis).first()
    if found:
        return found
    event = begin(
        RecoveryFile,
        "open",
        parent=incident,
        by=by,
        happened_at=happened_at,
        place=incident.place,
        title=_("%(title)s 追偿") % {"title": incident.title},
        parts=[(payer_organisation_id, CaseRole.USE_MANAGER), (payer_organisation_id, CaseRole.PAYER)],
        facts=OpenFile(payer_organisation_id, basis),
    )
    file = event.case
    ledger.open_account(movements.receivable(file.pk), label=_("应收追偿款 %(ref)s") % {"ref": file.reference}, capped=True)
    return file  # type: ignore[return-value]


@transaction.atomic
def record_payment(
    *, incident_id: int, payer_organisation_id: int, source_case_id: int, amount: Decimal, paid_on: date, by: Actor, happened_at: datetime
) -> RecoveryFile:
    """Add a proven payment to the payer's file, opening it if need be. The same source counts once."""
    file = open_file(incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis="recourse", by=by, happened_at=happened_at)
    if not selectors.is_recorded(file, "record_payment", source_case_id):
        perform(file, "record_payment", by=by, happened_at=happened_at, seen=None, facts=RecordPayment(source_case_id, amount, paid_on))
    return file


@transaction.atomic
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
) -> RecoveryFile | None:
    """The insurer gave this payer back what it had advanced: that part is no longer the payer's to claim."""
    lock(Case.objects.get(pk=incident_id))
    file = selectors.files_of(incident_id).filter(payer_organisation_id=payer_organisation_id, basis="recourse").first()
    if file is None or selectors.is_recorded(file, "record_reimbursement", source_case_id, source_number):
        return file
    left = min(amount, file.amount or Decimal(0))
    if left > 0 and file.state in ("open", "write_off_proposed"):
        perform(
            file,
            "record_reimbursement",
            by=by,
            happened_at=happened_at,
            seen=None,
            facts=RecordReimbursement(source_case_id, left, paid_on, source_number),
        )
    return file


def record_payout_prospect(*, incident_id: int, prospect: str) -> None:
    PayoutProspect.objects.update_or_create(incident_id=incident_id, defaults={"prospect": prospect})
