"""What is more than one step: open a claim below its incident, pay a deposit at night, save a worksheet and assess it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework import evidence, registry
from casework.errors import NotPermitted, OutOfScope, StepRefused
from casework.models import Case, CaseOrganisation
from casework.steps import begin, lock, may, perform, today
from casework.timeline import masked
from claims import selectors
from claims.facts import Assess, ClaimPerson, IdentifyPerson, OpenClaim, ProposeAdvance, RecordEstimate
from claims.models import Advance, Claim
from claims.terms import EstimateSource, PayeeKind, Subject
from damages import api as damages
from elevators import api as elevators
from legislation import lookup
from legislation.money import ZERO
from legislation.units import NotInForce
from parties import api as parties
from policies import api as policies

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from access.actors import Actor
    from casework.models import CaseEvent
    from damages.api import WorksheetInput, WorksheetView
    from elevators.api import IncidentView, PersonAffected

#: Whose part in the incident brings them into its claims; health data stay away from everybody else.
ORGANISATIONS = frozenset({PayeeKind.HOSPITAL, PayeeKind.UNDERTAKER})
PARTIES = (CaseRole.USE_MANAGER, CaseRole.INSURER, CaseRole.STREET_OFFICE)


def parts_of(incident: Case) -> list[tuple[int, CaseRole]]:
    """The parts a claim inherits from its incident. The street office carries it only where nobody manages the lift."""
    rows = CaseOrganisation.objects.filter(case_id=incident.pk, role__in=PARTIES).order_by("pk")
    parts = [(row.organisation_id, CaseRole(row.role)) for row in rows]
    managed = any(part == CaseRole.USE_MANAGER for _organisation, part in parts)
    return [p for p in parts if p[1] != CaseRole.STREET_OFFICE] if managed else parts


@transaction.atomic
def open_claim(
    *,
    incident: Case,
    subject: Subject,
    people: Sequence[ClaimPerson],
    accident_at: datetime,
    by: Actor,
    happened_at: datetime,
    minutes: int | None = None,
    policy_id: int | None = None,
    note: str = "",
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
        Claim,
        "open",
        parent=incident,
        by=by,
        happened_at=happened_at,
        place=incident.place,
        title=f"{incident.title} {what % {'names': names, 'count': len(people)}}",
        parts=parts_of(incident),
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
        affected.key, known.ref.masked_name, affected.injured, known.id, account.id if account else None, account.masked if account else ""
    )


def open_injury_claims(view: IncidentView, *, by: Actor, happened_at: datetime) -> list[Claim]:
    """One claim for each injured person of an incident; those that are there stay as they are."""
    incident = Case.objects.get(pk=view.case_id)
    return [
        open_claim(
            incident=incident,
            subject=Subject.INJURY,
            people=[person_of(affected)],
            accident_at=view.started_at,
            by=by,
            happened_at=happened_at,
            policy_id=view.policy_id,
        )
        for affected in view.injured_people
    ]


def open_entrapment_claim(view: IncidentView, *, by: Actor, happened_at: datetime) -> Claim | None:
    """One claim for all unhurt people who were held long enough under the policy; None when nobody was."""
    policy_id = view.policy_id or _policy_of(view)
    held = [person for person in view.trapped_people if not person.injured]
    if policy_id is None or not held:
        return None
    if not _entrapment_lines(policy_id, view.case_id, [person.key for person in held]):
        return None
    return open_claim(
        incident=Case.objects.get(pk=view.case_id),
        subject=Subject.ENTRAPMENT,
        people=[person_of(p) for p in held],
        accident_at=view.started_at,
        minutes=view.trapped_minutes,
        by=by,
        happened_at=happened_at,
        policy_id=policy_id,
    )


def _policy_of(view: IncidentView) -> int | None:
    policy = policies.policy_for(view.elevator_id, view.started_at)
    return policy.id if policy else None


def _entrapment_lines(policy_id: int, incident_id: int, keys: Sequence[str]) -> tuple[policies.LossFact, ...]:
    try:
        return policies.entrapment_lines(policy_id=policy_id, incident_id=incident_id, keys=keys)
    except NotInForce:
        return ()


def write_entrapment_sheet(claim: Claim, *, by: Actor) -> WorksheetView | None:
    """The worksheet of an entrapment: so much per person by the policy, inside the programme's table."""
    if claim.policy_id is None or claim.parent_id is None:
        return None
    lines = _entrapment_lines(claim.policy_id, claim.parent_id, [person["key"] for person in claim.people])
    if not lines:
        return None
    policy, day = policies.policy_view(claim.policy_id), today(claim.accident_at)
    name = f"programme.{policy.programme}.entrapment"
    law = lookup.for_case(claim.place, {"event": day, "accident": day})
    cited = (law.provision(name).citation,) if policy.programme and law.has(name) else ()
    return damages.save_entrapment(
        case_id=claim.pk,
        per_person=policy.entrapment_amount or max(line.asked for line in lines),
        people=len(lines),
        total=sum((line.asked for line in lines), ZERO),
        provisions=(*cited, _("保险单 %(number)s") % {"number": policy.number}),
        inputs={"minutes": str(claim.minutes), "people": str(len(lines)), "policy": policy.number},
        accident_on=day,
        place=claim.place,
        by=by,
        reason=_("重新打开") if damages.current(claim.pk) else "",
    )


