"""The papers of an incident, the fast report and the notice of loss, and the news that goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework import registry
from casework.models import CaseOrganisation
from casework.outbox import after
from casework.steps import law_of, today
from correspondence import api as correspondence
from correspondence.declarations import Document
from correspondence.messages import message_kind
from elevators import selectors
from elevators.calculations import trapped_minutes
from elevators.models import Incident
from elevators.terms import Harm, Nature

if TYPE_CHECKING:
    from casework.models import CaseEvent


@dataclass(frozen=True)
class PersonLine:
    """One person as the paper lists them."""

    name: str
    age: int | None
    harm: str
    was_trapped: bool


@dataclass(frozen=True)
class IncidentFacts:
    """What both papers of an incident say of it. Moments carry a zone, the loss is in yuan."""

    reference: str
    reported_to: str
    nature: str
    is_entrapment: bool
    source: str
    elevator: str
    address: str
    code: str
    use_registration: str
    rescue_code: str
    inspection_valid_until: date | None
    put_into_use_on: date | None
    use_manager: str
    use_manager_phone: str
    maintenance: str
    maintenance_phone: str
    insurer: str
    policy: str
    started_at: datetime
    learnt_at: datetime
    arrival_at: datetime | None
    released_at: datetime | None
    trapped_minutes: int | None
    people_count: int
    deaths: int
    serious_injuries: int
    injured: int
    people: tuple[PersonLine, ...]
    loss_estimate: Decimal | None
    grade: str
    grade_provision: str
    is_grade_confirmed: bool
    exclusion: str
    description: str
    regulator_notified_at: datetime | None
    insurer_notified_at: datetime | None
    reporter: str
    change: str = ""
    why: str = ""
    arrival_limit: int | None = None
    arrived_in: int | None = None


def _incident_facts(event: CaseEvent, part: CaseRole) -> IncidentFacts:
    incident = Incident.objects.select_related("elevator__building").get(pk=event.case_id)
    seen = selectors.incident_view(incident)
    lift = selectors.elevator_view(incident.elevator, on=today(seen.started_at))
    names = dict(CaseOrganisation.objects.filter(case_id=event.case_id).order_by("-pk").values_list("role", "organisation__name"))
    return IncidentFacts(
        reference=seen.reference,
        reported_to=names.get(part, ""),
        nature=seen.kind_label,
        is_entrapment=seen.kind == Nature.ENTRAPMENT,
        source=seen.source_label,
        elevator=seen.elevator_name,
        address=seen.address,
        code=seen.elevator_code,
        use_registration=lift.use_registration,
        rescue_code=lift.rescue_code,
        inspection_valid_until=lift.inspection_valid_until,
        put_into_use_on=lift.put_into_use_on,
        use_manager=seen.use_manager_name or lift.use_manager_name,
        use_manager_phone=lift.use_manager_phone,
        maintenance=lift.maintenance_name,
        maintenance_phone=lift.maintenance_phone,
        insurer=names.get(CaseRole.INSURER, ""),
        policy=seen.policy_reference,
        started_at=seen.started_at,
        learnt_at=seen.learnt_at,
        arrival_at=seen.arrival_at,
        released_at=seen.released_at,
        trapped_minutes=seen.trapped_minutes,
        people_count=seen.people_count,
        deaths=seen.deaths,
        serious_injuries=seen.serious_injuries,
        injured=seen.injured_count,
        people=_lines(seen.people),
        loss_estimate=seen.loss_estimate,
        grade=seen.grade_label if seen.grade else "",
        grade_provision=seen.grade_provision,
        is_grade_confirmed=seen.is_grade_confirmed,
        exclusion=seen.exclusion_reason if seen.exclusion else "",
        description=seen.description,
        regulator_notified_at=seen.regulator_notified_at,
        insurer_notified_at=seen.insurer_notified_at,
        reporter="" if event.actor_is_system else event.actor_name,
        change="" if event.verb == "report" else str(registry.kind("incident").steps[event.verb].label),
        why=str((event.record.facts or {}).get("reason", "")),
        arrival_limit=_arrival_limit(incident, event),
        arrived_in=trapped_minutes(seen.learnt_at, seen.arrival_at) if seen.arrival_at and seen.arrival_at >= seen.learnt_at else None,
    )


def _arrival_limit(incident: Incident, event: CaseEvent) -> int | None:
    """Within how many minutes the rescuers must be there, in town or elsewhere."""
    name = "incident.rescue_arrival_urban" if incident.elevator.building.is_urban else "incident.rescue_arrival_elsewhere"
    law = law_of(incident, event.happened_at)
    return int(law.provision(name).value) if law.has(name) else None


def _lines(people: tuple[Any, ...]) -> tuple[PersonLine, ...]:
    return tuple(PersonLine(p.name, p.age, str(Harm(p.harm).label), p.was_trapped) for p in people)


def _manager_id(event: CaseEvent) -> int | None:
    """In whose name the papers of an incident go out: the use-manager's; where there is none, the street office's."""
    held = dict(CaseOrganisation.objects.filter(case_id=event.case_id).order_by("-pk").values_list("role", "organisation_id"))
    return held.get(CaseRole.USE_MANAGER) or held.get(CaseRole.STREET_OFFICE) or event.actor_organisation_id


class IncidentReport(Document):
    """事故（困人）快报: to the regulator within the hour, and again when the facts change (令第50号, 特种设备安全法 70)."""

    title = _("电梯事故（困人）快报")
    template = "elevators/documents/incident_report.html"
    prefix = "KB"
    provisions = ("incident.report_duty", "incident.regulator_report_period", "incident.supplementary_report_period")
    supersedes = True

    def facts(self, event: CaseEvent) -> IncidentFacts:
        return _incident_facts(event, CaseRole.REGULATOR)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return _manager_id(event)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("电梯")), facts["elevator"]), (str(_("事件")), facts["nature"])]


class RescueRecord(Document):
    """电梯困人故障处置记录: from the call to the door open, minute by minute, as those who freed the people sign it (TSG T5002)."""

    title = _("电梯困人故障处置记录")
    template = "elevators/documents/rescue_record.html"
    prefix = "CZ"
    provisions = ("incident.report_duty", "incident.rescue_arrival_urban")
    supersedes = True

    def facts(self, event: CaseEvent) -> IncidentFacts:
        return _incident_facts(event, CaseRole.MAINTENANCE)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return _manager_id(event)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("电梯")), facts["elevator"]), (str(_("事件")), facts["nature"])]


class LossNotice(Document):
    """保险出险通知书: to the insurer of that minute, in time after the loss is known (保险法 21)."""

    title = _("保险出险通知书")
    template = "elevators/documents/loss_notice.html"
    prefix = "CX"
    provisions = ("insurance.late_notice_never_bars", "insurance.mitigation_costs_in_addition", "insurance.one_supplement_request")

    def facts(self, event: CaseEvent) -> IncidentFacts:
        return _incident_facts(event, CaseRole.INSURER)

    def issuer_id(self, event: CaseEvent) -> int | None:
        return _manager_id(event)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("电梯")), facts["elevator"]), (str(_("保险单号")), facts["policy"])]


message_kind(
    "elevators.incident_reported",
    subject=_("{title}：{nature}"),
    text=_("{elevator} {nature}，{people_count} 人。案号 {reference}。快报已生成，请打开案件看下一步。"),
    default=(
        (CaseRole.USE_MANAGER, Role.MANAGER_APPROVER, "in_app"),
        (CaseRole.USE_MANAGER, Role.MANAGER_APPROVER, "mail"),
        (CaseRole.INSURER, Role.INSURER_HANDLER, "in_app"),
        (CaseRole.REGULATOR, Role.REGULATOR_OFFICER, "in_app"),
        (CaseRole.STREET_OFFICE, Role.STREET_CLERK, "in_app"),
    ),
)


@after(
    "elevators.incident.report",
    "elevators.incident.record_rescue",
    "elevators.incident.correct_facts",
    "elevators.incident.change_people",
    "elevators.incident.regrade",
)
def issue_incident_report(event: CaseEvent) -> None:
    correspondence.issue(IncidentReport, event)


@after("elevators.incident.record_rescue")
def issue_rescue_record(event: CaseEvent) -> None:
    if Incident.objects.get(pk=event.case_id).has_trapped:
        correspondence.issue(RescueRecord, event)


@after("elevators.incident.notify_insurer")
def issue_loss_notice(event: CaseEvent) -> None:
    correspondence.issue(LossNotice, event)


@after("elevators.incident.report")
def tell_of_incident(event: CaseEvent) -> None:
    incident = Incident.objects.select_related("elevator").get(pk=event.case_id)
    correspondence.send(
        "elevators.incident_reported",
        event,
        elevator=incident.elevator.name,
        nature=str(incident.get_nature_display()),
        people_count=incident.people_count,
    )
