"""How an objection moves: received, answered, talked over, settled or dismissed. No query, request, mail or clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.declarations import DeadlineRule, Turn, step
from casework.models import Case
from consultation import checks, rows
from consultation.facts import AnswerObjection, Because, EndObjection, ReceiveObjection, RecordSession, RedactObjection

if TYPE_CHECKING:
    from legislation.lookup import Law

OPEN = ("received", "answered", "mediation")


class ObjectionLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "objection"
    KIND_LABEL = _("异议")
    PREFIX = "OB"
    INITIAL = "received"
    STATES = {
        "received": _("待答复"),
        "answered": _("已答复"),
        "mediation": _("协调中"),
        "settled": _("已解决"),
        "dismissed": _("不成立"),
        "withdrawn": _("已撤回"),
    }
    PATH = ("received", "answered", "mediation", "settled")
    ENDED = frozenset({"settled", "dismissed", "withdrawn"})
    DEADLINES = (
        DeadlineRule(
            "answer",
            _("答复异议"),
            starts=("receive", "reopen"),
            parameter="consultation.objection_answer_period",
            responsible=CaseRole.ORGANISER,
            met_by=("answer_it", "settle", "dismiss"),
            ends_with=("withdraw",),
            restarts=True,
            statutory=False,
        ),
    )

    class Meta:
        abstract = True

    @step(
        source="",
        target="received",
        label=_("登记异议"),
        facts=ReceiveObjection,
        rows=[rows.statement],
        provisions=["consultation.neighbour_rights"],
    )
    def receive(self, *, law: Law, facts: ReceiveObjection, happened_at: datetime) -> None:
        """登记异议: 受影响的人都可以提，姓名、电话、住址不公开。"""
        self.category, self.is_by_page, self.receipt = facts.category, facts.is_by_page, facts.receipt

    @step(source=(*OPEN, "settled", "dismissed"), target=None, label=_("改公开摘要"), facts=RedactObjection)
    def redact(self, *, law: Law, facts: RedactObjection, happened_at: datetime) -> None:
        """公开摘要: 去掉能认出本人的内容；不写就不公开。"""
        self.public_text = facts.public_text

    @step(source="received", target="answered", label=_("答复异议"), facts=AnswerObjection, checks=[checks.answer_is_given])
    def answer_it(self, *, law: Law, facts: AnswerObjection, happened_at: datetime) -> None:
        """答复异议: 逐条答复，同时写一段可以公开的摘要。"""
        self.answer, self.public_text = facts.answer, facts.public_text

    @step(
        source=OPEN,
        target="mediation",
        label=_("记录协调会"),
        facts=RecordSession,
        checks=[checks.session_was_held],
        rows=[rows.session],
        provisions=["consultation.neighbour_rights"],
    )
    def record_session(self, *, law: Law, facts: RecordSession, happened_at: datetime) -> None:
        """调解（协调）会议: 谁参加、说了什么、结果怎样，当场记录。"""

    @step(source=OPEN, target="settled", label=_("登记解决"), facts=EndObjection, checks=[checks.conclusion_is_given])
    def settle(self, *, law: Law, facts: EndObjection, happened_at: datetime) -> None:
        """登记解决: 异议人接受处理结果。"""
        self.outcome, self.conclusion = facts.outcome, facts.conclusion

    @step(
        source=("answered", "mediation"),
        target="dismissed",
        label=_("认定不成立"),
        facts=EndObjection,
        grave=True,
        checks=[checks.conclusion_is_given],
    )
    def dismiss(self, *, law: Law, facts: EndObjection, happened_at: datetime) -> None:
        """认定不成立: 答复或者协调以后仍坚持的，写明理由；异议人可以依法向法院主张。"""
        self.outcome, self.conclusion = facts.outcome, facts.conclusion

    @step(source=OPEN, target="withdrawn", label=_("登记撤回"), facts=Because, checks=[checks.reason_is_given])
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """登记撤回: 异议人自己撤回。"""
        self.conclusion = facts.reason[:500]

    @step(source=("settled", "dismissed"), target="received", label=_("重新处理"), facts=Because, checks=[checks.reason_is_given])
    def reopen(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """重新处理: 有新情况，或者答应的事没有做到。"""
        self.outcome = ""

    def turn(self, position: Any) -> Turn | None:
        verb = {"received": "answer_it", "answered": "settle", "mediation": "settle"}.get(self.state)
        return Turn(CaseRole.ORGANISER, position.organiser_role, verb) if verb else None

    if TYPE_CHECKING:
        category: str
        public_text: str
        is_by_page: bool
        receipt: str
        answer: str
        outcome: str
        conclusion: str
