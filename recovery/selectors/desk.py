"""The recovery desk: every target in scope with what it owes, what comes next and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.scopes import in_scope
from casework import registry
from casework.models import Deadline
from casework.timeline import case_url
from legislation.money import ZERO
from recovery import selectors
from recovery.models import RecoveryFile, RecoveryTarget

if TYPE_CHECKING:
    from access.actors import Actor

PER_PAGE = 30
#: The filters of the list and the states each shows; None: all open, or all ended.
FILTERS: dict[str, tuple[Any, tuple[str, ...] | None]] = {
    "open": (_("追偿中"), None),
    "send": (_("待发函"), ("named",)),
    "answer": (_("等答复"), ("demanded",)),
    "collect": (_("待收款"), ("accepted", "judged", "settled", "defaulted")),
    "court": (_("争议和诉讼"), ("contested", "sued", "dismissed")),
    "ended": (_("已了结"), None),
}


@dataclass(frozen=True)
class Filter:
    key: str
    label: Any
    count: int
    is_current: bool


@dataclass(frozen=True)
class DeskRow:
    """One target on the desk. due: the next day that matters, and what it is."""

    target: RecoveryTarget
    url: str
    file: RecoveryFile
    file_url: str
    due_on: date | None
    due_what: Any
    is_late: bool
    now: Any


@dataclass(frozen=True)
class DeskPage:
    rows: tuple[DeskRow, ...]
    page: Any
    filters: tuple[Filter, ...]
    files: tuple[tuple[RecoveryFile, str], ...]
    left: Decimal
    collected: Decimal


def desk(*, actor: Actor, show: str, words: str, number: str) -> DeskPage:
    """One page of the desk with its filters, and the files in scope that are still open."""
    seen: QuerySet[RecoveryTarget] = RecoveryTarget.objects.filter(in_scope(actor)).order_by("-amount", "pk")
    if words:
        seen = seen.filter(Q(reference__icontains=words) | Q(name__icontains=words) | Q(title__icontains=words))
    show = show if show in FILTERS else "open"
    filters = tuple(Filter(key, label, _shown(seen, key).count(), key == show) for key, (label, _states) in FILTERS.items())
    page = Paginator(_shown(seen, show), PER_PAGE).get_page(number)
    files = RecoveryFile.objects.filter(in_scope(actor)).select_related("payer_organisation")
    by_id = {f.pk: f for f in files.filter(pk__in=[t.parent_id for t in page])}
    open_files = tuple((f, case_url(f)) for f in files.filter(closed_at=None).order_by("-amount", "pk")[:PER_PAGE])
    sums = files.aggregate(left=Sum("amount", filter=Q(closed_at=None)), collected=Sum("collected"))
    rows = tuple(_row(t, by_id[t.parent_id or 0]) for t in page if t.parent_id in by_id)
    return DeskPage(rows, page, filters, open_files, sums["left"] or ZERO, sums["collected"] or ZERO)


def _shown(targets: QuerySet[RecoveryTarget], key: str) -> QuerySet[RecoveryTarget]:
    states = FILTERS[key][1]
    return targets.filter(state__in=states) if states is not None else targets.filter(closed_at__isnull=key != "ended")


def _row(target: RecoveryTarget, file: RecoveryFile) -> DeskRow:
    due_on, what = _next(target)
    step = registry.kind(target.kind).steps.get(target.turn_verb)
    now = step.label if step else _("等法院") if target.state == "sued" else ""
    return DeskRow(target, case_url(target), file, case_url(file), due_on, what, bool(due_on and due_on < timezone.localdate()), now)


def _next(target: RecoveryTarget) -> tuple[date | None, Any]:
    """The earliest of an unpaid instalment, the answer and the limitation, which only informs."""
    if target.is_ended:
        return None, ""
    came, found = target.collected - target.planned_from, []
    for part in selectors.plan_of(target):
        came -= part.amount
        if came < 0:
            found.append((part.due_on, _("分期")))
            break
    running = Deadline.objects.filter(case_id=target.pk, status=Deadline.Status.RUNNING, due_at__isnull=False)
    found += [(timezone.localtime(d.due_at).date(), d.label) for d in running if d.due_at]
    return min(found, key=lambda pair: pair[0], default=(None, ""))
