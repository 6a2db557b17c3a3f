"""How a claim moves, from opening to closing (rulebook 9.0). No query, request, mail or clock in this file."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from casework.facts import plain
from claims import checks, guards, movements, rows
from claims.facts import (
    AnswerConsent,
    AskConsent,
    Assess,
    Because,
    CloseClaim,
    FileApplication,
    FixLiability,
    IdentifyPerson,
    LinkPolicy,
    OpenClaim,
    OrderPayment,
    RecordEstimate,
    RecordMinutes,
    RecordPayment,
    RecordShares,
    RequestDocuments,
    Settle,
    SettleAtOwnRisk,
    SetVictimFault,
)
from claims.lifecycle.exits import ALL, LEFT, OPEN, UNDECIDED, ClaimExits, not_later
from claims.terms import Consent, EstimateSource, FixedBy, Subject
from legislation.money import ZERO

if TYPE_CHECKING:
    from claims.selectors import ClaimPosition
    from legislation.lookup import Law

def is_injury(claim: Any) -> bool:
    return bool(claim.subject == Subject.INJURY)


class ClaimLifecycle(ClaimExits):
    KIND = "claim"
    KIND_LABEL = _("理赔")
    PREFIX = "CL"
    INITIAL = "open"
    STATES = {
        "open": _("已受理"), "docs_missing": _("待补材料"), "assessed": _("损失已核算"), "negotiating": _("协商中"),
        "insurer_consent": _("征求保险人同意"), "settled": _("已和解"), "litigated": _("诉讼中"), "not_liable": _("判决不承担责任"),
        "liability_fixed": _("责任已确定"), "victim_paid": _("受害人已获赔"), "closed": _("已结案"), "withdrawn": _("已撤回"),
        "duplicate": _("已并入另案"), "not_covered": _("不属于首负责任"),
    }
    PATH = (
        "open", "assessed", "negotiating", "insurer_consent", "settled", "liability_fixed", "victim_paid", "closed",
    )
    ENDED = frozenset({"closed", *LEFT})
    DEADLINES = (
        DeadlineRule(
            "limitation", _("受害人的诉讼时效"), starts=("open",), parameter="civil.limitation", start_fact="accident_at",
            responsible=CaseRole.USE_MANAGER, met_by=("fix_liability", "sue"), informs=True,
            ends_with=("withdraw", "mark_duplicate", "decide_not_covered"),
        ),
        DeadlineRule(
            "documents", _("等候补交材料"), starts=("request_documents",), parameter="claim.supplement_answer_period",
            responsible=CaseRole.USE_MANAGER, met_by=("receive_documents", "assess"), restarts=True, statutory=False,
            ends_with=("withdraw", "mark_duplicate", "decide_not_covered", "sue"),
        ),
        DeadlineRule(
            "consent", _("保险人答复和解草案"), starts=("ask_consent",), parameter="settlement.insurer_consent_period",
            responsible=CaseRole.INSURER, met_by=("record_consent",), restarts=True, statutory=False,
            ends_with=("settle_at_own_risk", "resume_negotiation", "sue", "withdraw", "mark_duplicate", "decide_not_covered"),
        ),
        DeadlineRule(
            "judicial_confirmation", _("共同申请司法确认"), starts=("settle", "settle_at_own_risk"), start_fact="signed_on",
            parameter="settlement.judicial_confirmation_period", responsible=CaseRole.USE_MANAGER, restarts=True, informs=True,
            met_by=("close",), applies=lambda claim: bool(claim.mediator),
        ),
    )
    EVIDENCE = (
        EvidenceRequirement(
            "medical_records", _("病历和诊断证明"), how=_("向医院复印，或由受害人提供。"), applies=is_injury, sensitivity="sensitive",
        ),
        EvidenceRequirement(
            "medical_bills", _("医疗费票据"), how=_("发票或收费清单，逐张拍照。"), applies=is_injury, sensitivity="sensitive",
        ),
        EvidenceRequirement(
            "identity", _("受害人身份证明"), how=_("身份证；近亲属来办的，另附关系证明和委托书。"), applies=is_injury, needed_by=("settle",),
            sensitivity="personal",
        ),
        EvidenceRequirement(
            "settlement_agreement", _("签好的和解协议"), how=_("双方签字盖章后拍照或扫描。"), applies=is_injury,
            needed_by=("settle", "settle_at_own_risk"),
        ),
        EvidenceRequirement(
            "payment_voucher", _("别处付款的凭证"), how=_("银行回单、转账截图或受害人的收据。"), needed_by=("prove_payment",),
            applies=lambda claim: claim.owed is not None,
        ),
    )

    class Meta:
        abstract = True

    # -- opening ------------------------------------------------------------------------------------------------------

    @step(
        source="", target="open", label=_("受理"), facts=OpenClaim, provisions=["first_responsibility.policy"],
        checks=[checks.somebody_is_named, checks.one_injured_or_only_unhurt],
    )
    def open(self, *, law: Law, facts: OpenClaim, happened_at: datetime) -> None:
        """受理: 一名受伤的人一案；没有受伤的乘客合为一案。身份、账户和材料可以后补。"""
        self.subject, self.accident_at, self.minutes = facts.subject, facts.accident_at, facts.minutes
        self.people, self.policy_id = plain(facts.people), facts.policy_id

    @step(
        source=OPEN, target=None, label=_("登记索赔申请"), facts=FileApplication,
        checks=[checks.consent_is_given, checks.asked_is_not_negative],
    )
    def file_application(self, *, law: Law, facts: FileApplication, happened_at: datetime) -> None:
        """索赔申请: 受害人或者近亲属提出主张，写明各项金额；来不了的，由经办人代录。"""
        self.claimant, self.relation, self.applied_on = facts.claimant, facts.relation, facts.applied_on
        self.asked = plain(facts.heads)

    @step(source="open", target="docs_missing", label=_("一次性告知补正"), facts=RequestDocuments, checks=[checks.list_is_not_empty])
    def request_documents(self, *, law: Law, facts: RequestDocuments, happened_at: datetime) -> None:
        """补正: 还缺什么，一次列全告诉受害人。"""
        self.documents_asked = [item.strip() for item in facts.items if item.strip()]

    @step(source="docs_missing", target="open", label=_("材料已补交"))
    def receive_documents(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """补交: 材料到了，或者按现有材料继续办。"""
        self.documents_asked = []

    @step(source=OPEN, target=None, label=_("补登身份和收款账户"), facts=IdentifyPerson, checks=[checks.person_is_of_the_claim])
    def identify(self, *, law: Law, facts: IdentifyPerson, happened_at: datetime) -> None:
        """补登: 原来不知道姓名的，后来认出来了。证件和收款账户在“受害人”里登记。"""
        known_as = next(person["name"] for person in self.people if person["key"] == facts.key)
        self.title = self.title.replace(known_as, facts.name, 1)
        self.people = [
            {**person, **plain(facts), "party_id": facts.party_id or person["party_id"]} if person["key"] == facts.key else person
            for person in self.people
        ]

    @step(source=OPEN, target=None, label=_("补登保单"), facts=LinkPolicy, guards=[guards.no_policy_yet])
    def link_policy(self, *, law: Law, facts: LinkPolicy, happened_at: datetime) -> None:
        """补登保单: 事后查到当时有保单的，补登后即可请求赔付。"""
        self.policy_id = facts.policy_id

    # -- what it may cost ---------------------------------------------------------------------------------------------

    @step(
        source=OPEN, target=None, label=_("登记估计"), facts=RecordEstimate, checks=[checks.amount_is_positive], rows=[rows.estimate]
    )
    def record_estimate(self, *, law: Law, facts: RecordEstimate, happened_at: datetime) -> None:
        """估计: 目前看来可能要赔多少，医院的预交款通知也算；垫付合计不超过最新估计。"""
        self.estimate, self.estimate_source = facts.amount, facts.source
        self._headline()

    @step(
        source=("open", "docs_missing"), target="assessed", label=_("按计算书核算损失"), facts=Assess,
        guards=[guards.worksheet_is_complete], checks=[checks.worksheet_is_current], rows=[rows.estimate_of_worksheet],
        provisions=["damages.scope"], foresee=True,
    )
    def assess(self, *, law: Law, facts: Assess, happened_at: datetime) -> None:
        """核算: 损失按法定项目逐项计算，每个数都有算式和依据；不等于责任认定。"""
        self._assess(facts)

    @step(
        source=("assessed", "negotiating", "insurer_consent"), target="assessed", label=_("按新版计算书重新核算"), facts=Assess,
        guards=[guards.worksheet_is_complete], checks=[checks.worksheet_is_current, checks.reason_is_given],
        rows=[rows.estimate_of_worksheet], provisions=["damages.scope"],
    )
    def revise_assessment(self, *, law: Law, facts: Assess, happened_at: datetime) -> None:
        """重新核算: 有了新的票据或者鉴定意见，出新版计算书，原来的一版保留。"""
        self._assess(facts)
        self.consent = Consent.NOT_ASKED

    def _assess(self, facts: Assess) -> None:
        self.worksheet_id, self.assessed = facts.worksheet_id, facts.amount
        self.estimate, self.estimate_source = facts.amount, EstimateSource.WORKSHEET
        self._headline()

    @step(
        source=UNDECIDED, target=None, label=_("登记受害人自身过错"), facts=SetVictimFault, provisions=["civil.victim_fault_reduces"],
        checks=[checks.share_is_a_part, checks.reason_is_given],
    )
    def set_victim_fault(self, *, law: Law, facts: SetVictimFault, happened_at: datetime) -> None:
        """受害人过错: 受害人对损害有过错的，可以减轻责任；减多少由人判断，写明理由。"""
        self.victim_fault, self.victim_fault_reason = str(facts.share), facts.reason

    @step(
        source=OPEN, target=None, label=_("登记责任比例"), facts=RecordShares, rows=[rows.share_version],
        checks=[checks.shares_sum_to_one, checks.reason_is_given], provisions=["recourse.equal_if_unclear"],
    )
    def record_shares(self, *, law: Law, facts: RecordShares, happened_at: datetime) -> None:
        """责任比例: 暂定、调查、调解、裁判各出一版，旧版保留；不影响先向受害人付款。"""
        self.shares_basis = facts.basis

    # -- agreeing -----------------------------------------------------------------------------------------------------

    @step(source="assessed", target="negotiating", label=_("开始协商"), guards=[guards.is_assessed])
    def start_negotiation(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """协商: 和受害人当面谈，可以请人民调解委员会主持。"""

    @step(source=("negotiating", "insurer_consent"), target=None, label=_("登记协商记录"), facts=RecordMinutes)
    def record_minutes(self, *, law: Law, facts: RecordMinutes, happened_at: datetime) -> None:
        """协商记录: 什么时候、谁在场、谈了什么。"""

    @step(
        source="negotiating", target="insurer_consent", label=_("送和解草案征求同意"), facts=AskConsent,
        guards=[guards.has_policy, guards.loss_is_known], checks=[checks.amount_is_positive],
        provisions=["insurance.settlement_approved_binds", "settlement.insurer_consent_period"],
    )
    def ask_consent(self, *, law: Law, facts: AskConsent, happened_at: datetime) -> None:
        """征求同意: 保险人同意过的和解对其有约束力；约定期限内答复。"""
        self.consent, self.draft_amount, self.draft = Consent.ASKED, facts.amount, facts.draft

    @step(
        source="insurer_consent", target=None, label=_("登记保险人答复"), facts=AnswerConsent,
        provisions=["insurance.settlement_approved_binds"],
    )
    def record_consent(self, *, law: Law, facts: AnswerConsent, happened_at: datetime) -> None:
        """保险人答复: 同意，或者不同意并说明理由。"""
        self.consent = Consent.GRANTED if facts.consents else Consent.REFUSED

    @step(source="insurer_consent", target="negotiating", label=_("退回协商"), facts=Because, checks=[checks.reason_is_given])
    def resume_negotiation(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """退回协商: 保险人不同意或者受害人改了主意，重新谈。"""
        self.consent = Consent.NOT_ASKED

    @step(
        source=("negotiating", "insurer_consent"), target="settled", label=_("登记和解协议"), facts=Settle,
        guards=[guards.settlement_is_free],
        checks=[checks.amount_is_not_negative, checks.nobody_else_is_released, checks.signed_after_accident],
        provisions=["insurance.liability_fixed_by"],
    )
    def settle(self, *, law: Law, facts: Settle, happened_at: datetime) -> None:
        """和解: 双方签字后登记；金额是受害人一共得到的数，垫付在内。"""
        self._settle(facts, happened_at)

    @step(
        source="insurer_consent", target="settled", label=_("自担风险继续和解…"), facts=SettleAtOwnRisk, grave=True,
        guards=[guards.consent_failed],
        checks=[
            checks.amount_is_not_negative, checks.nobody_else_is_released, checks.signed_after_accident, checks.reason_is_given,
        ],
        provisions=["insurance.unapproved_settlement_reassessed"],
    )
    def settle_at_own_risk(self, *, law: Law, facts: SettleAtOwnRisk, happened_at: datetime) -> None:
        """自担风险: 保险人不同意或者逾期不答复，仍可和解，但保险人可以重新核定。"""
        self._settle(facts, happened_at)
        self.consent = Consent.OWN_RISK

    def _settle(self, facts: Any, happened_at: datetime) -> None:
        not_later("signed_on", facts.signed_on, happened_at)
        self.settled_amount, self.settled_on, self.terms, self.mediator = facts.amount, facts.signed_on, facts.terms, facts.mediator

    # -- liability fixed, injured paid --------------------------------------------------------------------------------

    @step(
        source="settled", target="liability_fixed", label=_("责任确定"), facts=FixLiability, rows=[rows.estimate_decided],
        provisions=["insurance.liability_fixed_by", "insurance.limitation_from_liability_fixed"], system_only=True,
    )
    def fix_liability(self, *, law: Law, facts: FixLiability, happened_at: datetime) -> None:
        """责任确定: 协议签了，赔偿责任就确定了，保险的两年时效从这天起算。"""
        self._fix(facts.amount, facts.fixed_by, facts.fixed_on)

    @step(
        source="assessed", target="liability_fixed", label=_("确认困人补偿"), guards=[guards.is_entrapment, guards.is_assessed],
        provisions=["insurance.liability_fixed_by"],
    )
    def confirm_entrapment(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """确认困人补偿: 数额由方案和保单定好，使用管理人确认后即为确定。"""
        self._fix(self.assessed or ZERO, FixedBy.OTHER, timezone.localtime(happened_at).date())

    @step(
        source=("liability_fixed", "victim_paid"), target="assessed", label=_("撤销责任确定…"), facts=Because, grave=True,
        guards=[guards.nothing_is_on_its_way], checks=[checks.reason_is_given],
    )
    def revoke_liability(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤销: 裁判被改判、协议被撤销或者登记有误，写明理由，退回核算；原来的记录不动。"""
        self.owed, self.fixed_by, self.fixed_on, self.consent = None, "", None, Consent.NOT_ASKED
        self._headline()

    @step(
        source=OPEN, target=None, label=_("请求保险人赔付"), guards=[guards.policy_is_known, guards.loss_is_known, guards.payout_not_yet_asked],
        provisions=["insurance.decision_period"],
    )
    def request_payout(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """请求赔付: 把人员和损失送给保险人，从保险人首次收到之日起算核定期限。"""
        self.payout_asked_at = happened_at

    @step(
        source="liability_fixed", target=None, label=_("付款给受害人"), facts=OrderPayment, guards=[guards.something_is_owed],
        checks=[
            checks.amount_is_positive, checks.payee_is_entitled, checks.within_what_is_owed, checks.within_own_part,
            checks.payee_name_is_given, checks.payment_within_authority,
        ],
        provisions=["insurance.pay_victim_first"],
    )
    def order_payment(self, *, law: Law, facts: OrderPayment, happened_at: datetime) -> None:
        """付款: 保险不赔或者还没赔的部分，由使用管理人付给受害人；出纳另行放行。"""

    @step(
        source=ALL, target=None, label=_("记下受害人已收"), facts=RecordPayment, rows=[rows.victim_payment],
        checks=[checks.amount_is_something, checks.voucher_is_given], provisions=["recourse.paid_within_loss"], system_only=True,
    )
    def record_payment(self, *, law: Law, facts: RecordPayment, happened_at: datetime) -> None:
        """已收: 付款单凭回单登记后，受害人已收的数随之增加；退款则减少。"""
        self.proven += facts.amount

    @step(
        source=(*OPEN, "closed"), target=None, label=_("登记别处付款的凭证"), facts=RecordPayment, rows=[rows.victim_payment],
        checks=[checks.amount_is_positive, checks.voucher_is_given, checks.voucher_is_new, checks.paid_after_accident],
        provisions=["recourse.paid_within_loss"],
        evidence=("payment_voucher",), moves=[movements.outside],
    )
    def prove_payment(self, *, law: Law, facts: RecordPayment, happened_at: datetime) -> None:
        """付款凭证: 不经本系统付给受害人的钱，谁付的都算；超过应付的，登记下来并要求退还，不拦着。"""
        not_later("paid_on", facts.paid_on, happened_at)
        self.proven += facts.amount

    @step(
        source="liability_fixed", target="victim_paid", label=_("登记受害人已获赔"), guards=[guards.victim_has_been_paid],
        provisions=["insurance.pay_victim_first"], foresee=True,
    )
    def record_victim_paid(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """受害人已获赔: 有凭证的付款达到应付的数。"""

    @step(source=("victim_paid", "closed"), target="liability_fixed", label=_("因退票重新待付"), system_only=True)
    def reopen_for_bounce(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """因退票重新待付: 有一笔款被银行退回，受害人没有收足，回到责任已确定，再付一次。"""

    @step(
        source=("victim_paid", "not_liable"), target="closed", label=_("结案"), facts=CloseClaim, guards=[guards.nothing_is_open],
        checks=[checks.conclusion_is_given], foresee=True,
    )
    def close(self, *, law: Law, facts: CloseClaim, happened_at: datetime) -> None:
        """结案: 受害人拿到钱、垫付和付款都办完，写明追偿怎么处理。"""
        self.conclusion = facts.conclusion

    def governing_dates(self) -> dict[str, date]:
        dates = {"accident": timezone.localtime(self.accident_at).date()} if self.accident_at else {}
        return {**dates, "settlement": self.settled_on} if self.settled_on else dates

    @property
    def own_path(self) -> tuple[str, ...]:
        """The floors of this claim's strip: entrapment money is not negotiated, without a policy nobody is asked for consent."""
        if self.subject == Subject.ENTRAPMENT:
            return ("open", "assessed", "liability_fixed", "victim_paid", "closed")
        if self.court:
            return ("open", "assessed", "litigated", "liability_fixed", "victim_paid", "closed")
        return tuple(state for state in self.PATH if state != "insurer_consent" or self.policy_id is not None)

    def turn(self, position: ClaimPosition) -> Turn | None:
        """Whose turn it is; where nobody manages the lift, the street office's."""
        verb = self._waited_for(position)
        if verb is None:
            return None
        kind, _dot, _step = verb.rpartition(".")
        if kind:
            return Turn(CaseRole.INSURER if kind == "payout" else CaseRole.USE_MANAGER, None, verb)
        if not position.manager_is_here:
            return Turn(CaseRole.STREET_OFFICE, Role.STREET_CLERK, verb)
        approves = verb in ("confirm_entrapment", "close", "order_payment")
        return Turn(CaseRole.USE_MANAGER, Role.MANAGER_APPROVER if approves else Role.MANAGER_CLERK, verb)

    def _waited_for(self, position: ClaimPosition) -> str | None:
        if self.state == "assessed":
            return "confirm_entrapment" if self.subject == Subject.ENTRAPMENT else "start_negotiation"
        if self.state == "negotiating":
            return "ask_consent" if self.policy_id else "settle"
        if self.state == "insurer_consent":
            waits = self.consent == Consent.ASKED and not position.consent_is_overdue
            asked = "payout.answer_consent" if position.has_payout else "record_consent"
            return asked if waits else ("settle" if self.consent == Consent.GRANTED else "settle_at_own_risk")
        if self.state == "liability_fixed":
            if self.owed is not None and self.proven >= self.owed:
                return "record_victim_paid"
            return "payout.pay_victim" if position.has_payout else ("payment_order.mark_paid" if position.ordered > 0 else "order_payment")
        if self.state == "victim_paid" and position.payout_is_open:
            return "payout.close"
        return {
            "open": "assess", "docs_missing": "receive_documents", "not_liable": "close", "victim_paid": "close",
        }.get(self.state)
