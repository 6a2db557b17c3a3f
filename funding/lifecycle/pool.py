"""How a budget pool moves: open, a change proposed by one and confirmed by another, closed with the year."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import EvidenceRequirement, Turn, step
from casework.models import Case
from funding import checks, guards, movements
from funding.facts import Because, ClosePool, OpenPool, ProposeChange

if TYPE_CHECKING:
    from legislation.lookup import Law


class BudgetPoolLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "budget_pool"
    KIND_LABEL = _("资金池")
    PREFIX = "BP"
    INITIAL = "open"
    STATES = {"open": _("使用中"), "change_proposed": _("预算变动待复核"), "closed": _("已关闭")}
    PATH = ("open", "closed")
    ENDED = frozenset({"closed"})
    EVIDENCE = (
        EvidenceRequirement("budget_document", _("预算文件"), how=_("批复、追加或者结转的文件，拍照或扫描。"), needed_by=("confirm_change",)),
    )

    class Meta:
        abstract = True

    @step(source="", target="open", label=_("设立资金池"), facts=OpenPool, checks=[checks.scheme_is_known, checks.pool_has_name])
    def open(self, *, law: Law, facts: OpenPool, happened_at: datetime) -> None:
        """资金池: 一个补助方案一个年度一个池，钱只按文件进来，只按核实过的申请出去。"""
        self.name, self.scheme, self.year = facts.name.strip(), facts.scheme, facts.year
        self.payer_organisation_id, self.amount = facts.payer_organisation_id, Decimal(0)

    @step(
        source="open", target="change_proposed", label=_("提出预算变动"), facts=ProposeChange,
        checks=[checks.change_is_positive, checks.change_has_document, checks.change_has_reason],
    )
    def propose_change(self, *, law: Law, facts: ProposeChange, happened_at: datetime) -> None:
        """预算变动: 年初预算、追加、结转、更正，写明文号和原因，由第二人复核后入账。"""
        self.change_kind, self.change_amount = facts.kind, facts.amount
        self.change_document, self.change_reason = facts.document.strip(), facts.reason.strip()

    @step(
        source="change_proposed", target="open", label=_("复核入账"), guards=[guards.change_is_for_another],
        checks=[checks.confirmer_is_another], moves=[movements.change], evidence=("budget_document",),
    )
    def confirm_change(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """复核入账: 提出人以外的第二人对照文件复核，入账后立刻可用；调减不能超过还没用的。"""
        sign = 1 if self.is_increase else -1
        self.amount = (self.amount or Decimal(0)) + sign * (self.change_amount or Decimal(0))

    @step(source="change_proposed", target="open", label=_("退回预算变动"), facts=Because, checks=[checks.reason_is_given])
    def decline_change(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """退回预算变动: 与文件不符或者不再需要，写明理由退回，不入账。"""

    @step(
        source="open", target="closed", label=_("关闭资金池…"), facts=ClosePool, grave=True,
        guards=[guards.nothing_is_held], checks=[checks.remaining_is_what_is_left, checks.reason_is_given], moves=[movements.lapse],
    )
    def close(self, *, law: Law, facts: ClosePool, happened_at: datetime) -> None:
        """关闭资金池: 年度终了，没有预留和待付的才能关闭，余额按文件收回。"""
        self.amount = (self.amount or Decimal(0)) - facts.remaining

    @step(source="closed", target="open", label=_("重新启用…"), facts=Because, grave=True, checks=[checks.reason_is_given])
    def reopen(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """重新启用: 关闭后又有退款或者更正的，写明理由重新启用。"""

    def turn(self, position: Any) -> Turn | None:
        return Turn(CaseRole.FINANCE, Role.FINANCE_OFFICER, "confirm_change") if self.state == "change_proposed" else None

    if TYPE_CHECKING:
        name: str
        scheme: str
        year: int
        payer_organisation_id: int
        change_kind: str
        change_amount: Decimal | None
        change_document: str
        change_reason: str

        @property
        def is_increase(self) -> bool: ...
