"""Writes of funding that are not steps of one case alone: opening a pool with its accounts, applying, promoting the queue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from access.actors import system_actor
from access.models import Organisation
from access.roles import CaseRole
from casework.declarations import NO_FACTS
from casework.errors import FactsRefused, StepRefused
from casework.models import Case
from casework.steps import begin, perform
from elevators import api as elevators
from funding import calculations
from funding.facts import OpenPool, Submit
from funding.models import BudgetPool, SubsidyApplication
from funding.movements import account
from funding.selectors.figures import figures_of
from funding.selectors.position import organisations_for
from funding.selectors.queue import queue_of
from ledger import api as ledger

if TYPE_CHECKING:
    from access.actors import Actor

QUEUE = system_actor("subsidy-queue")


@transaction.atomic
def open_pool(*, facts: OpenPool, place: str, by: Actor, happened_at: datetime) -> BudgetPool:
    """A pool for one scheme and year, empty, with its capped accounts. Raises NotPermitted, FactsRefused."""
    if BudgetPool.objects.filter(scheme=facts.scheme, year=facts.year, payer_organisation_id=facts.payer_organisation_id).exists():
        raise FactsRefused({"scheme": [_("这个方案这个年度已经有资金池，请在原池上追加。")]})
    parts = [(by.organisation_id or facts.payer_organisation_id, CaseRole.FINANCE), (facts.payer_organisation_id, CaseRole.PAYER)]
    parts += [(o.pk, CaseRole.HOUSING) for o in organisations_for(place, Organisation.Kind.HOUSING_AUTHORITY)]
    parts += [
        (o.pk, CaseRole.STREET_OFFICE)
        for o in Organisation.objects.filter(kind=Organisation.Kind.STREET_OFFICE, place__startswith=_prefix(place)).order_by("pk")
    ]
    event = begin(
        BudgetPool,
        "open",
        parent=None,
        by=by,
        happened_at=happened_at,
        place=place,
        title=facts.name,
        parts=list(dict.fromkeys(parts)),
        facts=facts,
    )
    pool = cast("BudgetPool", event.case)
    ledger.open_account(account(pool.pk, "budget"), label=_("%(name)s 可用") % {"name": facts.name}, capped=True)
    ledger.open_account(account(pool.pk, "committed"), label=_("%(name)s 已批准待付") % {"name": facts.name}, capped=True)
    return pool


def _prefix(place: str) -> str:
    while place.endswith("00"):
        place = place[:-2]
    return place


def submit(*, facts: Submit, by: Actor, happened_at: datetime, parent: Case | None = None, on_behalf_of: str = "") -> SubsidyApplication:
    """An application for one lift. Its street office, housing authority and finance bureau take part from the beginning.

    Raises NotPermitted, OutOfScope, FactsRefused (no such pool, scheme without this lift's place).
    """
    pool = BudgetPool.objects.filter(pk=facts.pool_id).first()
    lift = elevators.elevator(facts.elevator_id)
    if pool is None or pool.scheme != facts.scheme or pool.is_ended:
        raise FactsRefused({"pool_id": [_("这个资金池不支付这个方案，或者已经关闭。")]})
    scheme = calculations.scheme(facts.scheme)
    if not lift.place.startswith(_prefix(scheme.place) if scheme.place != "000000" else "") or not lift.place.startswith(
        _prefix(pool.place)
    ):
        raise FactsRefused({"scheme": [_("这个方案不适用于电梯所在的地方。")]})
    parts: list[tuple[int, CaseRole]] = [(pool.payer_organisation_id, CaseRole.PAYER)]
    parts += [(p.organisation_id, CaseRole(p.role)) for p in pool.parts.filter(role__in=[CaseRole.FINANCE, CaseRole.HOUSING])]
    if lift.street_office_id:
        parts.append((lift.street_office_id, CaseRole.STREET_OFFICE))
    title = f"{lift.name} {scheme.name}"
    event = begin(
        SubsidyApplication,
        "submit",
        parent=parent,
        by=by,
        happened_at=happened_at,
        place=lift.place,
        title=title,
        parts=list(dict.fromkeys(parts)),
        facts=facts,
        on_behalf_of=on_behalf_of,
    )
    return cast("SubsidyApplication", event.case)


@transaction.atomic
def promote(pool_id: int, at: datetime) -> int:
    """Fund the verified applications of a pool in order of acceptance as far as the money goes; the rest waits.

    Nobody is overtaken: where the first does not fit, a smaller one behind it waits too. One promotion of a pool at a
    time; idempotent. Returns how many were funded.
    """
    Case.objects.select_for_update(no_key=True).get(pk=pool_id)
    pool, funded = BudgetPool.objects.get(pk=pool_id), 0
    left, is_short = figures_of(pool).available, pool.is_ended
    for row in queue_of(pool_id):
        is_short = is_short or row.amount is None or row.amount > left
        if not is_short and _take(row, "reserve", at):
            left -= row.amount or left
            funded += 1
        elif row.state == "verified":
            _take(row, "wait", at)
    return funded


def _take(row: SubsidyApplication, verb: str, at: datetime) -> bool:
    """One system step of the queue; False where the application has meanwhile gone elsewhere."""
    try:
        perform(row, verb, by=QUEUE, happened_at=max(at, row.happened_at), seen=None, facts=NO_FACTS)
    except StepRefused as refusal:
        if refusal.code.startswith("not_from_"):
            return False
        raise
    return True


def figures(pool: BudgetPool) -> Any:
    """The pool's figures as they stand."""
    return figures_of(pool)
