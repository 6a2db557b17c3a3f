"""Read models of the pages: my work, the case page, one deadline. Frozen rows out, no querysets; the actor's scope always applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Organisation, User
from access.roles import CaseRole, Role
from access.scopes import in_scope
from casework import evidence, registry
from casework.models import Case, CaseEvent, Deadline, DiaryNote, Substitution, Task
from casework.panels import panels_for
from casework.steps import StepView, steps_for
from casework.timeline import TimelineEntry, case_url, entry

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.evidence import EvidenceLine

PAGE = 25
RECENT = 10
GLANCE = 6
EARLY = "not_from_"  # refusals by the state alone
FOREIGN = frozenset({"not_this_role", "not_this_part", "not_listed"})  # refusals that leave a step to somebody else
SOON_DAYS = CHANGES_DAYS = 3  # how far a glance goes, no rule of law


# ---- my work ----


@dataclass(frozen=True)
class WorkRow:
    """One case in a list of work."""

    case: Case
    url: str
    deadline: Deadline | None
    step_label: Any
    step_url: str
    waits_for: str
    kind_label: Any


@dataclass(frozen=True)
class WorkCounts:
    all: int
    overdue: int
    soon: int
    review: int
    others: int


@dataclass(frozen=True)
class WorkPage:
    rows: tuple[WorkRow, ...]
    next_cursor: str


def _substituted(actor: Actor) -> list[int]:
    """The colleagues for whom the actor stands in today."""
    today = timezone.localdate()
    rows = Substitution.objects.filter(
        substitute_id=actor.user_id, organisation_id=actor.organisation_id or 0, since__lte=today, until__gte=today
    )
    return list(rows.values_list("absent_id", flat=True))


def _mine(actor: Actor) -> Q:
    """Cases that wait for this person: their organisation and role, and nobody else's own."""
    owners = [actor.user_id, *_substituted(actor)]
    return Q(turn_organisation_id=actor.organisation_id or 0, turn_role__in=[str(r) for r in actor.roles], closed_at=None) & (
        Q(assignee=None) | Q(assignee_id__in=owners)
    )


def _others(actor: Actor, mine: Q) -> Q:
    return Q(organisation_ids__contains=[actor.organisation_id], closed_at=None) & ~Q(turn_verb="") & ~mine


def _review() -> Q:
    """Turns whose step is the second pair of eyes."""
    found = Q(pk__in=[])
    for spec in registry.kinds():
        verbs = [verb for verb in spec.steps if (row := registry.may(spec.kind, verb)) is not None and row.not_by]
        if verbs:
            found |= Q(kind=spec.kind, turn_verb__in=verbs)
    return found


def _filters(now: datetime) -> dict[str, Q]:
    end = timezone.localtime(now).replace(hour=23, minute=59, second=59) + timedelta(days=SOON_DAYS)
    return {
        "all": Q(),
        "overdue": Q(next_deadline_at__lt=now),
        "soon": Q(next_deadline_at__gte=now, next_deadline_at__lte=end),
        "review": _review(),
    }


def work_counts(*, actor: Actor) -> WorkCounts:
    """How many cases wait for the actor, by filter; one query over the turn index and one over the organisation's cases."""
    if actor.organisation_id is None:
        return WorkCounts(0, 0, 0, 0, 0)
    mine = _mine(actor)
    named = {name: Count("pk", filter=q) if q else Count("pk") for name, q in _filters(timezone.now()).items()}
    found = Case.objects.filter(mine).aggregate(**named)
    return WorkCounts(**found, others=Case.objects.filter(_others(actor, mine)).count())


def work_page(*, actor: Actor, show: str = "all", after: str = "", size: int = PAGE) -> WorkPage:
    """A page of work, the soonest deadline first. `show`: all, overdue, soon, review, others. `after`: the cursor before."""
    if actor.organisation_id is None:
        return WorkPage((), "")
    mine = _mine(actor)
    wanted = _others(actor, mine) if show == "others" else mine & _filters(timezone.now()).get(show, Q())
    rows = Case.objects.filter(wanted & _after(after)).select_related("turn_organisation", "assignee")
    found = list(rows.order_by("next_deadline_at", "pk")[: size + 1])
    cursor = _cursor(found[size - 1]) if len(found) > size else ""
    return WorkPage(_work_rows(found[:size], actor), cursor)


def waiting_count(*, actor: Actor) -> int:
    """How many cases wait for the actor: the number in the navigation."""
    return Case.objects.filter(_mine(actor)).count() if actor.organisation_id is not None else 0


def _cursor(case: Case) -> str:
    return f"{case.next_deadline_at.isoformat() if case.next_deadline_at else ''}~{case.pk}"


def _after(cursor: str) -> Q:
    moment, _tilde, key = cursor.partition("~")
    if not key.isdigit():
        return Q()
    try:
        due = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return Q()
    if due is None:
        return Q(next_deadline_at=None, pk__gt=int(key))
    return Q(next_deadline_at__gt=due) | Q(next_deadline_at=due, pk__gt=int(key)) | Q(next_deadline_at=None)


