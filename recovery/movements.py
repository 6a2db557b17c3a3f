"""From a recovery step to ledger movements: receivable grows by what was paid and shrinks by what came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework.declarations import Movement

if TYPE_CHECKING:
    from recovery.models import RecoveryFile


def outlay(case_id: int) -> str:
    return f"recovery/{case_id}/outlay"


def receivable(case_id: int) -> str:
    return f"recovery/{case_id}/receivable"


def record(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    yield Movement("transfer", facts.amount, outlay(case.pk), receivable(case.pk), memo=f"已垫付 {case.reference}")


def collect(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    yield Movement("transfer", facts.amount, receivable(case.pk), f"recovery/{case.pk}/collected", memo=f"追回 {case.reference}")


def reimburse(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    yield Movement("transfer", facts.amount, receivable(case.pk), f"recovery/{case.pk}/reimbursed", memo=f"保险归还 {case.reference}")


def write_off(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    if case.written_off:
        yield Movement("transfer", case.written_off, receivable(case.pk), f"recovery/{case.pk}/written_off", memo=f"核销 {case.reference}")


def restore(case: RecoveryFile, facts: Any, law: Any) -> Iterator[Movement]:
    """A reopened file claims again what was written off: by a new entry, never by undoing the old one."""
    if case.restored:
        yield Movement("transfer", case.restored, f"recovery/{case.pk}/written_off", receivable(case.pk), memo=f"恢复追偿 {case.reference}")
