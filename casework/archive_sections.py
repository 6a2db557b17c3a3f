"""What casework itself puts into the file to take away: the chain with its facts, evidence, deadlines, own notes, the law cited."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from access.roles import CaseRole
from casework import audit, registry, sharing
from casework.archive import ArchiveFile, Reader, archive_section, archive_summary
from casework.law_pages import law_rows
from casework.models import Case, CaseEvent, Deadline, Evidence
from casework.timeline import masked

if TYPE_CHECKING:
    from datetime import datetime

STORED_WORDS = "存档里没有找到这个文件，只有它的摘要。"


def as_json(content: Any) -> bytes:
    """JSON as every file of the archive has it: sorted, readable, the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def local(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def events_until(case: Case, reader: Reader) -> list[CaseEvent]:
    """The events of a case as they stood at the reader's moment, with their facts."""
    rows = case.events.filter(recorded_at__lte=reader.as_of).select_related("record", "actor_organisation").order_by("number")
    return list(rows)


def case_row(case: Case, reader: Reader) -> dict[str, Any]:
    """One case as it stood: state and end of its chain are those of the last event, not of today."""
    last = case.events.filter(recorded_at__lte=reader.as_of).order_by("-number").first()
    spec = registry.kind(case.kind)
    parent = case.parent.reference if case.parent is not None else ""
    return {
        "reference": case.reference,
        "kind": case.kind,
        "kind_label": str(spec.label),
        "title": case.title,
        "parent": parent,
        "place": case.place,
        "happened_at": local(case.happened_at),
        "state": last.target if last else "",
        "state_label": str(spec.states.get(last.target, last.target)) if last else "",
        "events": last.number if last else 0,
        "head": last.digest if last else "",
        "organisations": [
            {"part": str(CaseRole(p.role).label), "name": p.organisation.name}
            for p in case.parts.select_related("organisation").order_by("pk")
        ],
    }


@archive_section("events", order=10)
def events(case: Case, reader: Reader) -> Iterator[ArchiveFile]:
    """The audit chain of a case, each row with what its digest covers, and the facts as far as the reader may see them."""
    rows = [_event_row(event, case, reader) for event in events_until(case, reader)]
    content = {"reference": case.reference, "rows": rows}
    yield ArchiveFile(f"events/{case.reference}.json", as_json(content), f"{case.reference} 办理经过")


def _event_row(event: CaseEvent, case: Case, reader: Reader) -> dict[str, Any]:
    covered, record = audit.covered(event), getattr(event, "record", None)
    row: dict[str, Any] = {
        "number": event.number,
        "label": str(registry.label_of(case.kind, event.verb)),
        "organisation": event.actor_organisation.name if event.actor_organisation else "",
        "covered": covered,
        "digest": event.digest,
    }
    readable = reader.may_read(event, case)
    if not readable and masked(event.on_behalf_of) != event.on_behalf_of:
        covered["on_behalf_of"] = masked(event.on_behalf_of)
        row["is_masked"] = True
    if record is None:
        row["lost"] = True
    elif record.erased_at:
        row["erased"] = {"at": local(record.erased_at), "because": record.erased_because}
    elif not readable:
        row["withheld"] = "这一步由别的单位办理，内容不在您单位可看的范围内。"
    else:
        row["record"] = {"facts": record.facts, "changes": record.changes, "salt": record.salt}
    return row


@archive_section("evidence", order=30)
def evidence_files(case: Case, reader: Reader) -> Iterator[ArchiveFile]:
    """The pieces of a case. The same content is contained once for the whole archive, under its digest; its uses are listed."""
    labels = {r.code: str(r.label) for r in registry.kind(case.kind).evidence}
    rows = []
    for row in case.evidence.filter(added_at__lte=reader.as_of).select_related("added_by_organisation", "origin").order_by("pk"):
        label, verdict = labels.get(row.code, "其他材料"), sharing.may_read(row, reader.actor)
        path = f"evidence/{row.sha256[:20]}{_extension(row)}"
        line = {
            "code": row.code,
            "label": label,
            "sha256": row.sha256,
            "size": row.size,
            "media_type": row.media_type,
            "added_at": local(row.added_at),
            "added_by": row.added_by_organisation.name if row.added_by_organisation else "",
            "withdrawn_at": local(row.withdrawn_at) if row.withdrawn_at and row.withdrawn_at <= reader.as_of else "",
        }
        there = verdict.allowed and row.file.storage.exists(row.file.name)
        why = "" if there else verdict.reason or STORED_WORDS
        line |= {"path": path, "name": row.name} if there else {"path": "", "name": "", "why": why}
        rows.append(line)
        yield ArchiveFile(path if there else "", _opener(row) if there else None, f"{case.reference} {label}", sha256=row.sha256, why=why)
    if rows:
        yield ArchiveFile(
            f"evidence/{case.reference}.json", as_json({"reference": case.reference, "rows": rows}), f"{case.reference} 证据清单"
        )


def _opener(row: Evidence) -> Any:
    return lambda: row.file.storage.open(row.file.name, "rb")


def _extension(row: Evidence) -> str:
    name = str(row.file.name)
    return f".{name.rsplit('.', 1)[-1].lower()}" if "." in name.rsplit("/", 1)[-1] else ""


@archive_section("deadlines", order=40)
def deadlines(case: Case, reader: Reader) -> Iterator[ArchiveFile]:
    """The clocks of a case with start, count, pauses and article."""
    rows = case.deadlines.filter(start_event__recorded_at__lte=reader.as_of).select_related("start_event", "organisation")
    lines = [_deadline_row(row, case) for row in rows.order_by("due_at", "pk")]
    if lines:
        content = {"reference": case.reference, "rows": lines}
        yield ArchiveFile(f"deadlines/{case.reference}.json", as_json(content), f"{case.reference} 期限")


def _deadline_row(row: Deadline, case: Case) -> dict[str, Any]:
    row.case = case
    return {
        "rule": row.rule,
        "label": str(row.label),
        "responsible": row.organisation.name if row.organisation else str(CaseRole(row.responsible).label),
        "start_event": str(row.start_event_id),
        "starts_at": local(row.starts_at),
        "due_at": local(row.due_at),
        "count": row.count,
        "unit": row.unit,
        "paused_days": row.paused_days,
        "moved_days": row.moved_days,
        "is_statutory": row.is_statutory,
        "is_provisional": row.is_provisional,
        "status": str(row.get_status_display()),
        "met_at": local(row.met_at),
        "was_late": row.was_late,
        "citation": row.citation,
        "parameter": row.parameter,
        "law_release": row.law_release,
        "explanation": list(row.explanation),
    }


@archive_section("notes", order=60)
def notes(case: Case, reader: Reader) -> Iterator[ArchiveFile]:
    """The notes of the reader's own organisation; those of others are theirs and no part of this file."""
    rows = case.notes.filter(organisation_id=reader.actor.organisation_id or 0, written_at__lte=reader.as_of)
    lines = [{"at": local(n.written_at), "by": str(n.author), "text": n.text} for n in rows.select_related("author").order_by("pk")]
    if lines:
        content = {"reference": case.reference, "rows": lines}
        yield ArchiveFile(f"notes/{case.reference}.json", as_json(content), f"{case.reference} 本单位记事")


@archive_summary("law", order=90)
def law(cases: list[Case], reader: Reader) -> Iterable[ArchiveFile]:
    """Every provision that an event or a clock cites, with what the law data holds of it."""
    cited: set[str] = set()
    for case in cases:
        for provisions in case.events.filter(recorded_at__lte=reader.as_of).values_list("provisions", flat=True):
            cited.update(provisions)
        cited.update(case.deadlines.filter(start_event__recorded_at__lte=reader.as_of).values_list("citation", flat=True))
    yield ArchiveFile("law/provisions.json", as_json({"rows": law_rows(cited)}), "引用的法律条文")
