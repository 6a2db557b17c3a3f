"""What can be said about an incident before anybody types. Pure: (case, law, position)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from elevators.models import Incident
    from elevators.selectors.readmodels import IncidentPosition


def _open_things(case: Incident, position: IncidentPosition) -> str:
    return _now("还有没办完的：%(things)s。都办结后才能结案。") % {"things": "；".join(position.open_children)}


@guard("somebody_still_trapped", says=_("还没登记救出时间。"), law="incident.report_duty", cure=Cure(_("去登记救出"), verb="record_rescue"))
def everybody_is_out(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return not case.has_trapped or case.released_at is not None


@guard("no_grade_yet", says=_("还没有定级。系统按已登记的事实提出等级，通常几秒钟。"), law="incident.grade_table")
def is_graded(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return case.accident_grade != ""


@guard("grade_not_confirmed", says=_("等级还没有人确认。"), law="incident.grade_table", cure=Cure(_("去确认等级"), verb="confirm_grade"))
def grade_is_confirmed(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return case.is_grade_confirmed


@guard(
    "grade_already_confirmed",
    says=_("等级已经确认。事实有变会重新提出；要改等级用“变更等级”。"),
    cure=Cure(_("去变更等级"), verb="regrade"),
)
def grade_waits_for_confirmation(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return not case.is_grade_confirmed


@guard(
    "regulator_not_told",
    says=_("这起事件须报告市场监管部门，还没有报告。"),
    law="incident.report_duty",
    cure=Cure(_("去登记报告"), verb="notify_regulator"),
)
def regulator_is_told(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return not case.must_report or case.regulator_notified_at is not None


@guard(
    "regulator_already_told",
    says=_("已经报告过市场监管部门。新情况用“更正事实”登记，监管部门看得到。"),
    cure=Cure(_("去更正事实"), verb="correct_facts"),
    hides=True,
)
def regulator_not_yet_told(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return case.regulator_notified_at is None


@guard("insurer_already_told", says=_("已经通知过保险人。"), hides=True)
def insurer_not_yet_told(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return case.insurer_notified_at is None


@guard("no_cover_known", says=_("事发时没有查到保险，无处可报。先请保险公司补登保单。"))
def cover_is_known(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return case.insurer_id is not None


@guard("children_open", says=_open_things, cure=Cure(_("看没办完的"), anchor="below"))
def nothing_below_is_open(case: Incident, law: Any, position: IncidentPosition) -> bool:
    return not position.open_children
