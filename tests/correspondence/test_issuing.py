"""A paper leaves the house once, whole, with its fonts in it, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from casework.models import OutboxEntry
from casework.outbox import relay
from correspondence import api
from correspondence.models import IssuedDocument
from correspondence.rendering import MissingGlyphs, ensure_drawable, render
from tests.sample.documents import MatterNote
from tests.sample.factories import decide, open_matter, people

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def decided():
    clerk, handler = people()
    return decide(open_matter(clerk, handler), handler)


def issue(event, **changes):
    kind = type("MatterNote", (MatterNote,), {"__module__": MatterNote.__module__, **changes}) if changes else MatterNote
    return IssuedDocument.objects.get(pk=api.issue(kind, event).id)


def pages_of(row):
    with pdfplumber.open(row.file.path) as pdf:
        return [(page.extract_text() or "").replace(" ", "") for page in pdf.pages]


def test_a_paper_is_issued_once_for_an_event(decided):
    first, second = issue(decided), issue(decided)

    assert first.pk == second.pk
    assert first.sha256 == hashlib.sha256(Path(first.file.path).read_bytes()).hexdigest()
    assert (first.version, first.pages, first.facts["granted"]) == (1, 1, "80.00")


def test_the_page_bears_its_facts_its_running_heads_and_its_grounds(decided):
    row = issue(decided)
    (page,) = pages_of(row)

    assert "人民币捌拾元整（¥80.00）" in page
    assert row.issuer.name in page.splitlines()[0] and row.serial in page.splitlines()[0]
    assert "签发" in page.splitlines()[-1] and "第1页，共1页" in page.splitlines()[-1]
    assert "《中华人民共和国保险法》第二十三条第一款" in page
    assert "尚未由专人逐条核对原文" in page
    assert "-".join(row.verify_code[i : i + 4] for i in (0, 4, 8)) in page


def test_rare_names_are_drawn_by_an_embedded_font_and_markup_stays_text(decided):
    row = issue(decided, name="珺燊玥璟<b onclick=x>&")

    with pdfplumber.open(row.file.path) as pdf:
        drawn = {c["text"]: c["fontname"] for c in pdf.pages[0].chars}
    assert all("Noto" in drawn[c] for c in "珺燊玥璟")
    assert "<bonclick=x>&" in pages_of(row)[0]
    with pikepdf.open(row.file.path) as pdf:
        fonts = [f for f in pdf.objects if isinstance(f, pikepdf.Dictionary) and f.get("/Type") == "/FontDescriptor"]
        assert fonts and all("/FontFile3" in f or "/FontFile2" in f for f in fonts)
        assert pdf.Root.get("/OutputIntents") is None or pdf.Root.Metadata is not None


def test_a_long_table_goes_over_pages_under_its_head(decided):
    row = issue(decided, rows=120)
    pages = pages_of(row)

    assert row.pages == len(pages) > 2
    assert all("项目名称" in page for page in pages[:-1])
    assert all(row.serial in page for page in pages)


def test_a_character_that_no_font_draws_refuses_the_paper(decided):
    with pytest.raises(MissingGlyphs, match=r"U\+E815"), transaction.atomic():
        issue(decided, name="黄\ue815")  # a character of private use, as old systems kept rare names
    assert not IssuedDocument.objects.exists()
    ensure_drawable("黄珺燊 ㎡ ￥ ¥ —— “”")


def test_a_paper_that_cannot_be_drawn_is_parked_and_holds_nothing_back(decided, monkeypatch):
    from casework import outbox

    def draw(event):
        raise MissingGlyphs("字体缺字")

    monkeypatch.setitem(outbox._functions, "tests.sample.effects.leave_a_task", draw)
    relay()

    entry = OutboxEntry.objects.get(event_id=decided.id)
    assert (entry.status, entry.attempts) == (OutboxEntry.Status.PARKED, 1)


def test_a_later_paper_of_the_case_takes_the_place_of_the_earlier(decided):
    first = issue(decided)
    opening = decided.case.events.get(number=1)
    second = issue(opening, name="黄玥")

    first.refresh_from_db()
    assert (second.version, second.replaces_id, first.is_superseded) == (2, first.pk, True)
    assert "第2版" in pages_of(second)[0] and f"{first.serial}同时作废" in pages_of(second)[0]


def test_a_later_event_that_changes_nothing_brings_no_new_version(decided):
    first = issue(decided)
    opening = decided.case.events.get(number=1)

    assert issue(opening).pk == first.pk


def test_a_failure_before_the_commit_leaves_no_row_and_no_number(decided):
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(decided)
        raise RuntimeError("killed here")
    assert not IssuedDocument.objects.exists()

    assert issue(decided).serial.endswith("00001")


def test_an_issued_paper_is_never_changed_or_taken_away(decided):
    row = issue(decided)

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        IssuedDocument.objects.filter(pk=row.pk).update(sha256="0" * 64)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        row.delete()


def test_a_paper_that_asks_for_anything_from_outside_is_refused():
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError, match=r"example\.org"):
        render("sample/outside.html", {})


def test_the_same_facts_make_the_same_bytes():
    assert render("sample/still.html", {}).sha256 == render("sample/still.html", {}).sha256
