"""Handlers that tests watch: each writes a diary-like trace into the case's title, or fails while told to."""

from __future__ import annotations

from casework.models import CaseEvent, Task
from casework.outbox import after

failing: set[str] = set()


@after("sample.matter.decide")
def leave_a_task(event: CaseEvent) -> None:
    if "leave_a_task" in failing:
        raise RuntimeError("told to fail")
    Task.objects.get_or_create(
        case_id=event.case_id,
        code="tell",
        organisation_id=event.actor_organisation_id,
        done_at=None,
        defaults={"role": "insurer_handler", "says": f"告知 {event.record.facts['granted']}"},
    )
