"""What the insurer's pages list: the queue by clock, policies in scope, limits with their bars, the clock as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import AuthorityLimit
from access.roles import CaseRole, Role
from access.scopes import in_scope
from casework.models import Deadline
from ledger import api as ledger
from legislation.money import ZERO
from policies import movements
from policies.models import Payout, Policy
from policies.terms import DECIDE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from access.actors import Actor

PAGE = 30
LIMIT_LABELS = {
    movements.MEDICAL: _("每人医疗限额"),
    movements.PERSON: _("每人限额"),
    movements.ACCIDENT: _("每次事故限额"),
    movements.AGGREGATE: _("全年累计限额"),
}


@dataclass(frozen=True)
class Filter:
    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class Desk:
    """The queue: the payout whose clock runs out first stands first."""

    rows: Page[Payout]
    filters: tuple[Filter, ...]
    clocks: dict[int, Deadline]


def _mine(actor: Actor) -> Q:
    return Q(turn_organisation_id=actor.organisation_id, turn_role__in=[str(r) for r in actor.roles])


def desk(*, actor: Actor, show: str = "", number: str = "1") -> Desk:
    """Payouts in scope by their next statutory or agreed day; `show`: mine, open (default), ended."""
    scope = Payout.objects.filter(in_scope(actor)).select_related("policy", "turn_organisation")
    ways = {"open": Q(closed_at=None), "mine": Q(closed_at=None) & _mine(actor), "ended": Q(closed_at__isnull=False)}
    labels = {"open": _("在办"), "mine": _("轮到我"), "ended": _("已结案")}
    show = show if show in ways else "open"
    counts = scope.aggregate(**{key: Count("pk", filter=way) for key, way in ways.items()})
    running = Q(deadlines__status="running", deadlines__is_statutory=True, deadlines__informs=False)
    rows = scope.filter(ways[show]).annotate(clock=Min("deadlines__due_at", filter=running)).order_by(F("clock").asc(nulls_last=True), "pk")
    page = Paginator(rows, PAGE).get_page(number)
    due = Deadline.objects.filter(case_id__in=[p.pk for p in page], informs=False, status__in=["running", "paused"])
    return Desk(
        page,
        tuple(Filter(key, labels[key], counts[key], key == show) for key in ways),
        {clock.case_id: clock for clock in due.order_by("is_statutory", "-due_at").select_related("organisation")},
    )


def waiting(actor: Actor) -> int:
    """How many payouts wait for this person."""
    count: int = Payout.objects.filter(in_scope(actor), _mine(actor), closed_at=None).count()
    return count


def policies_in_scope(actor: Actor) -> QuerySet[Policy]:
    """The policies an actor may see: its own as insurer, holder or insured; an office those of its district."""
    rows = Policy.objects.select_related("insurer", "policyholder", "programme")
    if actor.sees_all:
        return rows
    if actor.organisation_id is None or not actor.roles:
        return rows.none()
    own = Q(insurer_id=actor.organisation_id) | Q(policyholder_id=actor.organisation_id)
    own |= Q(insured__organisation_id=actor.organisation_id)
    if actor.place_prefix:
        own |= Q(elevators__elevator__building__place__startswith=actor.place_prefix)
    return rows.filter(own).distinct()


def policies_page(*, actor: Actor, words: str = "", number: str = "1") -> Page[Policy]:
    rows = policies_in_scope(actor)
    if words.strip():
        rows = rows.filter(Q(number__icontains=words.strip()) | Q(policyholder__name__icontains=words.strip()))
    return Paginator(rows.order_by("-since", "number"), PAGE).get_page(number)


@dataclass(frozen=True)
class LimitBar:
    """One limit as a bar, in yuan and percent of the whole."""

    label: Any
    granted: Decimal
    used: Decimal
    reserved: Decimal
    left: Decimal

    @property
    def used_percent(self) -> int:
        return _percent(self.used, self.granted)

    @property
    def reserved_percent(self) -> int:
        return _percent(self.reserved, self.granted)


def _percent(part: Decimal, whole: Decimal) -> int:
    return int(part * 100 / whole) if whole else 0


def limit_bars(policy: Policy, *, payout: Payout | None = None) -> tuple[LimitBar, ...]:
    """The aggregate of a policy and, with a payout, the limits of its accident and people."""
    wanted: list[tuple[Any, str]] = [(LIMIT_LABELS[movements.AGGREGATE], movements.limit_account(policy.pk, 0, "", movements.AGGREGATE))]
    if payout is not None:

        def account(limit: str, person: str = "") -> str:
            return movements.limit_account(policy.pk, payout.incident_id, person, limit)

        wanted.append((LIMIT_LABELS[movements.ACCIDENT], account(movements.ACCIDENT)))
        for person in payout.people:
            for limit in (movements.PERSON, movements.MEDICAL):
                wanted.append((f"{LIMIT_LABELS[limit]} {person['name']}", account(limit, person["key"])))
    bars = [(label, ledger.balance(key)) for label, key in wanted]
    return tuple(LimitBar(label, b.credited, b.posted, b.reserved, b.available) for label, b in bars if b.credited)


@dataclass(frozen=True)
class Authority:
    """Who of the insurer decides alone up to how much, and how far this decision goes beyond it."""

    role: Any
    amount: Decimal
    beyond: Decimal
    is_mine: bool


def authorities(payout: Payout, actor: Actor) -> tuple[Authority, ...]:
    rows = AuthorityLimit.objects.filter(organisation_id=payout.policy.insurer_id, act=DECIDE).order_by("amount")
    decided = payout.decided_amount if payout.decided_amount is not None else payout.requested_amount
    return tuple(
        Authority(Role(row.role).label, row.amount, max(decided - row.amount, ZERO), Role(row.role) in actor.roles) for row in rows
    )


@dataclass(frozen=True)
class Stretch:
    """One stretch of the clock's rail: run, off (paused) or rest, in percent of the whole."""

    css: str
    percent: int


