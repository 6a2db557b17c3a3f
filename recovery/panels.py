"""What the case page shows of a recovery: the account, who bears what, the targets; of a target what it owes and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework.panels import panel
from casework.timeline import case_url
from correspondence import api as correspondence
from legislation.money import ZERO
from recovery import selectors
from recovery.models import Receipt, RecoveryFile, RecoveryTarget, ShareVersion
from recovery.terms import Prospect

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@dataclass(frozen=True)
class TargetRow:
    """One target on its file's page."""

    target: RecoveryTarget
    url: str
    share: str
    claimable: Decimal
    collected: Decimal
    left: Decimal


def percent(share: Fraction) -> str:
    value = share * 100
    return f"{value.numerator}%" if value.denominator == 1 else f"{share.numerator}/{share.denominator}"


@panel("recovery_file", template="recovery/panels/sums.html", order=10)
def sums(case: Case, actor: Actor) -> dict[str, Any]:
    """The account of the file: paid, given back, collected, left, borne."""
    file = RecoveryFile.objects.select_related("payer_organisation").get(pk=case.pk)
    account = selectors.account_of(file.parent_id or 0)
    line = account.files[file.pk]
    borne = line.own_burden if not file.is_ended else file.borne
    return {
        "file": file, "line": line, "loss": account.loss, "borne": borne,
        "prospect": Prospect(selectors.prospect_of(file.parent_id)).label,
    }  # fmt: skip


@panel("recovery_file", template="recovery/panels/targets.html", order=20)
def targets(case: Case, actor: Actor) -> dict[str, Any]:
    """Every party from whom this file claims, and what is claimed from parties nobody named yet."""
    account = selectors.account_of(case.parent_id or 0)
    line = account.files[case.pk]
    version = selectors.version_of(case.parent_id or 0)
    shares = version.fractions if version else {}
    by_id = {t.pk: t for t in selectors.targets_of(case.pk)}
    rows = [
        TargetRow(
            by_id[t.case_id], case_url(by_id[t.case_id]), percent(shares[t.party]) if t.party in shares else "—", t.claimable, t.collected,
            t.left,
        )
        for t in line.targets
    ]  # fmt: skip
    return {"rows": rows, "version": version}


@panel("recovery_file", template="recovery/panels/shares.html", column="side", order=30)
def shares(case: Case, actor: Actor) -> dict[str, Any]:
    """All versions of the shares, the newest first."""
    versions = ShareVersion.objects.filter(incident_id=case.parent_id).order_by("-number")
    return {"versions": [(v, [(line["name"], percent(Fraction(line["share"]))) for line in v.shares]) for v in versions]}


@panel("recovery_target", template="recovery/panels/target.html", order=10)
def owed(case: Case, actor: Actor) -> dict[str, Any]:
    """What the target owes, why, what came, what is proposed."""
    target = RecoveryTarget.objects.select_related("parent").get(pk=case.pk)
    incident_id = target.lineage[0]
    line = next(t for t in selectors.account_of(incident_id).files[target.parent_id or 0].targets if t.case_id == target.pk)
    version = selectors.version_of(incident_id)
    share = version.fractions.get(target.party) if version else None
    receipts = Receipt.objects.filter(file_id=target.parent_id, party=target.party)
    file = target.parent
    return {
        "target": target, "line": line, "version": version, "share": percent(share) if share is not None else "", "receipts": receipts,
        "file": file, "file_url": case_url(file) if file else "",
    }  # fmt: skip


@panel("recovery_target", template="recovery/panels/plan.html", order=20)
def plan(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The plan in force: which instalments are covered by what came."""
    target = RecoveryTarget.objects.get(pk=case.pk)
    parts = selectors.plan_of(target)
    if not parts:
        return None
    came, today, rows = target.collected - target.planned_from, timezone.localdate(), []
    for part in parts:
        covered = min(max(came, ZERO), part.amount)
        came -= covered
        state = "paid" if covered == part.amount else "late" if part.due_on < today else "due"
        rows.append((part, covered, state))
    return {"rows": rows, "arrears": selectors.arrears_of(target, today)}


@panel("recovery_target", template="recovery/panels/link.html", column="side", order=30)
def link(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The target's own page: whom it was given to, and whether it was opened."""
    if case.is_ended or actor.organisation_id not in case.organisation_ids:
        return None
    return {"case": case, "links": correspondence.links_of(case, "recovery.target")}
