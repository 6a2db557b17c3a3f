"""From a step of funding to ledger movements. A budget is a capped account: the database itself refuses to overspend it.

appropriation → budget (granted) · budget ⇢ committed (reserved at verification, posted at approval) · committed → paid
(by the payment order) · returned → budget (clawed back) · budget → withdrawn (taken out again).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework.declarations import Movement
from funding.terms import ChangeKind

if TYPE_CHECKING:
    from funding.models import BudgetPool, SubsidyApplication
    from legislation.lookup import Law


def account(pool_id: int | None, part: str) -> str:
    """The key of one account of a pool: appropriation, budget, committed, paid, returned, withdrawn."""
    return f"pool/{pool_id}/{part}"


def change(case: BudgetPool, facts: Any, law: Law) -> Iterator[Movement]:
    """What the change now confirmed adds or takes out."""
    kind = ChangeKind(case.change_kind)
    ways = ("appropriation", "budget") if kind.adds else ("budget", "withdrawn")
    debit, credit = (account(case.pk, part) for part in ways)
    yield Movement("transfer", case.change_amount, debit, credit, memo=f"{kind.label} {case.change_document}")


def lapse(case: BudgetPool, facts: Any, law: Law) -> Iterator[Movement]:
    if facts.remaining:
        yield Movement(
            "transfer", facts.remaining, account(case.pk, "budget"), account(case.pk, "withdrawn"), memo=f"关闭 {case.reference}"
        )


def reservation(case: SubsidyApplication) -> str:
    """The name of the application's reservation; a new one each time it is funded again."""
    return f"subsidy/{case.pk}/{case.attempt}"


def reserve(case: SubsidyApplication, facts: Any, law: Law) -> Iterator[Movement]:
    yield Movement(
        "reserve",
        case.amount,
        account(case.pool_id, "budget"),
        account(case.pool_id, "committed"),
        reservation=reservation(case),
        memo=f"预留 {case.reference}",
    )


def commit(case: SubsidyApplication, facts: Any, law: Law) -> Iterator[Movement]:
    yield Movement("post", case.amount, reservation=reservation(case), memo=f"批准 {case.reference}")


def release(case: SubsidyApplication, facts: Any, law: Law) -> Iterator[Movement]:
    """Give back what the application held, whichever way it held it. Nothing, if it held nothing."""
    if case.releasing == "reserved":
        yield Movement("void", reservation=reservation(case), memo=f"退回预留 {case.reference}")
    elif case.releasing == "committed":
        yield Movement("reverse", reservation=reservation(case), memo=f"退回额度 {case.reference}")


def repay(case: SubsidyApplication, facts: Any, law: Law) -> Iterator[Movement]:
    yield Movement(
        "transfer", facts.amount, account(case.pool_id, "returned"), account(case.pool_id, "budget"), memo=f"追回 {case.reference}"
    )
