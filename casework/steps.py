"""The one door: `perform` moves a case, `begin` gives birth to one, `steps_for` says what can be done and why not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actors import Actor
from access.roles import CaseRole, Verdict
from casework import audit, deadlines, evidence, outbox, registry, sql, storing, transcription
from casework.declarations import NO_FACTS, Cure, Movement, StepSpec
from casework.errors import FactsRefused, MovementRefused, StepRefused
from casework.facts import plain
from casework.models import Case, CaseEvent, CaseOrganisation
from casework.permits import WITHIN, Standing, ensure_in_scope, ensure_permitted, standing_of
from casework.references import next_reference
from casework.turns import take_turn, wake_parent
from legislation import lookup, release
from legislation.lookup import Law
from legislation.units import NotInForce

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Mover = Callable[[Sequence[tuple[str, Movement]], Case, uuid.UUID], None]
_mover: Mover | None = None
LOCK_ROWS = "SELECT id FROM casework_case WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def register_mover(mover: Mover) -> None:
    """The ledger registers itself here when it is ready, so that casework imports nothing upward."""
    global _mover
    _mover = mover


@dataclass(frozen=True)
class StepView:
    """One step as a page shows it: works, or is refused with reason, article and way out."""

    verb: str
    label: Any
    description: Any
    allowed: bool
    has_form: bool
    grave: bool
    code: str = ""
    reason: Any = ""
    citation: str = ""
    citations: tuple[str, ...] = ()
    cure: Cure | None = None
    is_turn: bool = False
    transcribes: bool = False


@transaction.atomic
def perform(
    case: Case, verb: str, *, by: Actor, happened_at: datetime, seen: int | None, facts: object = NO_FACTS, on_behalf_of: str = "",
    paper: UploadedFile | None = None,
) -> CaseEvent:  # fmt: skip
    """Take one step of a case, wholly or not at all.

    seen: the number of the last event the actor saw (None only for system actors and stories). on_behalf_of: the person
    without an account for whom the step is recorded (代录), on a paper that is among the evidence or comes along.
    Raises OutOfScope, NotPermitted, StepRefused (state, guard, evidence, ledger, stale form) or FactsRefused (form fields).
    """
    case = lock(case)
    step = _step_from(case, verb)
    standing = case.__dict__[WITHIN] = standing_of(case)
    ensure_permitted(case, step, by, on_behalf_of, standing)
    _ensure_seen(case, seen)
    _ensure_source(case, step)
    _ensure_moment(case, happened_at)
    law = law_of(case, happened_at)
    position = registry.position_of(case)
    _ensure_guards(step, case, law, position)
    evidence.ensure_complete(case, step)
    transcription.ensure_paper(case, step, on_behalf_of, paper, by)
    _ensure_checks(step, case, law, position, facts, by)
    if step.rows:
        bool(position)  # rows are made after the act and must see what stood before it
    event_id, source, before = uuid.uuid4(), case.state, storing.snapshot(case)
    getattr(case, verb)(law=law, facts=facts, happened_at=happened_at)
    case.sequence += 1
    return _complete(case, step, by, happened_at, facts, law, position, event_id, source, before, standing, on_behalf_of)


@transaction.atomic
def begin(
    model: type[Case],
    verb: str,
    *,
    parent: Case | None,
    by: Actor,
    happened_at: datetime,
    place: str,
    title: str,
    parts: Sequence[tuple[int, CaseRole]],
    facts: object = NO_FACTS,
    on_behalf_of: str = "",
    paper: UploadedFile | None = None,
) -> CaseEvent:
    """Give birth to a case: the same order as perform. `parts` are (organisation id, part); the parent's path is locked.

    The event's `case` is the new case as its own kind. Raises as perform does.
    """
    lineage = [*parent.lineage, parent.pk] if parent else []
    _lock_rows(lineage)
    case = model(kind=model.KIND, parent=parent, lineage=lineage, place=place, title=title[:200], happened_at=happened_at)
    case.is_open_by_place = model.OPEN_BY_PLACE
    case.organisation_ids = sorted({organisation for organisation, _part in parts})
    step = _step_from(case, verb)
    standing = standing_of(case, parts)
    if parent is not None:
        ensure_in_scope(parent, by)
    ensure_permitted(case, step, by, on_behalf_of, standing)
    _ensure_moment(case, happened_at)
    law = law_of(case, happened_at)
    _ensure_guards(step, case, law, None)
    _ensure_checks(step, case, law, None, facts, by)
    event_id = uuid.uuid4()
    getattr(case, verb)(law=law, facts=facts, happened_at=happened_at)
    case.reference = next_reference(model.PREFIX, timezone.localtime(happened_at).year)
    case.sequence = 1
    storing.clean(case, [f.name for f in case._meta.fields])
    case.save(force_insert=True)
    CaseOrganisation.objects.bulk_create(
        CaseOrganisation(case_id=case.pk, organisation_id=organisation, role=part) for organisation, part in parts
    )
    return _complete(case, step, by, happened_at, facts, law, None, event_id, "", None, standing, on_behalf_of)


def admit(case: Case, organisation_id: int, part: CaseRole) -> None:
    """Bring a case (and, upward, nothing else) into an organisation's scope. Idempotent."""
    CaseOrganisation.objects.get_or_create(case_id=case.pk, organisation_id=organisation_id, role=part)
    row = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if organisation_id not in row.organisation_ids:
        Case.objects.filter(pk=case.pk).update(organisation_ids=sorted({*row.organisation_ids, organisation_id}))


