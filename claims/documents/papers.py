"""The papers of a claim: application, list of what is missing, worksheet, advance, settlement, closing report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from access.roles import CaseRole
from casework.models import CaseOrganisation, Deadline
from casework.outbox import after
from casework.steps import law_of, today
from claims import selectors
from claims.documents.facts import (
    AdvanceFacts,
    AdvanceLine,
    ApplicationFacts,
    AskedLine,
    ClosingFacts,
    DocumentsFacts,
    PaperLine,
    PaymentLine,
    SettlementFacts,
    SheetFacts,
)
from claims.documents.reading import advance_of, asked_lines, claim_of, matter_of, sheet_of
from claims.models import Advance, Claim
from claims.terms import FirstPaymentBasis, FixedBy, Payer
from correspondence import api as correspondence
from correspondence.declarations import Document
from damages import api as damages
from legislation.money import ZERO
from recovery import api as recovery

if TYPE_CHECKING:
    from casework.models import CaseEvent


class ClaimPaper(Document):
    """A paper of whoever carries the claim."""

    def issuer_id(self, event: CaseEvent) -> int | None:
        return selectors.carrier_id(event.case_id) or event.actor_organisation_id

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        matter = facts["matter"]
        return [(now_("电梯"), matter["elevator"]), (now_("案号"), matter["reference"])]


def _amount(facts: dict[str, Any], name: str) -> tuple[str, str]:
    return now_("金额"), f"¥{Decimal(facts[name]):,.2f}"


class ClaimApplication(ClaimPaper):
    """索赔申请书: who applies, what is asked, the separate consent to use sensitive data (个人信息保护法 29)."""

    title = _("索赔申请书")
    template = "claims/documents/application.html"
    prefix = "SQ"
    provisions = ("damages.scope",)
    supersedes = True

    def facts(self, event: CaseEvent) -> ApplicationFacts:
        claim, told = claim_of(event), event.record.facts or {}
        lines = asked_lines(told["heads"])
        return ApplicationFacts(
            matter=matter_of(claim),
            claimant=told["claimant"],
            relation=told["relation"],
            applied_on=date.fromisoformat(told["applied_on"]),
            lines=lines,
            total=sum((x.amount for x in lines), ZERO),
            consent=bool(told["consent"]),
            recorded_by=event.actor_name,
            on_behalf_of=event.on_behalf_of,
        )


class DocumentsRequest(ClaimPaper):
    """一次性补正通知书: what is still missing, all of it at once."""

    title = _("一次性补正通知书")
    template = "claims/documents/documents_request.html"
    prefix = "BZ"
    provisions = ("claim.supplement_answer_period",)

    def facts(self, event: CaseEvent) -> DocumentsFacts:
        claim = claim_of(event)
        due = Deadline.objects.filter(case_id=claim.pk, rule="documents").values_list("due_at", flat=True).first()
        return DocumentsFacts(
            matter=matter_of(claim),
            items=tuple((event.record.facts or {})["items"]),
            answer_by=today(due) if due else None,
            asked_on=today(event.happened_at),
        )


class DamagesSheet(ClaimPaper):
    """人身损害赔偿计算书, or for the unhurt who were held the sheet of their compensation: every head with formula and article."""

    title = _("人身损害赔偿计算书")
    template = "claims/documents/damages_sheet.html"
    prefix = "SS"
    supersedes = True

    def heading(self, facts: Any) -> str:
        return now_("困人补偿计算书") if facts.matter.is_entrapment else str(self.title)

    def rests_on(self, facts: Any) -> tuple[str, ...]:
        if facts.matter.is_entrapment:
            return ()
        bases = [
            n
            for code, n in (("disability_compensation", "damages.income_base"), ("dependants", "damages.consumption_base"))
            if code in facts.codes
        ]
        return ("damages.scope", *(f"damages.head.{code}" for code in facts.codes), *bases)

    def facts(self, event: CaseEvent) -> SheetFacts:
        claim = claim_of(event)
        sheet = damages.version((event.record.facts or {})["worksheet_id"])
        return sheet_of(claim, sheet, now_("系统按保险单计算") if event.actor_is_system else sheet.created_by)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), _amount(facts, "total")]


class AdvancePaper(Document):
    """A paper about one advance, issued by who pays it."""

    def issuer_id(self, event: CaseEvent) -> int | None:
        payer: int = Advance.objects.values_list("payer_organisation_id", flat=True).get(pk=event.case_id)
        return payer

    def rests_on(self, facts: Any) -> tuple[str, ...]:
        policy = ("first_responsibility.policy",) if facts.basis_code == FirstPaymentBasis.POLICY_2018_8 else ()
        return (*policy, "recourse.ground.paid_costs", "recourse.ground.negotiorum_gestio", "recourse.limitation")

    def facts(self, event: CaseEvent) -> AdvanceFacts:
        return advance_of(event)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(now_("电梯"), facts["matter"]["elevator"]), (now_("垫付单位"), facts["payer"]), _amount(facts, "amount")]


class AdvanceAgreement(AdvancePaper):
    """垫付协议书: an advance is no admission, is set off against the final compensation, keeps the recourse (粤府办〔2018〕8号)."""

    title = _("垫付协议书")
    template = "claims/documents/advance_agreement.html"
    prefix = "DX"
    supersedes = True


class AdvanceVoucher(AdvancePaper):
    """垫付凭证: the amount in capitals, the basis, the clause, the bank's voucher."""

    title = _("垫付凭证")
    template = "claims/documents/advance_voucher.html"
    prefix = "DF"
    supersedes = True