@dataclass(frozen=True)
class ClockPicture:
    """The period of the decision as a picture: what ran, what rested, what is left."""

    deadline: Deadline
    starts_on: date
    due_on: date
    today: date
    used_days: int
    left_days: int
    paused_from: date | None
    paused_until: date | None
    now_percent: int
    stretches: tuple[Stretch, ...]


def clock_picture(payout: Payout) -> ClockPicture | None:
    """The 30 days as they stand today; None before the payout is registered."""
    row = Deadline.objects.filter(case_id=payout.pk, rule="decision").first()
    if row is None or row.due_at is None:
        return None
    start, due = timezone.localdate(row.starts_at), timezone.localdate(row.due_at)
    today = min(timezone.localdate(row.met_at) if row.met_at else timezone.localdate(), due)
    begun = payout.supplement_requested_on
    ended = payout.supplement_received_on or (today if begun and payout.state == "supplement" else None)
    if begun and ended is None and row.paused_days:
        ended = date.fromordinal(begun.toordinal() + row.paused_days)
    whole = max((due - start).days, 1)
    cuts: list[tuple[str, int]] = []
    if begun is not None and ended is not None and start <= begun < ended <= today:
        cuts = [("run", (begun - start).days), ("off", (ended - begun).days), ("run", (today - ended).days)]
    else:
        begun = ended = None
        cuts = [("run", (today - start).days)]
    gone = sum(days for _css, days in cuts)
    cuts.append(("rest", max(whole - gone, 0)))
    rested = (ended - begun).days if begun and ended else 0
    return ClockPicture(
        row,
        start,
        due,
        today,
        used_days=max(gone - rested, 0),
        left_days=(due - today).days,
        paused_from=begun,
        paused_until=ended,
        now_percent=min(round(gone * 100 / whole), 100),
        stretches=tuple(Stretch(css, round(days * 100 / whole)) for css, days in cuts if days),
    )


@dataclass(frozen=True)
class LateClock:
    """A period of the insurer that was kept late or is not kept yet, and by how many days."""

    label: Any
    due_on: date
    days: int
    citation: str


def late_clocks(payout: Payout) -> tuple[LateClock, ...]:
    """The statutory or agreed periods of the insurer that ran over, with the days only: what that costs others decide (23(2))."""
    labels = {rule.name: rule.label for rule in payout.DEADLINES}
    found = []
    for row in Deadline.objects.filter(case_id=payout.pk, responsible=CaseRole.INSURER, is_statutory=True, informs=False).order_by(
        "due_at"
    ):
        if row.due_at is None or row.status not in ("met", "running"):
            continue
        days = (timezone.localdate(row.met_at) if row.met_at else timezone.localdate()) - timezone.localdate(row.due_at)
        if days.days > 0:
            found.append(LateClock(labels[row.rule], timezone.localdate(row.due_at), days.days, row.citation))
    return tuple(found)


def open_payouts_of(policy: Policy, actor: Actor) -> Sequence[Payout]:
    """The payouts under a policy that the actor may see, the latest first."""
    return list(Payout.objects.filter(in_scope(actor), policy=policy).select_related("policy").order_by("-pk")[:PAGE])
