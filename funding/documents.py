"""The papers of a subsidy: the application's forms, and the letters of the offices in the geometry of GB/T 9704-2012."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from casework.outbox import after
from correspondence import api as correspondence
from correspondence.declarations import Document
from funding.papers import GrantFacts, LetterFacts, grant_facts, letter_facts

if TYPE_CHECKING:
    from casework.models import CaseEvent

APP = "funding.subsidy_application."


class _GrantForm(Document):
    """A form of an application: the office keeps it in the file."""

    prefix = "SBB"

    def facts(self, event: CaseEvent) -> GrantFacts:
        return grant_facts(event)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("电梯")), facts["elevator"]), (str(_("补助方案")), facts["scheme"])]


class ApplicationForm(_GrantForm):
    title = _("补助申请表")
    template = "funding/documents/application.html"


class PowerOfAttorney(_GrantForm):
    title = _("委托书")
    template = "funding/documents/power_of_attorney.html"


class VerificationSheet(_GrantForm):
    title = _("现场核实表")
    template = "funding/documents/verification.html"
    provisions = ("subsidy.verification_period",)
    supersedes = True


class ApprovalSheet(_GrantForm):
    title = _("补助审批表")
    template = "funding/documents/approval.html"
    provisions = ("subsidy.publication_period",)
    supersedes = True


class _Letter(Document):
    """A letter of an office: own number, red head, signature and seal, version record."""

    prefix = "SBW"
    headline: ClassVar[tuple[str, str]] = ("", "")
    by_finance: ClassVar[bool] = False

    def facts(self, event: CaseEvent) -> LetterFacts:
        return letter_facts(event, self.headline, issuer_id=self.issuer_id(event))

    def heading(self, facts: LetterFacts) -> str:
        return "".join(facts.title_lines)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("发文字号")), facts["number"]), (str(_("电梯")), facts["elevator"])]


class AcceptanceNotice(_Letter):
    title = _("受理通知书")
    template = "funding/documents/acceptance.html"
    headline = ("关于受理{elevator}", "补助申请的通知书")


class CorrectionNotice(_Letter):
    title = _("补正通知书")
    template = "funding/documents/correction.html"
    headline = ("关于{elevator}补助申请", "一次性补正的通知书")
    provisions = ("subsidy.correction_period",)


class DeclineNotice(_Letter):
    title = _("不予受理通知书")
    template = "funding/documents/decline.html"
    headline = ("关于不予受理{elevator}", "补助申请的通知书")
    provisions = ("subsidy.reconsideration_period", "subsidy.suit_period")


class DenialDecision(_Letter):
    title = _("不予补助决定书")
    template = "funding/documents/decline.html"
    headline = ("关于不予补助{elevator}的", "决定书")
    provisions = ("subsidy.reconsideration_period", "subsidy.suit_period")


class PublicNotice(_Letter):
    title = _("公示")
    template = "funding/documents/notice.html"
    headline = ("关于{elevator}", "拟给予财政补助的公示")

    def facts(self, event: CaseEvent) -> LetterFacts:
        return letter_facts(event, self.headline, issuer_id=self.issuer_id(event), is_public=True)

    provisions = ("subsidy.publication_duty",)
    supersedes = True


class DisbursementNotice(_Letter):
    title = _("拨付通知书")
    template = "funding/documents/disbursement.html"
    headline = ("关于拨付{elevator}", "补助资金的通知书")
    supersedes = True


class ClawBackDecision(_Letter):
    title = _("追回决定书")
    template = "funding/documents/claw_back.html"
    headline = ("关于追回{elevator}", "补助资金的决定书")
    provisions = ("subsidy.reconsideration_period", "subsidy.suit_period")


PAPERS: dict[str, tuple[type[Document], ...]] = {
    "submit": (ApplicationForm, PowerOfAttorney),
    "accept": (AcceptanceNotice,),
    "request_correction": (CorrectionNotice,),
    "decline": (DeclineNotice,),
    "verify": (VerificationSheet,),
    "publish": (PublicNotice,),
    "approve": (ApprovalSheet,),
    "deny": (DenialDecision,),
    "order_payment": (DisbursementNotice,),
    "claw_back": (ClawBackDecision,),
}


@after(*(APP + verb for verb in PAPERS))
def issue_the_papers(event: CaseEvent) -> None:
    """Every step that the law puts in writing is put in writing."""
    for paper in PAPERS[event.verb]:
        correspondence.issue(paper, event)
