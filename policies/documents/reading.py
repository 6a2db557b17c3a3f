"""From a payout to the facts that several of its papers share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from casework.models import Case, CaseOrganisation, Deadline
from casework.steps import law_of, today
from elevators import api as elevators
from parties import api as parties
from policies import movements
from policies.documents.facts import CoverAnswerLine, HeadLine, Matter, PersonPayable, SheetRow
from policies.models import Payout
from policies.terms import INSURED, Answer, CoverQuestion, Head, Reason

if TYPE_CHECKING:
    from casework.models import CaseEvent


def payout_of(event: CaseEvent) -> Payout:
    payout: Payout = Payout.objects.select_related("policy").get(pk=event.case_id)
    return payout


def matter_of(payout: Payout, names: dict[str, str]) -> Matter:
    lift = elevators.elevator(payout.elevator_id, on=payout.accident_on)
    held = CaseOrganisation.objects.filter(case_id=payout.pk, role=payout.asked_as).select_related("organisation").first()
    insured = payout.policy.insured.select_related("organisation").order_by("pk")
    claim = Case.objects.filter(pk=payout.parent_id).first()
    return Matter(
        reference=payout.reference,
        applicant=held.organisation.name if held else next(iter(names.values()), ""),
        insured=tuple(dict.fromkeys(row.organisation.name for row in insured)),
        policy=payout.policy.number,
        product=payout.policy.product,
        elevator=lift.name,
        code=lift.code,
        address=lift.address,
        accident_on=payout.accident_on,
        first_received_on=payout.first_received_on,
        received_proof=payout.first_received_proof,
        requested=payout.requested_amount,
        claim_reference=claim.reference if claim else "",
    )


def names_of(payout: Payout) -> dict[str, str]:
    """The full names of the people of a payout, as the law has them named in a notice; a description where nobody knows more."""
    known = parties.parties([p["party_id"] for p in payout.people if p["party_id"]])
    names = {p["key"]: known[p["party_id"]].display_name if p["party_id"] in known else p["name"] for p in payout.people}
    return {**names, INSURED: now_("被保险人")}


def period(payout: Payout, event: CaseEvent, name: str) -> int:
    return int(law_of(payout, event.happened_at).calendar_days(name).value)


CUTS = {
    "medical_per_person": _("每人医疗费用限额"),
    "medical": _("每人医疗费用限额"),
    "per_person": _("每人限额"),
    "per_accident": _("每次事故限额"),
    "aggregate": _("累计限额"),
    "deductible": _("免赔额"),
}


def lines_of(payout: Payout, names: dict[str, str]) -> tuple[HeadLine, ...]:
    rows = payout.decision_lines.filter(version=payout.decision_version).order_by("id")
    return tuple(
        HeadLine(
            names.get(x.person, x.person),
            str(Head(x.head).label),
            x.asked,
            x.assessed,
            x.accepted,
            str(Reason(x.reason).label) if x.reason else "",
            x.note,
            x.clause,
        )
        for x in rows
    )


def persons_of(payout: Payout, names: dict[str, str]) -> tuple[PersonPayable, ...]:
    return tuple(
        PersonPayable(
            names.get(p.person, p.person),
            p.loss,
            p.liable,
            p.deductible,
            p.entrapment,
            p.costs,
            p.payable,
            tuple(str(CUTS.get(cut, cut)) for cut in p.cut_by),
        )
        for p in movements.sheet_persons(payout)
    )


def cover_of(payout: Payout) -> tuple[CoverAnswerLine, ...]:
    rows = payout.cover_lines.filter(version=payout.cover_version).order_by("id")
    return tuple(
        CoverAnswerLine(str(CoverQuestion(x.code).label), x.fact, x.source, str(Answer(x.verdict).label))
        for x in rows
        if x.verdict != Answer.NOT_ASKED
    )


ROWS = {
    "loss": (_("核定损失"), _("{basis} 项合计")),
    "share": (_("被保险人责任比例"), "{basis}"),
    "fixed": (_("不超过已确定的责任"), _("判决、协议确定 {basis} 元")),
    "contribution": (_("与其他保单分摊"), _("本保单承担 {basis}")),
    "deductible": (_("免赔额"), _("每次事故 {basis} 元")),
    "sub_limit": (_("每人医疗费用限额"), _("{basis} 元")),
    "per_person": (_("每人限额"), _("{basis} 元")),
    "entrapment": (_("困人补偿"), _("{basis} 人")),
    "per_accident": (_("每次事故限额"), _("本案可用 {basis} 元")),
    "aggregate": (_("累计限额"), _("本案可用 {basis} 元")),
    "costs": (_("限额以外的费用"), _("施救、查明原因、诉讼等费用")),
}


def sheet_row(step: dict[str, Any]) -> SheetRow:
    what, basis = ROWS[step["code"]]
    text = step["basis"]
    if step["code"] == "share":
        share = Fraction(text) * 100
        text = f"{share}%" if share.denominator == 1 else text
    elif "." in text:
        text = f"{Decimal(text):,.2f}"
    no_basis = not text and "{" in str(basis)
    return SheetRow(
        str(what), now_("合同没有约定") if no_basis else str(basis).format(basis=text), Decimal(step["amount"]), Decimal(step["balance"])
    )


def due_on(case_id: int, rule: str) -> date | None:
    due = Deadline.objects.filter(case_id=case_id, rule=rule).values_list("due_at", flat=True).first()
    return today(due) if due else None
