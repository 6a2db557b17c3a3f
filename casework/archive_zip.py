"""Writes the archive: every file streamed and measured on its way in, then index, cover, manifest. Deterministic to the byte."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone

from casework import archive
from casework.archive import ArchiveFile, Reader
from casework.archive_sections import as_json, case_row, events_until, local
from casework.timeline import entry
from legislation import release

if TYPE_CHECKING:
    from casework.models import ArchiveRequest, Case

FORMAT = "tibao-archive/1"
OFFLINE = Path(__file__).parent / "offline"
PIECE = 256 * 1024
#: Pictures, films and papers are packed already.
PACKED = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".mp4", ".mov", ".pdf")
COVER, COVER_TITLE = "00-卷宗目录.pdf", "卷宗封面和目录"


@dataclass(frozen=True)
class Written:
    """What was written: sizes in bytes, digests in hex."""

    size: int
    entries: int
    withheld: int
    sha256: str
    manifest_sha256: str


class _Packer:
    """A zip whose entries carry the moment of the request and nothing of the machine; remembers each file's digest."""

    def __init__(self, target: IO[bytes], reader: Reader) -> None:
        self.zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self.moment = timezone.localtime(reader.as_of)
        self.rows: dict[str, dict[str, Any]] = {}

    def add(self, path: str, content: Any, title: str) -> str:
        """Pack one file once; the same path again is the same content. Answers its SHA-256."""
        if path in self.rows:
            return str(self.rows[path]["sha256"])
        info = zipfile.ZipInfo(path, date_time=self.moment.timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
        info.external_attr, info.create_system = 0o644 << 16, 3
        running, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as entry:
            for piece in _pieces(content):
                running.update(piece)
                size += len(piece)
                entry.write(piece)
        self.rows[path] = {"path": path, "sha256": running.hexdigest(), "size": size, "title": title}
        return running.hexdigest()


def _pieces(content: Any) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content() as stream:
        while piece := stream.read(PIECE):
            yield piece


def write(target: IO[bytes], *, row: ArchiveRequest, cases: list[Case], reader: Reader) -> Written:
    """Write the archive of these cases for this reader into a seekable file."""
    packer = _Packer(target, reader)
    withheld: list[ArchiveFile] = []
    with packer.zip:
        for file in archive.files(cases, reader):
            if file.content is None:
                withheld.append(file)
            else:
                packer.add(file.path, file.content, file.title)
        index = _index(row, cases, reader, packer, withheld)
        _add_contents(packer, index, cases, reader)
        for path, title in (("verify.py", "核验程序"), ("使用说明.txt", "使用说明")):
            packer.add(path, (OFFLINE / path).read_bytes(), title)
        manifest = {"format": FORMAT, "reference": index["reference"], "as_of": index["as_of"], "files": _sorted(packer)}
        manifest_sha256 = packer.add("manifest.json", as_json(manifest), "文件清单")
    target.seek(0)
    whole, size = hashlib.sha256(), 0
    while piece := target.read(PIECE):
        whole.update(piece)
        size += len(piece)
    return Written(size, len(packer.rows), len(withheld), whole.hexdigest(), manifest_sha256)


def _sorted(packer: _Packer) -> list[dict[str, Any]]:
    return [packer.rows[path] for path in sorted(packer.rows)]


def _index(row: ArchiveRequest, cases: list[Case], reader: Reader, packer: _Packer, withheld: list[ArchiveFile]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "reference": row.case.reference,
        "title": row.case.title,
        "as_of": local(reader.as_of),
        "asked_by": reader.actor.name,
        "organisation": row.organisation.name,
        "purpose": str(row.get_purpose_display()),
        "note": row.note,
        "law_release": release.RELEASE,
        "cases": [case_row(case, reader) for case in cases],
        "files": _sorted(packer),
        "withheld": [{"title": f.title, "sha256": f.sha256, "why": f.why} for f in withheld],
    }


def _add_contents(packer: _Packer, index: dict[str, Any], cases: list[Case], reader: Reader) -> None:
    """The index for machines and for people, and the printed cover; a name no font draws costs the cover only."""
    try:
        printed = archive.cover(index)
    except ValueError as error:
        printed, index["cover_missing"] = None, str(error)
    packer.add("index.json", as_json(index), "目录（供程序读取）")
    sheets = [_sheet(row, case, reader) for row, case in zip(index["cases"], cases, strict=True)]
    context = {"index": index, "sheets": sheets, "cover": COVER if printed is not None else ""}
    page = render_to_string("casework/archive/index.html", context)
    packer.add("index.html", page.encode(), "目录（用浏览器打开）")
    if printed is not None:
        packer.add(COVER, printed, COVER_TITLE)


def _sheet(row: dict[str, Any], case: Case, reader: Reader) -> dict[str, Any]:
    """One case of the readable index: its timeline and its clocks."""
    events = events_until(case, reader)
    for event in events:
        event.case = case
    clocks = case.deadlines.filter(start_event__recorded_at__lte=reader.as_of).select_related("organisation").order_by("due_at", "pk")
    deadlines = list(clocks)
    for clock in deadlines:
        clock.case = case
    return {"row": row, "events": [entry(event) for event in events], "deadlines": deadlines}
