"""A matter: opened, asked about, decided, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from access.roles import CaseRole, Role
from casework.declarations import Cure, DeadlineRule, EvidenceRequirement, Pause, Turn, check, guard, step
from casework.models import Case
from legislation.lookup import Law


@dataclass(frozen=True)
class OpenMatter:
    asked: Decimal


@dataclass(frozen=True)
class DecideMatter:
    granted: Decimal
    reason: str = ""


@dataclass(frozen=True)
class AskMatter:
    arrived_on: date | None = None


@guard("has_been_asked_for", says="还没有人提出金额。", law="insurance.pay_victim_first", cure=Cure("去填金额", verb="ask"))
def something_is_asked(case: Matter, law: Law, position: MatterPosition) -> bool:
    return position.asked > 0


@check("granted", reason="above_asked", says="核定金额不能超过请求的金额。")
def granted_within_asked(case: Matter, law: Law, position: MatterPosition, facts: DecideMatter, by: object) -> bool:
    return facts.granted <= position.asked


@dataclass(frozen=True)
class MatterPosition:
    asked: Decimal


class MatterLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
    KIND, KIND_LABEL, PREFIX, INITIAL = "matter", "事项", "MT", "open"
    OPEN_BY_PLACE = True
    STATES = {"open": "已提出", "decided": "已核定", "closed": "已结案"}
    PATH = ("open", "decided", "closed")
    ENDED = frozenset({"closed"})
    DEADLINES = (
        DeadlineRule(
            "decide",
            "作出核定",
            ("open_matter",),
            "insurance.decision_period",
            CaseRole.INSURER,
            met_by=("decide",),
            pauses=(Pause("ask", "answer", begin_fact="arrived_on", end_fact="arrived_on"),),
        ),
    )
    EVIDENCE = (EvidenceRequirement("receipt", "收据", needed_by=("close",)),)

    class Meta:
        abstract = True

    @step(source="", target="open", label="提出", facts=OpenMatter)
    def open_matter(self, *, law: Law, facts: OpenMatter, happened_at: datetime) -> None:
        """提出: 任何一方都可以提出。"""
        self.asked = facts.asked

    @step(source="open", target=None, label="要求补充", facts=AskMatter)
    def ask(self, *, law: Law, facts: AskMatter, happened_at: datetime) -> None:
        """补正: 一次性通知。"""

    @step(source="open", target=None, label="收到补充", facts=AskMatter)
    def answer(self, *, law: Law, facts: AskMatter, happened_at: datetime) -> None:
        """补正: 收到补充材料。"""

    @step(
        source="open",
        target="decided",
        label="核定",
        facts=DecideMatter,
        guards=[something_is_asked],
        checks=[granted_within_asked],
        provisions=["insurance.decision_period"],
    )
    def decide(self, *, law: Law, facts: DecideMatter, happened_at: datetime) -> None:
        """核定: 保险人收到请求后及时核定。"""
        self.granted = facts.granted

    @step(source="decided", target="closed", label="结案", foresee=True)
    def close(self, *, law: Law, facts: object, happened_at: datetime) -> None:
        """结案: 都办完了。"""

    @step(source="open", target=None, label="系统提醒", system_only=True)
    def remind(self, *, law: Law, facts: object, happened_at: datetime) -> None:
        """提醒: 只由系统办。"""

    def turn(self, position: MatterPosition) -> Turn | None:
        return Turn(CaseRole.INSURER, Role.INSURER_HANDLER, "decide") if self.state == "open" else None


class Matter(MatterLifecycle):
    asked = models.DecimalField(max_digits=16, decimal_places=2)
    granted = models.DecimalField(max_digits=16, decimal_places=2, null=True)

    def __str__(self) -> str:
        return self.reference
