"""The facts of the papers of a subsidy, read once when a paper is issued. Names in full only where the paper goes to that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from access.models import Organisation
from casework.models import CaseEvent, CaseOrganisation
from casework.references import next_reference
from casework.steps import law_of
from casework.timeline import masked
from elevators import api as elevators
from funding.models import SubsidyApplication
from funding.terms import ClawBackGround, DeclineGround
from legislation.lookup import place_short_name

if TYPE_CHECKING:
    from casework.models import Case

#: The width of the red head in characters at which it fills the type area.
HEAD_CHARACTERS = 11
LEAST_LINES, MOST_LINES = 16, 60


@dataclass(frozen=True)
class RuleLine:
    """One rule of the scheme as a paper lists it."""

    says: str
    answer: str
    source: str


@dataclass(frozen=True)
class GrantFacts:
    """What the forms of an application say. Amounts in CNY."""

    reference: str
    office: str
    applicant: str
    applicant_kind: str
    scheme: str
    scheme_source: str
    scheme_is_weak: bool
    scheme_note: str
    pool: str
    elevator: str
    code: str
    address: str
    use_registration: str
    entrance: str
    lifts_at_entrance: int | None
    is_per_entrance: bool
    stops: int | None
    floors: int | None
    investment: Decimal | None
    registered_on: date | None
    certificate_on: date | None
    owners: int | None
    amount: Decimal | None
    account: str
    submitted_on: date | None
    note: str
    rules: tuple[RuleLine, ...]
    papers: tuple[str, ...]
    visited_on: date | None
    officers: str
    finding: str
    published_on: date | None
    published_until: date | None
    places: str
    objections: int
    accepted_on: date | None
    verified_by: str
    approver: str
    approver_office: str
    opinion: str

    @property
    def signature_lines(self) -> range:
        """As many lines as owners, at least a page's worth, at most three pages'."""
        return range(1, min(max(self.owners or 0, LEAST_LINES), MOST_LINES) + 1)


@dataclass(frozen=True)
class LetterFacts:
    """What the letters of an office say."""

    number: str
    title_lines: tuple[str, ...]
    mark_scale: str
    addressee: str
    copies: str
    contact: str
    office: str
    reference: str
    elevator: str
    entrance: str
    address: str
    scheme: str
    scheme_source: str
    applicant: str
    submitted_on: date | None
    amount: Decimal | None
    account: str
    items: tuple[str, ...]
    ground: str
    reason: str
    article: str
    published_on: date | None
    published_until: date | None
    places: str
    document: str
    review_body: str
    review_period: str
    suit_period: str
    repayment_period: str


WORDS = {True: "符合", False: "不符合", None: "待查"}
UNITS = {"working_days": "个工作日", "calendar_days": "日", "months": "个月"}


def _facts_of(case: Case, verb: str) -> dict[str, Any]:
    """The facts of the latest event of a verb; empty when it has not happened."""
    event = CaseEvent.objects.filter(case_id=case.pk, verb=verb).select_related("record").order_by("number").last()
    return (event.record.facts or {}) if event else {}


def _event(case: Case, verb: str) -> CaseEvent | None:
    return CaseEvent.objects.filter(case_id=case.pk, verb=verb).select_related("actor_organisation").order_by("number").last()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _office(case: Case) -> Organisation | None:
    row = CaseOrganisation.objects.filter(case_id=case.pk, role="street_office").select_related("organisation").order_by("pk").first()
    return row.organisation if row else None


def grant_facts(event: CaseEvent) -> GrantFacts:
    row = SubsidyApplication.objects.select_related("pool").get(pk=event.case_id)
    lift, office = elevators.elevator(row.elevator_id), _office(row)
    seen, said = _facts_of(row, "verify"), _facts_of(row, "approve")
    accepted, verified, approved = (_event(row, verb) for verb in ("accept", "verify", "approve"))
    labels = {r.code: str(r.label) for r in row.EVIDENCE}
    return GrantFacts(
        reference=row.reference,
        office=office.name if office else "",
        applicant=row.applicant_name,
        applicant_kind=str(row.get_applicant_kind_display()),
        scheme=row.terms.name,
        scheme_source=row.terms.citation,
        scheme_is_weak=row.terms.mark != "R",
        scheme_note=row.terms.note,
        pool=row.pool.name,
        elevator=row.elevator_name,
        code=lift.code,
        address=lift.address,
        use_registration=lift.use_registration,
        entrance=row.entrance,
        lifts_at_entrance=row.lifts_at_entrance,
        is_per_entrance=row.terms.is_per_entrance,
        stops=row.stops,
        floors=row.floors,
        investment=row.investment,
        registered_on=row.registered_on,
        certificate_on=row.certificate_on,
        owners=row.owners,
        amount=row.approved_amount or row.amount,
        account=row.account_masked,
        submitted_on=row.submitted_on,
        note=row.note,
        rules=tuple(RuleLine(a.says, WORDS[a.met], a.source) for a in row.finding.answers),
        papers=tuple(labels[code] for code in row.required_documents if code in labels),
        visited_on=_day(seen.get("visited_on")),
        officers=seen.get("officers", ""),
        finding=seen.get("finding", ""),
        published_on=row.published_on,
        published_until=row.published_until,
        places=row.places,
        objections=CaseEvent.objects.filter(case_id=row.pk, verb="record_objection").count(),
        accepted_on=timezone.localtime(accepted.happened_at).date() if accepted else None,
        verified_by=verified.actor_name if verified else "",
        approver=approved.actor_name if approved else "",
        approver_office=approved.actor_organisation.name if approved and approved.actor_organisation else "",
        opinion=said.get("opinion", ""),
    )


def letter_facts(event: CaseEvent, headline: tuple[str, str], *, issuer_id: int | None, is_public: bool = False) -> LetterFacts:
    """is_public: the letter hangs on a wall, so the applicant stands there masked and without an account."""
    row = SubsidyApplication.objects.select_related("pool").get(pk=event.case_id)
    lift, issuer = elevators.elevator(row.elevator_id), Organisation.objects.filter(pk=issuer_id or 0).first()
    told, applicant = (event.record.facts or {}), masked(row.applicant_name) if is_public else row.applicant_name
    issuer_name = issuer.name if issuer else ""
    grounds = ClawBackGround if event.verb == "claw_back" else DeclineGround
    return LetterFacts(
        number=_number(issuer, timezone.localtime(event.recorded_at).year),
        title_lines=tuple(line.format(elevator=_short(row.elevator_name)) for line in headline),
        mark_scale=f"{min(1, HEAD_CHARACTERS / (len(issuer_name) + 2)):.3f}",
        addressee="" if is_public else applicant,
        copies="、".join(_copies(row, issuer_id)),
        contact=issuer.phone if issuer else "",
        office=issuer_name,
        reference=row.reference,
        elevator=row.elevator_name,
        entrance=row.entrance,
        address=lift.address,
        scheme=row.terms.name,
        scheme_source=row.terms.citation,
        applicant=applicant,
        submitted_on=row.submitted_on,
        amount=Decimal(told["amount"]) if event.verb == "claw_back" else row.approved_amount or row.amount,
        account="" if is_public else row.account_masked,
        items=tuple(told.get("items", ())),
        ground=str(grounds(told["ground"]).label) if told.get("ground") else "",
        reason=told.get("reason", "").rstrip("。"),
        article=told.get("article", ""),
        published_on=row.published_on,
        published_until=row.published_until,
        places=row.places,
        document=row.payment_document,
        review_body=f"{place_short_name(row.place)}人民政府",
        review_period=_period(event, "subsidy.reconsideration_period"),
        suit_period=_period(event, "subsidy.suit_period"),
        repayment_period=_period(event, "subsidy.repayment_period"),
    )


def _period(event: CaseEvent, name: str) -> str:
    provision = law_of(event.case.specific, event.happened_at).provision(name)
    return f"{provision.value}{UNITS[provision.unit]}"


def _number(issuer: Organisation | None, year: int) -> str:
    """发文字号: 榕岸〔2026〕7号, counted by each office and year for itself."""
    if issuer is None:
        return ""
    code = issuer.settings.get("document_code") or issuer.short_name
    return f"{code}〔{year}〕{int(next_reference(f'FW{issuer.pk}', year).rsplit('-', 1)[-1])}号"


def _short(elevator: str) -> str:
    """A name without the blanks that would break the title."""
    return elevator.replace(" ", "")


def _copies(row: SubsidyApplication, issuer_id: int | None) -> list[str]:
    parts = row.parts.filter(role__in=["street_office", "housing", "finance"]).exclude(organisation_id=issuer_id or 0)
    return list(dict.fromkeys(part.organisation.short_name for part in parts.select_related("organisation").order_by("pk")))
