"""The papers of a case in the file to take away, as they were issued; and the printed cover with its list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework import archive
from casework.archive import ArchiveFile, Reader, archive_section, archive_summary
from casework.archive_sections import as_json, local
from correspondence.models import IssuedDocument
from correspondence.rendering import render

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casework.models import Case


def _until(cases: list[Case], reader: Reader) -> QuerySet[IssuedDocument]:
    rows = IssuedDocument.objects.filter(case_id__in=[case.pk for case in cases], issued_at__lte=reader.as_of)
    return rows.select_related("case", "issuer", "replaces").order_by("issued_at", "pk")


def _path(row: IssuedDocument) -> str:
    return f"papers/{row.serial}.pdf"


@archive_section("papers", order=20)
def papers(case: Case, reader: Reader) -> Iterator[ArchiveFile]:
    """The PDFs of a case byte for byte; one that the store lost is named with its digest."""
    for row in _until([case], reader):
        name = f"{row.title} {row.serial}"
        if row.file.storage.exists(row.file.name):
            yield ArchiveFile(_path(row), _opener(row), name)
        else:
            yield ArchiveFile("", None, name, sha256=row.sha256, why="存档里没有找到这个文件，只有它的摘要。")


def _opener(row: IssuedDocument) -> Any:
    return lambda: row.file.storage.open(row.file.name, "rb")


@archive_summary("papers", order=20)
def list_of_papers(cases: list[Case], reader: Reader) -> Iterator[ArchiveFile]:
    """Which event issued each paper, which one it replaces, and the digest it left the house with."""
    rows = [
        {
            "case": row.case.reference,
            "event": str(row.event_id),
            "serial": row.serial,
            "code": row.code,
            "title": row.title,
            "issuer": row.issuer.name if row.issuer else "",
            "version": row.version,
            "replaces": row.replaces.serial if row.replaces else "",
            "issued_at": local(row.issued_at),
            "pages": row.pages,
            "provisions": list(row.provisions),
            "law_release": row.law_release,
            "template_sha256": row.template_sha256,
            "verify_code": row.verify_code,
            "sha256": row.sha256,
            "path": _path(row) if row.file.storage.exists(row.file.name) else "",
        }
        for row in _until(cases, reader)
    ]
    yield ArchiveFile("papers.json", as_json({"rows": rows}), "文书清单")


def print_cover(index: dict[str, Any]) -> bytes:
    """The cover and the list of contents as PDF. Raises MissingGlyphs (a ValueError)."""
    return render("correspondence/archive_cover.html", {"index": index}).pdf


archive.register_cover(print_cover)
