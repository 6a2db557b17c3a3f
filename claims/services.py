"""What is more than one step: open a claim below its incident, pay a deposit at night, save a worksheet and assess it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework.errors import NotPermitted, OutOfScope
from casework.models import Case, CaseOrganisation
from casework.steps import begin, lock, may, perform
from claims import selectors
from claims.facts import Assess, ClaimPerson, OpenClaim, ProposeAdvance, RecordEstimate
from claims.models import Advance, Claim
from claims.terms import Subject
from damages import api as damages
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import CaseEvent
    from damages.api import WorksheetInput, WorksheetView
    from elevators.api import IncidentView, PersonAffected

#: Whose part in the incident brings them into its claims; health data stay away from everybody else.
PARTIES = (CaseRole.USE_MANAGER, CaseRole.INSURER, CaseRole.STREET_OFFICE)


def parts_of(incident: Case) -> list[tuple[int, CaseRole]]:
    """The parts a claim inherits from its incident. The street office carries it only where nobody manages the lift."""
    rows = CaseOrganisation.objects.filter(case_id=incident.pk, role__in=PARTIES).order_by("pk")
    parts = [(row.organisation_id, CaseRole(row.role)) for row in rows]
    managed = any(part == CaseRole.USE_MANAGER for _organisation, part in parts)
    return [p for p in parts if p[1] != CaseRole.STREET_OFFICE] if managed else parts


@transaction.atomic
def open_claim(
    *, incident: Case, subject: Subject, people: Sequence[ClaimPerson], accident_at: datetime, by: Actor,
    happened_at: datetime, minutes: int | None = None, policy_id: int | None = None, note: str = "",
) -> Claim:
    """Open a claim below its incident, or give the one that is there for these people. Raises as begin does."""
    incident = lock(incident)
    keys = {person.key for person in people}
    for claim in selectors.claims_of(incident.pk).filter(subject=subject):
        if keys & {person["key"] for person in claim.people} and claim.state != "duplicate":
            return claim
    names = "、".join(person.name for person in people[:3])
    what = _("%(names)s受伤") if subject == Subject.INJURY else _("%(names)s等%(count)s人被困")
    event = begin(
        Claim, "open", parent=incident, by=by, happened_at=happened_at, place=incident.place,
        title=f"{incident.title} {what % {'names': names, 'count': len(people)}}", parts=parts_of(incident),
        facts=OpenClaim(subject.value, accident_at, tuple(people), minutes, policy_id, note),
    )
    return event.case  # type: ignore[return-value]


def person_of(affected: PersonAffected) -> ClaimPerson:
    """An incident's person as a claim keeps them: the name masked, the account the one that stands confirmed."""
    if affected.party_id is None:
        name = affected.name
        masked = f"{name[0]}*{name[2:]}" if affected.is_named and len(name) > 1 else name
        return ClaimPerson(affected.key, masked, affected.injured)
    known = parties.party(affected.party_id)
    account = known.account if known.account and known.account.is_usable else None
    return ClaimPerson(
        affected.key, known.ref.masked_name, affected.injured, known.id, account.id if account else None,
        account.masked if account else "",
    )


def open_injury_claims(view: IncidentView, *, by: Actor, happened_at: datetime) -> list[Claim]:
    """One claim for each injured person of an incident; those that are there stay as they are."""
    incident = Case.objects.get(pk=view.case_id)
    return [
        open_claim(
            incident=incident, subject=Subject.INJURY, people=[person_of(affected)], accident_at=view.started_at, by=by,
            happened_at=happened_at, policy_id=view.policy_id,
        )
        for affected in view.injured_people
    ]


@transaction.atomic
def propose_advance(
    *, claim: Claim, facts: ProposeAdvance, by: Actor, happened_at: datetime, estimate: RecordEstimate | None = None,
    on_behalf_of: str = "",
) -> CaseEvent:
    """Propose an advance below a claim; the hospital's deposit notice raises the estimate first where it must.

    Raises OutOfScope, NotPermitted, StepRefused or FactsRefused; then nothing of both was written.
    """
    claim = lock(claim)  # type: ignore[assignment]
    if by.organisation_id is None:
        raise NotPermitted("not_this_role", _("垫付由使用管理人提出。"))
    if estimate is not None and (claim.estimate is None or estimate.amount > claim.estimate):
        perform(claim, "record_estimate", by=by, happened_at=happened_at, seen=None, facts=estimate)
    if not Case.objects.filter(pk=claim.pk, organisation_ids__contains=[by.organisation_id]).exists():
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    return begin(
        Advance, "propose", parent=claim, by=by, happened_at=happened_at, place=claim.place,
        title=_("垫付 %(payee)s") % {"payee": facts.payee_name},
        parts=[(by.organisation_id, CaseRole.USE_MANAGER), (by.organisation_id, CaseRole.PAYER)],
        facts=replace(facts, payer_organisation_id=by.organisation_id), on_behalf_of=on_behalf_of,
    )


@transaction.atomic
def save_worksheet(*, claim: Claim, entered: WorksheetInput, by: Actor, reason: str = "") -> WorksheetView:
    """Write the next version of a claim's worksheet. Only who may assess may write. Raises FactsRefused by field."""
    verdict = may(claim, "assess" if claim.assessed is None else "revise_assessment", by)
    if not verdict.allowed:
        raise NotPermitted("not_this_role", verdict.reason)
    return damages.save(case_id=claim.pk, entered=entered, by=by, reason=reason)


@transaction.atomic
def assess_from_worksheet(*, claim: Claim, by: Actor, happened_at: datetime, seen: int | None, reason: str = "") -> CaseEvent:
    """Take the newest worksheet as the claim's assessment, for the first time or anew."""
    sheet = damages.current(claim.pk)
    facts = Assess(sheet.id if sheet else 0, (sheet.total if sheet else None) or Decimal(0), reason)
    verb = "assess" if claim.state in ("open", "docs_missing") else "revise_assessment"
    return perform(claim, verb, by=by, happened_at=happened_at, seen=seen, facts=facts)
