"""How a lawsuit moves, from the complaint over judgment and appeal to performance. No query, request, mail or clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from casework.facts import plain
from disputes import checks, guards, rows
from disputes import facts as told
from disputes.lifecycle.fields import UNDECIDED, LitigationFields, not_later
from disputes.terms import Ending, Outcome, Procedure, Side

if TYPE_CHECKING:
    from disputes.selectors import LitigationPosition
    from legislation.lookup import Law

ON_TRIAL = ("open", "appealed")
PENDING = ("open", "judged", "appealed")
IN_FORCE = ("effective", "enforcing")
OPEN = (*PENDING, *IN_FORCE)
#: Whose desk a file lies on, by the part that leads it.
DESKS = {
    CaseRole.USE_MANAGER: Role.MANAGER_CLERK,
    CaseRole.INSURER: Role.INSURER_HANDLER,
    CaseRole.STREET_OFFICE: Role.STREET_CLERK,
    CaseRole.PAYER: Role.MANAGER_CLERK,
}


def leads(case: Any) -> CaseRole:
    """The part whose organisation answers in court."""
    return CaseRole(case.led_by)


def _defends(case: Any) -> bool:
    return case.side != Side.PLAINTIFF and case.served_on is not None


class LitigationLifecycle(LitigationFields):
    KIND = "litigation"
    KIND_LABEL = _("诉讼")
    PREFIX = "LT"
    INITIAL = "open"
    STATES = {
        "open": _("审理中"), "judged": _("已判决，等生效"), "appealed": _("二审中"), "effective": _("裁判已生效"),
        "enforcing": _("执行中"), "closed": _("已结束"), "withdrawn": _("未经判决结束"),
    }
    PATH = ("open", "judged", "effective", "closed")
    ENDED = frozenset({"closed", "withdrawn"})
    DEADLINES = (
        DeadlineRule(
            "answer", _("提交答辩状"), starts=("open", "record_service"), restarts=True, start_fact="served_on",
            parameter="litigation.answer_period", responsible=CaseRole.USE_MANAGER, answers=leads, met_by=("answer",),
            ends_with=("record_hearing", "record_judgment", "settle_in_court", "withdraw"), applies=_defends,
        ),
        DeadlineRule(
            "hearing", _("开庭"), starts=("schedule_hearing",), restarts=True, start_fact="held_at", statutory=False,
            parameter="litigation.hearing_day", responsible=CaseRole.USE_MANAGER, answers=leads, met_by=("record_hearing",),
            ends_with=("record_judgment", "settle_in_court", "withdraw"),
        ),
        DeadlineRule(
            "appeal", _("上诉期"), starts=("record_judgment",), restarts=True, start_fact="served_on",
            parameter="litigation.appeal_period", responsible=CaseRole.USE_MANAGER, answers=leads, met_by=("appeal", "take_effect"),
            ends_with=("settle_in_court", "withdraw"), applies=lambda case: not case.is_final,
        ),
        DeadlineRule(
            "enforcement", _("申请执行"), starts=("take_effect", "settle_in_court"), restarts=True, start_fact="perform_by",
            parameter="litigation.enforcement_period", responsible=CaseRole.USE_MANAGER, answers=leads, informs=True,
            met_by=("apply_enforcement",), ends_with=("close", "reopen"), applies=lambda case: bool(case.awarded),
        ),
        DeadlineRule(
            "retrial", _("申请再审"), starts=("take_effect", "settle_in_court"), restarts=True, start_fact="effective_on",
            parameter="litigation.retrial_period", responsible=CaseRole.USE_MANAGER, answers=leads, informs=True, met_by=("reopen",),
        ),
    )
    EVIDENCE = (
        EvidenceRequirement("complaint", _("起诉状、受理或应诉通知书"), how=_("法院送来的材料逐页拍照或扫描。")),
        EvidenceRequirement(
            "power_of_attorney", _("授权委托书"), how=_("写明一般授权还是特别授权，盖章。"), applies=lambda case: bool(case.agent),
        ),
        EvidenceRequirement(
            "hearing_minutes", _("庭审笔录"), how=_("向法院复制，或者附本方记录。"), applies=lambda case: case.hearings_held > 0,
        ),
        EvidenceRequirement(
            "judgment", _("裁判文书"), how=_("判决书、调解书或者裁定书，全文。"),
            needed_by=("record_judgment", "settle_in_court", "withdraw"),
        ),
        EvidenceRequirement(
            "judgment_second", _("二审裁判文书"), how=_("终审判决书、调解书或者裁定书，全文。"),
            needed_by=("record_judgment", "settle_in_court", "withdraw", "withdraw_appeal", "remand"),
            applies=lambda case: case.procedure == Procedure.SECOND,
        ),
        EvidenceRequirement(
            "judgment_retrial", _("再审裁判文书"), how=_("再审的判决书、调解书或者裁定书，全文。"),
            needed_by=("record_judgment", "settle_in_court", "withdraw"),
            applies=lambda case: case.procedure == Procedure.RETRIAL,
        ),
    )

    class Meta:
        abstract = True

    # -- before the court ---------------------------------------------------------------------------------------------

    @step(source="", target="open", label=_("诉讼立案"), facts=told.OpenLitigation, checks=[checks.court_is_named])
    def open(self, *, law: Law, facts: told.OpenLitigation, happened_at: datetime) -> None:
        """立案: 一方起诉，另一方应诉；开着的诉讼拦着上一级案件结案。"""
        not_later(happened_at, filed_on=facts.filed_on, served_on=facts.served_on)
        self.court, self.number, self.cause = facts.court.strip(), facts.number.strip(), facts.cause.strip()
        self.plaintiff, self.defendant, self.side, self.led_by = facts.plaintiff, facts.defendant, facts.side, facts.led_by
        self.claimed, self.filed_on, self.served_on, self.source = facts.claimed, facts.filed_on, facts.served_on, facts.source
        self.amount = facts.claimed

    @step(source=OPEN, target=None, label=_("更正立案信息"), facts=told.AmendLitigation, checks=[checks.court_is_named])
    def amend(self, *, law: Law, facts: told.AmendLitigation, happened_at: datetime) -> None:
        """更正: 案号下来了、诉讼请求变更了，按法院的文书改过来；原来的记录不动。"""
        self.court, self.number, self.cause = facts.court.strip(), facts.number.strip(), facts.cause.strip()
        self.plaintiff, self.defendant, self.claimed = facts.plaintiff, facts.defendant, facts.claimed
        if self.awarded is None:
            self.amount = facts.claimed

    @step(
        source="open", target=None, label=_("登记起诉状送达"), facts=told.RecordService, checks=[checks.served_after_filing],
        provisions=["litigation.answer_period"],
    )
    def record_service(self, *, law: Law, facts: told.RecordService, happened_at: datetime) -> None:
        """送达: 收到起诉状副本之日起十五日内答辩；不答辩不影响审理。"""
        not_later(happened_at, served_on=facts.served_on)
        self.served_on = facts.served_on

    @step(source=PENDING, target=None, label=_("登记出庭人员"), facts=told.NameAgent)
    def name_agent(self, *, law: Law, facts: told.NameAgent, happened_at: datetime) -> None:
        """出庭人员: 谁代表本方到庭；承认、变更请求、和解要有特别授权。"""
        self.agent, self.agent_kind, self.special_authority = facts.agent, facts.kind, facts.special_authority

    @step(source=ON_TRIAL, target=None, label=_("登记已答辩"), facts=told.Answer, provisions=["litigation.answer_period"])
    def answer(self, *, law: Law, facts: told.Answer, happened_at: datetime) -> None:
        """答辩: 交了答辩状的日期和要点。"""
        not_later(happened_at, submitted_on=facts.submitted_on)
        self.answered_on = facts.submitted_on

    @step(
        source=ON_TRIAL, target=None, label=_("登记开庭时间"), facts=told.ScheduleHearing, provisions=["litigation.hearing_day"],
    )
    def schedule_hearing(self, *, law: Law, facts: told.ScheduleHearing, happened_at: datetime) -> None:
        """开庭时间: 按传票填；改期的重新登记，以最近一次为准。"""
        self.next_hearing_at, self.next_hearing_room = facts.held_at, facts.room

    @step(
        source=ON_TRIAL, target=None, label=_("登记庭审"), facts=told.RecordHearing, rows=[rows.hearing],
        checks=[checks.held_after_filing],
    )
    def record_hearing(self, *, law: Law, facts: told.RecordHearing, happened_at: datetime) -> None:
        """庭审: 谁到庭、争议在哪里、法庭要求补什么；笔录另附。"""
        not_later(happened_at, held_on=facts.held_on)
        self.hearings_held += 1
        self.next_hearing_at, self.next_hearing_room = None, ""

    # -- judged -------------------------------------------------------------------------------------------------------

    @step(
        source=ON_TRIAL, target="judged", label=_("登记判决"), facts=told.RecordJudgment,
        checks=[
            checks.outcome_is_a_judgment, checks.award_fits_outcome, checks.heads_sum_to_award, checks.judged_since_matter,
            checks.judged_after_filing, checks.served_after_judgment,
        ],
        provisions=["litigation.appeal_period", "litigation.final_judgment"],
    )
    def record_judgment(self, *, law: Law, facts: told.RecordJudgment, happened_at: datetime) -> None:
        """判决: 一审判决送达起十五日可以上诉；二审和一审终审的，送达即生效。"""
        not_later(happened_at, judged_on=facts.judged_on, served_on=facts.served_on)
        self.outcome, self.awarded, self.amount = facts.outcome, facts.amount, facts.amount
        self.heads, self.document_number = plain(facts.heads), facts.number
        self.judged_on, self.judgment_served_on = facts.judged_on, facts.served_on
        self.is_final = facts.is_final or self.procedure == Procedure.SECOND
        self.next_hearing_at, self.next_hearing_room = None, ""

    @step(
        source="judged", target="appealed", label=_("登记上诉"), facts=told.Appeal, guards=[guards.may_be_appealed],
        checks=[checks.court_is_named, checks.appealed_after_judgment], provisions=["litigation.appeal_period"],
    )
    def appeal(self, *, law: Law, facts: told.Appeal, happened_at: datetime) -> None:
        """上诉: 任何一方上诉，一审判决就不生效；逾期的由法院认定，这里不拦。"""
        not_later(happened_at, filed_on=facts.filed_on)
        self.appellant, self.court, self.number = facts.appellant, facts.court, facts.number or self.number
        self.procedure = Procedure.SECOND

    @step(source="appealed", target="judged", label=_("登记撤回上诉"), facts=told.WithdrawAppeal)
    def withdraw_appeal(self, *, law: Law, facts: told.WithdrawAppeal, happened_at: datetime) -> None:
        """撤回上诉: 二审裁定准许，一审判决自裁定送达之日生效。"""
        not_later(happened_at, ruled_on=facts.ruled_on)
        self.is_final = True

    @step(source="appealed", target="open", label=_("登记发回重审"), facts=told.Remand, provisions=["litigation.remand"])
    def remand(self, *, law: Law, facts: told.Remand, happened_at: datetime) -> None:
        """发回重审: 一审判决撤销，回到一审，重新开庭。"""
        not_later(happened_at, ruled_on=facts.ruled_on)
        self._undecided()
        self.procedure, self.court, self.number = Procedure.FIRST, facts.court, facts.new_number or self.number

    @step(
        source="judged", target="effective", label=_("登记裁判生效"), facts=told.TakeEffect,
        checks=[checks.effective_after_judgment, checks.effective_after_appeal_period, checks.performed_after_effect],
        provisions=["litigation.final_judgment", "litigation.enforcement_period"],
    )
    def take_effect(self, *, law: Law, facts: told.TakeEffect, happened_at: datetime) -> None:
        """生效: 上诉期满没有人上诉，或者终审文书送达；上一级案件随之确定责任。"""
        not_later(happened_at, effective_on=facts.effective_on)
        self.effective_on, self.perform_by = facts.effective_on, facts.perform_by

    @step(
        source=PENDING, target="effective", label=_("登记法院调解"), facts=told.SettleInCourt,
        checks=[
            checks.amount_is_not_negative, checks.effective_since_matter, checks.effective_after_filing, checks.performed_after_effect,
        ],
        provisions=["litigation.court_settlement", "litigation.enforcement_period"],
    )
    def settle_in_court(self, *, law: Law, facts: told.SettleInCourt, happened_at: datetime) -> None:
        """法院调解: 双方签收调解书即生效，和判决一样可以申请执行；二审调解的，一审判决视为撤销。"""
        not_later(happened_at, effective_on=facts.effective_on)
        self.outcome, self.awarded, self.amount, self.heads = Outcome.COURT_SETTLEMENT, facts.amount, facts.amount, []
        self.document_number, self.is_final = facts.number, True
        self.effective_on, self.perform_by = facts.effective_on, facts.perform_by
        self.next_hearing_at, self.next_hearing_room = None, ""

    @step(
        source=ON_TRIAL, target="withdrawn", label=_("登记撤诉或者终结…"), facts=told.WithdrawSuit, grave=True,
        checks=[checks.reason_is_given], provisions=["litigation.withdrawal"],
    )
    def withdraw(self, *, law: Law, facts: told.WithdrawSuit, happened_at: datetime) -> None:
        """未经判决结束: 撤诉、按撤诉处理、驳回起诉或者终结；争议没有解决，回到协商。"""
        not_later(happened_at, ruled_on=facts.ruled_on)
        self.outcome, self.ending, self.left_because = Outcome.WITHDRAWN, Ending(facts.way), facts.reason.strip()
        self.document_number, self.next_hearing_at, self.next_hearing_room = facts.number, None, ""

    # -- performed ----------------------------------------------------------------------------------------------------

    @step(
        source="effective", target="enforcing", label=_("登记申请执行"), facts=told.ApplyEnforcement,
        guards=[guards.something_is_awarded], checks=[checks.court_is_named], provisions=["litigation.enforcement_period"],
    )
    def apply_enforcement(self, *, law: Law, facts: told.ApplyEnforcement, happened_at: datetime) -> None:
        """执行: 一方不履行的，另一方在两年内申请；逾期的由法院审查，这里不拦。"""
        not_later(happened_at, filed_on=facts.filed_on)
        self.enforcement_applicant, self.procedure = facts.applicant, Procedure.ENFORCEMENT
        self.court, self.number = facts.court, facts.number or self.number

    @step(
        source=(*OPEN, "closed", "withdrawn"), target=None, label=_("登记诉讼费用"), facts=told.RecordCost, rows=[rows.litigation_cost],
        checks=[checks.amount_is_positive, checks.voucher_is_given, checks.paid_since_matter],
        provisions=["insurance.litigation_costs_in_addition"],
    )
    def record_cost(self, *, law: Law, facts: told.RecordCost, happened_at: datetime) -> None:
        """诉讼费用: 凭票据登记；除合同另有约定外由保险人承担，不占责任限额。"""
        not_later(happened_at, paid_on=facts.paid_on)

    @step(source=IN_FORCE, target="closed", label=_("结束诉讼"), facts=told.CloseLitigation, checks=[checks.conclusion_is_given])
    def close(self, *, law: Law, facts: told.CloseLitigation, happened_at: datetime) -> None:
        """结束: 履行完毕、执行终结，或者没有要履行的内容。"""
        self.conclusion = facts.conclusion.strip()

    @step(
        source=(*IN_FORCE, "closed", "withdrawn"), target="open", label=_("再审或者恢复审理…"), facts=told.ReopenLitigation, grave=True,
        checks=[checks.reason_is_given, checks.court_is_named], provisions=["litigation.retrial_period"],
    )
    def reopen(self, *, law: Law, facts: told.ReopenLitigation, happened_at: datetime) -> None:
        """再审: 生效裁判进入再审，或者撤诉后又起诉；原来的结果不动，重新审理。"""
        self.procedure = Procedure.FIRST if self.outcome == Outcome.WITHDRAWN else Procedure.RETRIAL
        self._undecided()
        self.court, self.number = facts.court, facts.number

    def _undecided(self) -> None:
        for name, value in UNDECIDED.items():
            setattr(self, name, list(value) if isinstance(value, list) else value)
        self.amount = self.claimed

    def governing_dates(self) -> dict[str, date]:
        return {}

    @property
    def own_path(self) -> tuple[str, ...]:
        """The floors of this file's strip: the second instance and the enforcement only where there is one."""
        second, enforced = self.appellant != "" or self.state == "appealed", self.enforcement_applicant != "" or self.state == "enforcing"
        if self.state == "withdrawn":
            return ("open", "withdrawn")
        return ("open", "judged", *(("appealed",) if second else ()), "effective", *(("enforcing",) if enforced else ()), "closed")

    def turn(self, position: LitigationPosition) -> Turn | None:
        verb = self._waited_for(position)
        part = leads(self)
        return Turn(part, DESKS.get(part, Role.MANAGER_CLERK), verb) if verb else None

    def _waited_for(self, position: LitigationPosition) -> str | None:
        if self.state == "open":
            if self.next_hearing_at is not None:
                return "record_hearing"
            if self.served_on is not None and self.answered_on is None and self.side != Side.PLAINTIFF and not self.hearings_held:
                return "answer"
            return "record_judgment" if self.hearings_held else "schedule_hearing"
        if self.state == "appealed":
            return "record_hearing" if self.next_hearing_at is not None else "record_judgment"
        return {"judged": "take_effect", "effective": "close", "enforcing": "close"}.get(self.state)
