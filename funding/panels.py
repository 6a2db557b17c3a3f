"""What the case pages of funding show: a pool's figures, queue and movements; an application's rules, facts and place in line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import parties.api
from casework.panels import panel
from casework.timeline import case_url, masked
from funding.models import BudgetPool, SubsidyApplication
from funding.selectors.figures import figures_of, keys_of
from funding.selectors.queue import place_in_queue, places_of
from ledger import api as ledger

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case

SHOWN_ENTRIES = 200


@panel("budget_pool", template="funding/panels/figures.html", order=10)
def figures(case: Case, actor: Actor) -> dict[str, Any]:
    pool = BudgetPool.objects.select_related("payer_organisation").get(pk=case.pk)
    return {"pool": pool, "f": figures_of(pool), "is_pending": pool.state == "change_proposed"}


@panel("budget_pool", template="funding/panels/queue.html", order=20)
def queue(case: Case, actor: Actor) -> dict[str, Any]:
    return {"places": places_of(case.pk)}


@panel("budget_pool", template="funding/panels/movements.html", order=30)
def movements(case: Case, actor: Actor) -> dict[str, Any]:
    """The newest movements first; a reversal carries its sign."""
    found = ledger.entries_on(keys_of(case.pk))
    return {"entries": found[::-1][:SHOWN_ENTRIES], "count": len(found)}


@panel("subsidy_application", template="funding/panels/rules.html", order=10)
def rules(case: Case, actor: Actor) -> dict[str, Any]:
    row = _application(case)
    return {"row": row, "scheme": row.terms, "finding": row.finding}


@panel("subsidy_application", template="funding/panels/application.html", order=20)
def application(case: Case, actor: Actor) -> dict[str, Any]:
    row = _application(case)
    account = parties.api.account(row.account_id) if row.account_id else None
    waits = account is not None and not account.is_confirmed and account.is_current and not row.is_ended
    return {
        "row": row,
        "applicant": masked(row.applicant_name),
        "account": account,
        "waits": waits,
        "confirm_url": parties.api.confirm_url(account.id, actor=actor, back=case_url(case)) if account and waits else "",
        "place": place_in_queue(row),
    }


@panel("subsidy_application", template="ledger/panels/money.html", order=40)
def money(case: Case, actor: Actor) -> dict[str, Any]:
    orders = [order.id for order in ledger.orders_of([case.pk])]
    return {"money": ledger.money_of([case.pk, *orders])}


def _application(case: Case) -> SubsidyApplication:
    found: SubsidyApplication = SubsidyApplication.objects.select_related("pool").get(pk=case.pk)
    return found
