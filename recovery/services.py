"""Opening a file, recording what was paid or came back, shares, and reckoning the account of an incident. Each counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import Organisation
from access.roles import CaseRole
from casework.models import Case, CaseOrganisation
from casework.steps import begin, lock, perform
from ledger import api as ledger
from recovery import movements, selectors
from recovery.facts import NameTarget, OpenFile, ReckonFile, ReckonTarget, RecordPayment, RecordReimbursement, RecordReturn
from recovery.models import Loss, PayoutProspect, RecoveryFile, RecoveryTarget, ShareVersion
from recovery.selectors.account import FileLine, TargetLine, version_of
from recovery.terms import Basis, Capacity, Liability, ShareBasis

if TYPE_CHECKING:
    from access.actors import Actor

#: In the fault table of a claim the injured person may have a line; in recourse it has none.
VICTIM = "victim"


@transaction.atomic
def open_file(*, incident_id: int, payer_organisation_id: int, basis: str, by: Actor, happened_at: datetime) -> RecoveryFile:
    """The file of this payer on this ground in this incident; opened if there is none."""
    incident = lock(Case.objects.get(pk=incident_id))
    found = selectors.files_of(incident_id).filter(payer_organisation_id=payer_organisation_id, basis=basis).first()
    if found:
        return found
    part, title = CaseRole.USE_MANAGER, _("%(title)s 追偿")
    if basis == Basis.SUBROGATION:
        part, title = CaseRole.INSURER, _("%(title)s 代位求偿")
    event = begin(
        RecoveryFile,
        "open",
        parent=incident,
        by=by,
        happened_at=happened_at,
        place=incident.place,
        title=title % {"title": incident.title},
        parts=[(payer_organisation_id, part), (payer_organisation_id, CaseRole.PAYER)],
        facts=OpenFile(payer_organisation_id, basis),
    )
    file = event.case
    ledger.open_account(movements.receivable(file.pk), label=_("应收追偿款 %(ref)s") % {"ref": file.reference}, capped=True)
    return file  # type: ignore[return-value]


def _record(file: RecoveryFile, verb: str, facts: Any, by: Actor, happened_at: datetime) -> RecoveryFile:
    """Record on a file what counts once; one that was closed is taken up again first."""
    if selectors.is_recorded(file, verb, facts.source_case_id, facts.source_number):
        return file
    if file.is_ended:
        perform(file, "take_up", by=by, happened_at=max(happened_at, file.happened_at), seen=None)
    perform(file, verb, by=by, happened_at=max(happened_at, file.happened_at), seen=None, facts=facts)
    reckon(file.parent_id or 0, by=by, happened_at=happened_at)
    fresh: RecoveryFile = RecoveryFile.objects.get(pk=file.pk)
    return fresh


@transaction.atomic
def record_payment(
    *, incident_id: int, payer_organisation_id: int, basis: str, facts: RecordPayment, by: Actor, happened_at: datetime
) -> RecoveryFile:
    """Add a proven payment to the payer's file, opening it if need be."""
    file = open_file(incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=basis, by=by, happened_at=happened_at)
    return _record(file, "record_payment", facts, by, happened_at)


@transaction.atomic
def record_return(
    *, incident_id: int, payer_organisation_id: int, basis: str, facts: RecordReturn, by: Actor, happened_at: datetime
) -> RecoveryFile | None:
    """The payee gave something back; nothing where this payer has no file, or none for so much."""
    lock(Case.objects.get(pk=incident_id))
    file = selectors.files_of(incident_id).filter(payer_organisation_id=payer_organisation_id, basis=basis).first()
    return _record(file, "record_return", facts, by, happened_at) if file is not None else None


@transaction.atomic
def record_reimbursement(
    *,
    incident_id: int,
    payer_organisation_id: int,
    insurer_organisation_id: int | None,
    facts: RecordReimbursement,
    insured: Sequence[int],
    by: Actor,
    happened_at: datetime,
) -> RecoveryFile:
    """The insurer gave this payer back what it had paid: that part is the insurer's to claim from then on, all of it.

    Where the payer has no file yet the reimbursement opens it; where money was collected already, what exceeds is kept
    and waits to be handed over.
    """
    file = open_file(
        incident_id=incident_id, payer_organisation_id=payer_organisation_id, basis=Basis.RECOURSE, by=by, happened_at=happened_at
    )
    if insurer_organisation_id is not None:
        moved = RecordPayment(facts.source_case_id, facts.amount, facts.paid_on, facts.source_number, is_moved=True, insured=tuple(insured))
        other = open_file(
            incident_id=incident_id, payer_organisation_id=insurer_organisation_id, basis=Basis.SUBROGATION, by=by, happened_at=happened_at
        )
        if not selectors.is_recorded(other, "record_payment", facts.source_case_id, facts.source_number):
            if other.is_ended:
                perform(other, "take_up", by=by, happened_at=max(happened_at, other.happened_at), seen=None)
            perform(other, "record_payment", by=by, happened_at=max(happened_at, other.happened_at), seen=None, facts=moved)
    return _record(file, "record_reimbursement", facts, by, happened_at)


