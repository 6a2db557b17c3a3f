"""The account of one incident as it stands: read from payments, receipts, shares and targets, reckoned, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db.models import Sum

from access.roles import CaseRole
from casework.models import CaseOrganisation
from legislation.money import ZERO
from recovery.calculations import UNKNOWN, Account, AccountCase, FileSums, Liability, reckon
from recovery.models import Loss, Outlay, Receipt, RecoveryFile, RecoveryTarget, ShareVersion
from recovery.terms import Basis

USE_MANAGER = "use_manager"


@dataclass(frozen=True)
class TargetLine:
    """What the account says of one target. left: still to be paid, within what was settled or judged; refund: paid too much."""

    case_id: int
    party: str
    claimable: Decimal
    collected: Decimal
    left: Decimal
    refund: Decimal


@dataclass(frozen=True)
class FileLine:
    """What the account says of one file. left: to be collected; own_burden: stays with the payer, with what was given up."""

    case_id: int
    left: Decimal
    own_burden: Decimal
    collected: Decimal
    collected_of: Mapping[str, Decimal]
    hand_over: Decimal
    refunds: Decimal
    unnamed: Mapping[str, Decimal]
    targets: tuple[TargetLine, ...]
    open_targets: int


@dataclass(frozen=True)
class AccountView:
    """The account of one incident."""

    loss: Decimal
    shares_number: int
    files: Mapping[int, FileLine]


def version_of(incident_id: int) -> ShareVersion | None:
    """The shares in force."""
    return ShareVersion.objects.filter(incident_id=incident_id).order_by("-number").first()


def account_of(incident_id: int) -> AccountView:
    """Read and reckon the account of an incident."""
    files = list(RecoveryFile.objects.filter(parent_id=incident_id).order_by("pk"))
    targets = list(RecoveryTarget.objects.filter(parent_id__in=[f.pk for f in files]).order_by("pk"))
    version = version_of(incident_id)
    received = _received(files)
    case = AccountCase(
        loss=loss_of(incident_id, files),
        shares=version.fractions if version else {},
        liability=cast(Liability, version.liability if version else "several"),
        files=tuple(
            FileSums(
                key=f.pk,
                payer=payer_key(f, version),
                is_subrogation=f.basis == Basis.SUBROGATION,
                paid=f.net,
                reimbursed=f.reimbursed,
                collected=received[f.pk],
            )
            for f in files
        ),
        insolvent=frozenset(t.party for t in targets if t.is_insolvent),
    )
    account = reckon(case)
    lines = {f.pk: _line(f, [t for t in targets if t.parent_id == f.pk], received[f.pk], account, bool(version)) for f in files}
    return AccountView(case.loss, version.number if version else 0, lines)


def _received(files: Iterable[RecoveryFile]) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = Receipt.objects.filter(file__in=list(files)).values("file_id", "party").annotate(sum=Sum("amount")).order_by("party")
    for row in rows:
        found[row["file_id"]][row["party"]] = row["sum"]
    return found


def loss_of(incident_id: int, files: Iterable[RecoveryFile]) -> Decimal:
    """What the liable bear together: per claim what it told, else what was paid for it."""
    told = dict(Loss.objects.filter(incident_id=incident_id).values_list("claim_id", "amount"))
    rows = Outlay.objects.filter(file__in=list(files), is_moved=False).order_by().values("claim_id").annotate(sum=Sum("amount"))
    paid = {row["claim_id"]: row["sum"] for row in rows}
    return sum((told.get(claim, paid.get(claim, ZERO)) for claim in {*told, *paid}), ZERO)


def payer_key(file: RecoveryFile, version: ShareVersion | None) -> str:
    """Whose burden the money of a file was: the line of the fault table, else the use-manager, else a party without a share."""
    wanted = file.insured if file.basis == Basis.SUBROGATION else [file.payer_organisation_id]
    for line in version.shares if version else ():
        if line.get("organisation_id") in wanted:
            return str(line["party"])
    if file.basis == Basis.SUBROGATION:
        return USE_MANAGER
    manages = CaseOrganisation.objects.filter(
        case_id=file.parent_id or 0, role=CaseRole.USE_MANAGER, organisation_id=file.payer_organisation_id
    ).exists()
    return USE_MANAGER if manages else f"org-{file.payer_organisation_id}"


def _line(
    file: RecoveryFile, targets: list[RecoveryTarget], received: Mapping[str, Decimal], account: Account, has_shares: bool
) -> FileLine:
    share = account.files[file.pk]
    lines, named = [], set()
    for target in targets:
        party = target.party if has_shares else UNKNOWN
        named.add(party)
        got = received.get(target.party, ZERO)
        refund = share.refunds.get(target.party, ZERO)
        left = share.left.get(party, ZERO)
        claimable = got - refund + left
        if target.fixed is not None:
            left = min(left, max(target.fixed - got, ZERO))
        lines.append(TargetLine(target.pk, target.party, claimable, got, left, refund))
    collected = sum(received.values(), ZERO)
    refunds = sum(share.refunds.values(), ZERO)
    unnamed = {party: amount for party, amount in share.left.items() if party not in named and amount}
    parts = [*(t.left for t in lines), *unnamed.values()] if has_shares else list(share.left.values())
    left = sum(parts, ZERO)
    return FileLine(
        case_id=file.pk,
        left=max(left - file.written_off, ZERO),
        own_burden=file.net - file.reimbursed - (collected - refunds - share.hand_over) - max(left - file.written_off, ZERO),
        collected=collected,
        collected_of=received,
        hand_over=share.hand_over,
        refunds=refunds,
        unnamed=unnamed if has_shares else {},
        targets=tuple(lines),
        open_targets=sum(1 for t in targets if not t.is_ended),
    )
