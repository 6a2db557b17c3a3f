"""How a payout moves: requested, registered, checked, decided by two people, agreed, paid. No query, mail or clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import NoFacts, Turn, step
from casework.facts import plain
from casework.steps import today
from legislation.money import ZERO
from policies import checks, guards, movements, rows
from policies import facts as told
from policies.checks import disputes as refusals
from policies.lifecycle import clocks
from policies.lifecycle.payments import DECIDED, OPEN, UNDECIDED
from policies.lifecycle.sharing import PayoutSharing

if TYPE_CHECKING:
    from legislation.lookup import Law

class PayoutLifecycle(PayoutSharing):
    """States and steps of a payout (rulebook 9.0, 9.2). Its fields stand on the model that extends it."""

    class Meta:
        abstract = True

    KIND = "payout"
    KIND_LABEL = _("赔付")
    PREFIX = "PF"
    INITIAL = "requested"
    STATES = {
        "requested": _("待受理"), "registered": _("已受理，待核对"), "supplement": _("等补充材料"), "complete": _("材料齐全，待核定"),
        "proposed": _("待复核"), "refusal_proposed": _("拟不予赔付，待复核"), "decided": _("已核定"), "refused": _("不予赔付，待发通知书"),
        "refusal_sent": _("拒赔通知书已发"), "agreed": _("已达成协议，待付款"), "paid": _("已付清"), "disputed": _("有争议"),
        "withdrawn": _("已撤回"), "closed": _("已结案"),
    }
    PATH = ("requested", "registered", "complete", "proposed", "decided", "agreed", "paid", "closed")
    ENDED = frozenset({"closed", "withdrawn"})
    DEADLINES = clocks.DEADLINES
    EVIDENCE = clocks.EVIDENCE

    @step(
        source="", target="requested", label=_("请求赔付"), facts=told.RequestPayout, rows=[rows.losses_asked],
        checks=[checks.people_are_listed_once, checks.amounts_are_possible, checks.lines_name_people_and_heads, checks.share_is_possible],
        provisions=["insurance.limitation", "insurance.direct_payment_duty"],
    )
    def request(self, *, law: Law, facts: told.RequestPayout, happened_at: datetime) -> None:
        """索赔：被保险人或者受害人向保险人请求赔付。"""
        self.policy_id, self.incident_id, self.elevator_id = facts.policy_id, facts.incident_id, facts.elevator_id
        self.accident_on, self.is_complete_at_birth = facts.accident_on, facts.is_complete
        self.decision_days, self.payment_days, self.asked_as = facts.decision_days, facts.payment_days, facts.asked_as
        self._take_losses(facts)

    @step(
        source="requested", target="registered", label=_("受理"), facts=told.RegisterPayout,
        checks=[checks.received_after_accident, checks.received_by_the_request, checks.earlier_receipt_is_proven],
        provisions=["insurance.decision_period", "insurance.decision_runs_from_first_receipt", "insurance.provisional_payment_after"],
    )
    def register(self, *, law: Law, facts: told.RegisterPayout, happened_at: datetime) -> None:
        """受理：三十日核定期自首次收到请求和有关材料之日起算。"""
        self.first_received_on = facts.first_received_on
        self.first_received_proof = facts.proof.strip() if facts.first_received_on < today(self.happened_at) else ""

    @step(
        source=UNDECIDED, target=None, label=_("登记理赔资料到齐日"), facts=told.DocumentsArrived, system_only=True,
        provisions=["insurance.provisional_payment_after"],
    )
    def record_documents(self, *, law: Law, facts: told.DocumentsArrived, happened_at: datetime) -> None:
        """理赔资料：收到请求和有关证明资料之日起六十日内数额不能确定的，先予支付。"""
        self.documents_on = self.documents_on or facts.received_on

    @step(
        source=(*UNDECIDED, "disputed"), target=None, label=_("标记为情形复杂"), facts=told.FlagComplex, checks=[checks.reason_is_given],
        provisions=["insurance.decision_period"],
    )
    def flag_complex(self, *, law: Law, facts: told.FlagComplex, happened_at: datetime) -> None:
        """情形复杂：应当及时核定；情形复杂的在三十日内核定，要写明理由。"""
        self.is_complex, self.complex_reason = True, facts.reason

    @step(
        source=(*UNDECIDED, "disputed"), target=None, label=_("核对保险责任"), facts=told.CheckCover, rows=[rows.cover_answered],
        checks=[checks.every_question_is_answered, checks.what_never_bars_does_not_fail],
        provisions=["insurance.late_notice_never_bars", "insurance.exclusion_needs_explanation", "insurance.risk_increase_not_notified"],
    )
    def check_cover(self, *, law: Law, facts: told.CheckCover, happened_at: datetime) -> None:
        """核对保险责任：按事故那一分钟，逐条写明事实、出处和结论。"""
        self.cover_version += 1

    @step(
        source=("registered", "complete"), target="supplement", label=_("一次性要求补充材料"), facts=told.RequestSupplement,
        guards=[guards.supplement_not_asked_before],
        checks=[checks.list_is_not_empty, checks.arrived_by_now, checks.arrived_after_receipt],
        provisions=["insurance.one_supplement_request", "insurance.supplement_pauses_decision"], foresee=True,
    )
    def request_supplement(self, *, law: Law, facts: told.RequestSupplement, happened_at: datetime) -> None:
        """补正：材料不完整的，及时一次性通知补充提供；通知到达后停止计时。"""
        self.supplement_items, self.supplement_requested_on = list(facts.items), facts.arrived_on

    @step(
        source="supplement", target="complete", label=_("收到补充材料"), facts=told.ReceiveSupplement,
        checks=[checks.arrived_by_now, checks.arrived_after_receipt], provisions=["insurance.supplement_pauses_decision"],
    )
    def receive_supplement(self, *, law: Law, facts: told.ReceiveSupplement, happened_at: datetime) -> None:
        """补充材料：材料到达之日恢复计时。"""
        self.supplement_received_on = facts.arrived_on

    @step(
        source="supplement", target="complete", label=_("按现有材料核定"), facts=told.DecideOnWhatIsThere,
        guards=[guards.supplement_is_unanswered], checks=[checks.note_is_given], provisions=["insurance.supplement_answer_period"],
    )
    def decide_on_what_is_there(self, *, law: Law, facts: told.DecideOnWhatIsThere, happened_at: datetime) -> None:
        """按现有材料核定：补正通知逾期没有答复的，就现有材料作出核定。"""

    @step(source="registered", target="complete", label=_("材料齐全"), provisions=["insurance.one_supplement_request"])
    def accept_documents(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """材料齐全：不需要补充材料，进入核定。"""

    @step(
        source=("complete", "disputed"), target="proposed", label=_("核定为保险责任，送复核"), facts=told.DecidePayout,
        guards=[guards.something_is_asked, guards.cover_is_checked, guards.cover_stands],
        checks=[
            checks.decided_amounts_are_possible, checks.what_is_cut_has_a_reason, checks.every_line_is_decided,
            checks.share_is_possible, refusals.false_heads_were_found, refusals.heads_name_their_clause,
            refusals.excluded_heads_were_explained, refusals.lateness_costs_a_part_only, refusals.approved_settlement_binds,
            refusals.joint_liability_is_not_refused, refusals.award_is_followed, checks.sheet_is_true,
        ],
        rows=[rows.decision_made, rows.decided_lines], foresee=True,
        provisions=["insurance.decision_period", "payout.limit_order", "insurance.joint_liability_covered"],
    )
    def decide(self, *, law: Law, facts: told.DecidePayout, happened_at: datetime) -> None:
        """核定：逐项核定损失，按免赔、分项、每人、每次事故、累计限额的顺序算出应付赔款。"""
        self.decision_version += 1
        self.liability_share, self.is_joint = facts.liability_share, facts.is_joint
        self.sheet, self.decided_amount = plain(facts.sheet), facts.sheet.total
        self.refused_amount, self.amount = facts.sheet.refused, facts.sheet.total

    @step(
        source=("registered", "complete", "disputed"), target="refusal_proposed", label=_("改为不属于保险责任…"),
        facts=told.RefusePayout, grave=True, guards=[guards.cover_is_checked],
        checks=[
            checks.reason_is_given, checks.clause_is_named, checks.not_for_late_notice_alone, checks.exclusion_was_explained,
            refusals.ground_is_known, refusals.facts_are_named, refusals.falsehood_was_found,
        ],
        provisions=["insurance.refusal_notice_period", "insurance.exclusion_needs_explanation", "insurance.late_notice_never_bars"],
    )
    def decide_refusal(self, *, law: Law, facts: told.RefusePayout, happened_at: datetime) -> None:
        """拒赔：不属于保险责任的，写明理由和条款，决定后三日内发出拒绝赔付通知书。"""
        self.refusal_ground, self.refusal_reason, self.refusal_clause = facts.reason, facts.note, facts.clause
        self.refusal_found = facts.found

    @step(
        source="proposed", target="decided", label=_("复核通过"), facts=told.ApproveDecision,
        guards=[guards.sheet_still_holds, guards.orders_stand_under_the_decision],
        checks=[checks.amount_is_the_decided, checks.approver_has_authority], moves=[movements.move_limits],
        provisions=["insurance.decision_period"],
    )
    def approve(self, *, law: Law, facts: told.ApproveDecision, happened_at: datetime) -> None:
        """复核：经办和复核是两个人；通过的同时在限额里预留赔款。"""
        self.decided_on, self.refusal_sent_on = law.on, None
        self.holds = movements.renewed(self, movements.decided_targets(self))
        self.claw_back_amount = movements.overpaid(self)

    @step(
        source="refusal_proposed", target="refused", label=_("复核通过，不予赔付"), facts=told.ApproveRefusal, grave=True,
        guards=[guards.no_payment_is_open], checks=[checks.approver_may_refuse], moves=[movements.move_limits],
        provisions=["insurance.decision_period", "insurance.refusal_notice_period"],
    )
    def approve_refusal(self, *, law: Law, facts: told.ApproveRefusal, happened_at: datetime) -> None:
        """复核：决定不予赔付，三日内发出通知书；以前预留的限额退回。"""
        self.decided_on, self.decided_amount, self.refusal_sent_on = law.on, ZERO, None
        self.refused_amount, self.amount, self.sheet = self.requested_amount, ZERO, {}
        self.holds = movements.renewed(self, movements.all_released(self))
        self.claw_back_amount = self.paid_amount

    @step(
        source=("proposed", "refusal_proposed"), target="complete", label=_("退回经办"), facts=told.SendBack, checks=[checks.reason_is_given],
    )
    def send_back(self, *, law: Law, facts: told.SendBack, happened_at: datetime) -> None:
        """退回：复核不同意的，写明理由退回经办重新核定。"""

    @step(
        source="refused", target="refusal_sent", label=_("发出拒绝赔付通知书"), facts=told.SendRefusal, checks=[checks.sent_after_decision],
        provisions=["insurance.refusal_notice_period"],
    )
    def send_refusal(self, *, law: Law, facts: told.SendRefusal, happened_at: datetime) -> None:
        """拒绝赔付通知书：自作出核定之日起三日内发出，并说明理由。"""
        self.refusal_sent_on = facts.sent_on

    @step(
        source=(*DECIDED, "disputed"), target=None, label=_("发出不予赔付的通知"), facts=told.SendRefusal,
        guards=[guards.some_heads_are_refused, guards.refusal_is_not_sent], checks=[checks.sent_after_decision],
        provisions=["insurance.refusal_notice_period"],
    )
    def send_part_refusal(self, *, law: Law, facts: told.SendRefusal, happened_at: datetime) -> None:
        """部分或者有争议的拒赔：不予赔付的项目，同样在三日内发出通知并说明理由；有争议的也照发。"""
        self.refusal_sent_on = facts.sent_on

    @step(
        source="decided", target="agreed", label=_("登记达成赔付协议"), facts=told.AgreeAmount,
        guards=[guards.liability_is_fixed, guards.decision_is_within_what_was_fixed],
        checks=[checks.agreed_with_is_known, checks.agreed_after_decision, checks.amount_is_the_decided],
        provisions=["insurance.payment_period", "insurance.liability_fixed_by"], foresee=True,
    )
    def agree(self, *, law: Law, facts: told.AgreeAmount, happened_at: datetime) -> None:
        """协议：与被保险人、受害人达成协议或者有生效判决后，十日内付款。"""
        self.agreed_with, self.agreed_on, self.agreed_amount = facts.agreed_with, facts.agreed_on, facts.amount

    @step(
        source=("paid", "refusal_sent"), target="closed", label=_("结案"), facts=told.Because,
        guards=[guards.no_payment_is_open, guards.no_dispute_is_open],
        moves=[movements.move_limits],
    )
    def close(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """结案：没有未付的付款单，余下的预留退回限额。"""
        self.ended_because = facts.reason
        self.holds = movements.renewed(self, movements.all_released(self))

    @step(
        source=("requested", *UNDECIDED, "proposed", "refusal_proposed", "decided", "agreed", "disputed"), target="withdrawn",
        label=_("撤回请求…"), facts=told.Because, guards=[guards.no_payment_is_open, guards.nothing_was_paid],
        checks=[checks.reason_is_given], moves=[movements.move_limits], grave=True,
    )
    def withdraw(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """撤回：请求人撤回请求，写明理由；预留的限额退回。"""
        self.ended_because = facts.reason
        self.holds = movements.renewed(self, movements.all_released(self))

    @step(
        source=(*OPEN, "paid"), target="closed", label=_("随理赔案结束"), facts=told.Because, system_only=True,
        guards=[guards.no_payment_is_open, guards.no_dispute_is_open], checks=[checks.reason_is_given], moves=[movements.move_limits],
    )
    def close_with_claim(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """随案结束：理赔案撤回、并案或者不属于首负范围的，请求随之结束；已付的照记，没有用的预留退回限额。"""
        self.ended_because = facts.reason
        self.holds = movements.renewed(self, movements.all_released(self))

    @step(
        source=("decided", "agreed", "paid", "refusal_sent", "closed", "withdrawn"), target="complete", label=_("重新核定…"),
        facts=told.Because, guards=[guards.no_payment_is_open], checks=[checks.reason_is_given],
    )
    def reopen(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """重新核定：有新的材料、别人的损失已经确定而限额有余，或者原核定有误的，写明理由重新核定；原核定保留。"""
        self.ended_because, self.is_waiting_for_proof = "", False

    @step(
        source=OPEN, target=None, label=_("更新损失"), facts=told.ReviseLoss, rows=[rows.losses_revised], system_only=True,
        checks=[checks.people_are_listed_once, checks.amounts_are_possible, checks.lines_name_people_and_heads, checks.share_is_possible],
    )
    def revise_loss(self, *, law: Law, facts: told.ReviseLoss, happened_at: datetime) -> None:
        """损失：赔偿计算书有新的版本，请求金额和估计随之更新。"""
        self.loss_version += 1
        self._take_losses(facts)

    @step(source=OPEN, target=None, label=_("登记收款账户"), facts=told.NameAccount, checks=[checks.person_is_known])
    def name_account(self, *, law: Law, facts: told.NameAccount, happened_at: datetime) -> None:
        """收款账户：登记一个人的收款账户。"""
        self.people = [{**p, "account_id": facts.account_id} if p["key"] == facts.person else p for p in self.people]

    @step(
        source=OPEN, target=None, label=_("送和解草案征求同意"), facts=told.AskConsent, checks=[checks.payment_is_positive],
        provisions=["insurance.settlement_approved_binds", "insurance.unapproved_settlement_reassessed"], system_only=True,
    )
    def ask_consent(self, *, law: Law, facts: told.AskConsent, happened_at: datetime) -> None:
        """征求同意：经保险人认可的和解，保险人受其约束。"""
        self.consent, self.consent_amount = "asked", facts.amount

    @step(
        source=OPEN, target=None, label=_("答复和解草案"), facts=told.AnswerConsent, guards=[guards.consent_is_asked],
        checks=[checks.refusal_of_consent_has_reason, checks.consent_is_within_authority],
        provisions=["insurance.settlement_approved_binds", "insurance.unapproved_settlement_reassessed"],
    )
    def answer_consent(self, *, law: Law, facts: told.AnswerConsent, happened_at: datetime) -> None:
        """答复：同意的，赔付受和解金额约束；不同意的写明理由，保险人可以重新核定。"""
        self.consent = "given" if facts.consents else "refused"

    @step(
        source=OPEN, target=None, label=_("登记责任已确定"), facts=told.LiabilityFixed,
        checks=[checks.way_is_known, checks.fixed_after_accident, checks.liability_paper_is_named, checks.liability_paper_is_there],
        provisions=["insurance.liability_fixed_by", "insurance.limitation_from_liability_fixed"],
    )
    def record_liability_fixed(self, *, law: Law, facts: told.LiabilityFixed, happened_at: datetime) -> None:
        """责任确定：判决、与受害人的协议或者其他能够确定的方式；保险金请求权的诉讼时效自此起算。"""
        self.liability_fixed_by, self.liability_fixed_on = facts.fixed_by, facts.fixed_on
        if len(self.people) == 1:
            self.liability_amount = facts.amount

    @step(
        source=OPEN, target=None, label=_("登记已付给受害人"), facts=told.VictimPaid, rows=[rows.victim_paid],
        checks=[checks.proven_amount_is_possible, checks.person_is_known, checks.paid_after_accident, checks.proof_is_new],
        provisions=["insurance.pay_victim_first"],
    )
    def record_victim_payment(self, *, law: Law, facts: told.VictimPaid, happened_at: datetime) -> None:
        """付款凭证：被保险人证明已付给受害人的金额，垫付也算。"""

    def governing_dates(self) -> dict[str, date]:
        dates = {"accident": self.accident_on} if self.accident_on else {}
        return {**dates, **({"receipt": self.first_received_on} if self.first_received_on else {})}

    def turn(self, position: Any) -> Turn | None:
        """The insurer's, except that papers are waited for in 等补充材料, and that the manager knows the victims' accounts."""
        handler = {
            "requested": "register", "registered": "accept_documents", "complete": "decide", "refused": "send_refusal",
            "refusal_sent": "close", "decided": "agree", "agreed": "settle", "paid": "close", "disputed": "decide",
        }
        if self.consent == "asked" and self.liability_fixed_on is None and position is not None and self.state in (*UNDECIDED, "requested"):
            alone = (self.consent_amount or ZERO) <= position.pool.handlers_authority
            return Turn(CaseRole.INSURER, Role.INSURER_HANDLER if alone else Role.INSURER_APPROVER, "answer_consent")
        if self.state == "supplement":
            return self._askers("receive_supplement")
        if self.state in ("proposed", "refusal_proposed"):
            verb = "approve" if self.state == "proposed" else "approve_refusal"
            by_system = self.state == "proposed" and self.is_complete_at_birth
            return Turn(CaseRole.INSURER, Role.INSURER_HANDLER if by_system else Role.INSURER_APPROVER, verb)
        if self.state in ("registered", "complete") and (not self.cover_version or (position is not None and position.cover_doubts)):
            return Turn(CaseRole.INSURER, Role.INSURER_HANDLER, "check_cover")
        if self.state == "agreed" and position is not None:
            return self._turn_while_paying(position)
        return Turn(CaseRole.INSURER, Role.INSURER_HANDLER, handler[self.state]) if self.state in handler else None

    def _askers(self, verb: str) -> Turn:
        """Whoever asked: the use-manager's clerk, or the maintenance unit that is insured too."""
        if self.asked_as == CaseRole.MAINTENANCE:
            return Turn(CaseRole.MAINTENANCE, Role.MAINTENANCE_STAFF, verb)
        return Turn(CaseRole.USE_MANAGER, Role.MANAGER_CLERK, verb)

    def _turn_while_paying(self, position: Any) -> Turn | None:
        """An account is the manager's to name, an order the cashier's own case; what is left is the handler's."""
        if position.lacks_accounts:
            return self._askers("name_account")
        if position.open_payments:
            return Turn(CaseRole.INSURER, None, "payment_order.mark_paid")
        if position.owed_to_victims or position.reimbursable:
            return Turn(CaseRole.INSURER, Role.INSURER_HANDLER, "pay_victim" if position.owed_to_victims else "reimburse_insured")
        return Turn(CaseRole.INSURER, Role.INSURER_HANDLER, "record_victim_payment" if position.waiting_for_proof else "settle")

    def _take_losses(self, facts: told.RequestPayout | told.ReviseLoss) -> None:
        known = {p["key"]: p.get("payees") or [] for p in self.people or ()}
        self.people = [{**p, "payees": p.get("payees") or known.get(p["key"], [])} for p in plain(facts.people)]
        self.heads = sorted({line.head for line in facts.lines})
        self.liability_share, self.is_joint = facts.liability_share, facts.is_joint
        self.requested_amount = sum((line.asked for line in facts.lines), ZERO)
        if self.decided_amount is None:
            self.amount = self.requested_amount
