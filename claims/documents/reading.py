"""From a claim or an advance to the facts that several of its papers share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from access.models import Organisation
from casework.models import CaseEvent
from casework.steps import law_of
from claims.documents.facts import AdvanceFacts, AskedLine, Matter, Person, SheetFacts, SheetLine
from claims.models import Advance, Claim
from claims.selectors import advanced, carrier_id
from claims.terms import FirstPaymentBasis, PayeeKind, Subject
from damages import api as damages
from elevators import api as elevators
from ledger import api as ledger
from legislation.money import ZERO
from parties import api as parties

if TYPE_CHECKING:
    from decimal import Decimal

    from damages.api import WorksheetView


def claim_of(event: CaseEvent) -> Claim:
    claim: Claim = Claim.objects.get(pk=event.case_id)
    return claim


def matter_of(claim: Claim) -> Matter:
    incident = elevators.incident_view(claim.parent_id or 0)
    carrier = Organisation.objects.filter(pk=carrier_id(claim.pk) or 0).first()
    return Matter(
        reference=claim.reference,
        incident_reference=incident.reference,
        subject=str(Subject(claim.subject).label),
        is_entrapment=claim.subject == Subject.ENTRAPMENT,
        manager=carrier.name if carrier else incident.use_manager_name,
        manager_phone=carrier.phone if carrier else "",
        elevator=incident.elevator_name,
        code=incident.elevator_code,
        address=incident.address,
        accident_at=claim.accident_at,
        minutes=claim.minutes,
        people=people_of(claim),
    )


def people_of(claim: Claim) -> tuple[Person, ...]:
    """The people with their full names, as a paper between the parties needs them; numbers stay masked."""
    known = parties.parties([p["party_id"] for p in claim.people if p["party_id"]])
    found = []
    for person in claim.people:
        ref = known.get(person["party_id"])
        if ref is None:
            found.append(Person(person["key"], person["name"], "", "", is_unknown=True))
        else:
            found.append(Person(person["key"], ref.display_name, ref.masked_id, ref.masked_phone, ref.is_unknown))
    return tuple(found)


def years(claim: Claim, event: CaseEvent, name: str) -> int:
    return int(law_of(claim, event.happened_at).years(name).value)


def asked_lines(heads: list[dict[str, Any]]) -> tuple[AskedLine, ...]:
    return tuple(AskedLine(str(damages.label(h["code"])), _yuan(h["amount"]), int(h.get("bills", 0))) for h in heads)


def _yuan(text: Any) -> Decimal:
    return ZERO + type(ZERO)(str(text))


def numbered(citations: list[tuple[str, ...]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Give every source a number and say of each line: ①第六条. The sources in order, then the lines."""
    sources: list[str] = []
    lines = []
    for line in citations:
        found = []
        for citation in dict.fromkeys(line):
            source, article = _source_and_article(citation)
            if source not in sources:
                sources.append(source)
            found.append(f"{_circled(sources.index(source))}{article}")
        lines.append(tuple(found))
    return tuple(f"{_circled(n)}{source}" for n, source in enumerate(sources)), lines


def _source_and_article(citation: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*》)(第.+)", citation)
    return (match[1], match[2]) if match else (citation, "")


def _circled(index: int) -> str:
    return chr(0x2460 + index)


def sheet_of(claim: Claim, sheet: WorksheetView, made_by: str) -> SheetFacts:
    sources, grounds = numbered([line.provisions for line in sheet.lines])
    paid = advanced(claim.pk)
    total = sheet.total if sheet.total is not None else sheet.known_total
    return SheetFacts(
        matter=matter_of(claim),
        version=sheet.version,
        law_date=sheet.law_date,
        reason=sheet.reason,
        lines=tuple(
            SheetLine(str(x.label), x.formula, x.reason, x.bills, cited, x.missing, x.asked, x.assessed)
            for x, cited in zip(sheet.lines, grounds, strict=True)
        ),
        sources=sources,
        codes=tuple(x.code for x in sheet.lines),
        asked=sheet.asked_total,
        total=total,
        is_complete=sheet.is_complete,
        missing=sheet.missing,
        typed_bases=tuple(f"{b.label} {b.amount:,.2f}，{b.printed}" for b in damages.typed_bases(claim.pk) if b.is_confirmed),
        advanced=paid,
        remaining=max(total - paid, ZERO),
        fault=claim.fault_share,
        fault_reason=claim.victim_fault_reason,
        made_by=made_by,
    )


def advance_of(event: CaseEvent) -> AdvanceFacts:
    advance = Advance.objects.select_related("payer_organisation").get(pk=event.case_id)
    claim: Claim = Claim.objects.get(pk=advance.parent_id)
    orders = [o for o in ledger.orders_of([advance.pk]) if o.state not in ("returned", "cancelled")]
    order = orders[-1] if orders else None
    return AdvanceFacts(
        matter=matter_of(claim),
        reference=advance.reference,
        payer=advance.payer_organisation.name,
        payee=advance.payee_name,
        payee_kind=str(PayeeKind(advance.payee_kind).label),
        is_to_third=advance.payee_kind not in (PayeeKind.INJURED, PayeeKind.FAMILY),
        account=advance.account,
        bank=advance.bank,
        purpose=advance.purpose,
        basis=str(FirstPaymentBasis(advance.basis).label),
        basis_code=advance.basis,
        basis_document=advance.basis_document,
        amount=advance.approved_amount or advance.amount or ZERO,
        is_emergency=advance.is_emergency,
        proposed_by=_doer(advance.pk, "propose", "amend", "propose_again"),
        approved_by=_doer(advance.pk, "approve", "approve_in_emergency"),
        paid_by=_doer(order.id, "mark_paid") if order else "",
        paid_on=advance.paid_on,
        voucher=advance.voucher,
        order=order.reference if order else "",
        advanced_in_all=advanced(claim.pk),
        limitation_years=years(claim, event, "recourse.limitation"),
    )


def _doer(case_id: int, *verbs: str) -> str:
    """Who took the latest of these steps."""
    return CaseEvent.objects.filter(case_id=case_id, verb__in=verbs).order_by("-number").values_list("actor_name", flat=True).first() or ""
