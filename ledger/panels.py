"""Money on a case page: who is paid and where, the transfers, the limits they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import parties.api
from casework.panels import panel
from casework.timeline import case_url, masked
from ledger.models import PaymentOrder
from ledger.permissions import CASHIERS
from ledger.selectors import money_sheet

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@panel("payment_order", template="ledger/panels/payment.html", order=10)
def payment(case: Case, actor: Actor) -> dict[str, Any]:
    """The order itself, and whether its account may be paid to."""
    order = PaymentOrder.objects.select_related("payer_organisation").get(pk=case.pk)
    account = parties.api.account(order.payee_account_ref) if order.payee_account_ref else None
    waits = account is not None and not account.is_confirmed and account.is_current and not order.is_ended
    is_payer = actor.organisation_id == order.payer_organisation_id
    return {
        "order": order,
        "payee_name": order.payee_name if is_payer else masked(order.payee_name),
        "account": account,
        "waits": waits,
        "party": parties.api.ref(account.party_id) if account else None,
        "confirm_url": parties.api.confirm_url(account.id, actor=actor, back=case_url(case)) if account and waits else "",
        "may_reveal": account is not None and is_payer and actor.has(*CASHIERS) and order.state in ("proposed", "released"),
    }


@panel("payment_order", template="ledger/panels/money.html", order=30)
def money(case: Case, actor: Actor) -> dict[str, Any]:
    return {"money": money_sheet(case_ids=[case.pk])}