def lock(case: Case) -> Case:
    """Lock the path root to leaf and return the case, fresh, as its own kind. Sums over siblings hold only under it."""
    model = registry.kind(case.kind).model
    return sql.locked(model, case.pk, before=LOCK_ROWS, values=[case.lineage]) if case.lineage else sql.locked(model, case.pk)


def _lock_rows(keys: Sequence[int]) -> None:
    if keys:
        sql.rows(LOCK_ROWS, [list(keys)])


def law_of(case: Case, happened_at: datetime) -> Law:
    """The law of this case: each provision answers by the date that governs it."""
    return lookup.for_case(case.place, {"event": timezone.localtime(happened_at).date(), **case.governing_dates()})


def may(case: Case, verb: str, by: Actor, *, on_behalf_of: str = "") -> Verdict:
    """Whether this actor may do this verb on this case: role, part and four eyes; nothing about the case's facts."""
    try:
        ensure_permitted(case, _step_from(case, verb), by, on_behalf_of, standing_of(case))
    except StepRefused as refusal:
        return Verdict(False, str(refusal.says))
    return Verdict(True)


def steps_for(case: Case, by: Actor, *, now: datetime | None = None) -> list[StepView]:
    """All steps of the case from where it stands, and those announced early, each with allowed, reason and cure."""
    case = case.specific
    now = now or timezone.now()
    law = law_of(case, now)
    position, standing = registry.position_of(case), standing_of(case)
    spec = registry.kind(case.kind)
    views = []
    for step in spec.steps.values():
        here = case.state in step.sources
        if step.system_only or step.is_birth or not (here or step.foresee) or (case.state in spec.ended and not here):
            continue
        transcribes = _only_transcribes(case, step, by)
        refusal = _first_refusal(case, step, by, law, position, standing, on_behalf_of="?" if transcribes else "")
        if refusal is not None and refusal.hides:
            continue
        views.append(
            StepView(
                verb=step.verb,
                label=step.label,
                description=step.description,
                allowed=refusal is None,
                has_form=registry.form_of(step.topic) is not None,
                grave=step.grave,
                code=refusal.code if refusal else "",
                reason=refusal.says if refusal else "",
                citation=refusal.citation if refusal else "",
                citations=_citations(step, law),
                cure=refusal.cure if refusal else None,
                is_turn=step.verb == case.turn_verb,
                transcribes=transcribes,
            )
        )
    return sorted(views, key=lambda v: (not v.allowed, not v.is_turn, v.grave))


def _only_transcribes(case: Case, step: StepSpec, by: Actor) -> bool:
    """Whether the actor may do the step only for somebody without an account (代录)."""
    row = registry.may(case.kind, step.verb)
    return row is not None and not by.has(*row.roles) and by.has(*row.transcribe)


def _first_refusal(
    case: Case, step: StepSpec, by: Actor, law: Law, position: Any, standing: Standing, *, on_behalf_of: str = ""
) -> StepRefused | None:
    try:
        ensure_permitted(case, step, by, on_behalf_of, standing)
        _ensure_source(case, step)
        _ensure_guards(step, case, law, position)
        evidence.ensure_complete(case, step)
    except StepRefused as refusal:
        return refusal
    return None


def _step_from(case: Case, verb: str) -> StepSpec:
    step = registry.kind(case.kind).steps.get(verb)
    if step is None:
        raise StepRefused("unknown_step", _("没有这一步。"))
    return step


