"""How a public notice moves: drafted, posted, its period over. No query, request, mail or clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.declarations import EvidenceRequirement, Turn, step
from casework.models import Case
from consultation import checks, guards
from consultation.facts import Because, ChangeNotice, DraftNotice, ExtendNotice, PostNotice

if TYPE_CHECKING:
    from legislation.lookup import Law


class NoticeLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "public_notice"
    KIND_LABEL = _("公示")
    PREFIX = "PN"
    INITIAL = "draft"
    STATES = {"draft": _("待张贴"), "posted": _("公示中"), "finished": _("公示期满"), "withdrawn": _("已撤回")}
    PATH = ("draft", "posted", "finished")
    ENDED = frozenset({"finished", "withdrawn"})
    DEADLINES = ()
    EVIDENCE = (EvidenceRequirement("photo", _("张贴照片"), how=_("每处张贴点拍一张，拍到全文和周围。"), needed_by=("post", "finish")),)

    class Meta:
        abstract = True

    @step(source="", target="draft", label=_("拟公示"), facts=DraftNotice)
    def draft(self, *, law: Law, facts: DraftNotice, happened_at: datetime) -> None:
        """拟公示: 写清公示什么，贴出去才开始计算。"""
        self.purpose, self.code, self.heading, self.contact = facts.purpose, facts.code, facts.heading, facts.contact
        self.text, self.text_digest, self.is_practice = facts.text, facts.text_digest, facts.is_practice

    @step(
        source="draft",
        target="posted",
        label=_("登记张贴"),
        facts=PostNotice,
        checks=[checks.places_are_named, checks.posted_not_in_future, checks.period_is_long_enough],
        provisions=["consultation.notice_period"],
    )
    def post(self, *, law: Law, facts: PostNotice, happened_at: datetime) -> None:
        """登记张贴: 有地点、有起止、有照片才算公示。"""
        self.places, self.displayed_from, self.displayed_until = list(facts.places), facts.displayed_from, facts.displayed_until

    @step(source="posted", target=None, label=_("延长公示"), facts=ExtendNotice, checks=[checks.reason_is_given, checks.period_grows])
    def extend(self, *, law: Law, facts: ExtendNotice, happened_at: datetime) -> None:
        """延长公示: 公示期只能延长，不能缩短。"""
        self.displayed_until = facts.displayed_until

    @step(
        source="posted",
        target=None,
        label=_("改公示内容"),
        facts=ChangeNotice,
        checks=[
            checks.reason_is_given,
            checks.content_differs,
            checks.posted_not_in_future,
            checks.period_starts_anew,
            checks.period_is_long_enough,
        ],
        provisions=["consultation.notice_period"],
    )
    def change_content(self, *, law: Law, facts: ChangeNotice, happened_at: datetime) -> None:
        """改公示内容: 内容一改，公示期从新内容贴出那天重新计算。"""
        self.heading, self.text, self.text_digest = facts.heading, facts.text, facts.text_digest
        self.displayed_from, self.displayed_until = facts.displayed_from, facts.displayed_until
        self.restarts += 1

    @step(source="posted", target="finished", label=_("公示期满"), guards=[guards.period_is_over], foresee=True)
    def finish(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """公示期满: 最后一天过完才算满。"""

    @step(source=("draft", "posted"), target="withdrawn", label=_("撤回公示…"), facts=Because, grave=True, checks=[checks.reason_is_given])
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤回公示: 写明理由，公示过的内容留存。"""
        self.ended_because = facts.reason[:300]

    def turn(self, position: Any) -> Turn | None:
        verb = {"draft": "post", "posted": "finish"}.get(self.state)
        return Turn(CaseRole.ORGANISER, position.organiser_role, verb) if verb else None

    if TYPE_CHECKING:
        purpose: str
        code: str
        heading: str
        text: str
        text_digest: str
        places: list[str]
        contact: str
        displayed_from: date | None
        displayed_until: date | None
        restarts: int
        is_practice: bool
        ended_because: str
