"""How a recovery file moves: opened by the first advance, collected or written off. No query, request, mail or clock."""

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
from recovery import checks, guards, movements
from recovery.facts import Because, Collect, OpenFile, ProposeWriteOff, RecordPayment, RecordReimbursement

if TYPE_CHECKING:
    from legislation.lookup import Law
    from recovery.selectors import RecoveryPosition

ALL = ("open", "write_off_proposed", "collected", "written_off")


class RecoveryFileLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "recovery_file"
    KIND_LABEL = _("追偿")
    PREFIX = "RC"
    INITIAL = "open"
    STATES = {"open": _("追偿中"), "write_off_proposed": _("待核销"), "collected": _("已收齐"), "written_off": _("已核销")}
    PATH = ("open", "collected")
    ENDED = frozenset({"collected", "written_off"})
    DEADLINES = (
        DeadlineRule(
            "limitation",
            _("追偿的诉讼时效"),
            starts=("record_payment",),
            parameter="recourse.limitation",
            responsible=CaseRole.PAYER,
            met_by=("close", "confirm_write_off"),
            start_fact="paid_on",
            informs=True,
        ),
    )
    EVIDENCE = (EvidenceRequirement("receipt", _("收款凭证"), how=_("银行进账单或收据。"), needed_by=("collect",)),)

    class Meta:
        abstract = True

    @step(source="", target="open", label=_("追偿立案"), facts=OpenFile, provisions=["recourse.ground.paid_costs"])
    def open(self, *, law: Law, facts: OpenFile, happened_at: datetime) -> None:
        """追偿立案: 首次垫付即立案，垫付不等于承担最终责任。"""
        self.payer_organisation_id, self.basis = facts.payer_organisation_id, facts.basis

    @step(
        source=ALL,
        target="open",
        label=_("登记垫付"),
        facts=RecordPayment,
        checks=[checks.amount_is_positive],
        moves=[movements.record],
        provisions=["recourse.limitation"],
        system_only=True,
    )
    def record_payment(self, *, law: Law, facts: RecordPayment, happened_at: datetime) -> None:
        """登记垫付: 每付出一笔，应收的追偿款就增加一笔。"""
        self.paid += facts.amount
        self._sum()

    @step(
        source=("open", "write_off_proposed"),
        target=None,
        label=_("登记保险归还"),
        facts=RecordReimbursement,
        checks=[checks.amount_is_positive, checks.within_receivable],
        moves=[movements.reimburse],
        provisions=["insurance.subrogation"],
        system_only=True,
    )
    def record_reimbursement(self, *, law: Law, facts: RecordReimbursement, happened_at: datetime) -> None:
        """登记保险归还: 保险人赔给垫付人的部分，转由保险人代位求偿，不能追两次。"""
        self.reimbursed += facts.amount
        self._sum()

    @step(
        source="open",
        target=None,
        label=_("登记追回"),
        facts=Collect,
        evidence=("receipt",),
        moves=[movements.collect],
        checks=[checks.amount_is_positive, checks.within_receivable, checks.voucher_is_given],
    )
    def collect(self, *, law: Law, facts: Collect, happened_at: datetime) -> None:
        """登记追回: 收到一笔登记一笔，可以分期。"""
        self.collected += facts.amount
        self._sum()

    @step(source="open", target="collected", label=_("按已收齐结案"), guards=[guards.nothing_is_left])
    def close(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """已收齐: 应收的追偿款全部收回或已由保险归还。"""

    @step(
        source="open",
        target="write_off_proposed",
        label=_("提请核销…"),
        facts=ProposeWriteOff,
        grave=True,
        guards=[guards.something_is_left],
        checks=[checks.reason_is_given, checks.no_waiver_while_payout_is_possible],
    )
    def propose_write_off(self, *, law: Law, facts: ProposeWriteOff, happened_at: datetime) -> None:
        """提请核销: 收不回或者不再追的，写明理由，由第二人批准。"""
        self.write_off_reason, self.is_waiver = facts.reason.strip(), facts.is_waiver

    @step(source="write_off_proposed", target="written_off", label=_("批准核销"), moves=[movements.write_off], grave=True)
    def confirm_write_off(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """批准核销: 第二人批准，余额核销，随时可以恢复追偿。"""
        self.written_off, self.restored = self.amount or ZERO, ZERO
        self.amount = ZERO

    @step(source="write_off_proposed", target="open", label=_("不同意核销"), facts=Because, checks=[checks.reason_is_given])
    def decline_write_off(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """不同意核销: 退回继续追偿。"""
        self.write_off_reason, self.is_waiver = "", False

    @step(
        source=("collected", "written_off"),
        target="open",
        label=_("恢复追偿…"),
        facts=Because,
        grave=True,
        checks=[checks.reason_is_given],
        moves=[movements.restore],
    )
    def reopen(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """恢复追偿: 有了新的线索或者核销有误，写明理由后继续。"""
        self.restored, self.written_off = self.written_off, ZERO
        self._sum()

    def _sum(self) -> None:
        self.amount = self.paid - self.collected - self.reimbursed - self.written_off

    def turn(self, position: RecoveryPosition) -> Turn | None:
        if self.state == "write_off_proposed":
            return Turn(CaseRole.PAYER, Role.MANAGER_APPROVER, "confirm_write_off")
        return Turn(CaseRole.PAYER, Role.MANAGER_CLERK, "collect" if position.receivable > 0 else "close")

    if TYPE_CHECKING:
        payer_organisation_id: int
        basis: str
        paid: Decimal
        reimbursed: Decimal
        collected: Decimal
        written_off: Decimal
        restored: Decimal
        write_off_reason: str
        is_waiver: bool