def _work_rows(cases: Sequence[Case], actor: Actor) -> tuple[WorkRow, ...]:
    # A kind without clocks (a payment order) runs under those of the case above it.
    under = {c.pk: c.pk if registry.kind(c.kind).deadlines else c.parent_id or c.pk for c in cases}
    keys = set(under.values())
    clocks = Deadline.objects.filter(
        case_id__in=keys, status__in=[Deadline.Status.RUNNING, Deadline.Status.PAUSED], informs=False
    ).select_related("case")
    nearest = {d.case_id: d for d in clocks.order_by("case_id", "status", "-due_at")}
    return tuple(_work_row(case, nearest.get(under[case.pk]), actor) for case in cases)


def _work_row(case: Case, deadline: Deadline | None, actor: Actor) -> WorkRow:
    spec = registry.kind(case.kind)
    step = spec.steps.get(case.turn_verb)
    is_mine = case.turn_organisation_id == actor.organisation_id and case.turn_role in {str(r) for r in actor.roles}
    return WorkRow(
        case=case,
        url=case_url(case),
        deadline=deadline,
        step_label=step.label if step else "",
        kind_label=spec.label,
        step_url=reverse("casework:step", args=[case.reference, step.verb]) if step and is_mine else "",
        waits_for=waits_for(case),
    )


def waits_for(case: Case) -> str:
    """Who acts next and what: 南粤财险 理赔经办人：作出核定."""
    if case.closed_at:
        return _("已办结")
    if not case.turn_verb:
        return _("没有人要办")
    kind, _dot, verb = case.turn_verb.rpartition(".")
    step = registry.kind(kind or case.kind).steps.get(verb)
    who = case.turn_organisation.short_name if case.turn_organisation else ""
    person = ("" if kind else str(case.assignee)) if case.assignee_id or kind else str(Role(case.turn_role).label)
    return f"{who} {person}".strip() + (f"：{step.label}" if step else "")


def open_tasks(*, actor: Actor) -> list[Task]:
    """What the actor's roles must do beside the steps, the soonest first."""
    rows = Task.objects.filter(
        organisation_id=actor.organisation_id or 0, role__in=[str(r) for r in actor.roles], done_at=None
    ).select_related("case")
    return list(rows.order_by("due_at", "pk")[:50])


def changes(*, actor: Actor, days: int = CHANGES_DAYS) -> list[TimelineEntry]:
    """What others did lately in the cases of the actor's organisation."""
    if actor.organisation_id is None:
        return []
    rows = CaseEvent.objects.filter(
        case__organisation_ids__contains=[actor.organisation_id], recorded_at__gte=timezone.now() - timedelta(days=days)
    ).select_related("case", "record", "actor_organisation")
    return [entry(event, with_case=True) for event in rows.order_by("-recorded_at")[:GLANCE]]


# ---- the case page ----


@dataclass(frozen=True)
class Floor:
    """One floor of the life-cycle strip."""

    label: Any
    css: str
    day: datetime | None


@dataclass(frozen=True)
class CasePage:
    """Everything the one case page shows, read in a fixed number of queries."""

    case: Case
    kind_label: Any
    waits_for: str
    next_deadline: Deadline | None
    life: tuple[Floor, ...]
    steps: tuple[StepView, ...]
    later_steps: tuple[StepView, ...]
    foreign_steps: tuple[StepView, ...]
    allowed: int
    refused: int
    deadlines: tuple[Deadline, ...]
    evidence: tuple[EvidenceLine, ...]
    evidence_choices: tuple[tuple[str, Any], ...]
    timeline: tuple[TimelineEntry, ...]
    older: int
    notes: tuple[DiaryNote, ...]
    tasks: tuple[Task, ...]
    parts: tuple[tuple[Any, Organisation], ...]
    relatives: tuple[Case, ...]
    colleagues: tuple[User, ...]
    panels: dict[str, list[dict[str, Any]]]


def find_case(*, actor: Actor, reference: str) -> Case | None:
    """The case of this number as its own kind, if the actor sees it."""
    row = Case.objects.filter(in_scope(actor), reference=reference).first()
    if row is None:
        return None
    model = registry.kind(row.kind).model
    found: Case = model.objects.select_related("turn_organisation", "assignee", "parent").get(pk=row.pk)  # type: ignore[attr-defined]
    return found


