"""What follows from the steps of funding: the queue moves up, orders to pay, proofs of payment. Idempotent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from access.actors import system_actor
from access.roles import CaseRole
from casework.outbox import after
from casework.steps import perform
from funding import services
from funding.facts import RecordPaid, RecordReturned
from funding.models import BudgetPool, SubsidyApplication
from funding.movements import account
from ledger import api as ledger
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY = system_actor("outbox")
APP = "funding.subsidy_application"


def _facts(event: CaseEvent) -> dict[str, Any]:
    return event.record.facts or {}


@after(f"{APP}.verify", f"{APP}.deny", f"{APP}.withdraw", f"{APP}.record_repayment")
def move_the_queue_up(event: CaseEvent) -> None:
    """A verified application asks for money; what another gives back goes to whoever was accepted first."""
    services.promote(SubsidyApplication.objects.values_list("pool_id", flat=True).get(pk=event.case_id), event.happened_at)


@after("funding.budget_pool.confirm_change", "funding.budget_pool.reopen")
def spend_what_came_in(event: CaseEvent) -> None:
    """Money that came in goes to whoever waits, at once."""
    services.promote(event.case_id, event.happened_at)


@after(f"{APP}.order_payment")
def open_the_order(event: CaseEvent) -> None:
    """The finance bureau's cashier finds the order; its amount is held on what was committed."""
    row = SubsidyApplication.objects.select_related("pool").get(pk=event.case_id)
    if row.state != "ordered" or any(not order.is_gone for order in ledger.orders_of([row.pk])):
        return
    pool: BudgetPool = row.pool
    ledger.open_payment_order(
        parent=row,
        purpose=ledger.Purpose.SUBSIDY,
        payer_organisation_id=pool.payer_organisation_id,
        payee=parties.payee(row.account_id or 0),
        amount=row.approved_amount or row.amount,
        moves=[ledger.Leg(account(pool.pk, "committed"), account(pool.pk, "paid"))],
        by=BY,
        happened_at=event.happened_at,
        parts=[(pool.payer_organisation_id, CaseRole.FINANCE)],
        note=row.terms.name[:200],
    )


@after("ledger.payment_order.mark_paid")
def take_the_proof(event: CaseEvent) -> None:
    parent = event.case.parent
    if parent is not None and parent.kind == "subsidy_application" and parent.state == "ordered":
        paid = _facts(event)
        facts = RecordPaid(event.case_id, paid["voucher_number"], date.fromisoformat(paid["paid_on"]))
        perform(parent, "record_paid", by=BY, happened_at=event.happened_at, seen=None, facts=facts)


@after("ledger.payment_order.return_", "ledger.payment_order.cancel", "ledger.payment_order.bounce")
def take_it_back(event: CaseEvent) -> None:
    """What did not arrive, before or after it was recorded as paid, is ordered again."""
    parent = event.case.parent
    waits = ("ordered",) if event.verb != "bounce" else ("paid", "audited", "closed")
    if parent is not None and parent.kind == "subsidy_application" and parent.state in waits:
        facts = RecordReturned(event.case_id, _facts(event).get("reason", ""))
        perform(parent, "record_returned", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
