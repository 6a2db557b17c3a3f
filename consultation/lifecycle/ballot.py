"""How a ballot moves: proposed, announced, open, counted, its tally challenged, certified. No query, request, mail or clock."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from casework.models import Case
from casework.steps import today
from consultation import checks, guards, rows
from consultation.facts import (
    AddProxy,
    Announce,
    AnnulByCourt,
    Because,
    CastVote,
    ChangeProposal,
    CountVotes,
    ExtendWindow,
    ImportOfficial,
    OpenWindow,
    ProposeBallot,
    StrikeVote,
)

if TYPE_CHECKING:
    from legislation.lookup import Law

UNDECIDED = ("draft", "announced", "open", "counting", "prelim", "challenge")
LINE = ["consultation.heads", "consultation.area_basis"]


class BallotLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "ballot"
    KIND_LABEL = _("表决")
    PREFIX = "VB"
    INITIAL = "draft"
    STATES = {
        "draft": _("拟定中"),
        "announced": _("已公告"),
        "open": _("投票中"),
        "counting": _("计票中"),
        "prelim": _("已初步统计"),
        "challenge": _("公示询异中"),
        "result": _("已通过"),
        "failed": _("未通过"),
        "annulled": _("已被撤销"),
        "withdrawn": _("已撤回"),
    }
    PATH = ("draft", "announced", "open", "counting", "prelim", "challenge", "result")
    ENDED = frozenset({"result", "failed", "annulled", "withdrawn"})
    DEADLINES = (
        DeadlineRule(
            "challenge",
            _("初步统计公示询异"),
            starts=("publish_tally",),
            parameter="consultation.challenge_period",
            responsible=CaseRole.ORGANISER,
            met_by=("certify", "declare_failed"),
            ends_with=("recount", "withdraw"),
            restarts=True,
            statutory=False,
        ),
        DeadlineRule(
            "result",
            _("公布表决结果"),
            starts=("close",),
            parameter="consultation.result_period",
            responsible=CaseRole.ORGANISER,
            met_by=("publish_tally",),
            ends_with=("withdraw",),
            statutory=False,
        ),
        DeadlineRule(
            "annulment",
            _("业主请求法院撤销"),
            starts=("certify",),
            parameter="consultation.annulment_period",
            responsible=CaseRole.ORGANISER,
            met_by=("annul",),
            informs=True,
        ),
    )
    EVIDENCE = (
        EvidenceRequirement(
            "official_notice",
            _("市级平台三次公示的截图"),
            how=_("投票通知、初步统计、结果各一张。"),
            needed_by=("import_official",),
            applies=lambda case: bool(case.is_official),
        ),
        EvidenceRequirement(
            "ruling",
            _("撤销决定的裁判文书"),
            how=_("法院判决书的照片或者 PDF。"),
            needed_by=("annul",),
            applies=lambda case: case.state == "result",
        ),
    )

    class Meta:
        abstract = True

    @step(
        source="",
        target="draft",
        label=_("发起表决"),
        facts=ProposeBallot,
        checks=[checks.scope_has_a_reason, checks.line_exists],
        provisions=LINE,
    )
    def propose(self, *, law: Law, facts: ProposeBallot, happened_at: datetime) -> None:
        """发起表决: 写清表决什么、哪些业主有票、按哪条线。"""
        self.matter, self.matter_reason, self.law_date = facts.matter, facts.matter_reason, facts.law_date
        self.scope, self.scope_reason, self.roll_id = facts.scope, facts.scope_reason, facts.roll_id
        self.proposal_title, self.proposal_text, self.proposal_digest = facts.proposal_title, facts.proposal_text, facts.proposal_digest
        self.contact, self.is_practice, self.is_official = facts.contact, facts.is_practice, facts.is_official

    @step(
        source="draft",
        target="announced",
        label=_("公告表决"),
        facts=Announce,
        guards=[guards.is_our_own, guards.roll_has_units, guards.roll_is_undisputed],
        checks=[checks.window_has_an_order, checks.window_lies_ahead, checks.midnight_is_meant, checks.call_is_long_enough],
        provisions=["consultation.call_period"],
    )
    def announce(self, *, law: Law, facts: Announce, happened_at: datetime) -> None:
        """公告表决: 方案、名册人数面积、投票起止一并公告；方案公告以后再改，公告重新计算。"""
        self.opens_at, self.closes_at = facts.opens_at, facts.closes_at

    @step(
        source=("draft", "announced"),
        target=None,
        label=_("修改方案"),
        facts=ChangeProposal,
        checks=[
            checks.reason_is_given,
            checks.window_has_an_order,
            checks.new_window_is_given,
            checks.midnight_is_meant,
            checks.call_is_long_enough,
        ],
        provisions=["consultation.call_period"],
    )
    def change_proposal(self, *, law: Law, facts: ChangeProposal, happened_at: datetime) -> None:
        """修改方案: 还没有开始投票才能改；已经公告的，公告期重新计算。"""
        self.proposal_title, self.proposal_text, self.proposal_digest = facts.proposal_title, facts.proposal_text, facts.proposal_digest
        if facts.opens_at and facts.closes_at:
            self.opens_at, self.closes_at = facts.opens_at, facts.closes_at

    @step(
        source="announced",
        target="open",
        label=_("开始投票"),
        facts=OpenWindow,
        guards=[guards.opening_has_come, guards.roll_is_undisputed],
        checks=[checks.roll_is_as_read],
        rows=[rows.freeze_roll],
        provisions=LINE,
    )
    def open(self, *, law: Law, facts: OpenWindow, happened_at: datetime) -> None:
        """开始投票: 名册在这一刻固定，算出校验值，以后谁也改不了。"""
        self.roll_digest = facts.roll_digest

    @step(
        source=("open", "counting"),
        target=None,
        label=_("投票"),
        facts=CastVote,
        checks=[checks.voter_is_here, checks.vote_is_in_time, checks.link_is_the_voters, checks.proxy_holds],
        rows=[rows.vote],
    )
    def cast(self, *, law: Law, facts: CastVote, happened_at: datetime) -> None:
        """投票: 一人一票，截止前可以改，以最后一次为准；每一次都留存。"""

    @step(
        source=("announced", "open"),
        target=None,
        label=_("登记委托"),
        facts=AddProxy,
        checks=[checks.voter_is_here, checks.powers_are_written, checks.proxy_paper_is_here],
        rows=[rows.proxy],
    )
    def add_proxy(self, *, law: Law, facts: AddProxy, happened_at: datetime) -> None:
        """登记委托: 委托书写明事项和期限；业主自己投的票优先。"""

    @step(
        source="open",
        target=None,
        label=_("延长投票"),
        facts=ExtendWindow,
        checks=[checks.reason_is_given, checks.end_moves_later, checks.midnight_is_meant],
    )
    def extend(self, *, law: Law, facts: ExtendWindow, happened_at: datetime) -> None:
        """延长投票: 只能延后，不能提前；理由写进公告。"""
        self.closes_at = facts.closes_at

    @step(source="open", target="counting", label=_("截止投票"), guards=[guards.end_has_come], foresee=True)
    def close(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """截止投票: 到了公告的最后一分钟才截止；之后只录截止前收到的纸质票。"""

    @step(
        source="counting",
        target=None,
        label=_("剔除一票…"),
        facts=StrikeVote,
        grave=True,
        checks=[checks.reason_is_given, checks.vote_is_known],
        rows=[rows.strike],
    )
    def strike(self, *, law: Law, facts: StrikeVote, happened_at: datetime) -> None:
        """剔除一票: 冒签、代签没有委托的不算；票留着，写明理由。"""

    @step(
        source="counting",
        target="prelim",
        label=_("初步统计"),
        facts=CountVotes,
        guards=[guards.no_sheet_waits],
        checks=[checks.count_is_as_read],
        provisions=LINE,
    )
    def tally(self, *, law: Law, facts: CountVotes, happened_at: datetime) -> None:
        """初步统计: 人数、面积两个口径，参与、同意两道线，用分数精确计算。"""
        self._take(facts)
        self.recount_digest = facts.recount_digest

    @step(
        source="draft",
        target="prelim",
        label=_("录入市级平台结果"),
        facts=ImportOfficial,
        guards=[guards.is_of_the_city, guards.roll_has_units],
        checks=[checks.figures_have_an_order, checks.notices_have_an_order, checks.differences_are_explained],
        rows=[rows.official],
    )
    def import_official(self, *, law: Law, facts: ImportOfficial, happened_at: datetime) -> None:
        """录入市级平台结果: 以平台三次公示的数字为准，和本名册不同的要说明原因。"""
        self._take(facts)
        self.tallied_on = facts.tallied_on

    @step(
        source="prelim",
        target="challenge",
        label=_("公示初步统计，询异"),
        guards=[guards.is_our_own],
        provisions=["consultation.challenge_period"],
    )
    def publish_tally(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """公示询异: 初步统计公示，业主对名册、选票、统计有疑问的，在公示期内提出。"""
        self.tallied_on = today(happened_at)

    @step(source="challenge", target="counting", label=_("重新计票"), facts=Because, checks=[checks.reason_is_given])
    def recount(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """重新计票: 异议成立的，回到计票，改正后重新公示。"""
        self.recount_digest = ""

    @step(
        source=("prelim", "challenge"),
        target="result",
        label=_("公告结果：通过"),
        guards=[guards.tally_was_published, guards.challenge_is_over, guards.no_challenge_is_open, guards.line_is_reached],
        provisions=["consultation.annulment_period", "consultation.annulment_right"],
        foresee=True,
    )
    def certify(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """公告结果: 两道线的人数和面积都达到，决定对业主有约束力；业主一年内可以请求法院撤销。"""

    @step(
        source=("prelim", "challenge"),
        target="failed",
        label=_("公告结果：未通过"),
        guards=[guards.tally_was_published, guards.challenge_is_over, guards.no_challenge_is_open, guards.line_is_missed],
    )
    def declare_failed(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """公告结果: 有一道线没有达到，写明差多少；可以改方案重新表决。"""

    @step(
        source="result",
        target="annulled",
        label=_("登记法院撤销…"),
        facts=AnnulByCourt,
        grave=True,
        checks=[checks.reason_is_given],
        provisions=["consultation.annulment_right"],
    )
    def annul(self, *, law: Law, facts: AnnulByCourt, happened_at: datetime) -> None:
        """法院撤销: 生效裁判撤销这次决定。"""
        self.ended_because = f"{facts.court} {facts.number}：{facts.reason}"[:300]

    @step(source=UNDECIDED, target="withdrawn", label=_("撤回表决…"), facts=Because, grave=True, checks=[checks.reason_is_given])
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤回表决: 已经投的票不再计算，留存备查；改方案的，撤回后重新发起。"""
        self.ended_because = facts.reason[:300]

    def _take(self, facts: CountVotes | ImportOfficial) -> None:
        self.persons, self.area = facts.persons, facts.area
        self.participating_persons, self.participating_area = facts.participating_persons, facts.participating_area
        self.agreeing_persons, self.agreeing_area = facts.agreeing_persons, facts.agreeing_area

    def governing_dates(self) -> dict[str, date]:
        return {"application": self.law_date} if self.law_date else {}

    def turn(self, position: Any) -> Turn | None:
        verb = {
            "draft": "import_official" if self.is_official else "announce",
            "announced": "open",
            "open": "close",
            "counting": "tally",
            "prelim": "certify" if self.is_official else "publish_tally",
            "challenge": "certify",
        }.get(self.state)
        if verb == "certify" and not position.outcome.passed:
            verb = "declare_failed"
        return Turn(CaseRole.ORGANISER, position.organiser_role, verb) if verb else None

    if TYPE_CHECKING:
        matter: str
        matter_reason: str
        law_date: date
        scope: str
        scope_reason: str
        roll_id: int
        roll_digest: str
        proposal_title: str
        proposal_text: str
        proposal_digest: str
        contact: str
        opens_at: datetime | None
        closes_at: datetime | None
        tallied_on: date | None
        is_practice: bool
        is_official: bool
        persons: int | None
        area: Decimal | None
        participating_persons: int | None
        participating_area: Decimal | None
        agreeing_persons: int | None
        agreeing_area: Decimal | None
        recount_digest: str
        ended_because: str


ORGANISER_ROLES = (Role.STREET_CLERK, Role.OWNERS_OFFICER)
