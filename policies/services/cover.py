"""What the system answers to the cover checklist from the facts it has; a person answers what it cannot. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.steps import law_of, today
from elevators import api as elevators
from legislation.units import NotInForce
from policies.facts import CoverAnswer
from policies.services.contracts import programme_money
from policies.terms import Answer, CoverQuestion, Head

if TYPE_CHECKING:
    from legislation.lookup import Law
    from policies.models import Payout

#: The article that stands behind a line.
LAW = {
    CoverQuestion.NOTICE: "insurance.late_notice_never_bars",
    CoverQuestion.EXCLUSIONS: "insurance.exclusion_needs_explanation",
    CoverQuestion.RISK: "insurance.risk_increase_not_notified",
    CoverQuestion.SUBROGATION: "insurance.subrogation",
}


def cover_answers(payout: Payout) -> tuple[CoverAnswer, ...]:
    """All lines of the checklist as far as the facts answer them, in their order."""
    incident = elevators.incident_view(payout.incident_id)
    law = law_of(payout, incident.started_at)
    answered: Mapping[CoverQuestion, tuple[str, str, Answer]] = {
        CoverQuestion.PERIOD: _period(payout, incident),
        CoverQuestion.INSPECTION: _inspection(payout, incident),
        CoverQuestion.INSURED_PARTY: _insured_party(payout, incident),
        CoverQuestion.LISTED_EVENT: _listed_event(payout, incident),
        CoverQuestion.NOTICE: _notice(incident),
        CoverQuestion.EXCLUSIONS: _exclusions(payout, incident),
        CoverQuestion.RISK: (_("没有收到危险程度显著增加的通知或者记录"), _("电梯记录"), Answer.HOLDS),
        CoverQuestion.THRESHOLD: _threshold(payout, incident, law),
        CoverQuestion.SUBROGATION: _subrogation(payout, incident),
    }
    return tuple(
        CoverAnswer(str(code.value), fact, source, str(verdict.value), LAW.get(code, ""))
        for code, (fact, source, verdict) in answered.items()
    )


def _minute(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _period(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    policy, moment = payout.policy, incident.started_at
    listed = policy.elevators.filter(elevator_id=incident.elevator_id, since__lte=moment, until__gt=moment).exists()
    fact = _("事故 %(moment)s，保险期间 %(since)s 至 %(until)s") % {
        "moment": _minute(moment),
        "since": _minute(policy.since),
        "until": policy.last_moment,
    }
    if policy.since <= moment < policy.until and not listed:
        return _("%(fact)s；事故时这台电梯不在承保清单内") % {"fact": fact}, _("承保电梯清单"), Answer.FAILS
    return fact, _("保险单"), Answer.HOLDS if policy.since <= moment < policy.until else Answer.FAILS


def _inspection(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    if not payout.policy.requires_inspection_mark:
        return _("保单不以检验标志有效为条件"), _("保险单"), Answer.NOT_ASKED
    on = today(incident.started_at)
    until = elevators.elevator(incident.elevator_id, on=on).inspection_valid_until
    if until is None:
        return _("没有检验记录，请核对检验报告"), _("检验记录"), Answer.LOOK
    fact = _("检验有效至 %(until)s，事故日 %(on)s") % {"until": _day(until), "on": _day(on)}
    return fact, _("检验记录"), Answer.HOLDS if on <= until else Answer.FAILS


def _insured_party(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    insured = {x.organisation_id: x.organisation.short_name for x in payout.policy.insured.select_related("organisation")}
    found = [insured[i] for i in (incident.use_manager_id, incident.maintenance_id) if i in insured]
    if found:
        return _("%(names)s列为被保险人") % {"names": "、".join(dict.fromkeys(found))}, _("保险单被保险人清单"), Answer.HOLDS
    return _("事故时的使用管理人%(name)s不在被保险人清单内") % {"name": incident.use_manager_name}, _("保险单被保险人清单"), Answer.FAILS


def _listed_event(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    events = payout.policy.listed_events
    if not events:
        return _("保单没有列明事故清单，意外事故均在内"), _("保险单"), Answer.NOT_ASKED
    if _only_entrapment(payout):
        return _("有人被困，按困人补偿约定办理"), _("保险单困人补偿约定"), Answer.HOLDS
    what = incident.description[:80] or incident.kind_label
    fact = _("事故经过：%(what)s。列明事故：%(events)s") % {"what": what, "events": "、".join(events)}
    return fact[:300], _("保险单列明事故"), Answer.LOOK


def _notice(incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    if incident.insurer_notified_at is None:
        return _("没有单独的出险通知记录。迟延通知本身不构成拒赔理由"), _("事件记录"), Answer.HOLDS
    minutes = int((incident.insurer_notified_at - incident.started_at).total_seconds() // 60)
    fact = _("事故后 %(minutes)s 分钟通知。迟延通知本身不构成拒赔理由") % {"minutes": max(minutes, 0)}
    return fact, _("出险通知"), Answer.HOLDS


def _exclusions(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    proof = payout.policy.exclusions_proof
    kept = _("免责条款提示和说明凭证 %(proof)s") % {"proof": proof} if proof else _("没有免责条款提示和说明的凭证，免责条款不产生效力")
    if incident.exclusion:
        return _("事件记录有除外情形：%(why)s。%(kept)s") % {"why": incident.exclusion_reason, "kept": kept}, _("事件记录"), Answer.LOOK
    if _only_entrapment(payout):
        return _("事件记录未见故意、撬门等情形；%(kept)s") % {"kept": kept}, _("事件记录"), Answer.HOLDS
    return _("请核对有没有故意、撬门等情形；%(kept)s") % {"kept": kept}, _("事件记录"), Answer.LOOK


def _threshold(payout: Payout, incident: elevators.IncidentView, law: Law) -> tuple[str, str, Answer]:
    if Head.ENTRAPMENT not in payout.heads:
        return _("没有请求困人补偿"), "", Answer.NOT_ASKED
    minutes, policy = incident.trapped_minutes, payout.policy
    if minutes is None:
        return _("还没有救出时间，算不出被困分钟"), _("救援记录"), Answer.LOOK
    if policy.entrapment_minutes is not None:
        fact = _("被困 %(minutes)s 分钟，门槛 %(threshold)s 分钟") % {"minutes": minutes, "threshold": policy.entrapment_minutes}
        return fact, _("保险单特别约定"), Answer.HOLDS if minutes >= policy.entrapment_minutes else Answer.FAILS
    try:
        money = programme_money(policy, law, minutes, max(len(payout.people), 1))
    except NotInForce:
        return _("被困 %(minutes)s 分钟；保单和方案都没有门槛，请核对") % {"minutes": minutes}, "", Answer.LOOK
    threshold = min(tier["from_minutes"] for tier in money.provision.value["tiers"])
    fact = _("被困 %(minutes)s 分钟，门槛 %(threshold)s 分钟") % {"minutes": minutes, "threshold": threshold}
    return fact, money.provision.citation, Answer.HOLDS if money.due else Answer.FAILS


def _subrogation(payout: Payout, incident: elevators.IncidentView) -> tuple[str, str, Answer]:
    if _only_entrapment(payout):
        return _("按方案固定金额补偿，不立追偿"), "", Answer.NOT_ASKED
    insured: set[Any] = set(payout.policy.insured.values_list("organisation_id", flat=True))
    if incident.maintenance_id in insured:
        return _("维保单位也是本保单被保险人，系统不自动立追偿案，请法务复核"), _("保险单被保险人清单"), Answer.LOOK
    return _("赔付后可以在赔偿金额范围内代位求偿"), "", Answer.HOLDS


def _only_entrapment(payout: Payout) -> bool:
    return payout.heads == [Head.ENTRAPMENT]


def all_hold(answers: tuple[CoverAnswer, ...]) -> bool:
    """Whether every line holds or is not asked: then nobody need look before a decision is proposed."""
    return all(a.verdict in (Answer.HOLDS, Answer.NOT_ASKED) for a in answers)
