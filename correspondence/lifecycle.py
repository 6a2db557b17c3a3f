"""How a request for records lives: asked by letter with a due day, then answered, refused, overdue or taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, NoFacts, Turn, step
from casework.models import Case
from correspondence import checks, guards
from correspondence.facts import AnswerRecords, AskRecords, EndRequest, RefuseRecords

if TYPE_CHECKING:
    from legislation.lookup import Law


class RecordsRequestLifecycle(Case):
    """States and steps of a request for records (调取资料)."""

    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:  # fields of the model that extends this
        addressee_id: Any
        addressee_name: Any
        what: Any
        since: Any
        until: Any
        due_on: Any
        asked_on: Any
        purpose: Any
        answer: Any
        lacking: Any

    KIND, KIND_LABEL, PREFIX, INITIAL = "records_request", _("调取资料"), "RR", "requested"
    STATES = {
        "requested": _("等对方提供"), "overdue": _("逾期未提供"), "answered": _("已提供"), "refused": _("对方不提供"),
        "withdrawn": _("已撤回"),
    }
    PATH = ("requested", "answered")
    ENDED = frozenset({"answered", "refused", "withdrawn"})
    DEADLINES = (
        DeadlineRule(
            "answer", _("提供资料"), starts=("ask",), parameter="records.answer_period", responsible=CaseRole.MAINTENANCE,
            met_by=("answer_request", "refuse"), ends_with=("withdraw",), statutory=False,
            agreed=lambda case: (case.due_on - case.asked_on).days,
        ),
    )
    EVIDENCE = (
        EvidenceRequirement(
            "records", _("调取的资料"), _("信里列明的记录，逐页拍照或扫描；要看得清日期和签字。"), needed_by=("answer_request",),
        ),
    )

    @step(
        source="", target="requested", label=_("调取资料"), facts=AskRecords,
        checks=[checks.since_before_until, checks.due_is_ahead, checks.somebody_is_asked, checks.something_is_asked],
        provisions=["elevator.maintenance_interval", "elevator.maintenance_records_kept"],
    )
    def ask(self, *, law: Law, facts: AskRecords, happened_at: datetime) -> None:
        """调取资料：写明要哪些资料、哪些日子的、什么时候以前给、做什么用，发函给持有资料的单位。"""
        from casework.steps import today

        self.addressee_id, self.addressee_name = facts.addressee_id, facts.addressee_name.strip()
        self.what, self.since, self.until, self.due_on = facts.what.strip(), facts.since, facts.until, facts.due_on
        self.asked_on, self.purpose = today(happened_at), facts.purpose.strip()

    @step(source=("requested", "overdue"), target="answered", label=_("提供资料"), facts=AnswerRecords)
    def answer_request(self, *, law: Law, facts: AnswerRecords, happened_at: datetime) -> None:
        """提供：附上资料；没有的，写明哪些日子没有、为什么没有。"""
        self.answer, self.lacking = facts.note, facts.lacking

    @step(source=("requested", "overdue"), target="refused", label=_("不提供"), facts=RefuseRecords, checks=[checks.reason_is_given])
    def refuse(self, *, law: Law, facts: RefuseRecords, happened_at: datetime) -> None:
        """不提供：写明理由，理由留在案件记录里。"""
        self.answer = facts.reason

    @step(source="requested", target="overdue", label=_("记为逾期未提供"), guards=[guards.due_day_is_over], foresee=True)
    def note_overdue(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """逾期：过了信里写的日子没有答复，记录在案；以后补来的照样收。"""

    @step(
        source=("requested", "overdue"), target="withdrawn", label=_("撤回"), facts=EndRequest, checks=[checks.reason_is_given],
    )
    def withdraw(self, *, law: Law, facts: EndRequest, happened_at: datetime) -> None:
        """撤回：不再需要，或者不再等了，写明原因。"""
        self.answer = facts.reason

    def governing_dates(self) -> dict[str, date]:
        return {}

    def turn(self, position: Any) -> Turn | None:
        """The holder of the papers when it has an account; who comes by link or letter is waited for by nobody's desk."""
        if self.state in self.ENDED or self.addressee_id is None:
            return None
        return Turn(CaseRole.MAINTENANCE, Role.MAINTENANCE_STAFF, "answer_request")
