"""Clocks recomputed from a case's events: start, length, pauses, moved by holiday, article, rule release. Never counted up."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework import registry, sql
from casework.declarations import DeadlineRule
from casework.models import Case, CaseEvent, Deadline
from legislation import deadlines as periods
from legislation import lookup, release
from legislation.units import NotInForce

if TYPE_CHECKING:
    from casework.permits import Clock, Standing
    from legislation.lookup import Law

END_OF_DAY = time(23, 59, 59)
TOLD = ("told_near_at", "told_over_at")
COMPUTED = [f.name for f in Deadline._meta.concrete_fields if f.name not in ("id", "case", "rule", *TOLD)]


def recompute(case: Case, event: CaseEvent, law: Law, standing: Standing) -> datetime | None:
    """Bring every clock that this event touches in line with the events; answers the case's next deadline for its row."""
    rules = [r for r in registry.kind(case.kind).deadlines if event.verb in _touching(r)]
    if not rules:
        return case.next_deadline_at
    restarted = all(rule.restarts and event.verb in rule.starts for rule in rules)
    events = [event] if restarted or event.number == 1 else list(case.events.select_related("record").order_by("number"))
    clocks = [clock for rule in rules if (clock := _clock(case, rule, events, law, standing)) is not None]
    sql.insert(clocks, once=("case", "rule"), renewed=COMPUTED)
    others = {clock.rule: clock for clock in standing.clocks}
    void = {rule.name for rule in rules} - {clock.rule for clock in clocks}
    if void & set(others):
        Deadline.objects.filter(case_id=case.pk, rule__in=void).update(status=Deadline.Status.VOID)
    kept: list[Deadline | Clock] = [clock for name, clock in others.items() if name not in {rule.name for rule in rules}]
    waiting = [c.due_at for c in [*kept, *clocks] if c.status == Deadline.Status.RUNNING and not c.informs and c.due_at]
    return min(waiting, default=None)


def _touching(rule: DeadlineRule) -> set[str]:
    pauses = (v for p in rule.pauses for v in (p.begins, p.ends, p.or_ends))
    return {*rule.starts, *rule.met_by, *rule.ends_with, *rule.rechecked_by, *pauses}


def _clock(case: Case, rule: DeadlineRule, events: list[CaseEvent], law: Law, standing: Standing) -> Deadline | None:
    """One clock as its events make it; None when it does not run at all."""
    starts = [e for e in events if e.verb in rule.starts]
    if not starts or (rule.applies is not None and not rule.applies(case)):
        return None
    start = starts[-1] if rule.restarts else starts[0]
    after = [e for e in events if e.number > start.number]
    met = next((e for e in after if e.verb in rule.met_by), None)
    void = next((e for e in after if e.verb in rule.ends_with), None)
    moment = (rule.since(case) if rule.since is not None else None) or _moment(start, rule.start_fact)
    responsible = rule.responsible if rule.answers is None else rule.answers(case)
    try:
        provision = _law_at(case, moment, law).provision(rule.parameter)
    except NotInForce as gap:
        return _without_rule(case, rule, start, moment, standing.first(responsible), responsible, str(gap), is_over=bool(met or void))
    by_the_hour = provision.unit in periods.BY_THE_CLOCK
    pauses = [] if by_the_hour else _pauses(rule, after)
    agreed = rule.agreed(case) if rule.agreed is not None else None
    count, unit = int(provision.value) if agreed is None else agreed, provision.unit
    result = periods.due(moment if by_the_hour else timezone.localtime(moment).date(), count, unit, pauses)
    due_at = _due_at(result.due)
    status, met_at = Deadline.Status.RUNNING, _moment(met, rule.met_fact) if met is not None else None
    if met is not None:
        known = not rule.met_fact or (met.record.facts or {}).get(rule.met_fact)
        status = Deadline.Status.MET if known else Deadline.Status.VOID  # nobody can say whether it was kept
    elif void is not None:
        status = Deadline.Status.VOID
    elif result.is_paused:
        status = Deadline.Status.PAUSED
    return Deadline(
        case_id=case.pk,
        rule=rule.name,
        start_event=start,
        organisation_id=standing.first(responsible),
        responsible=responsible,
        starts_at=moment,
        due_at=due_at,
        count=count,
        unit=unit,
        paused_days=result.paused_days,
        moved_days=result.moved_days,
        is_provisional=result.provisional,
        is_statutory=rule.statutory,
        informs=rule.informs,
        parameter=rule.parameter,
        citation=provision.citation,
        explanation=list(result.explanation),
        law_release=release.RELEASE,
        status=status,
        met_at=met_at,
        was_late=bool(status == Deadline.Status.MET and met_at and due_at and met_at > due_at),
    )


def _law_at(case: Case, moment: datetime, law: Law) -> Law:
    """The law that a clock runs under: that of the day it starts, however much later somebody touches it."""
    day = timezone.localtime(moment).date()
    return law if law.on == day else lookup.for_case(case.place, {"event": day, **case.governing_dates()})


def _without_rule(
    case: Case,
    rule: DeadlineRule,
    start: CaseEvent,
    moment: datetime,
    organisation_id: int | None,
    responsible: str,
    why: str,
    *,
    is_over: bool,
) -> Deadline:
    """A clock the law has no figure for on its day: kept and shown, so that a person looks it up, and never silently dropped."""
    return Deadline(
        case_id=case.pk,
        rule=rule.name,
        start_event=start,
        organisation_id=organisation_id,
        responsible=responsible,
        starts_at=moment,
        count=0,
        is_statutory=rule.statutory,
        informs=True,
        parameter=rule.parameter,
        explanation=[why],
        law_release=release.RELEASE,
        status=Deadline.Status.VOID if is_over else Deadline.Status.NO_RULE,
    )


def _moment(event: CaseEvent, fact: str) -> datetime:
    if not fact:
        return event.happened_at
    value: Any = (event.record.facts or {}).get(fact)
    if not value:
        return event.happened_at
    if "T" in value:
        return datetime.fromisoformat(value)
    return timezone.make_aware(datetime.combine(date.fromisoformat(value), time(0)))


def _pauses(rule: DeadlineRule, after: list[CaseEvent]) -> list[tuple[date, date | None]]:
    pauses: list[tuple[date, date | None]] = []
    for pause in rule.pauses:
        begun: date | None = None
        for event in after:
            if event.verb == pause.begins and begun is None:
                begun = timezone.localtime(_moment(event, pause.begin_fact)).date()
            elif event.verb in (pause.ends, pause.or_ends) and begun is not None:
                pauses.append((begun, max(begun, timezone.localtime(_moment(event, pause.end_fact)).date())))
                begun = None
        if begun is not None:
            pauses.append((begun, None))
    return sorted(pauses, key=lambda pair: pair[0])


def _due_at(due: date | datetime) -> datetime:
    if isinstance(due, datetime):
        return due if timezone.is_aware(due) else timezone.make_aware(due)
    return timezone.make_aware(datetime.combine(due, END_OF_DAY))
