"""From a payment order to the ledger: reserve when proposed, post when paid, give back when returned or cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.declarations import Movement

if TYPE_CHECKING:
    from ledger.models import PaymentOrder
    from legislation.lookup import Law


def reservation_name(order_id: int, number: int) -> str:
    """The name of the reservation behind one leg of an order."""
    return f"payment-order/{order_id}/{number}"


def reserve(case: PaymentOrder, facts: Any, law: Law) -> Iterator[Movement]:
    for number, leg in enumerate(case.legs):
        yield Movement(
            "reserve",
            amount=Decimal(leg["amount"]) if leg["amount"] else case.amount,
            debit=leg["debit"],
            credit=leg["credit"],
            reservation=reservation_name(case.pk, number),
            memo=_memo(case),
        )


def post(case: PaymentOrder, facts: Any, law: Law) -> Iterator[Movement]:
    for number in range(len(case.legs)):
        yield Movement("post", reservation=reservation_name(case.pk, number), memo=_memo(case))


def void(case: PaymentOrder, facts: Any, law: Law) -> Iterator[Movement]:
    for number in range(len(case.legs)):
        yield Movement("void", reservation=reservation_name(case.pk, number), memo=_memo(case))


def reverse(case: PaymentOrder, facts: Any, law: Law) -> Iterator[Movement]:
    """What the bank gave back is taken back on both sides; the order itself never moves money again."""
    for number in range(len(case.legs)):
        yield Movement("reverse", reservation=reservation_name(case.pk, number), memo=f"退票 {_memo(case)}")


def _memo(case: PaymentOrder) -> str:
    return f"{case.get_purpose_display()} {case.reference}"
