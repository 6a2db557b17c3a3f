"""What the pages of public money list: pools with their queues, applications by what they wait for, schemes and whom they touch."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.scopes import in_scope
from funding.calculations import Scheme, judge, schemes
from funding.models import BudgetPool, SubsidyApplication
from funding.selectors.figures import Figures, figures_of
from funding.selectors.queue import WAITING

if TYPE_CHECKING:
    from access.actors import Actor

PAGE = 30
FILTERS: dict[str, tuple[Any, Q]] = {
    "counter": (_("待受理"), Q(state__in=["submitted", "supplement"])),
    "site": (_("待核实"), Q(state="accepted")),
    "queue": (_("轮候"), Q(state__in=WAITING)),
    "notice": (_("预留和公示"), Q(state__in=["reserved", "published", "objected", "under_review"])),
    "pay": (_("待拨付"), Q(state__in=["approved", "ordered"])),
    "after": (_("拨付后"), Q(state__in=["paid", "audited", "clawback"])),
    "ended": (_("已办结"), Q(closed_at__isnull=False)),
}


@dataclass(frozen=True)
class Filter:
    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class ApplicationsPage:
    filters: tuple[Filter, ...]
    rows: Page[SubsidyApplication]
    show: str


def applications_in_scope(actor: Actor) -> QuerySet[SubsidyApplication]:
    rows: QuerySet[SubsidyApplication] = SubsidyApplication.objects.filter(in_scope(actor))
    return rows.select_related("pool", "turn_organisation")


def pools_in_scope(actor: Actor) -> QuerySet[BudgetPool]:
    rows: QuerySet[BudgetPool] = BudgetPool.objects.filter(in_scope(actor))
    return rows.select_related("payer_organisation")


def applications_page(*, actor: Actor, show: str, number: str) -> ApplicationsPage:
    """The applications in scope, the longest waiting first; ended ones newest first."""
    rows = applications_in_scope(actor)
    counts = rows.aggregate(**{key: Count("pk", filter=found) for key, (_label, found) in FILTERS.items()})
    if show not in FILTERS:
        show = next((key for key in FILTERS if counts[key]), "counter")
    rows = rows.filter(FILTERS[show][1]).order_by(*(("-closed_at", "-pk") if show == "ended" else ("turn_since", "pk")))
    filters = tuple(Filter(key, label, counts[key], key == show) for key, (label, _q) in FILTERS.items())
    return ApplicationsPage(filters, Paginator(rows, PAGE).get_page(number), show)


def waiting_applications(*, actor: Actor) -> int:
    """How many applications wait for a step of the actor."""
    mine = Q(turn_organisation_id=actor.organisation_id or 0, turn_role__in=[str(role) for role in actor.roles])
    waiting: int = SubsidyApplication.objects.filter(mine).count()
    return waiting


@dataclass(frozen=True)
class PoolRow:
    pool: BudgetPool
    scheme: Scheme
    figures: Figures
    waiting: int
    wanted: Decimal


def pool_rows(*, actor: Actor) -> tuple[PoolRow, ...]:
    """Every pool in scope with its figures and its queue, the newest year first."""
    by_code = {one.code: one for one in schemes()}
    found = []
    for pool in pools_in_scope(actor).order_by("-year", "name", "pk"):
        amounts = list(SubsidyApplication.objects.filter(pool=pool, state__in=WAITING).values_list("amount", flat=True))
        wanted = sum((amount for amount in amounts if amount), Decimal("0.00"))
        found.append(PoolRow(pool, by_code[pool.scheme], figures_of(pool), len(amounts), wanted))
    return tuple(found)


@dataclass(frozen=True)
class Touched:
    """An open application as it stands under its own scheme and as it would under another."""

    application: SubsidyApplication
    now: Decimal | None
    then: Decimal | None
    is_eligible: bool

    @property
    def change(self) -> Decimal | None:
        return None if self.now is None or self.then is None else self.then - self.now

    @property
    def must_vote_again(self) -> bool:
        """A grant that shrinks or falls away puts the owners' decision in question; one that grows is only confirmed."""
        return not self.is_eligible or (self.change is not None and self.change < 0)


def touched_by(scheme: Scheme, *, actor: Actor) -> tuple[Touched, ...]:
    """The open, unpaid applications that a scheme's change touches: its own under the data of today, and those of the
    scheme that it follows."""
    codes = [code for code in (scheme.code, scheme.follows) if code]
    rows = applications_in_scope(actor).filter(scheme__in=codes, closed_at=None, paid_on=None).exclude(state="ordered").order_by("pk")
    found = []
    for row in rows:
        finding = judge(scheme, row.known)
        if row.scheme != scheme.code or finding.amount != row.amount or not finding.eligible:
            found.append(Touched(row, row.amount, finding.amount, finding.eligible))
    return tuple(found)


def public_notices() -> list[SubsidyApplication]:
    """What is being published today: no name, no account, only the lift, the scheme and the amount."""
    today = timezone.localdate()
    rows = SubsidyApplication.objects.filter(
        state__in=["published", "objected", "approved"], published_on__lte=today, published_until__gte=today
    )
    return list(rows.order_by("published_until", "pk"))
