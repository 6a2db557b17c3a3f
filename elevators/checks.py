"""What can be said about typed facts of an incident; each names its form field. Pure: (case, law, position, facts, by)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from elevators.terms import Grade, Nature

if TYPE_CHECKING:
    from access.actors import Actor
    from elevators.facts import (
        ChangePeople,
        CorrectFacts,
        JoinReport,
        MarkDuplicate,
        NotifyInsurer,
        NotifyRegulator,
        RecordRescue,
        Regrade,
        ReopenIncident,
        ReportIncident,
    )
    from elevators.models import Incident
    from elevators.selectors.readmodels import IncidentPosition

#: Beyond what any car or escalator holds at once: a slip of the finger, not a fact. Not a figure of law.
MOST_PEOPLE = 200
OLDEST = 130


@check("learnt_at", reason="learnt_before_start", says=_("得知时间早于发生时间，请看一眼哪个写反了。"))
def learnt_after_start(case: Incident, law: Any, position: Any, facts: ReportIncident, by: Actor) -> bool:
    return facts.learnt_at >= facts.started_at


@check("people_count", reason="absurd_count", says=_("人数看起来不对，请再看一眼。"))
def count_is_possible(case: Incident, law: Any, position: Any, facts: ReportIncident | ChangePeople | CorrectFacts, by: Actor) -> bool:
    return 0 <= facts.people_count <= MOST_PEOPLE


@check("people_count", reason="nobody_affected", says=_("有人被困或者受伤，人数至少是 1。"))
def somebody_is_affected(case: Incident, law: Any, position: Any, facts: ReportIncident | CorrectFacts, by: Actor) -> bool:
    return facts.nature == Nature.FAULT or facts.people_count >= 1


@check("people", reason="nobody_hurt", says=_("选了“有人受伤”，请写明谁受了伤；不知道姓名可以写特征。"))
def somebody_is_hurt(case: Incident, law: Any, position: Any, facts: ReportIncident, by: Actor) -> bool:
    return facts.nature != Nature.INJURY or any(p.harm != "unhurt" for p in facts.people)


@check("people_count", reason="more_people_than_counted", says=_("列出的人比总人数多，请看一眼哪个写错了。"))
def count_holds_everybody(case: Incident, law: Any, position: Any, facts: ReportIncident | ChangePeople, by: Actor) -> bool:
    return len([p for p in facts.people if not p.removed_because]) <= facts.people_count


@check("people", reason="absurd_age", says=_("年龄看起来不对，请再看一眼。"))
def ages_are_possible(case: Incident, law: Any, position: Any, facts: ReportIncident | ChangePeople, by: Actor) -> bool:
    return all(p.age is None or 0 <= p.age <= OLDEST for p in facts.people)


@check("people", reason="person_left_out", says=_("已登记的人不能直接删掉；登记错了的，写明原因。"))
def nobody_is_left_out(case: Incident, law: Any, position: IncidentPosition, facts: ChangePeople, by: Actor) -> bool:
    given = [p.key for p in facts.people]
    return len(given) == len(set(given)) and {p.key for p in position.people} <= set(given)


@check("released_at", reason="released_before_start", says=_("救出时间早于被困时间，请看一眼哪个写反了。"))
def released_after_start(case: Incident, law: Any, position: Any, facts: RecordRescue, by: Actor) -> bool:
    return facts.released_at >= case.started_at


@check("arrival_at", reason="arrived_before_start", says=_("救援到达时间早于事发时间，请看一眼哪个写反了。"))
def arrived_after_start(case: Incident, law: Any, position: Any, facts: RecordRescue, by: Actor) -> bool:
    return facts.arrival_at is None or facts.arrival_at >= case.started_at


@check("arrival_at", reason="arrived_after_release", says=_("救援到达晚于救出，请看一眼哪个写反了；自己脱困的，到达时间留空。"))
def arrived_before_release(case: Incident, law: Any, position: Any, facts: RecordRescue, by: Actor) -> bool:
    return facts.arrival_at is None or facts.arrival_at <= facts.released_at


@check("started_at", reason="start_after_release", says=_("发生时间晚于已登记的救出时间。救出时间也错了的，先更正救出时间。"))
def start_before_release(case: Incident, law: Any, position: Any, facts: CorrectFacts, by: Actor) -> bool:
    return case.released_at is None or facts.started_at <= case.released_at


@check("started_at", reason="start_after_learnt", says=_("发生时间晚于单位负责人得知的时间，请看一眼哪个写反了。"))
def start_before_learnt(case: Incident, law: Any, position: Any, facts: CorrectFacts, by: Actor) -> bool:
    return facts.started_at <= case.learnt_at


@check("exclusion_reason", reason="exclusion_without_reason", says=_("写明为什么不属于特种设备事故。"), law="incident.exclusions")
def exclusion_has_reason(case: Incident, law: Any, position: Any, facts: CorrectFacts, by: Actor) -> bool:
    return not facts.exclusion or bool(facts.exclusion_reason.strip())


@check("loss_estimate", reason="negative_loss", says=_("损失估计不能是负数。"))
def loss_is_not_negative(case: Incident, law: Any, position: Any, facts: CorrectFacts, by: Actor) -> bool:
    return facts.loss_estimate is None or facts.loss_estimate >= 0


@check("reason", reason="reason_missing", says=_("写明原因，会留在案件记录里。"))
def reason_is_given(
    case: Incident, law: Any, position: Any, facts: CorrectFacts | ChangePeople | Regrade | MarkDuplicate | ReopenIncident, by: Actor
) -> bool:
    return bool(facts.reason.strip())


@check("grade", reason="unknown_grade", says=_("没有这个等级。"))
def grade_exists(case: Incident, law: Any, position: Any, facts: Regrade, by: Actor) -> bool:
    return facts.grade in Grade.values


@check("reported_at", reason="reported_before_start", says=_("报告时间早于事发时间，请看一眼哪个写反了。"))
def reported_after_start(case: Incident, law: Any, position: Any, facts: NotifyRegulator | JoinReport, by: Actor) -> bool:
    return facts.reported_at >= case.started_at


@check("notified_at", reason="notified_before_start", says=_("通知时间早于事发时间，请看一眼哪个写反了。"))
def notified_after_start(case: Incident, law: Any, position: Any, facts: NotifyInsurer, by: Actor) -> bool:
    return facts.notified_at >= case.started_at


@check("of_reference", reason="same_case", says=_("不能并入自己。"))
def another_case(case: Incident, law: Any, position: Any, facts: MarkDuplicate, by: Actor) -> bool:
    return bool(facts.of_id != case.pk)
