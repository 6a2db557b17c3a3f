"""A paper with everything a paper may have: names, a long table, law that nobody has read yet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casework.models import CaseEvent
from correspondence.declarations import Document
from tests.sample.models import Matter


@dataclass(frozen=True)
class NoteFacts:
    name: str
    granted: Decimal
    rows: tuple[str, ...]


class MatterNote(Document):
    title = "事项通知书"
    template = "sample/note.html"
    prefix = "TZ"
    provisions = ("insurance.decision_period", "insurance.limitation_from_liability_fixed", "incident.supplementary_report_period")
    supersedes = True
    name = "黄珺燊"
    rows = 3

    def facts(self, event: CaseEvent) -> NoteFacts:
        matter = Matter.objects.get(pk=event.case_id)
        return NoteFacts(self.name, matter.granted or matter.asked, tuple(f"第 {n} 项" for n in range(1, self.rows + 1)))

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [("金额", facts["granted"])]
