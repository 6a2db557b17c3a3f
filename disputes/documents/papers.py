"""The papers of a dispute: answering in court, the record of a hearing, the mediation agreement, the joint application."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import CaseOrganisation, Deadline
from casework.outbox import after
from casework.steps import law_of
from correspondence import api as correspondence
from correspondence.declarations import Document
from disputes.documents.facts import AgreementFacts, ConfirmationFacts, Contestant, HearingFacts, ResponseFacts, Suit
from disputes.models import Hearing, Litigation, Mediation
from disputes.selectors import parent_of
from legislation.money import ZERO
from legislation.units import NotInForce
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import Case, CaseEvent


def _days(case: Case, event: CaseEvent, name: str) -> int | None:
    try:
        return int(law_of(case, event.happened_at).provision(name).value)
    except NotInForce:
        return None


def _due(case: Case, rule: str) -> date | None:
    rows = Deadline.objects.filter(case_id=case.pk, rule=rule).exclude(status=Deadline.Status.VOID)
    moment = rows.values_list("due_at", flat=True).first()
    return timezone.localtime(moment).date() if moment else None


def _above(case: Case) -> str:
    parent = parent_of(case)
    return parent.reference if parent else ""


def suit_of(suit: Litigation) -> Suit:
    return Suit(
        reference=suit.reference,
        above=_above(suit),
        title=suit.title,
        court=suit.court,
        number=suit.number,
        procedure=suit.get_procedure_display(),
        cause=suit.cause,
        plaintiff=suit.plaintiff,
        defendant=suit.defendant,
        side=suit.get_side_display(),
        claimed=suit.claimed,
        filed_on=suit.filed_on,
    )


class DisputePaper(Document):
    """A paper of the organisation that leads the dispute."""

    def issuer_id(self, event: CaseEvent) -> int | None:
        case = event.case.specific
        rows = CaseOrganisation.objects.filter(case_id=case.pk, role=case.led_by)  # type: ignore[attr-defined]
        return rows.order_by("pk").values_list("organisation_id", flat=True).first() or event.actor_organisation_id

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(now_("案号"), (facts.get("suit") or facts)["reference"])]


class ResponseForm(DisputePaper):
    """应诉登记表: what the court sent, who answers, until when; newer facts replace it."""

    title = _("应诉登记表")
    template = "disputes/documents/response.html"
    prefix = "YS"
    provisions = ("litigation.answer_period", "litigation.hearing_day")
    supersedes = True

    def facts(self, event: CaseEvent) -> ResponseFacts:
        suit = Litigation.objects.get(pk=event.case_id)
        return ResponseFacts(
            suit=suit_of(suit),
            served_on=suit.served_on,
            answer_by=_due(suit, "answer"),
            agent=suit.agent,
            agent_kind=suit.get_agent_kind_display() if suit.agent_kind else "",
            special_authority=suit.special_authority,
            hearing_at=suit.next_hearing_at,
            room=suit.next_hearing_room,
            answer_days=_days(suit, event, "litigation.answer_period"),
        )


class HearingRecord(DisputePaper):
    """庭审记录表: this side's own record; the court's minutes are added as evidence."""

    title = _("庭审记录表")
    template = "disputes/documents/hearing.html"
    prefix = "TS"

    def facts(self, event: CaseEvent) -> HearingFacts:
        suit, hearing = Litigation.objects.get(pk=event.case_id), Hearing.objects.get(event_id=event.id)
        return HearingFacts(
            suit=suit_of(suit),
            ordinal=Hearing.objects.filter(litigation_id=suit.pk, pk__lte=hearing.pk).count(),
            held_on=hearing.held_on,
            judge=hearing.judge,
            present=hearing.present,
            summary=hearing.summary,
            recorded_by=event.actor_name,
        )


def _contestant(stored: dict[str, Any]) -> Contestant:
    """A side with its full name, as a paper between the parties needs it; numbers stay masked."""
    if stored.get("party_id"):
        ref = parties.ref(stored["party_id"])
        return Contestant(ref.display_name, ref.masked_id)
    if stored.get("organisation_id"):
        row = Organisation.objects.filter(pk=stored["organisation_id"]).first()
        if row is not None:
            return Contestant(row.name, "")
    return Contestant(stored.get("name", ""), "")


class MediationAgreement(DisputePaper):
    """调解协议书: parties, dispute, terms, way and term of performance; parties and mediator sign, the committee seals
    (人民调解法 29). It waives nothing against third parties (保险法 61)."""

    title = _("调解协议书")
    template = "disputes/documents/agreement.html"
    prefix = "TJ"
    provisions = (
        "settlement.mediation_agreement_form",
        "settlement.judicial_confirmation_period",
        "insurance.waiver_before_payment_frees_insurer",
    )
    supersedes = True

    def heading(self, facts: Any) -> str:
        return str(self.title) if facts.stage == "signed" else now_("调解协议书（待签署）")

    def facts(self, event: CaseEvent) -> AgreementFacts:
        file = Mediation.objects.get(pk=event.case_id)
        return AgreementFacts(
            reference=file.reference,
            above=_above(file),
            stage="signed" if event.verb == "agree" else "draft",
            committee=file.committee,
            mediator=file.mediator,
            first=_contestant(file.first),
            second=_contestant(file.second),
            matter=file.matter,
            amount=file.agreed_amount or ZERO,
            terms=file.terms,
            performance=file.performance,
            signed_on=file.signed_on,
            confirmation_days=_days(file, event, "settlement.judicial_confirmation_period"),
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("调解委员会"), facts["committee"])]


class ConfirmationApplication(DisputePaper):
    """司法确认申请书: both sides apply together within thirty days (人民调解法 33; 民事诉讼法 205)."""

    title = _("司法确认申请书")
    template = "disputes/documents/confirmation.html"
    prefix = "QR"
    provisions = ("settlement.judicial_confirmation_period", "settlement.confirmed_agreement_enforceable")
    supersedes = True

    def facts(self, event: CaseEvent) -> ConfirmationFacts:
        file = Mediation.objects.get(pk=event.case_id)
        return ConfirmationFacts(
            reference=file.reference,
            court=file.court,
            committee=file.committee,
            mediator=file.mediator,
            first=_contestant(file.first),
            second=_contestant(file.second),
            matter=file.matter,
            amount=file.agreed_amount or ZERO,
            terms=file.terms,
            performance=file.performance,
            signed_on=file.signed_on or timezone.localtime(event.happened_at).date(),
            apply_by=_due(file, "judicial_confirmation"),
            applied_on=file.confirmation_applied_on,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("调解委员会"), facts["committee"])]


@after(
    "disputes.litigation.open",
    "disputes.litigation.record_service",
    "disputes.litigation.name_agent",
    "disputes.litigation.schedule_hearing",
)
def issue_response_form(event: CaseEvent) -> None:
    correspondence.issue(ResponseForm, event)


@after("disputes.litigation.record_hearing")
def issue_hearing_record(event: CaseEvent) -> None:
    correspondence.issue(HearingRecord, event)


@after("disputes.mediation.draft_agreement", "disputes.mediation.agree")
def issue_agreement(event: CaseEvent) -> None:
    """The text to be signed, then the text as it was signed."""
    correspondence.issue(MediationAgreement, event)


@after("disputes.mediation.agree", "disputes.mediation.apply_confirmation")
def issue_confirmation_application(event: CaseEvent) -> None:
    """Ready for both to sign as soon as there is an agreement; again with the court's name once it is filed."""
    correspondence.issue(ConfirmationApplication, event)
