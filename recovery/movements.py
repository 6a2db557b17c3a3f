"""From a recovery step to ledger movements: receivable grows by what was paid and shrinks by what came back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.declarations import Movement
from legislation.money import ZERO

if TYPE_CHECKING:
    from recovery.models import RecoveryFile


def outlay(case_id: int) -> str:
    return f"recovery/{case_id}/outlay"


def receivable(case_id: int) -> str:
    return f"recovery/{case_id}/receivable"


def collected(case_id: int) -> str:
    return f"recovery/{case_id}/collected"


def borne(case_id: int) -> str:
    return f"recovery/{case_id}/borne"


def excess(case_id: int) -> str:
    """What came back above what was paid: another payer's money until it is handed over."""
    return f"recovery/{case_id}/excess"


def _moved(amount: Decimal, debit: str, credit: str, memo: str) -> Iterator[Movement]:
    if amount > 0:
        yield Movement("transfer", amount, debit, credit, memo=memo)


def record(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    memo = f"已付 {case.reference}"
    yield from _moved(facts.amount, outlay(case.pk), receivable(case.pk), memo)
    was_above = max(facts.amount - case.uncovered, ZERO)
    yield from _moved(min(was_above, facts.amount), receivable(case.pk), excess(case.pk), memo)


def give_back(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    """What came back from an insurer or a payee: out of the receivable, and what exceeds it is kept as excess."""
    before = max(case.uncovered + facts.amount, ZERO)
    memo = f"归还 {case.reference}"
    part = min(before, facts.amount)
    yield from _moved(part, receivable(case.pk), f"recovery/{case.pk}/reimbursed", memo)
    yield from _moved(facts.amount - part, excess(case.pk), f"recovery/{case.pk}/reimbursed", memo)


def give_back_undone(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    """A reimbursement that the bank gave back is claimed again; what had been kept above it is not above it any more."""
    memo = f"归还被退票 {case.reference}"
    part = min(max(case.uncovered, ZERO), facts.amount)
    yield from _moved(part, f"recovery/{case.pk}/reimbursed", receivable(case.pk), memo)
    yield from _moved(facts.amount - part, f"recovery/{case.pk}/reimbursed", excess(case.pk), memo)


def collect(case: Any, facts: Any, law: Any) -> Iterator[Movement]:
    yield from _moved(facts.amount, receivable(case.parent_id), collected(case.parent_id), f"追回 {case.reference}")


def refund(case: Any, facts: Any, law: Any) -> Iterator[Movement]:
    yield from _moved(facts.amount, collected(case.parent_id), receivable(case.parent_id), f"退还 {case.reference}")


def hand_over(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    memo = f"移交 {case.reference}"
    part = min(max(-case.uncovered, ZERO), facts.amount)
    yield from _moved(part, collected(case.pk), excess(case.pk), memo)
    yield from _moved(facts.amount - part, collected(case.pk), receivable(case.pk), memo)


def receive(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    amount = sum((part.amount for part in facts.parts), ZERO)
    yield from _moved(amount, receivable(case.pk), collected(case.pk), f"收到移交 {case.reference}")


def bear(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    """At the end what was neither collected nor given back is borne by the payer itself, written off or not."""
    yield from _moved(case.borne + case.written_off, receivable(case.pk), borne(case.pk), f"自行承担 {case.reference}")


def restore(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    """A reopened file claims again what was borne: by a new entry, never by undoing the old one."""
    yield from _moved(case.restored, borne(case.pk), receivable(case.pk), f"恢复追偿 {case.reference}")
