"""Writes what a played case left behind: its PDFs, its ledger and its timeline. Reads only."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casework import registry
from casework.models import Case, CaseEvent, Deadline
from correspondence.models import IssuedDocument
from ledger import api as ledger

LEDGER_COLUMNS = ("at", "case", "kind", "amount", "debit", "debit_label", "credit", "credit_label", "memo")


@dataclass(frozen=True)
class Export:
    """What was written: files by name, and the counts that a summary prints."""

    folder: Path
    papers: tuple[str, ...]
    events: int
    entries: int


def tree(root: Case) -> list[Case]:
    """A case and everything below it, in order of birth."""
    return list(Case.objects.filter(Q(pk=root.pk) | Q(lineage__contains=[root.pk])).order_by("pk"))


def write(root: Case, folder: Path) -> Export:
    """Write everything of a root case into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = tree(root)
    papers = _write_papers(cases, folder)
    entries = _write_ledger(cases, folder)
    events = _write_timeline(cases, folder)
    return Export(folder, papers, events, entries)


def _write_papers(cases: Sequence[Case], folder: Path) -> tuple[str, ...]:
    names = []
    rows = IssuedDocument.objects.filter(case__in=cases).select_related("case").order_by("issued_at", "id")
    for number, row in enumerate(rows, 1):
        name = f"{number:02d}-{row.case.reference}-{row.title.replace('/', '-')}-v{row.version}.pdf"
        with row.file.open("rb") as source:
            (folder / name).write_bytes(source.read())
        names.append(name)
    return tuple(names)


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text


def _write_ledger(cases: Sequence[Case], folder: Path) -> int:
    entries = ledger.entries_for([c.pk for c in cases])
    rows = [
        {
            "at": _local(e.at),
            "case": e.case_reference,
            "kind": str(e.kind_label),
            "amount": f"{e.amount:.2f}",
            "debit": e.debit,
            "debit_label": e.debit_label,
            "credit": e.credit,
            "credit_label": e.credit_label,
            "memo": e.memo,
        }
        for e in entries
    ]
    with (folder / "ledger.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LEDGER_COLUMNS)
        writer.writerows([safe_cell(row[column]) for column in LEDGER_COLUMNS] for row in rows)
    accounts = sorted({key for e in entries for key in (e.debit, e.credit)})
    balances = {key: ledger.balance(key) for key in accounts}
    _write_json(
        folder / "ledger.json",
        {
            "entries": rows,
            "accounts": [
                {
                    "key": key,
                    "label": b.label,
                    "is_limit": b.is_capped,
                    "credited": f"{b.credited:.2f}",
                    "posted": f"{b.posted:.2f}",
                    "reserved": f"{b.reserved:.2f}",
                    "available": f"{b.available:.2f}" if b.is_capped else None,
                }
                for key, b in balances.items()
            ],
        },
    )
    return len(rows)


def _write_timeline(cases: Sequence[Case], folder: Path) -> int:
    events = list(
        CaseEvent.objects.filter(case__in=cases).select_related("case", "actor_organisation").order_by("happened_at", "recorded_at")
    )
    told = [_event(e) for e in events]
    deadlines = [_deadline(d) for d in Deadline.objects.filter(case__in=cases).select_related("case").order_by("starts_at", "id")]
    ends = {e.case_id: e.digest for e in sorted(events, key=lambda e: e.number)}
    heads = [
        {
            "case": c.reference,
            "kind": str(registry.kind(c.kind).label),
            "title": c.title,
            "state": str(c.state_label),
            "events": c.sequence,
            "amount": f"{c.amount:.2f}" if c.amount is not None else None,
            "digest_head": ends[c.pk],
        }
        for c in cases
    ]
    _write_json(folder / "timeline.json", {"cases": heads, "events": told, "deadlines": deadlines})
    (folder / "timeline.md").write_text("\n".join(_markdown(heads, told, deadlines)) + "\n", encoding="utf-8")
    return len(told)


def _event(event: CaseEvent) -> dict[str, Any]:
    spec = registry.kind(event.case.kind)
    return {
        "case": event.case.reference,
        "number": event.number,
        "topic": event.topic,
        "label": str(registry.label_of(spec.kind, event.verb)),
        "happened_at": _local(event.happened_at),
        "recorded_at": _local(event.recorded_at),
        "actor": "系统" if event.actor_is_system else event.actor_name,
        "organisation": str(event.actor_organisation or ""),
        "from": event.source,
        "to": event.target,
        "state": str(spec.states.get(event.target, event.target)),
        "provisions": list(event.provisions),
        "digest": event.digest,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "case": deadline.case.reference,
        "rule": deadline.rule,
        "label": str(deadline.label),
        "starts_at": _local(deadline.starts_at),
        "due_at": _local(deadline.due_at) if deadline.due_at else None,
        "status": str(deadline.get_status_display()),
        "met_at": _local(deadline.met_at) if deadline.met_at else None,
        "was_late": deadline.was_late,
        "citation": deadline.citation,
        "paused_days": deadline.paused_days,
        "is_provisional": deadline.is_provisional,
    }


def _markdown(heads: Iterable[dict[str, Any]], events: Iterable[dict[str, Any]], deadlines: Iterable[dict[str, Any]]) -> list[str]:
    lines = ["# 案件经过", "", "| 案号 | 类别 | 标题 | 状态 | 金额（元） | 摘要链末 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {h['case']} | {h['kind']} | {_cell(h['title'])} | {h['state']} | {h['amount'] or ''} | `{h['digest_head'][:16]}` |"
        for h in heads
    ]
    lines += ["", "## 每一步", "", "| 发生时间 | 案号 | 步骤 | 办理人 | 之后的状态 |", "|---|---|---|---|---|"]
    lines += [
        f"| {e['happened_at'][:16].replace('T', ' ')} | {e['case']} #{e['number']} | {e['label']} | "
        f"{_cell(e['actor'])}{('（' + _cell(e['organisation']) + '）') if e['organisation'] else ''} | {e['state']} |"
        for e in events
    ]
    lines += ["", "## 期限", "", "| 案号 | 期限 | 起 | 到期 | 结果 | 依据 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {d['case']} | {d['label']} | {d['starts_at'][:10]} | {(d['due_at'] or '')[:16].replace('T', ' ')} | "
        f"{d['status']}{'（逾期）' if d['was_late'] else ''} | {_cell(d['citation'])} |"
        for d in deadlines
    ]
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _local(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