def name_people(view: IncidentView, *, by: Actor, happened_at: datetime) -> None:
    """Bring names and accounts that the register learnt to the claims of the incident."""
    known = {affected.key: person_of(affected) for affected in view.people}
    for claim in selectors.claims_of(view.case_id).filter(closed_at=None):
        for person in claim.people:
            now = known.get(person["key"])
            if now is None or (now.party_id, now.name) == (person["party_id"], person["name"]):
                continue
            facts = IdentifyPerson(
                now.key, now.name, now.party_id, now.account_id or person["account_id"], now.account or person["account"]
            )
            perform(claim, "identify", by=by, happened_at=happened_at, seen=None, facts=facts)


def people_of(claim: Claim) -> tuple[policies.PersonFact, ...]:
    """The people of a claim as a payout takes them, with the account that stands confirmed now."""
    return tuple(
        policies.PersonFact(p["key"], p["name"], p["is_injured"], p["party_id"], p["account_id"] or _account_of(p["party_id"]))
        for p in claim.people
    )


def _account_of(party_id: int | None) -> int | None:
    account = parties.party(party_id).account if party_id is not None else None
    return account.id if account is not None and account.is_usable else None


def losses_of(claim: Claim) -> tuple[policies.LossFact, ...]:
    """What a claim asks of the insurer: the losses, and beside the limits what was spent (保险法 57, 64, 66)."""
    losses = _damage_of(claim)
    return (*losses, *_costs_of(claim)) if losses else ()


def _costs_of(claim: Claim) -> tuple[policies.LossFact, ...]:
    """The costs by head, as the insured's own."""
    sums: dict[str, Decimal] = {}
    for cost in claim.costs.order_by("pk"):
        sums[cost.head] = sums.get(cost.head, ZERO) + cost.amount
    return tuple(policies.LossFact(policies.INSURED, head, amount, amount, _("凭票据")) for head, amount in sums.items())


def _damage_of(claim: Claim) -> tuple[policies.LossFact, ...]:
    """The losses of a claim as a payout takes them: by head from the worksheet, else the estimate in one line."""
    key = claim.people[0]["key"]
    if claim.subject == Subject.ENTRAPMENT and claim.policy_id is not None and claim.parent_id is not None:
        return _entrapment_lines(claim.policy_id, claim.parent_id, [person["key"] for person in claim.people])
    sheet = damages.current(claim.pk)
    if sheet is not None and claim.assessed is not None:
        amounts = [(line, line.agreed if line.agreed is not None else line.assessed) for line in sheet.lines]
        lines = tuple(policies.LossFact(key, line.code, amount, amount, line.formula[:200]) for line, amount in amounts if amount)
        if lines:
            return lines
    if claim.estimate:
        return (
            policies.LossFact(key, policies.Head.MEDICAL.value, claim.estimate, claim.estimate, str(claim.get_estimate_source_display())),
        )
    return ()