class Settlement(ClaimPaper):
    """和解协议书: without any waiver of rights against third parties (保险法 61; 解释四 14, 19)."""

    title = _("和解协议书")
    template = "claims/documents/settlement.html"
    prefix = "HJ"
    provisions = (
        "insurance.liability_fixed_by",
        "insurance.waiver_before_payment_frees_insurer",
        "settlement.judicial_confirmation_period",
    )
    supersedes = True

    def heading(self, facts: Any) -> str:
        return now_("和解协议书（草案）") if facts.stage == "draft" else str(self.title)

    def rests_on(self, facts: Any) -> tuple[str, ...]:
        return self.provisions if facts.mediator else self.provisions[:2]

    def facts(self, event: CaseEvent) -> SettlementFacts:
        claim = claim_of(event)
        stage = {"ask_consent": "draft", "record_consent": "ready"}.get(event.verb, "signed")
        amount = (claim.settled_amount if stage == "signed" else claim.draft_amount) or ZERO
        insurer = Organisation.objects.filter(
            pk__in=CaseOrganisation.objects.filter(case_id=claim.pk, role=CaseRole.INSURER).values("organisation_id")
        ).first()
        received = claim.proven
        return SettlementFacts(
            matter=matter_of(claim),
            stage=stage,
            amount=amount,
            terms=claim.terms if stage == "signed" else claim.draft,
            lines=_settled_lines(claim),
            received=received,
            remaining=max(amount - received, ZERO),
            signed_on=claim.settled_on if stage == "signed" else None,
            mediator=claim.mediator,
            insurer=insurer.name if insurer else "",
            is_consented=claim.consent == "granted",
            confirmation_days=int(law_of(claim, event.happened_at).provision("settlement.judicial_confirmation_period").value),
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), _amount(facts, "amount")]


def _settled_lines(claim: Claim) -> tuple[AskedLine, ...]:
    """The heads as assessed, for orientation: what is agreed is the one amount."""
    sheet = damages.current(claim.pk)
    return tuple(AskedLine(str(x.label), x.agreed or x.assessed or ZERO, x.bills) for x in sheet.lines) if sheet else ()


class ClosingReport(ClaimPaper):
    """结案报告: what happened, what was owed, what was paid by whom, what becomes of the recourse."""

    title = _("结案报告")
    template = "claims/documents/closing_report.html"
    prefix = "JA"
    supersedes = True

    def facts(self, event: CaseEvent) -> ClosingFacts:
        claim = claim_of(event)
        matter = matter_of(claim)
        files = recovery.files(incident_id=claim.parent_id) if claim.parent_id else ()
        cases = [claim, *selectors.advances_of(claim.pk)]
        return ClosingFacts(
            matter=matter,
            opened_at=claim.happened_at,
            closed_at=event.happened_at,
            days=(event.happened_at - claim.happened_at).days,
            assessed=claim.assessed,
            settled=claim.settled_amount,
            owed=claim.owed,
            proven=claim.proven,
            excess=claim.excess,
            fixed_by=str(FixedBy(claim.fixed_by).label) if claim.fixed_by else "",
            fixed_on=claim.fixed_on,
            court=f"{claim.court} {claim.court_number}".strip(),
            payments=tuple(
                PaymentLine(p.paid_on, str(Payer(p.payer).label), p.amount, p.voucher)
                for p in claim.victim_payments.order_by("paid_on", "pk")
            ),
            advances=tuple(
                AdvanceLine(a.reference, a.payee_name, a.approved_amount or a.amount or ZERO, a.refunded, str(a.state_label), a.paid_on)
                for a in selectors.advances_of(claim.pk)
            ),
            recoveries=tuple(f"{f.reference}（{f.payer}）：{f.state_label}，已付 ¥{f.paid:,.2f}，尚可追偿 ¥{f.left:,.2f}" for f in files),
            papers=tuple(PaperLine(p.title, p.serial) for case in cases for p in reversed(correspondence.papers_of(case))),
            late=_missed(claim),
            conclusion=claim.conclusion,
            closed_by=event.actor_name,
        )


def _missed(claim: Claim) -> tuple[str, ...]:
    """Clocks that were met late or never, in words."""
    rows = Deadline.objects.filter(case_id=claim.pk, was_late=True).select_related("case").order_by("due_at")
    return tuple(
        now_("%(what)s：应于 %(due)s 前，实际 %(met)s")
        % {"what": row.label, "due": f"{timezone.localtime(row.due_at):%Y-%m-%d}", "met": f"{timezone.localtime(row.met_at):%Y-%m-%d}"}
        for row in rows
        if row.met_at and row.due_at
    )


@after("claims.claim.file_application")
def issue_application(event: CaseEvent) -> None:
    correspondence.issue(ClaimApplication, event)


@after("claims.claim.request_documents")
def issue_documents_request(event: CaseEvent) -> None:
    correspondence.issue(DocumentsRequest, event)


@after("claims.claim.assess", "claims.claim.revise_assessment")
def issue_sheet(event: CaseEvent) -> None:
    correspondence.issue(DamagesSheet, event)


@after("claims.advance.approve", "claims.advance.approve_in_emergency")
def issue_advance_agreement(event: CaseEvent) -> None:
    correspondence.issue(AdvanceAgreement, event)


@after("claims.advance.record_paid")
def issue_advance_voucher(event: CaseEvent) -> None:
    correspondence.issue(AdvanceVoucher, event)


@after("claims.claim.ask_consent", "claims.claim.record_consent", "claims.claim.settle", "claims.claim.settle_at_own_risk")
def issue_settlement(event: CaseEvent) -> None:
    """The draft for the insurer, the text to be signed once it consents, the text as it was signed."""
    if event.verb != "record_consent" or (event.record.facts or {}).get("consents"):
        correspondence.issue(Settlement, event)


@after("claims.claim.close")
def issue_closing_report(event: CaseEvent) -> None:
    correspondence.issue(ClosingReport, event)