@transaction.atomic
def take_reimbursement_back(
    *,
    incident_id: int,
    payer_organisation_id: int,
    insurer_organisation_id: int | None,
    facts: RecordReimbursement,
    by: Actor,
    happened_at: datetime,
) -> None:
    """A reimbursement that the bank gave back: out of the insurer's subrogation, back into the payer's recourse."""
    lock(Case.objects.get(pk=incident_id))
    files = selectors.files_of(incident_id)
    other = files.filter(payer_organisation_id=insurer_organisation_id or 0, basis=Basis.SUBROGATION).first()
    if other is not None:
        moved = RecordReturn(facts.source_case_id, facts.amount, facts.paid_on, facts.source_number, is_moved=True)
        _record(other, "record_return", moved, by, happened_at)
    file = files.filter(payer_organisation_id=payer_organisation_id, basis=Basis.RECOURSE).first()
    if file is not None:
        _record(file, "take_reimbursement_back", facts, by, happened_at)


def record_payout_prospect(*, incident_id: int, prospect: str) -> None:
    PayoutProspect.objects.update_or_create(incident_id=incident_id, defaults={"prospect": prospect})


@transaction.atomic
def record_loss(*, incident_id: int, claim_id: int, amount: Decimal | None, by: Actor, happened_at: datetime) -> None:
    """What the liable owe for one claim, as the claim knows it now; None takes it back to what was paid."""
    lock(Case.objects.get(pk=incident_id))
    if amount is None:
        Loss.objects.filter(claim_id=claim_id).delete()
    else:
        Loss.objects.update_or_create(claim_id=claim_id, defaults={"incident_id": incident_id, "amount": amount})
    reckon(incident_id, by=by, happened_at=happened_at)


@transaction.atomic
def record_shares(
    *,
    incident_id: int,
    event_id: UUID,
    basis: str,
    shares: Mapping[str, Fraction],
    names: Mapping[str, str],
    reason: str,
    claim_id: int,
    by: Actor,
    happened_at: datetime,
) -> None:
    """Take over a version of the shares from a claim: without the injured person's part, which is no debtor's.

    Whether the liable answer for each other the claim does not say: that stays as it was, at first severally.
    """
    lock(Case.objects.get(pk=incident_id))
    others = {party: share for party, share in shares.items() if party != VICTIM and share}
    whole = sum(others.values(), Fraction(0))
    if not whole or ShareVersion.objects.filter(event_id=event_id).exists():
        return
    before = version_of(incident_id)
    known = {line["party"]: line for line in before.shares} if before else {}
    ids = _known_organisations(incident_id)
    lines = [
        {
            "party": party,
            "capacity": party if party in Capacity.values else Capacity.OTHER.value,
            "name": known.get(party, {}).get("name") or names.get(party) or str(Capacity(party).label),
            "share": str(share / whole),
            "organisation_id": known.get(party, {}).get("organisation_id") or ids.get(party),
        }
        for party, share in others.items()
    ]
    ShareVersion.objects.create(
        incident_id=incident_id,
        event_id=event_id,
        number=before.number + 1 if before else 1,
        basis=basis if basis in ShareBasis.values else ShareBasis.PROVISIONAL,
        liability=before.liability if before else Liability.SEVERAL,
        shares=lines,
        reason=reason[:300],
        claim_id=claim_id,
    )
    reckon(incident_id, by=by, happened_at=happened_at)


def _known_organisations(incident_id: int) -> dict[str, int]:
    """Who of the fault table has a place in the house: the use-manager and the maintenance contractor of the incident."""
    parts = {CaseRole.USE_MANAGER: Capacity.USE_MANAGER.value, CaseRole.MAINTENANCE: Capacity.MAINTENANCE.value}
    rows = CaseOrganisation.objects.filter(case_id=incident_id, role__in=parts).order_by("-pk")
    return {parts[CaseRole(row.role)]: row.organisation_id for row in rows}


