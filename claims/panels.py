"""What the case page shows of a claim: facts, people and damages with their working, money, shares; and of an advance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from casework import registry
from casework.panels import panel
from casework.steps import may, today
from casework.timeline import case_url
from claims import selectors, services
from claims.models import Advance, Claim
from claims.permissions import OFFICERS
from claims.terms import LiableParty, Subject
from damages import api as damages
from elevators import api as elevators
from ledger import api as ledger
from legislation.money import ZERO
from parties import api as parties
from policies import api as policies

AS_SYSTEM = "outbox"  # the name under which the effects act

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@dataclass(frozen=True)
class PersonLine:
    """One person of a claim as the page shows them, masked."""

    key: str
    name: str
    is_unknown: bool
    is_injured: bool
    account: parties.AccountRef | None
    confirm_url: str
    url: str


def _claim(case: Case) -> Claim:
    return case.specific  # type: ignore[return-value]


@panel("claim", template="claims/panels/open_matters.html", order=5)
def open_matters(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What still stands between the claim and its closing; shown when closing is next."""
    claim = _claim(case)
    matters = selectors.claim_position(claim).open_matters
    return {"matters": matters} if matters and claim.state in ("victim_paid", "not_liable") else None


@panel("claim", template="claims/panels/facts.html", order=10)
def facts(case: Case, actor: Actor) -> dict[str, Any] | None:
    claim = _claim(case)
    if claim.parent_id is None:
        return None
    incident = elevators.incident_view(claim.parent_id)
    return {
        "claim": claim,
        "incident": incident,
        "elevator": elevators.elevator(incident.elevator_id, on=today(claim.accident_at)),
        "incident_url": reverse("casework:case", args=[incident.reference]),
        "policy": policies.policy_view(claim.policy_id) if claim.policy_id else None,
        "payouts": [(p, reverse("casework:case", args=[p.reference])) for p in policies.payouts_of(claim_id=claim.pk)],
    }


@panel("claim", template="claims/panels/people.html", order=20)
def people(case: Case, actor: Actor) -> dict[str, Any]:
    """Who is hurt or was held, and where their money goes."""
    claim = _claim(case)
    may_edit = may(claim, "identify", actor).allowed
    lines = [_person(claim, person, actor, may_edit=may_edit) for person in claim.people]
    may_link = actor.has(*OFFICERS) and actor.organisation_id in claim.organisation_ids
    link_url = reverse("claims:victim_link", args=[claim.reference]) if may_link else ""
    return {"claim": claim, "people": lines, "is_entrapment": claim.subject == Subject.ENTRAPMENT, "link_url": link_url}


def _person(claim: Claim, person: dict[str, Any], actor: Actor, *, may_edit: bool) -> PersonLine:
    known = parties.party(person["party_id"]) if person["party_id"] else None
    account = known.account if known else None
    waits = account is not None and not account.is_confirmed and account.is_current
    return PersonLine(
        key=person["key"],
        name=known.ref.masked_name if known else person["name"],
        is_unknown=known.ref.is_unknown if known else True,
        is_injured=person["is_injured"],
        account=account,
        confirm_url=parties.confirm_url(account.id, actor=actor, back=case_url(claim)) if account and waits else "",
        url=reverse("claims:person", args=[claim.reference, person["key"]]) if may_edit else "",
    )


def _maker(sheet: damages.WorksheetView) -> str:
    """Who made a worksheet; the name under which the house itself works is no name for a page."""
    return _("系统") if sheet.created_by == AS_SYSTEM else sheet.created_by


@panel("claim", template="claims/panels/damages.html", order=25)
def damages_table(case: Case, actor: Actor) -> dict[str, Any]:
    """The newest worksheet, each number with its working; the older ones behind it."""
    claim = _claim(case)
    sheet = damages.current(claim.pk)
    verb = "assess" if claim.state in ("open", "docs_missing") else "revise_assessment"
    stale = sheet is not None and claim.assessed is not None and claim.worksheet_id != sheet.id
    return {
        "claim": claim,
        "sheet": sheet,
        "versions": damages.versions(claim.pk)[1:],
        "is_stale": stale,
        "edit_url": reverse("claims:worksheet", args=[claim.reference]) if may(claim, verb, actor).allowed else "",
        "after_fault": selectors.after_fault(claim) if claim.fault_share else None,
        "is_entrapment": claim.subject == Subject.ENTRAPMENT,
        "fault": _percent(claim.fault_share),
        "bases": damages.typed_bases(claim.pk),
        "may_confirm": may(claim, "record_estimate", actor).allowed,
        "me": actor.user_id,
        "made_by": _maker(sheet) if sheet else "",
    }


