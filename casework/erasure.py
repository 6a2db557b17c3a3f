"""Erasing what a file says of people when its time is over: the facts go, salt and all; a tombstone stays and still verifies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import registry, steps
from casework.models import Case, EventFacts
from legislation import deadlines, lookup

Hold = Callable[[Case], str]
H = TypeVar("H", bound=Hold)
_holds: list[Hold] = []


@dataclass
class Held(Exception):
    """The file may not be erased yet: the case that holds it, and why."""

    reference: str
    why: Any

    def __str__(self) -> str:
        return f"{self.reference}: {self.why}"


def erasure_hold(hold: H) -> H:
    """Register what may hold a file beside open cases: (case) -> the reason in Chinese, "" for none."""
    _holds.append(hold)
    return hold


def tree_of(case: Case) -> list[Case]:
    """The case and everything below it, ancestors first."""
    return [case, *Case.objects.filter(lineage__contains=[case.pk]).order_by("pk")]


def ensure_free(case: Case) -> list[Case]:
    """The cases of a file, or Held when one of them is still open, above it something is, or somebody holds it."""
    tree = tree_of(case)
    above = list(Case.objects.filter(pk__in=case.lineage).order_by("pk"))
    for one in [*above, *tree]:
        if not one.is_ended:
            raise Held(one.reference, _("还没有办结（%(state)s），案卷不能删除。") % {"state": one.state_label})
    for one in tree:
        for hold in _holds:
            if why := hold(one):
                raise Held(one.reference, why)
    return tree


@transaction.atomic
def erase_case(case: Case, *, because: str) -> int:
    """Erase the facts of every event of a case and of what hangs below it. Returns how many; what is erased stays erased.

    Raises Held, and ValueError without a reason.
    """
    if not because.strip():
        raise ValueError("an erasure has a reason")
    steps.lock(case)
    keys = [one.pk for one in ensure_free(case)]
    rows = EventFacts.objects.filter(event__case_id__in=keys, erased_at=None)
    return rows.update(facts=None, changes=None, salt="", erased_at=timezone.now(), erased_because=because.strip()[:200])


def kept_until(case: Case) -> date | None:
    """The last day on which a file is kept: the years of its retention class after the last case of it was closed."""
    tree = tree_of(case)
    closed = [timezone.localtime(one.closed_at).date() for one in tree if one.closed_at]
    if len(closed) < len(tree):
        return None
    last = max(closed)
    retention = registry.kind(case.kind).model.RETENTION  # type: ignore[attr-defined]
    years = lookup.at(last, case.place).years(f"retention.{retention}")
    return deadlines.legal_day(deadlines.due(last, int(years.value), years.unit).raw)


def expired(today: date) -> Iterator[Case]:
    """The files, each by the case at its root, whose time was over before `today` and that still hold facts."""
    for case in Case.objects.filter(parent=None).exclude(closed_at=None).order_by("pk").iterator(chunk_size=200):
        kept = EventFacts.objects.filter(event__case_id__in=[one.pk for one in tree_of(case)], erased_at=None).exists()
        until = kept_until(case) if kept else None
        if until is not None and until < today:
            yield case
