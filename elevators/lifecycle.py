"""How an incident lives: open until everything below it is closed. Rescued, graded and notified are facts, in any order (rulebook 9.0)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, NoFacts, Turn, step
from casework.errors import FactsRefused
from casework.models import Case
from elevators import checks, guards, rows
from elevators.calculations import AccidentFacts, accident_grade, trapped_minutes
from elevators.facts import (
    ChangePeople,
    CloseIncident,
    ConfirmGrade,
    CorrectFacts,
    JoinReport,
    MarkDuplicate,
    NotifyInsurer,
    NotifyRegulator,
    PersonFacts,
    RecordRescue,
    Regrade,
    ReopenIncident,
    ReportIncident,
)
from elevators.terms import Grade, Harm, Nature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from elevators.selectors.readmodels import IncidentPosition
    from legislation.lookup import Law


LAST_DISTRICT = 20  # GB/T 2260: districts of a city, before its counties


def somebody_was_trapped(incident: Any) -> bool:
    return bool(incident.has_trapped)


def trapped_in_a_district(incident: Any) -> bool:
    """Somebody was trapped in a city district: the last two figures of its code are 01 to 20 (a city without districts: 00)."""
    return somebody_was_trapped(incident) and int(incident.place[4:]) <= LAST_DISTRICT


def trapped_elsewhere(incident: Any) -> bool:
    return somebody_was_trapped(incident) and not trapped_in_a_district(incident)


class IncidentLifecycle(Case):
    """States and steps of an incident. `nature` and the other facts are fields of the model that extends it."""

    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    class Meta:
        abstract = True

    if TYPE_CHECKING:  # fields of the model that extends this
        elevator_id: Any
        nature: Any
        source: Any
        started_at: Any
        learnt_at: Any
        arrival_at: Any
        released_at: Any
        has_trapped: Any
        trapped_minutes: Any
        people_count: Any
        description: Any
        deaths: Any
        serious_injuries: Any
        injured_count: Any
        loss_estimate: Any
        exclusion: Any
        exclusion_reason: Any
        accident_grade: Any
        grade_provision: Any
        grade_reason: Any
        is_grade_confirmed: Any
        must_report: Any
        report_duty_since: Any
        regulator_notified_at: Any
        regulator_receipt: Any
        insurer_notified_at: Any
        insurer_receipt: Any
        use_manager_id: Any
        use_manager_name: Any
        maintenance_id: Any
        insurer_id: Any
        policy_reference: Any
        policy_id: Any
        programme: Any
        reported_by_id: Any
        duplicate_of: Any
        conclusion: Any

    KIND = "incident"
    KIND_LABEL = _("事件")
    PREFIX = "IN"
    INITIAL = "open"
    OPEN_BY_PLACE = True
    LISTS_CHILDREN = True
    STATES = {"open": _("处理中"), "closed": _("已结案"), "duplicate": _("已并入另一案")}
    PATH = ("open", "closed")
    ENDED = frozenset({"closed", "duplicate"})
    DEADLINES = (
        DeadlineRule(
            "regulator_report", _("报告市场监管部门"), starts=("report",), start_fact="learnt_at",
            parameter="incident.regulator_report_period", responsible=CaseRole.USE_MANAGER, met_by=("notify_regulator",),
            ends_with=("mark_duplicate",), rechecked_by=("record_rescue", "grade", "regrade", "change_people", "correct_facts"),
            applies=lambda incident: incident.must_report, since=lambda incident: incident.report_duty_since,
        ),
        DeadlineRule(
            "supplementary_report", _("伤亡变化补报"), starts=("report",), parameter="incident.supplementary_report_period",
            responsible=CaseRole.USE_MANAGER, ends_with=("close", "mark_duplicate"), informs=True,
            rechecked_by=("record_rescue", "grade", "regrade", "change_people", "correct_facts"),
            applies=lambda incident: incident.must_report,
        ),
        *(
            DeadlineRule(
                name, _("救援人员到达现场"), starts=("report",), start_fact="learnt_at", parameter=f"incident.{name}",
                responsible=CaseRole.MAINTENANCE, met_by=("record_rescue",), met_fact="arrival_at", ends_with=("mark_duplicate",),
                informs=True, rechecked_by=("change_people", "correct_facts"), applies=applies,
            )
            for name, applies in (("rescue_arrival_urban", trapped_in_a_district), ("rescue_arrival_elsewhere", trapped_elsewhere))
        ),
    )
    EVIDENCE = (
        EvidenceRequirement("scene_photos", _("现场照片"), _("轿厢与层门、楼层显示、使用标志，各一张。")),
        EvidenceRequirement("call_log", _("96333 或者值班电话记录"), _("截图即可，要看得见来电时间。")),
        EvidenceRequirement(
            "rescue_record", _("救援记录"), _("维保单位填写的救援单，有到达和救出时间。"), applies=somebody_was_trapped,
        ),
        EvidenceRequirement("video", _("监控录像"), _("请值班室封存事发前后各一小时的录像。")),
    )

    @step(
        source="", target="open", label=_("登记事件"), facts=ReportIncident, rows=[rows.people_reported],
        checks=[
            checks.learnt_after_start, checks.count_is_possible, checks.somebody_is_affected, checks.somebody_is_hurt,
            checks.count_holds_everybody, checks.ages_are_possible,
        ],
        provisions=["incident.report_duty", "incident.regulator_report_period"],
    )
    def report(self, *, law: Law, facts: ReportIncident, happened_at: datetime) -> None:
        """报告：组织抢救、保护现场、及时报告，不得迟报、谎报、瞒报。"""
        known = facts.circumstances
        self.elevator_id, self.nature, self.source = known.elevator_id, facts.nature, facts.source
        self.started_at, self.learnt_at, self.description = facts.started_at, facts.learnt_at, facts.description
        self.use_manager_id, self.use_manager_name = known.use_manager_id, known.use_manager_name
        self.maintenance_id, self.insurer_id = known.maintenance_id, known.insurer_id
        self.policy_reference, self.policy_id, self.programme = known.policy_reference, known.policy_id, known.programme
        self.reported_by_id = facts.reported_by_id
        self._count(facts.people, facts.people_count)
        self._judge_duty(law, facts.learnt_at)

    @step(
        source="open", target=None, label=_("登记救出"), facts=RecordRescue,
        checks=[checks.released_after_start, checks.arrived_after_start, checks.arrived_before_release],
        provisions=["incident.rescue_arrival_urban"],
    )
    def record_rescue(self, *, law: Law, facts: RecordRescue, happened_at: datetime) -> None:
        """救出：记下救援到达和最后一人救出的时间，被困分钟由此算出。"""
        if facts.released_at > happened_at:
            raise FactsRefused({"released_at": [_("救出时间不能晚于登记的时间。")]})
        self.arrival_at, self.released_at = facts.arrival_at or self.arrival_at, facts.released_at
        self._measure()
        self._judge_duty(law, happened_at)

    @step(
        source="open", target=None, label=_("提出等级"), provisions=["incident.grade_table", "incident.exclusions"], system_only=True,
    )
    def grade(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """定级：死亡、重伤、直接损失、被困时间，任何一栏达到即为该等级，取最高者。"""
        code, provision = self._grade_by_rule(law)
        if code != self.accident_grade:
            self.is_grade_confirmed = False
        self.accident_grade, self.grade_provision = code, provision
        self._judge_duty(law, happened_at)

    @step(
        source="open", target=None, label=_("确认等级"), facts=ConfirmGrade, provisions=["incident.grade_table"],
        guards=[guards.is_graded, guards.grade_waits_for_confirmation],
    )
    def confirm_grade(self, *, law: Law, facts: ConfirmGrade, happened_at: datetime) -> None:
        """定级：系统按事实提出，由使用管理人确认；监管部门可以变更。"""
        self.is_grade_confirmed = True

    @step(
        source="open", target=None, label=_("变更等级"), facts=Regrade, guards=[guards.is_graded],
        checks=[checks.grade_exists, checks.reason_is_given], provisions=["incident.grade_table", "incident.investigation_level"],
    )
    def regrade(self, *, law: Law, facts: Regrade, happened_at: datetime) -> None:
        """变更等级：监管部门的认定与系统提出的不同时，写明理由；以后系统不再自动改动。"""
        self.accident_grade, self.grade_reason = facts.grade, facts.reason
        self.is_grade_confirmed = True
        self._judge_duty(law, happened_at)

    @step(
        source="open", target=None, label=_("登记已报告监管部门"), facts=NotifyRegulator, checks=[checks.reported_after_start],
        guards=[guards.regulator_not_yet_told], provisions=["incident.regulator_report_period", "incident.report_duty"],
    )
    def notify_regulator(self, *, law: Law, facts: NotifyRegulator, happened_at: datetime) -> None:
        """报告：单位负责人得知后一小时内向县级以上市场监管部门报告。"""
        self.regulator_notified_at, self.regulator_receipt = facts.reported_at, facts.receipt

    @step(
        source="open", target=None, label=_("登记已通知保险公司"), facts=NotifyInsurer, checks=[checks.notified_after_start],
        guards=[guards.cover_is_known, guards.insurer_not_yet_told], provisions=["insurance.late_notice_never_bars"],
    )
    def notify_insurer(self, *, law: Law, facts: NotifyInsurer, happened_at: datetime) -> None:
        """出险通知：知道保险事故发生后及时通知保险人。"""
        self.insurer_notified_at, self.insurer_receipt = facts.notified_at, facts.receipt

    @step(
        source="open", target=None, label=_("更正事实"), facts=CorrectFacts, provisions=["incident.report_duty"],
        checks=[
            checks.count_is_possible, checks.somebody_is_affected, checks.start_before_release, checks.start_before_learnt,
            checks.exclusion_has_reason, checks.loss_is_not_negative, checks.reason_is_given,
        ],
    )
    def correct_facts(self, *, law: Law, facts: CorrectFacts, happened_at: datetime) -> None:
        """更正：原来的记录不动，更正前后和原因都留在案件记录里。"""
        self.nature, self.started_at, self.description = facts.nature, facts.started_at, facts.description
        self.has_trapped = self.has_trapped or facts.nature == Nature.ENTRAPMENT
        self.people_count, self.loss_estimate = facts.people_count, facts.loss_estimate
        self.exclusion, self.exclusion_reason = facts.exclusion, facts.exclusion_reason
        self._measure()
        self._judge_duty(law, happened_at)

    @step(
        source="open", target=None, label=_("登记涉及人员"), facts=ChangePeople, rows=[rows.people_changed],
        checks=[
            checks.nobody_is_left_out, checks.count_is_possible, checks.count_holds_everybody, checks.ages_are_possible,
            checks.reason_is_given,
        ],
    )
    def change_people(self, *, law: Law, facts: ChangePeople, happened_at: datetime) -> None:
        """涉及人员：补登姓名、伤情，或者纠正误登；每个人的编号不变。"""
        self._count(facts.people, facts.people_count)
        self._measure()
        self._judge_duty(law, happened_at)

    @step(
        source="open", target=None, label=_("并入另一份报告"), facts=JoinReport, rows=[rows.linked_report],
    )
    def join(self, *, law: Law, facts: JoinReport, happened_at: datetime) -> None:
        """并案：同一事件的另一份报告原样保留，不另开赔付案。"""

    @step(
        source="open", target="duplicate", label=_("并入另一案"), facts=MarkDuplicate, grave=True,
        guards=[guards.nothing_below_is_open], checks=[checks.another_case, checks.reason_is_given],
    )
    def mark_duplicate(self, *, law: Law, facts: MarkDuplicate, happened_at: datetime) -> None:
        """并案：两案是同一事件，以另一案为准；本案的记录和材料都保留。"""
        self.duplicate_of = facts.of_reference

    @step(
        source="open", target="closed", label=_("结案"), facts=CloseIncident,
        guards=[
            guards.everybody_is_out, guards.is_graded, guards.grade_is_confirmed, guards.regulator_is_told,
            guards.nothing_below_is_open,
        ],
    )
    def close(self, *, law: Law, facts: CloseIncident, happened_at: datetime) -> None:
        """结案：人已救出、等级已确认、该报告的已报告，赔付案和追偿案都已办结。"""
        self.conclusion = facts.conclusion

    @step(source="closed", target="open", label=_("重新打开"), facts=ReopenIncident, checks=[checks.reason_is_given], grave=True)
    def reopen(self, *, law: Law, facts: ReopenIncident, happened_at: datetime) -> None:
        """重新打开：结案后有新情况的，写明原因，接着办。"""

    def governing_dates(self) -> dict[str, date]:
        return {"accident": timezone.localtime(self.started_at).date()} if self.started_at else {}

    def turn(self, position: IncidentPosition | None) -> Turn | None:
        """First people, then the report, then the grade; closing waits for nobody while something below is open."""
        part, role = (
            (CaseRole.USE_MANAGER, Role.MANAGER_CLERK) if self.use_manager_id else (CaseRole.STREET_OFFICE, Role.STREET_CLERK)
        )
        if somebody_was_trapped(self) and self.released_at is None:
            return Turn(part, role, "record_rescue")
        if self.must_report and self.regulator_notified_at is None:
            return Turn(part, role, "notify_regulator")
        if self.accident_grade and not self.is_grade_confirmed:
            return Turn(part, role, "confirm_grade")
        if self.is_grade_confirmed and position is not None and not position.open_children:
            return Turn(part, role, "close")
        return None

    def path_progress(self) -> tuple[tuple[Any, bool, datetime | None], ...]:
        """The floors of the life-cycle strip, whether each is done and when: facts, not states, and in any order."""
        told = [m for m in (self.regulator_notified_at, self.insurer_notified_at) if m is not None]
        return (
            (_("已报告"), True, self.learnt_at),
            *([(_("已救出"), self.released_at is not None, self.released_at)] if somebody_was_trapped(self) else []),
            (_("已定级"), self.is_grade_confirmed, None),
            (_("已通知"), self._is_notified(), max(told, default=None)),
            (_("已并入另一案") if self.state == "duplicate" else _("已结案"), self.is_ended, self.closed_at),
        )

    def _is_notified(self) -> bool:
        return (self.regulator_notified_at is not None or not self.must_report) and (
            self.insurer_notified_at is not None or self.insurer_id is None
        )

    def _count(self, people: Iterable[PersonFacts], people_count: int) -> None:
        standing = [p for p in people if not p.removed_because]
        self.people_count = people_count
        self.deaths = sum(p.harm == Harm.DEAD for p in standing)
        self.serious_injuries = sum(p.harm == Harm.SERIOUS for p in standing)
        self.has_trapped = any(p.was_trapped for p in standing)
        self.injured_count = sum(p.harm != Harm.UNHURT for p in standing)

    def _measure(self) -> None:
        trapped = somebody_was_trapped(self) and self.released_at is not None
        self.trapped_minutes = trapped_minutes(self.started_at, self.released_at) if trapped else None

    def _grade_by_rule(self, law: Law) -> tuple[str, str]:
        if self.exclusion:
            return Grade.NONE.value, law.table("incident.exclusions").citation
        found = accident_grade(
            law,
            AccidentFacts(
                deaths=self.deaths, serious_injuries=self.serious_injuries, loss=self.loss_estimate, trapped_minutes=self.trapped_minutes,
            ),
        )
        return found.code, found.provision

    def _has_report_duty(self, law: Law) -> bool:
        """Whether the one-hour report is due: the grade rule says so, or the regulator did."""
        if self.exclusion:
            return False
        if self.grade_reason:
            return bool(self.accident_grade != Grade.NONE)
        return bool(self._grade_by_rule(law)[0] != Grade.NONE)

    def _judge_duty(self, law: Law, moment: datetime) -> None:
        """The clock of the report runs from the moment at which the facts first showed that it is due."""
        is_due = self._has_report_duty(law)
        if is_due and not self.must_report:
            self.report_duty_since = moment
        self.must_report = is_due
