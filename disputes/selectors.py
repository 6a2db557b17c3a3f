"""Reads of lawsuits and mediations: positions, the list, what hangs below a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.scopes import in_scope
from casework import registry
from casework.models import Case, Deadline
from disputes.models import Litigation, Mediation

if TYPE_CHECKING:
    from access.actors import Actor


class LitigationPosition:
    """What the steps of a lawsuit must know beside its own fields, read when first asked for."""

    def __init__(self, case: Litigation) -> None:
        self._case = case

    @cached_property
    def appeal_until(self) -> date | None:
        """The last day for an appeal against the judgment that stands; None where no such clock was started."""
        due = Deadline.objects.filter(case_id=self._case.pk, rule="appeal").exclude(status=Deadline.Status.VOID)
        moment = due.values_list("due_at", flat=True).first()
        return timezone.localtime(moment).date() if moment else None

    @cached_property
    def began_on(self) -> date:
        return began_on(self._case)


def began_on(case: Case) -> date:
    """The day on which the matter at the root of a case began: no court and no voucher is older."""
    root = case.lineage[0] if case.lineage else case.pk
    moment = Case.objects.filter(pk=root).values_list("happened_at", flat=True).first()
    return timezone.localtime(moment or case.happened_at).date()


@registry.position_for("litigation")
def litigation_position(case: Litigation) -> LitigationPosition:
    return LitigationPosition(case)


class MediationPosition:
    """What the steps of a mediation must know beside its own fields, read when first asked for."""

    def __init__(self, case: Mediation) -> None:
        self._case = case

    @cached_property
    def began_on(self) -> date:
        return began_on(self._case)


@registry.position_for("mediation")
def mediation_position(case: Mediation) -> MediationPosition:
    return MediationPosition(case)


def disputes_below(case_id: int) -> list[Litigation | Mediation]:
    """The lawsuits and mediations directly below a case, in the order in which they were opened."""
    found: list[Litigation | Mediation] = [*Litigation.objects.filter(parent_id=case_id), *Mediation.objects.filter(parent_id=case_id)]
    return sorted(found, key=lambda dispute: dispute.pk)


#: The filters of the list of lawsuits.
FILTERS: dict[str, tuple[Any, Q]] = {
    "open": (_("在办诉讼"), Q(closed_at=None)),
    "hearing": (_("待开庭"), Q(closed_at=None, next_hearing_at__isnull=False)),
    "judged": (_("等生效"), Q(state="judged")),
    "effective": (_("待履行"), Q(state__in=("effective", "enforcing"))),
    "ended": (_("已结束"), Q(closed_at__isnull=False)),
}
PER_PAGE = 30


@dataclass(frozen=True)
class Filter:
    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class LawsuitsPage:
    """One page of lawsuits with its filters, and the mediations that are still open."""

    rows: Any
    filters: tuple[Filter, ...]
    mediations: tuple[Mediation, ...]


def lawsuits_seen_by(actor: Actor) -> QuerySet[Litigation]:
    """All lawsuits in the actor's scope, the next hearing first."""
    seen: QuerySet[Litigation] = Litigation.objects.filter(in_scope(actor)).select_related("parent")
    return seen.order_by(F("next_hearing_at").asc(nulls_last=True), "-happened_at", "-pk")


def mediations_seen_by(actor: Actor) -> QuerySet[Mediation]:
    seen: QuerySet[Mediation] = Mediation.objects.filter(in_scope(actor)).select_related("parent")
    return seen.order_by("-happened_at", "-pk")


def lawsuits_page(*, actor: Actor, show: str, words: str, number: str) -> LawsuitsPage:
    """The lawsuits in scope, by filter and by words of reference, title, court or court's number."""
    seen = lawsuits_seen_by(actor)
    if words:
        seen = seen.filter(
            Q(reference__icontains=words) | Q(title__icontains=words) | Q(court__icontains=words) | Q(number__icontains=words)
        )
    show = show if show in FILTERS else "open"
    filters = tuple(Filter(key, label, seen.filter(q).count(), key == show) for key, (label, q) in FILTERS.items())
    rows = Paginator(seen.filter(FILTERS[show][1]), PER_PAGE).get_page(number)
    mediations = tuple(mediations_seen_by(actor).filter(closed_at=None)[:PER_PAGE]) if show == "open" and not words else ()
    return LawsuitsPage(rows, filters, mediations)


def open_count(actor: Actor) -> int:
    return lawsuits_seen_by(actor).filter(closed_at=None).count() + mediations_seen_by(actor).filter(closed_at=None).count()


def parent_of(case: Case) -> Case | None:
    found: Case | None = Case.objects.filter(pk=case.parent_id or 0).first()
    return found
