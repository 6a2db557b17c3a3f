"""How a recovery file moves: opened by the first payment, collected or written off. No query, request, mail or clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, Turn, step
from casework.models import Case
from legislation.money import ZERO
from recovery import checks, guards, movements, rows
from recovery import facts as told

if TYPE_CHECKING:
    from legislation.lookup import Law
    from recovery.selectors import RecoveryPosition

RUNNING = ("open", "write_off_proposed")
ALL = (*RUNNING, "collected", "written_off")


class RecoveryFileLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "recovery_file"
    KIND_LABEL = _("追偿")
    PREFIX = "RC"
    INITIAL = "open"
    STATES = {"open": _("追偿中"), "write_off_proposed": _("待核销"), "collected": _("已结清"), "written_off": _("已核销")}
    PATH = ("open", "collected")
    ENDED = frozenset({"collected", "written_off"})
    DEADLINES = (
        DeadlineRule(
            "limitation", _("追偿的诉讼时效"), starts=("record_payment",), parameter="recourse.limitation", responsible=CaseRole.PAYER,
            met_by=("close", "confirm_write_off"), start_fact="paid_on", informs=True,
        ),
    )

    class Meta:
        abstract = True

    # -- what was paid and came back ----------------------------------------------------------------------------------

    @step(source="", target="open", label=_("追偿立案"), facts=told.OpenFile, provisions=["recourse.ground.paid_costs"])
    def open(self, *, law: Law, facts: told.OpenFile, happened_at: datetime) -> None:
        """追偿立案: 首次付款即立案，垫付不等于承担最终责任；保险人的代位求偿另立一案。"""
        self.payer_organisation_id, self.basis = facts.payer_organisation_id, facts.basis

    @step(
        source=RUNNING, target="open", label=_("登记付款"), facts=told.RecordPayment, checks=[checks.amount_is_positive],
        moves=[movements.record], rows=[rows.paid_out], provisions=["recourse.limitation"], system_only=True,
    )
    def record_payment(self, *, law: Law, facts: told.RecordPayment, happened_at: datetime) -> None:
        """登记付款: 每付出一笔，应收的追偿款就增加一笔；保险人归还被保险人的，从归还之日起由保险人代位求偿。"""
        self.paid += facts.amount
        self.insured = sorted({*self.insured, *facts.insured})
        self._sum(facts.amount)

    @step(
        source=RUNNING, target="open", label=_("登记收款人退回"), facts=told.RecordReturn, checks=[checks.amount_is_positive],
        moves=[movements.give_back], rows=[rows.paid_back], system_only=True,
    )
    def record_return(self, *, law: Law, facts: told.RecordReturn, happened_at: datetime) -> None:
        """登记收款人退回: 医院等收款人退回来的钱，等于没有替别人付过。"""
        self.returned += facts.amount
        self._sum(-facts.amount)

    @step(
        source=RUNNING, target="open", label=_("登记保险归还"), facts=told.RecordReimbursement, checks=[checks.amount_is_positive],
        moves=[movements.give_back], provisions=["insurance.subrogation"], system_only=True,
    )
    def record_reimbursement(self, *, law: Law, facts: told.RecordReimbursement, happened_at: datetime) -> None:
        """登记保险归还: 保险人归还垫付人的部分，转由保险人代位求偿；已经追回了的，多出的移交保险人，不能得两次。"""
        self.reimbursed += facts.amount
        self._sum(-facts.amount)

    @step(
        source=RUNNING, target="open", label=_("登记归还被退票"), facts=told.RecordReimbursement, checks=[checks.amount_is_positive],
        moves=[movements.give_back_undone], provisions=["insurance.subrogation"], system_only=True,
    )
    def take_reimbursement_back(self, *, law: Law, facts: told.RecordReimbursement, happened_at: datetime) -> None:
        """归还被退票: 保险归还的款被银行退回，等于没有归还，仍由垫付人追偿。"""
        self.reimbursed -= facts.amount
        self._sum(facts.amount)

    def _sum(self, change: Any) -> None:
        """Until the account is reckoned anew, what is left follows what was paid; the reckoning puts it right."""
        self.amount = max((self.amount or ZERO) + change, ZERO)

    @step(source=ALL, target=None, label=_("重算追偿账户"), facts=told.ReckonFile, system_only=True)
    def reckon(self, *, law: Law, facts: told.ReckonFile, happened_at: datetime) -> None:
        """重算: 付款、归还、份额、追回有变，整个事件的追偿账户重新算一遍。"""
        self.collected, self.amount, self.own_burden = facts.collected, facts.left, facts.own_burden
        self.to_hand_over, self.shares_number = facts.hand_over, facts.shares_number

    # -- who bears what -----------------------------------------------------------------------------------------------

    @step(
        source=RUNNING, target=None, label=_("登记责任份额"), facts=told.RecordShares, rows=[rows.share_version],
        checks=[checks.shares_sum_to_one, checks.equal_means_equal, checks.reason_is_given],
        provisions=["recourse.equal_if_unclear", "recourse.insolvent_share_reallocated"],
    )
    def record_shares(self, *, law: Law, facts: told.RecordShares, happened_at: datetime) -> None:
        """责任份额: 按调查、协议、裁判各出一版，旧版保留；说不清的平均承担。每出一版，全部追偿重新计算。"""

    @step(source=RUNNING, target=None, label=_("登记追偿对象"), facts=told.NameParty, checks=[checks.name_is_given])
    def name_party(self, *, law: Law, facts: told.NameParty, happened_at: datetime) -> None:
        """追偿对象: 份额还没有定，也可以先向责任人发函，免得过了时效。"""

    # -- between the files --------------------------------------------------------------------------------------------

    @step(
        source=RUNNING, target=None, label=_("移交保险人"), facts=told.HandOver, guards=[guards.something_to_hand_over],
        checks=[checks.amount_is_positive, checks.within_hand_over, checks.voucher_is_given], moves=[movements.hand_over],
        rows=[rows.handed_over], provisions=["insurance.subrogation"],
    )
    def hand_over(self, *, law: Law, facts: told.HandOver, happened_at: datetime) -> None:
        """移交: 先追回、后由保险归还的部分，属于保险人，付给保险人。"""
        self.to_hand_over -= facts.amount

    @step(
        source=RUNNING, target=None, label=_("收到移交"), facts=told.Receive, moves=[movements.receive], rows=[rows.taken_over],
        system_only=True,
    )
    def receive(self, *, law: Law, facts: told.Receive, happened_at: datetime) -> None:
        """收到移交: 被保险人已经追回的部分，算作向同一责任人追回。"""

    # -- the end and the way back -------------------------------------------------------------------------------------

    @step(
        source="open", target="collected", label=_("结清结案"), moves=[movements.bear],
        guards=[guards.nothing_is_left, guards.no_target_is_open, guards.nothing_to_hand_over],
    )
    def close(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """结清: 该追的都追回或者由保险归还，剩下的是自己应当承担的份额。"""
        self.borne = max(self.uncovered, ZERO)

    @step(
        source="open", target="write_off_proposed", label=_("提请核销…"), facts=told.ProposeWriteOff, grave=True,
        guards=[guards.something_is_left, guards.no_target_is_open],
        checks=[checks.reason_is_given, checks.no_waiver_while_payout_is_possible],
    )
    def propose_write_off(self, *, law: Law, facts: told.ProposeWriteOff, happened_at: datetime) -> None:
        """提请核销: 收不回或者不再追的，写明理由，由第二人批准。"""
        self.write_off_reason, self.is_waiver = facts.reason.strip(), facts.is_waiver

    @step(
        source="write_off_proposed", target="written_off", label=_("批准核销"), moves=[movements.bear], grave=True,
        guards=[guards.nothing_to_hand_over, guards.no_target_is_open], checks=[checks.write_off_within_authority],
    )
    def confirm_write_off(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """批准核销: 第二人在权限内批准，余额核销，随时可以恢复追偿。"""
        self.written_off = min(self.amount or ZERO, max(self.uncovered, ZERO))
        self.borne = max(self.uncovered - self.written_off, ZERO)
        self.amount = ZERO

    @step(source="write_off_proposed", target="open", label=_("不同意核销"), facts=told.Because, checks=[checks.reason_is_given])
    def decline_write_off(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """不同意核销: 退回继续追偿。"""
        self.write_off_reason, self.is_waiver = "", False

    @step(
        source=("collected", "written_off"), target="open", label=_("恢复追偿…"), facts=told.Because, grave=True,
        checks=[checks.reason_is_given], moves=[movements.restore],
    )
    def reopen(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """恢复追偿: 有了新的线索或者核销有误，写明理由后继续。"""
        self._restore()

    @step(source=("collected", "written_off"), target="open", label=_("因新情况恢复"), moves=[movements.restore], system_only=True)
    def take_up(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """恢复: 结案以后又有付款、归还，或者份额改判，账户重新打开。"""
        self._restore()

    def _restore(self) -> None:
        self.restored = self.borne + self.written_off
        self.amount = (self.amount or ZERO) + self.written_off
        self.borne = self.written_off = ZERO

    def turn(self, position: RecoveryPosition) -> Turn | None:
        clerk, approver = (
            (Role.INSURER_HANDLER, Role.INSURER_APPROVER) if self.basis == "subrogation" else (Role.MANAGER_CLERK, Role.MANAGER_APPROVER)
        )
        if self.state == "write_off_proposed":
            return Turn(CaseRole.PAYER, approver, "confirm_write_off")
        if position.hand_over > 0:
            return Turn(CaseRole.PAYER, clerk, "hand_over")
        if position.open_targets:
            return None
        if position.receivable > 0:
            return Turn(CaseRole.PAYER, clerk, "propose_write_off" if position.shares_number else "record_shares")
        return Turn(CaseRole.PAYER, clerk, "close")

    if TYPE_CHECKING:
        payer_organisation_id: int
        basis: str
        paid: Any
        returned: Any
        reimbursed: Any
        collected: Any
        own_burden: Any
        to_hand_over: Any
        borne: Any
        written_off: Any
        restored: Any
        shares_number: int
        insured: list[int]
        write_off_reason: str
        is_waiver: bool
        uncovered: Any
