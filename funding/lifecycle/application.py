"""How an application for a subsidy moves (9.6): accepted, verified, reserved in order of acceptance, published, approved, paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import Turn, step
from casework.models import Case
from funding import calculations, checks, guards, movements
from funding.facts import (
    AnswerObjection,
    Approve,
    Because,
    Complete,
    NameAccount,
    Publish,
    RecordObjection,
    Refuse,
    RequestCorrection,
    Submit,
    Verify,
)  # fmt: skip
from funding.lifecycle.clocks import DEADLINES, EVIDENCE
from funding.lifecycle.outcomes import OutcomeSteps

if TYPE_CHECKING:
    from legislation.lookup import Law

STREET, HOUSING, FINANCE = CaseRole.STREET_OFFICE, CaseRole.HOUSING, CaseRole.FINANCE
WAITS_FOR = {
    "submitted": (STREET, Role.STREET_CLERK, "accept"),
    "supplement": (STREET, Role.STREET_CLERK, "complete"),
    "accepted": (STREET, Role.STREET_CLERK, "verify"),
    "reserved": (STREET, Role.STREET_CLERK, "publish"),
    "published": (STREET, Role.STREET_LEADER, "approve"),
    "objected": (STREET, Role.STREET_CLERK, "answer_objection"),
    "approved": (FINANCE, Role.FINANCE_OFFICER, "order_payment"),
    "paid": (FINANCE, Role.FINANCE_OFFICER, "audit"),
    "audited": (STREET, Role.STREET_CLERK, "close"),
    "under_review": (HOUSING, Role.HOUSING_OFFICER, "uphold"),
    "clawback": (FINANCE, Role.FINANCE_OFFICER, "record_repayment"),
}
#: Before the money is ordered, an application can always be taken back or refused.
HOLDING = ("accepted", "verified", "waitlisted", "reserved", "published", "objected")
OPEN = ("submitted", "supplement", *HOLDING, "approved")


class SubsidyApplicationLifecycle(OutcomeSteps, Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "subsidy_application"
    KIND_LABEL = _("补助申请")
    PREFIX = "SB"
    INITIAL = "submitted"
    STATES = {
        "submitted": _("待受理"), "supplement": _("待补正"), "not_accepted": _("不予受理"), "accepted": _("已受理，待核实"),
        "verified": _("已核实，等资金"), "waitlisted": _("轮候"), "reserved": _("资金已预留，待公示"), "published": _("公示中"),
        "objected": _("异议处理中"), "approved": _("已批准，待拨付"), "denied": _("不予批准"), "under_review": _("复核中"),
        "ordered": _("拨付中"), "paid": _("已拨付，待核查"), "audited": _("已核查"), "clawback": _("追回中"), "closed": _("已办结"),
        "withdrawn": _("已撤回"),
    }
    PATH = ("submitted", "accepted", "verified", "reserved", "published", "approved", "ordered", "paid", "closed")
    ENDED = frozenset({"not_accepted", "denied", "closed", "withdrawn"})
    DEADLINES = DEADLINES
    EVIDENCE = EVIDENCE

    class Meta:
        abstract = True

    @step(
        source="", target="submitted", label=_("提交补助申请"), facts=Submit, provisions=["subsidy.correction_period"],
        checks=[checks.scheme_is_known],
    )
    def submit(self, *, law: Law, facts: Submit, happened_at: datetime) -> None:
        """补助申请: 先看资格再填表，由业主代表、业主委员会提出，或者街道办代录。"""
        self.scheme, self.pool_id, self.elevator_id = facts.scheme, facts.pool_id, facts.elevator_id
        self.elevator_name, self.building_id = facts.elevator_name, facts.building_id
        self.applicant_kind, self.applicant_party_id = facts.applicant_kind, facts.applicant_party_id
        self.applicant_name, self.cost_item = facts.applicant_name, calculations.scheme(facts.scheme).kind
        self.submitted_on = timezone.localtime(happened_at).date()
        self._know(facts)
        self.entrance, self.lifts_at_entrance, self.note = facts.entrance.strip(), facts.lifts_at_entrance, facts.note
        self._price()

    @step(
        source="submitted", target="supplement", label=_("一次告知补正"), facts=RequestCorrection,
        guards=[guards.correction_not_yet_asked], checks=[checks.items_are_listed], provisions=["subsidy.correction_period"],
    )
    def request_correction(self, *, law: Law, facts: RequestCorrection, happened_at: datetime) -> None:
        """一次告知补正: 缺什么一张单子写全，只告知一次，不能补了再要。"""
        self.was_corrected = True

    @step(source="supplement", target="submitted", label=_("登记补正"), facts=Complete)
    def complete(self, *, law: Law, facts: Complete, happened_at: datetime) -> None:
        """登记补正: 申请人补齐材料，回到待受理。"""
        self._know(facts)
        self._price()

    @step(source="submitted", target=None, label=_("更正申请内容"), facts=Complete)
    def amend(self, *, law: Law, facts: Complete, happened_at: datetime) -> None:
        """更正: 填漏、填错的内容在受理前改正，改前的留在记录里。"""
        self._know(facts)
        self._price()

    @step(source=OPEN, target=None, label=_("登记收款账户"), facts=NameAccount)
    def name_account(self, *, law: Law, facts: NameAccount, happened_at: datetime) -> None:
        """收款账户: 申请人指定的账户，由登记人以外的同事核对后才能付款。"""
        self.account_id, self.account_masked = facts.account_id, facts.masked

    @step(
        source="submitted", target="accepted", label=_("受理"), guards=[guards.no_rule_bars, guards.every_rule_is_answered],
        provisions=["subsidy.correction_period"], foresee=True,
    )
    def accept(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """受理: 材料齐全的当场受理；资金不够时，轮候次序就是受理次序。"""

    @step(
        source=("submitted", "supplement"), target="not_accepted", label=_("不予受理…"), facts=Refuse, grave=True,
        checks=[checks.refusal_is_reasoned], provisions=["subsidy.reconsideration_period", "subsidy.suit_period"],
    )
    def decline(self, *, law: Law, facts: Refuse, happened_at: datetime) -> None:
        """不予受理: 写明事实、依据和救济途径，发不予受理通知书。"""
        self._refuse(facts, "declined")

    @step(
        source="accepted", target="verified", label=_("现场核实"), facts=Verify,
        checks=[
            checks.visit_is_past, checks.not_funded_elsewhere, checks.lift_counts_once, checks.entrance_counts_once,
            checks.seen_facts_bar_nothing,
        ],
        provisions=["subsidy.verification_period"],
    )
    def verify(self, *, law: Law, facts: Verify, happened_at: datetime) -> None:
        """现场核实: 到场看过、数过、拍过照；同一梯口按一台计，同一费用不重复补助。"""
        self.stops, self.floors, self.entrance = facts.stops, facts.floors, facts.entrance.strip()
        self.lifts_at_entrance, self.is_counted = facts.lifts_at_entrance, True
        self.entrance_key = self.entrance if calculations.scheme(self.scheme).is_per_entrance else ""
        self._price()

    @step(source=("verified", "waitlisted"), target="reserved", label=_("预留资金"), moves=[movements.reserve], system_only=True)
    def reserve(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """预留资金: 按受理先后从资金池预留，资金池不会超支。"""
        self.attempt += 1
        self.hold, self.releasing = "reserved", ""

    @step(source="verified", target="waitlisted", label=_("转入轮候"), system_only=True)
    def wait(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """轮候: 资金池余额不够，按受理先后排队，有钱退回或者追加时自动递补。"""

    @step(
        source="reserved", target="published", label=_("公示"), facts=Publish, checks=[checks.publication_is_long_enough],
        provisions=["subsidy.publication_period", "subsidy.publication_duty"],
    )
    def publish(self, *, law: Law, facts: Publish, happened_at: datetime) -> None:
        """公示: 隐去个人信息后张贴，有起止日期、地点和现场照片才算公示。"""
        self.published_on, self.published_until, self.places = facts.published_on, facts.published_until, facts.places.strip()

    @step(source="published", target="objected", label=_("登记异议"), facts=RecordObjection, checks=[checks.objection_is_said])
    def record_objection(self, *, law: Law, facts: RecordObjection, happened_at: datetime) -> None:
        """登记异议: 公示期间收到的异议都要登记，处理完才能批准。"""

    @step(source="objected", target="published", label=_("异议不成立"), facts=AnswerObjection, checks=[checks.reason_is_given])
    def answer_objection(self, *, law: Law, facts: AnswerObjection, happened_at: datetime) -> None:
        """异议不成立: 写明核查情况并答复异议人；成立的，不予批准。"""

    @step(
        source="published", target="approved", label=_("批准"), facts=Approve, guards=[guards.publication_is_over],
        checks=[checks.within_authority], moves=[movements.commit], provisions=["subsidy.publication_period"], foresee=True,
    )
    def approve(self, *, law: Law, facts: Approve, happened_at: datetime) -> None:
        """批准: 公示期满无异议的，按金额由有权限的人批准；批准后金额不再变。"""
        self.hold, self.approved_amount = "committed", self.amount

    @step(
        source=HOLDING, target="denied", label=_("不予批准…"), facts=Refuse, grave=True, checks=[checks.refusal_is_reasoned],
        moves=[movements.release], provisions=["subsidy.reconsideration_period", "subsidy.suit_period"],
    )
    def deny(self, *, law: Law, facts: Refuse, happened_at: datetime) -> None:
        """不予批准: 写明事实、依据和救济途径；预留的资金退回，递补给下一台。"""
        self._refuse(facts, "denied")
        self._let_go()

    @step(
        source=OPEN, target="withdrawn", label=_("撤回申请…"), facts=Because, grave=True, checks=[checks.reason_is_given],
        moves=[movements.release],
    )
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤回: 提出拨付以前，申请人随时可以撤回，资金退回资金池。"""
        self._let_go()

    def turn(self, position: Any) -> Turn | None:
        waited = WAITS_FOR.get(self.state)
        if waited is None:
            return None
        if self.state == "clawback" and not self.owed:
            return Turn(FINANCE, Role.FINANCE_OFFICER, "settle_clawback")
        if self.state == "under_review" and self.refused_as == "declined":
            return Turn(HOUSING, Role.HOUSING_OFFICER, "uphold_decline")
        if self.state == "published" and position.is_above_street:
            return Turn(HOUSING, Role.HOUSING_OFFICER, "approve")
        return Turn(*waited)

    def governing_dates(self) -> dict[str, date]:
        return {"application": self.submitted_on} if self.submitted_on else {}
