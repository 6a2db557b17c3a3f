"""How the claim against one target moves: named, demanded, accepted or contested, sued, paid. No query, request, mail or clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from casework.models import Case
from legislation.money import ZERO
from recovery import checks, guards, movements, rows
from recovery import facts as told

if TYPE_CHECKING:
    from datetime import date

    from legislation.lookup import Law
    from recovery.selectors import TargetPosition

TALKING = ("named", "demanded", "accepted", "contested", "defaulted")
DECIDED = ("judged", "settled")
OPEN = (*TALKING, "sued", *DECIDED, "dismissed")
OWED = (*TALKING, "sued", *DECIDED)


class RecoveryTargetLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "recovery_target"
    KIND_LABEL = _("追偿对象")
    PREFIX = "RT"
    INITIAL = "named"
    STATES = {
        "named": _("待发函"), "demanded": _("已发函，等答复"), "accepted": _("已承认"), "contested": _("有异议"), "defaulted": _("逾期不付"),
        "sued": _("诉讼中"), "judged": _("已裁判"), "settled": _("已和解"), "dismissed": _("法院未支持"), "closed": _("已了结"),
    }
    PATH = ("named", "demanded", "accepted", "closed")
    ENDED = frozenset({"closed"})
    DEADLINES = (
        DeadlineRule(
            "limitation", _("追偿的诉讼时效"), parameter="recourse.limitation", responsible=CaseRole.PAYER, informs=True, restarts=True,
            starts=("demand", "remind", "accept", "agree_plan", "collect", "sue", "record_judgment", "record_court_settlement"),
            met_by=("close", "approve_write_off"),
        ),
        DeadlineRule(
            "reply", _("对方答复"), parameter="recourse.reply_period", responsible=CaseRole.PAYER, statutory=False, restarts=True,
            starts=("demand",), start_fact="sent_on",
            met_by=("accept", "contest", "sue", "approve_settlement"), ends_with=("approve_write_off", "close"),
        ),
    )
    EVIDENCE = (
        EvidenceRequirement("receipt", _("收款凭证"), how=_("银行进账单、收据或者抵销通知。"), needed_by=("collect",)),
        EvidenceRequirement("answer", _("对方的书面答复"), how=_("回函、签字的确认书，或者谈话记录。")),
        EvidenceRequirement(
            "insolvency", _("无力偿还的证明"), how=_("破产受理裁定、终结本次执行裁定等。"), needed_by=("declare_insolvent",),
        ),
    )

    class Meta:
        abstract = True

    # -- naming and demanding -----------------------------------------------------------------------------------------

    @step(source="", target="named", label=_("登记追偿对象"), facts=told.NameTarget)
    def name_target(self, *, law: Law, facts: told.NameTarget, happened_at: datetime) -> None:
        """追偿对象: 责任份额里除付款人以外的每一方各立一案。"""
        self.party, self.capacity, self.name, self.basis = facts.party, facts.capacity, facts.name, facts.basis
        self.organisation_id = facts.organisation_id
        self.referral = "open" if facts.is_insured and facts.basis == "subrogation" else ""

    @step(source=OPEN, target=None, label=_("核对名称和地址"), facts=told.IdentifyTarget, checks=[checks.name_is_given])
    def identify(self, *, law: Law, facts: told.IdentifyTarget, happened_at: datetime) -> None:
        """核对对象: 函件写给谁、送到哪里、根据什么。"""
        self.name, self.address, self.contact, self.ground = facts.name.strip(), facts.address.strip(), facts.contact, facts.ground

    @step(
        source=TALKING, target=None, label=_("提交研判：同一保单的被保险人"), facts=told.Because, guards=[guards.is_subrogation],
        checks=[checks.reason_is_given], provisions=["insurance.no_subrogation_against_insured"],
    )
    def refer(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """研判: 对方可能是同一保单的被保险人，追不追由第二人写明理由决定；不影响使用管理人自己追偿。"""
        self.referral, self.referral_reason = "open", facts.reason

    @step(
        source=TALKING, target=None, label=_("研判决定"), facts=told.DecideReferral, guards=[guards.referral_is_open],
        checks=[checks.reason_is_given], provisions=["insurance.no_subrogation_against_insured"], grave=True,
    )
    def decide_referral(self, *, law: Law, facts: told.DecideReferral, happened_at: datetime) -> None:
        """研判决定: 追或者不追，写明理由；不追的，保险人自行承担这一份。"""
        self.referral, self.referral_reason = ("pursue" if facts.pursues else "drop"), facts.reason
        if not facts.pursues:
            self.fixed, self.amount, self.outcome = self.collected, ZERO, "not_pursued"

    @step(
        source=("named", "contested"), target="demanded", label=_("发追偿函"), facts=told.SendDemand,
        guards=[guards.something_is_owed, guards.referral_is_decided], checks=[checks.sent_not_later],
        provisions=["recourse.demand_interrupts", "recourse.limitation"],
    )
    def demand(self, *, law: Law, facts: told.SendDemand, happened_at: datetime) -> None:
        """发函: 写明付了什么、对方应当承担多少、根据哪一版份额；提出请求，诉讼时效中断。"""
        self._demanded(facts)

    @step(
        source=("demanded", "accepted", "defaulted", *DECIDED), target=None, label=_("发催款函"), facts=told.SendDemand,
        guards=[guards.something_is_owed, guards.referral_is_decided], checks=[checks.sent_not_later],
        provisions=["recourse.demand_interrupts", "recourse.limitation"],
    )
    def remind(self, *, law: Law, facts: told.SendDemand, happened_at: datetime) -> None:
        """催款: 每催一次，诉讼时效中断一次，重新计算。"""
        self._demanded(facts)

    def _demanded(self, facts: told.SendDemand) -> None:
        self.demanded, self.demanded_on = self.amount, facts.sent_on

    # -- the answer ---------------------------------------------------------------------------------------------------

    @step(
        source=("demanded", "contested"), target="accepted", label=_("登记对方承认"), facts=told.Accept, checks=[checks.amount_is_positive],
        provisions=["recourse.demand_interrupts"],
    )
    def accept(self, *, law: Law, facts: told.Accept, happened_at: datetime) -> None:
        """承认: 对方同意履行，诉讼时效中断；可以同时提出怎么付。"""
        self.accepted_amount, self.answer = facts.amount, facts.proposes

    @step(source=("demanded", "accepted"), target="contested", label=_("登记对方异议"), facts=told.Contest, checks=[checks.reason_is_given])
    def contest(self, *, law: Law, facts: told.Contest, happened_at: datetime) -> None:
        """异议: 对方不同意金额、份额或者责任，写明理由；不影响继续协商或者起诉。"""
        self.accepted_amount, self.answer = facts.admits, facts.reason

    @step(
        source=("demanded", "accepted", "contested", "defaulted", *DECIDED), target=None, label=_("签还款协议"), facts=told.AgreePlan,
        guards=[guards.something_is_owed], checks=[checks.plan_sums_to_what_is_left, checks.plan_is_in_order], rows=[rows.instalments],
        provisions=["recourse.demand_interrupts"],
    )
    def agree_plan(self, *, law: Law, facts: told.AgreePlan, happened_at: datetime) -> None:
        """还款协议: 分期付，每期写明日期和金额；签了协议就是承认，时效重新计算。"""
        self.planned_from = self.collected

    @step(
        source=("accepted", *DECIDED), target="defaulted", label=_("登记逾期不付"), facts=told.Because, guards=[guards.is_in_arrears],
        checks=[checks.reason_is_given],
    )
    def declare_default(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """逾期不付: 还款协议到期没有付足，可以催、可以重新签，也可以起诉。"""

    # -- the court ----------------------------------------------------------------------------------------------------

    @step(
        source=("demanded", "accepted", "contested", "defaulted", "settled"), target="sued", label=_("起诉"), facts=told.Sue, grave=True,
        guards=[guards.something_is_owed], checks=[checks.court_is_given, checks.claimed_is_positive],
        provisions=["civil.limitation_interrupted_by"],
    )
    def sue(self, *, law: Law, facts: told.Sue, happened_at: datetime) -> None:
        """起诉: 起诉中断时效；诉讼另立一案，判了、调了、撤了，这里跟着变。"""

    @step(source="sued", target="judged", label=_("裁判生效"), facts=told.RecordOutcome, system_only=True)
    def record_judgment(self, *, law: Law, facts: told.RecordOutcome, happened_at: datetime) -> None:
        """裁判生效: 应付的数以裁判为限；与现有份额不符的，先按裁判登记份额。"""
        self._fix(facts)

    @step(source="sued", target="settled", label=_("法院调解"), facts=told.RecordOutcome, system_only=True)
    def record_court_settlement(self, *, law: Law, facts: told.RecordOutcome, happened_at: datetime) -> None:
        """法院调解: 调解书确定的数。"""
        self._fix(facts)

    @step(source="sued", target="dismissed", label=_("法院未支持"), facts=told.RecordOutcome, system_only=True)
    def record_dismissal(self, *, law: Law, facts: told.RecordOutcome, happened_at: datetime) -> None:
        """未支持: 法院驳回了请求，这一份由自己承担，或者改向别人追。"""
        self._fix(facts)
        self.outcome = "dismissed"

    @step(
        source=("sued", "judged", "settled", "dismissed"), target="contested", label=_("诉讼撤回或者重开"), facts=told.Because,
        system_only=True,
    )
    def resume_talks(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """撤回: 未经判决结束的，回到协商；裁判被撤销的也一样。"""
        self.fixed, self.outcome = None, ""
        self.amount = max(self.claimed - self.collected, ZERO)

    def _fix(self, facts: told.RecordOutcome) -> None:
        self.fixed, self.ruling = facts.amount, facts.number[:120]
        self.amount = max(min(self.claimed, facts.amount) - self.collected, ZERO)

    # -- giving up: proposed by one, approved by another --------------------------------------------------------------

    @step(
        source=OWED, target=None, label=_("提请和解…"), facts=told.ProposeSettlement,
        guards=[guards.nothing_is_proposed, guards.something_is_owed],
        checks=[checks.settlement_is_below, checks.settlement_covers_what_came, checks.reason_is_given, checks.settling_is_free],
        provisions=["insurance.waiver_before_payment_frees_insurer", "insurance.waiver_after_payment_void"],
    )
    def propose_settlement(self, *, law: Law, facts: told.ProposeSettlement, happened_at: datetime) -> None:
        """提请和解: 对方一共付多少就了结（已付的在内），低于应收的部分由第二人批准。"""
        self.proposal, self.proposed, self.proposal_reason = "settlement", facts.amount, facts.reason

    @step(
        source=OWED, target="settled", label=_("批准和解"), guards=[guards.settlement_is_proposed], checks=[checks.giving_up_within_authority],
        provisions=["insurance.waiver_before_payment_frees_insurer"], grave=True,
    )
    def approve_settlement(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """批准和解: 第二人在权限内批准，少收的部分自行承担。"""
        self.fixed, self.amount = self.proposed, max((self.proposed or ZERO) - self.collected, ZERO)
        self._clear()

    @step(
        source=OWED, target=None, label=_("提请核销或者放弃…"), facts=told.ProposeGivingUp, grave=True,
        guards=[guards.nothing_is_proposed, guards.something_is_owed],
        checks=[checks.reason_is_given, checks.no_waiver_while_payout_is_possible],
        provisions=["insurance.waiver_before_payment_frees_insurer", "insurance.waiver_after_payment_void"],
    )
    def propose_write_off(self, *, law: Law, facts: told.ProposeGivingUp, happened_at: datetime) -> None:
        """提请核销: 收不回的核销，不再追的放弃，都写明理由，由第二人批准。"""
        self.proposal, self.proposed, self.proposal_reason = ("waiver" if facts.is_waiver else "write_off"), ZERO, facts.reason

    @step(
        source=OWED, target="closed", label=_("批准核销或者放弃"),
        guards=[guards.write_off_is_proposed, guards.no_lawsuit_is_open, guards.nothing_to_refund],
        checks=[checks.giving_up_within_authority, checks.approved_waiver_is_free], grave=True,
    )
    def approve_write_off(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """批准核销: 第二人在权限内批准，余下的自行承担；以后可以恢复。"""
        self.fixed, self.amount = self.collected, ZERO
        self.outcome = "waived" if self.proposal == "waiver" else "written_off"
        self._clear()

    @step(
        source=OWED, target=None, label=_("不同意提请"), facts=told.Because, guards=[guards.something_is_proposed],
        checks=[checks.reason_is_given],
    )
    def decline_proposal(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """不同意: 退回继续追偿。"""
        self._clear()

    def _clear(self) -> None:
        self.proposal, self.proposed = "", None

    # -- money --------------------------------------------------------------------------------------------------------

    @step(
        source=OWED, target=None, label=_("登记追回"), facts=told.Collect, evidence=("receipt",), moves=[movements.collect],
        rows=[rows.received],
        checks=[checks.amount_is_positive, checks.within_what_is_left, checks.voucher_is_given, checks.received_not_later],
        provisions=["recourse.demand_interrupts"],
    )
    def collect(self, *, law: Law, facts: told.Collect, happened_at: datetime) -> None:
        """登记追回: 收到一笔登记一笔，可以分期；抵销的写明抵销了什么。"""
        self.collected += facts.amount
        self.amount = max((self.amount or ZERO) - facts.amount, ZERO)

    @step(
        source=(*OPEN, "closed"), target=None, label=_("登记退还"), facts=told.Refund, guards=[guards.something_to_refund],
        moves=[movements.refund], rows=[rows.refunded], checks=[checks.amount_is_positive, checks.within_refund, checks.voucher_is_given],
    )
    def refund(self, *, law: Law, facts: told.Refund, happened_at: datetime) -> None:
        """退还: 份额改了，多收的退给对方。"""
        self.collected -= facts.amount
        self.refund_due = max(self.refund_due - facts.amount, ZERO)

    @step(
        source=OWED, target=None, label=_("登记无力偿还"), facts=told.DeclareInsolvent, evidence=("insolvency",), grave=True,
        guards=[guards.is_solvent], checks=[checks.document_is_given], provisions=["recourse.insolvent_share_reallocated"],
    )
    def declare_insolvent(self, *, law: Law, facts: told.DeclareInsolvent, happened_at: datetime) -> None:
        """无力偿还: 连带责任的，付不出的份额由其余各方（含付款人）按比例分担；按份责任的，不能加给别人。"""
        self.is_insolvent, self.insolvency = True, f"{facts.document} {facts.reason}".strip()[:300]

    @step(
        source=OWED, target=None, label=_("撤销无力偿还"), facts=told.Because, guards=[guards.is_insolvent], checks=[checks.reason_is_given],
        provisions=["recourse.insolvent_share_reallocated"],
    )
    def lift_insolvency(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """撤销: 又有了偿还能力，份额恢复原样，重新计算。"""
        self.is_insolvent, self.insolvency = False, ""

    # -- reckoning and the end ----------------------------------------------------------------------------------------

    @step(source=(*OPEN, "closed"), target=None, label=_("重算应收"), facts=told.ReckonTarget, system_only=True)
    def reckon(self, *, law: Law, facts: told.ReckonTarget, happened_at: datetime) -> None:
        """重算: 份额、付款、归还有变，对方应付的随之改变；以前的函件不动。"""
        self._reckoned(facts)

    @step(source="closed", target="named", label=_("应收增加，重新追偿"), facts=told.ReckonTarget, system_only=True)
    def claim_more(self, *, law: Law, facts: told.ReckonTarget, happened_at: datetime) -> None:
        """重新追偿: 了结以后份额增加（例如别人无力偿还），增加的部分再发函。"""
        self._reckoned(facts)
        self.outcome = ""

    def _reckoned(self, facts: told.ReckonTarget) -> None:
        self.claimed, self.collected, self.amount = facts.claimed, facts.collected, facts.left
        self.refund_due, self.shares_number = facts.refund, facts.shares_number

    @step(
        source=OPEN, target="closed", label=_("了结"),
        guards=[guards.nothing_is_owed, guards.nothing_to_refund, guards.nothing_is_proposed, guards.no_lawsuit_is_open],
    )
    def close(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """了结: 收齐了，或者按现有份额没有要付的。"""
        self.outcome = self.outcome or self._how_it_ended()

    def _how_it_ended(self) -> str:
        if self.fixed is not None:
            return "settled" if self.state == "settled" else "collected"
        if self.is_insolvent:
            return "insolvent"
        return "collected" if self.collected > 0 else "nothing_owed"

    @step(source="closed", target="named", label=_("恢复追偿…"), facts=told.Because, checks=[checks.reason_is_given], grave=True)
    def reopen(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """恢复: 有了新的财产线索，或者核销、放弃有误。"""
        self.fixed, self.outcome = None, ""
        self.referral = "" if self.referral == "drop" else self.referral
        self.amount = max(self.claimed - self.collected, ZERO)

    def turn(self, position: TargetPosition) -> Turn | None:
        insurer = self.basis == "subrogation"
        clerk, approver, cashier = (
            (Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.INSURER_CASHIER)
            if insurer
            else (Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.MANAGER_CASHIER)
        )
        if self.proposal:
            return Turn(CaseRole.PAYER, approver, "approve_settlement" if self.proposal == "settlement" else "approve_write_off")
        if self.referral == "open":
            return Turn(CaseRole.PAYER, approver, "decide_referral")
        if position.refund > 0:
            return Turn(CaseRole.PAYER, cashier, "refund")
        if position.left <= 0:
            return Turn(CaseRole.PAYER, clerk, "close")
        if self.state == "sued":
            return None
        verb = {"named": "demand", "demanded": "accept", "contested": "sue", "defaulted": "sue"}.get(self.state, "collect")
        return Turn(CaseRole.PAYER, clerk, verb)

    if TYPE_CHECKING:
        party: str
        basis: str
        capacity: str
        name: str
        address: str
        contact: str
        ground: str
        organisation_id: int | None
        claimed: Decimal
        fixed: Decimal | None
        collected: Decimal
        refund_due: Decimal
        shares_number: int
        demanded: Decimal | None
        demanded_on: date | None
        accepted_amount: Decimal | None
        answer: str
        planned_from: Decimal
        proposal: str
        proposed: Decimal | None
        proposal_reason: str
        is_insolvent: bool
        insolvency: str
        referral: str
        referral_reason: str
        outcome: str
        ruling: str