def known_names(incident_id: int) -> dict[str, str]:
    """The names of those of the fault table who have a place in the house."""
    ids = _known_organisations(incident_id)
    names = dict(Organisation.objects.filter(pk__in=ids.values()).values_list("pk", "name"))
    return {party: names[pk] for party, pk in ids.items() if pk in names}


# -- reckoning ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def reckon(incident_id: int, *, by: Actor, happened_at: datetime) -> None:
    """Bring every file and target of an incident in line with its account; those who came to owe something are named."""
    lock(Case.objects.get(pk=incident_id))
    _name_those_who_owe(incident_id, by, happened_at)
    account = selectors.account_of(incident_id)
    for line in account.files.values():
        for target in line.targets:
            _reckon_target(target, account.shares_number, by, happened_at)
        _reckon_file(line, account.shares_number, by, happened_at)


def _reckon_file(line: FileLine, number: int, by: Actor, happened_at: datetime) -> None:
    file = RecoveryFile.objects.get(pk=line.case_id)
    if file.is_ended and (line.left > 0 or line.hand_over > 0 or line.open_targets):
        perform(file, "take_up", by=by, happened_at=max(happened_at, file.happened_at), seen=None)
        file = RecoveryFile.objects.get(pk=line.case_id)
        line = selectors.account_of(file.parent_id or 0).files[file.pk]
    now = (file.collected, file.amount, file.own_burden, file.to_hand_over, file.shares_number)
    facts = ReckonFile(line.collected, line.left, line.own_burden, line.hand_over, number)
    if now != (facts.collected, facts.left, facts.own_burden, facts.hand_over, facts.shares_number):
        perform(file, "reckon", by=by, happened_at=max(happened_at, file.happened_at), seen=None, facts=facts)


def _reckon_target(line: TargetLine, number: int, by: Actor, happened_at: datetime) -> None:
    target = RecoveryTarget.objects.get(pk=line.case_id)
    facts = ReckonTarget(line.claimable, line.collected, line.left, line.refund, number)
    now = (target.claimed, target.collected, target.amount, target.refund_due, target.shares_number)
    if now == (facts.claimed, facts.collected, facts.left, facts.refund, facts.shares_number):
        return
    verb = "claim_more" if target.is_ended and line.left > 0 else "reckon"
    perform(target, verb, by=by, happened_at=max(happened_at, target.happened_at), seen=None, facts=facts)


def _name_those_who_owe(incident_id: int, by: Actor, happened_at: datetime) -> None:
    version = version_of(incident_id)
    if version is None:
        return
    lines = {line["party"]: line for line in version.shares}
    for file_line in selectors.account_of(incident_id).files.values():
        for party in file_line.unnamed:
            if party in lines:
                name_target(RecoveryFile.objects.get(pk=file_line.case_id), lines[party], by=by, happened_at=happened_at)


def name_target(file: RecoveryFile, line: Mapping[str, Any], *, by: Actor, happened_at: datetime) -> RecoveryTarget:
    """Open the claim against one party in one file."""
    if file.is_ended:
        perform(file, "take_up", by=by, happened_at=max(happened_at, file.happened_at), seen=None)
    organisation = line.get("organisation_id")
    event = begin(
        RecoveryTarget,
        "name_target",
        parent=file,
        by=by,
        happened_at=max(happened_at, file.happened_at),
        place=file.place,
        title=_("向%(name)s追偿") % {"name": line["name"]},
        parts=[(row.organisation_id, CaseRole(row.role)) for row in CaseOrganisation.objects.filter(case_id=file.pk).order_by("pk")],
        facts=NameTarget(line["party"], line["capacity"], line["name"], file.basis, organisation, is_insured=organisation in file.insured),
    )
    target: RecoveryTarget = RecoveryTarget.objects.get(pk=event.case.pk)
    return target


def next_party(incident_id: int, capacity: str) -> str:
    """A key of its own for a further party of the same capacity: maintenance, maintenance-2 ..."""
    version = version_of(incident_id)
    taken = {line["party"] for line in version.shares} if version else set()
    taken |= set(RecoveryTarget.objects.filter(parent__parent_id=incident_id).values_list("party", flat=True))
    number = 2
    key = capacity
    while key in taken:
        key, number = f"{capacity}-{number}", number + 1
    return key