@panel("claim", template="claims/panels/money.html", order=30)
def money(case: Case, actor: Actor) -> dict[str, Any]:
    """What the injured was promised, has received and is still to receive; the advances with the way to a new one."""
    claim = _claim(case)
    advances = list(selectors.advances_of(claim.pk))
    orders = ledger.orders_of([claim.pk, *(a.pk for a in advances)])
    return {
        "claim": claim,
        "advances": [(a, case_url(a)) for a in advances],
        "payments": claim.victim_payments.all(),
        "left": selectors.left_of_estimate(claim),
        "estimates": claim.estimates.all(),
        "orders": [(o, reverse("casework:case", args=[o.reference]), registry.kind("payment_order").states[o.state]) for o in orders],
        "advance_url": reverse("claims:advance", args=[claim.reference]) if services.may_advance(claim, actor) else "",
        "limits": policies.limits_view(policy_id=claim.policy_id, incident_id=claim.parent_id) if claim.policy_id else (),
    }


@panel("claim", template="claims/panels/costs.html", order=32)
def costs(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What was spent beside the loss; it never counts against the limits."""
    lines = list(_claim(case).costs.all())
    return {"costs": lines, "total": sum((line.amount for line in lines), ZERO)} if lines else None


@panel("claim", template="claims/panels/shares.html", column="side", order=40)
def shares(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Who bears which part, in versions; never a condition of paying the injured."""
    versions = list(_claim(case).liability_versions.all())
    if not versions:
        return None
    labels = dict(LiableParty.choices)
    return {
        "versions": [
            (v, [(labels.get(party, party), _percent(Fraction(share))) for party, share in v.shares.items()]) for v in reversed(versions)
        ]
    }


def _percent(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{share.numerator}/{share.denominator}"


@panel("advance", template="claims/panels/advance.html", order=10)
def advance(case: Case, actor: Actor) -> dict[str, Any]:
    """One advance: what, to whom, on which basis, and the sentence that it admits nothing."""
    found: Advance = case.specific  # type: ignore[assignment]
    position = selectors.advance_position(found)
    account = parties.account(found.account_id) if found.account_id else None
    waits = account is not None and not account.is_confirmed and account.is_current
    return {
        "advance": found,
        "estimate": position.estimate,
        "committed": position.committed,
        "orders": [(o, reverse("casework:case", args=[o.reference])) for o in ledger.orders_of([found.pk])],
        "account": account,
        "confirm_url": parties.confirm_url(account.id, actor=actor, back=case_url(found)) if account and waits else "",
    }


@dataclass(frozen=True)
class ClaimLine:
    """A claim below an incident, with what is advanced and the two taps to the hospital's deposit."""

    claim: Claim
    url: str
    advanced: Decimal
    advance_url: str


@panel("incident", template="claims/panels/claims_of_incident.html", order=20)
def claims_of_incident(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The claims of an incident that the reader may see, and the people who have none yet."""
    lines = [_line(claim, actor) for claim in selectors.claims_seen_by(actor).filter(parent_id=case.pk).order_by("pk")]
    may_open = actor.has(*OFFICERS) and actor.organisation_id in case.organisation_ids and case.closed_at is None
    taken = {p["key"] for c in selectors.claims_of(case.pk) for p in c.people}
    free = [p for p in elevators.incident_view(case.pk).people if p.key not in taken] if may_open else []
    if not lines and not free:
        return None
    says = _("受伤的人一人一案；没有受伤的乘客合为一案。")
    return {"lines": lines, "free": free, "open_url": reverse("claims:open", args=[case.reference]), "says": says}


def _line(claim: Claim, actor: Actor) -> ClaimLine:
    url = reverse("claims:advance", args=[claim.reference]) if services.may_advance(claim, actor) else ""
    return ClaimLine(claim, case_url(claim), selectors.advanced(claim.pk), url)