def _ensure_seen(case: Case, seen: int | None) -> None:
    if seen is None or seen >= case.sequence:
        return
    labels = registry.kind(case.kind).steps
    later = [e for e in case.events.filter(number__gt=seen).order_by("number") if e.verb in labels]
    missed = [e for e in later if not (e.actor_is_system and e.source == e.target)]
    if missed:
        said = "；".join(f"{e.actor_name} {timezone.localtime(e.recorded_at):%m-%d %H:%M} {labels[e.verb].label}" for e in missed)
        raise StepRefused("changed_since", _("您打开页面之后，这个案件有了变化：%(said)s。您填的内容还在，请看过再提交。") % {"said": said})


def _ensure_source(case: Case, step: StepSpec) -> None:
    if case.state not in step.sources:
        raise StepRefused(
            f"not_from_{case.state}", _("现在是“%(state)s”，还办不了这一步。") % {"state": case.state_label if case.pk else ""}
        )


def _ensure_moment(case: Case, happened_at: datetime) -> None:
    if timezone.is_naive(happened_at):
        raise ValueError("happened_at must carry a time zone")
    if happened_at > timezone.now():
        raise FactsRefused({"happened_at": [_("发生时间不能晚于现在。")]})
    if case.pk and happened_at < case.happened_at:
        raise FactsRefused({"happened_at": [_("发生时间早于本案开始的时间，请看一眼哪个写反了。")]})


def _ensure_guards(step: StepSpec, case: Case, law: Law, position: Any) -> None:
    for guard in step.guards:
        if not guard.holds(case, law, position):
            says = guard.says(case, position) if callable(guard.says) else guard.says
            raise StepRefused(guard.code, says, _citation(guard.law, law), guard.cure, hides=guard.hides)


def _ensure_checks(step: StepSpec, case: Case, law: Law, position: Any, facts: object, by: Actor) -> None:
    if not isinstance(facts, step.facts):
        raise TypeError(f"{step.topic} takes {step.facts.__name__}, not {type(facts).__name__}")
    errors: dict[str, list[Any]] = {}
    for check in step.checks:
        if check.field not in errors and not check.holds(case, law, position, facts, by):
            errors[check.field] = [check.says]
    if errors:
        raise FactsRefused(errors)


def _citation(name: str, law: Law) -> str:
    if not name:
        return ""
    try:
        return law.provision(name).citation
    except NotInForce:
        return ""


def _citations(step: StepSpec, law: Law) -> tuple[str, ...]:
    return tuple(filter(None, (_citation(name, law) for name in step.provisions)))


def _complete(
    case: Case,
    step: StepSpec,
    by: Actor,
    happened_at: datetime,
    facts: object,
    law: Law,
    position: Any,
    event_id: uuid.UUID,
    source: str,
    before: Mapping[str, Any] | None,
    standing: Standing,
    on_behalf_of: str,
) -> CaseEvent:
    """Rows, money, turn, audit row, clocks, the case itself, outbox: everything that follows the act. before: None at birth."""
    stored = before if before is not None else storing.snapshot(case)
    recorded_at = timezone.now()
    for make in step.rows:
        for row in make(case, facts, law, event_id, position):
            row.save()
    movements = [
        (f"{step.topic}:{event_id}:{n}", movement) for n, movement in enumerate(m for move in step.moves for m in move(case, facts, law))
    ]
    _move(movements, case, event_id)
    case.closed_at = (case.closed_at or happened_at) if case.state in case.ENDED else None
    take_turn(case, recorded_at, standing)
    event = audit.record(
        event_id=event_id,
        case=case,
        step=step,
        source=source,
        by=by,
        happened_at=happened_at,
        recorded_at=recorded_at,
        facts=plain(facts),
        changes=storing.changes(case, before),
        law_release=release.RELEASE,
        provisions=list(_citations(step, law)),
        on_behalf_of=on_behalf_of,
    )
    event.case = case
    case.next_deadline_at = deadlines.recompute(case, event, law, standing)
    storing.save(case, stored)
    if case.parent_id is not None and (case.closed_at is not None) != (stored["closed_at"] is not None):
        wake_parent(case.parent_id, recorded_at)
    outbox.enqueue(event)
    case.__dict__.pop(WITHIN, None)
    return event


def _move(movements: Sequence[tuple[str, Movement]], case: Case, event_id: uuid.UUID) -> None:
    if not movements:
        return
    if _mover is None:
        raise RuntimeError("no mover is registered")
    try:
        _mover(movements, case, event_id)
    except MovementRefused as refusal:
        raise StepRefused(refusal.code, refusal.says, cure=Cure(_("看限额和余额"), anchor="money")) from refusal


def today(moment: datetime) -> date:
    """The legal day of an instant (Asia/Shanghai)."""
    return timezone.localtime(moment).date()