@transaction.atomic
def propose_advance(
    *, claim: Claim, facts: ProposeAdvance, by: Actor, happened_at: datetime, estimate: RecordEstimate | None = None, on_behalf_of: str = ""
) -> CaseEvent:
    """Propose an advance below a claim; the hospital's deposit notice raises the estimate first where it must, and the advance says so.

    Raises OutOfScope, NotPermitted, StepRefused or FactsRefused; then nothing of both was written.
    """
    claim = lock(claim)  # type: ignore[assignment]
    if by.organisation_id is None:
        raise NotPermitted("not_this_role", _("垫付由使用管理人提出。"))
    raised = estimate is not None and (claim.estimate is None or estimate.amount > claim.estimate)
    if estimate is not None and raised:
        facts = replace(facts, estimate_before=claim.estimate or ZERO, estimate_raised_to=estimate.amount)
        perform(claim, "record_estimate", by=by, happened_at=happened_at, seen=None, facts=estimate)
    if not Case.objects.filter(pk=claim.pk, organisation_ids__contains=[by.organisation_id]).exists():
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    return begin(
        Advance,
        "propose",
        parent=claim,
        by=by,
        happened_at=happened_at,
        place=claim.place,
        title=_("垫付 %(payee)s") % {"payee": masked(facts.payee_name)},
        parts=[(by.organisation_id, CaseRole.USE_MANAGER), (by.organisation_id, CaseRole.PAYER)],
        facts=replace(facts, payer_organisation_id=by.organisation_id),
        on_behalf_of=on_behalf_of,
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


def may_advance(claim: Claim, actor: Actor) -> bool:
    """Whether this actor may propose an advance below this claim: role and part; the claim must not have ended."""
    row = registry.may("advance", "propose")
    if row is None or claim.is_ended or not actor.has(*row.roles):
        return False
    return claim.parts.filter(organisation_id=actor.organisation_id or 0, role__in=[str(p) for p in row.as_]).exists()


def open_claim_for(incident: Case, key: str, *, by: Actor, happened_at: datetime) -> Claim:
    """A clerk opens the claim of one person of an incident; all unhurt people share theirs."""
    view = elevators.incident_view(incident.pk)
    affected = next((p for p in view.people if p.key == key), None)
    if affected is None:
        raise StepRefused("unknown_person", _("事件里没有这个人。"))
    subject = Subject.INJURY if affected.injured else Subject.ENTRAPMENT
    people = [affected] if affected.injured else [p for p in view.people if not p.injured]
    return open_claim(
        incident=incident,
        subject=subject,
        people=[person_of(p) for p in people],
        accident_at=view.started_at,
        minutes=view.trapped_minutes,
        by=by,
        happened_at=happened_at,
        policy_id=view.policy_id or _policy_of(view),
    )


@dataclass(frozen=True)
class TypedAccount:
    """A payee account as it was typed beside an advance."""

    bank: str
    number: str


@transaction.atomic
def propose_from_page(
    *,
    claim: Claim,
    facts: ProposeAdvance,
    account: TypedAccount | None,
    deposit: Decimal | None,
    notice: UploadedFile | None,
    by: Actor,
    happened_at: datetime,
) -> Advance:
    """Carry out a proposal typed on a page: payee account, estimate by the deposit notice, advance, the notice's picture.

    Raises NotPermitted, StepRefused, FactsRefused, or ValidationError by field; then nothing was written.
    """
    if account is not None:
        payee = _payee_account(facts, account, by)
        facts = replace(facts, account_id=payee.account_ref, account=payee.account_masked, bank=payee.bank)
    short = (selectors.left_of_estimate(claim) or ZERO) < facts.amount
    known = deposit or (facts.amount + selectors.advanced(claim.pk) if short else None)
    estimate = _estimate_of(known, has_paper=notice is not None) if known else None
    event = propose_advance(claim=claim, facts=facts, by=by, happened_at=happened_at, estimate=estimate)
    if notice is not None:
        evidence.add(event.case, code="deposit_notice", file=notice, by=by)
    return event.case  # type: ignore[return-value]


def _estimate_of(amount: Decimal, *, has_paper: bool) -> RecordEstimate:
    """An estimate is a deposit notice only with the notice beside it; a typed amount is the clerk's own word."""
    if has_paper:
        return RecordEstimate(amount, EstimateSource.DEPOSIT_NOTICE.value, _("预交款通知，附照片"))
    return RecordEstimate(amount, EstimateSource.CLERK.value, _("随垫付申请填写，没有附通知"))


def _payee_account(facts: ProposeAdvance, account: TypedAccount, by: Actor) -> parties.Payee:
    """The typed account of a hospital or a person; it waits for a colleague before it is paid to."""
    register = parties.register_organisation if facts.payee_kind in ORGANISATIONS else parties.register_person
    payee = register(facts.payee_name, by=by)
    return parties.payee(parties.add_account(payee.id, bank=account.bank, number=account.number, by=by).id)


@transaction.atomic
def identify_person(claim: Claim, key: str, data: dict[str, Any], *, by: Actor, happened_at: datetime) -> None:
    """Record who a person is and their account, and tell the claim. Raises ValidationError by field."""
    person = next(p for p in claim.people if p["key"] == key)
    identity = {name: data[name] for name in ("name", "id_number", "phone") if data[name]}
    if person["party_id"] is None:
        known = parties.register_person(identity.pop("name", ""), description=person["name"], by=by, **identity)
    elif identity:
        known = parties.identify(person["party_id"], by=by, reason=_("理赔登记"), **identity)
    else:
        known = parties.ref(person["party_id"])
    account = None
    if data["bank"] or data["number"]:
        account = parties.add_account(known.id, bank=data["bank"], number=data["number"], holder=data["holder"], by=by)
    facts = IdentifyPerson(
        key, known.masked_name, known.id, account.id if account else person["account_id"], account.masked if account else person["account"]
    )
    perform(claim, "identify", by=by, happened_at=happened_at, seen=None, facts=facts)


def known_person(claim: Claim, key: str) -> tuple[dict[str, Any], parties.PartyView | None]:
    """A person of a claim with what the parties know of them, masked."""
    person = next(p for p in claim.people if p["key"] == key)
    return person, parties.party(person["party_id"]) if person["party_id"] else None