def case_page(*, case: Case, actor: Actor, everything: bool = False) -> CasePage:
    """The page of a case the actor sees. `everything`: the whole timeline, not its last ten lines."""
    spec = registry.kind(case.kind)
    events = list(case.events.select_related("record", "actor_organisation").order_by("number"))
    for event in events:
        event.case = case
    deadlines = tuple(_with_case(case, case.deadlines.select_related("organisation").exclude(status=Deadline.Status.VOID)))
    views = steps_for(case, actor)
    mine = (v for v in views if v.code not in FOREIGN and not v.code.startswith(EARLY))
    steps = tuple(sorted(mine, key=lambda v: not v.is_turn))  # what is waited for comes first, also while it is held up
    allowed = sum(v.allowed for v in steps)
    shown = events if everything else events[-RECENT:]
    lines = tuple(evidence.meter(case))
    return CasePage(
        case=case,
        kind_label=spec.label,
        waits_for=waits_for(case),
        next_deadline=nearest(deadlines),
        life=life(case, events),
        steps=steps,
        later_steps=tuple(v for v in views if v.code.startswith(EARLY)),
        foreign_steps=tuple(v for v in views if v.code in FOREIGN),
        allowed=allowed,
        refused=len(steps) - allowed,
        deadlines=deadlines,
        evidence=lines,
        evidence_choices=evidence_choices(case),
        timeline=tuple(entry(e) for e in reversed(shown)),
        older=len(events) - len(shown),
        notes=tuple(case.notes.filter(organisation_id=actor.organisation_id or 0).select_related("author")[:20]),
        tasks=tuple(t for t in case.tasks.filter(done_at=None).select_related("organisation", "case") if not t.is_a_step),
        parts=_parts(case),
        relatives=_relatives(case, actor),
        colleagues=_colleagues(case, actor),
        panels=panels_for(case, actor),
    )


def _with_case(case: Case, rows: Any) -> list[Deadline]:
    found = sorted(rows, key=lambda d: (d.status == Deadline.Status.MET, d.informs, d.due_at is None, d.due_at or d.starts_at))
    for row in found:
        row.case = case
    return found


def nearest(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The clock that runs out first; a standing one only when none runs."""
    waiting = [d for d in deadlines if d.status in (Deadline.Status.RUNNING, Deadline.Status.PAUSED) and not d.informs]
    return min(waiting, key=lambda d: (d.status != Deadline.Status.RUNNING, d.due_at is None, d.due_at or d.starts_at), default=None)


def life(case: Case, events: Sequence[CaseEvent]) -> tuple[Floor, ...]:
    """The life-cycle strip of a case (as its own kind), with the day each floor was reached."""
    progress = getattr(case, "path_progress", None)
    if progress is not None:
        return _facts_done(progress())
    states = registry.kind(case.kind).states
    since: dict[str, datetime] = {}
    for event in events:
        if event.target != event.source:
            since[event.target] = event.happened_at
    path = list(getattr(case, "own_path", case.PATH))
    if case.state not in path:  # a way out of the path (withdrawn, refused): stands where it left
        reached = [n for n, state in enumerate(path) if state in since]
        path = [*path[: (reached[-1] + 1) if reached else 0], case.state]
    here = path.index(case.state)
    floors = []
    for number, state in enumerate(path):
        css = "is-here" if number == here else "" if number > here else "is-past" if state in since else "is-skip"
        floors.append(Floor(states.get(state, state), css, since.get(state) if number <= here else None))
    return tuple(floors)


def _facts_done(progress: Sequence[tuple[Any, bool, datetime | None]]) -> tuple[Floor, ...]:
    """The strip of a kind whose floors are facts that need not wait for each other: "here" is the first still missing."""
    here = next((n for n, (_label, done, _at) in enumerate(progress) if not done), len(progress) - 1)
    return tuple(Floor(label, "is-here" if n == here else "is-past" if done else "", at) for n, (label, done, at) in enumerate(progress))


def evidence_choices(case: Case) -> tuple[tuple[str, Any], ...]:
    """Kinds of evidence that may be added to a case."""
    return (*((r.code, r.label) for r in evidence.requirements(case)), ("other", _("其他材料")))


def _parts(case: Case) -> tuple[tuple[Any, Organisation], ...]:
    return tuple((CaseRole(p.role).label, p.organisation) for p in case.parts.select_related("organisation").order_by("pk"))


def _relatives(case: Case, actor: Actor) -> tuple[Case, ...]:
    family = Q(pk=case.parent_id) if case.LISTS_CHILDREN else Q(pk=case.parent_id) | Q(parent_id=case.pk)
    return tuple(Case.objects.filter(family, in_scope(actor)).order_by("pk")[:30])


def _colleagues(case: Case, actor: Actor) -> tuple[User, ...]:
    """To whom the actor may hand the case: people of their organisation in the role whose turn it is."""
    if not case.turn_role or case.turn_organisation_id != actor.organisation_id:
        return ()
    return colleagues(organisation_id=actor.organisation_id, role=case.turn_role)


def colleagues(*, organisation_id: int | None, role: str = "") -> tuple[User, ...]:
    """The people of an organisation, or only those in one role."""
    rows = User.objects.filter(memberships__organisation_id=organisation_id or 0, memberships__until=None, is_active=True)
    if role:
        rows = rows.filter(memberships__role=role, memberships__organisation_id=organisation_id or 0, memberships__until=None)
    return tuple(rows.distinct().order_by("display_name"))


def substitutions(*, actor: Actor) -> list[Substitution]:
    """Who stands in for the actor, and for whom the actor stands in, from today on."""
    rows = Substitution.objects.filter(Q(absent_id=actor.user_id) | Q(substitute_id=actor.user_id), until__gte=timezone.localdate())
    return list(rows.select_related("absent", "substitute").order_by("since"))
