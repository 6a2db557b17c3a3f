"""Anybody who holds a paper may ask whether it is genuine; only those in the case may have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.models import User
from access.roles import Role
from correspondence import api
from correspondence.models import IssuedDocument
from tests.factories.access import make_actor
from tests.sample.documents import MatterNote
from tests.sample.factories import decide, open_matter, people

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture
def parties():
    return people()


@pytest.fixture
def paper(parties):
    clerk, handler = parties
    return IssuedDocument.objects.get(pk=api.issue(MatterNote, decide(open_matter(clerk, handler), handler)).id)


def newer(paper):
    kind = type("MatterNote", (MatterNote,), {"__module__": MatterNote.__module__, "name": "黄玥"})
    return IssuedDocument.objects.get(pk=api.issue(kind, paper.case.events.get(number=1)).id)


def page(client, code):
    return client.get(reverse("correspondence:verify", args=[code]))


def test_a_genuine_paper_is_told_from_what_is_printed_on_it(client, paper):
    shown = page(client, paper.verify_code)
    text = shown.content.decode()

    assert shown.status_code == 200
    assert "是真的，现行有效" in text and paper.serial in text and paper.issuer.name in text
    assert "黄珺燊" not in text
    assert 'class="is-here"' in text


def test_hyphens_spaces_and_letter_case_of_the_code_do_not_matter(client, paper):
    code = paper.verify_code.lower()

    shown = client.get(reverse("correspondence:verify_form"), {"code": f"{code[:4]}-{code[4:8]} {code[8:]}"})

    assert "是真的" in shown.content.decode()


def test_a_superseded_paper_names_the_one_that_counts(client, paper):
    second = newer(paper)

    assert "已被新版替代" in page(client, paper.verify_code).content.decode()
    assert second.serial in page(client, paper.verify_code).content.decode()
    assert "还有一张第 1 版" in page(client, second.verify_code).content.decode()


def test_an_unknown_code_is_no_paper_of_ours(client, db):
    shown = page(client, "AAAA-BBBB-CCCC")

    assert shown.status_code == 404
    assert "没有这份文书" in shown.content.decode()


def test_a_pdf_is_compared_byte_by_byte(client, paper):
    address, pdf = reverse("correspondence:verify", args=[paper.verify_code]), Path(paper.file.path).read_bytes()

    same = client.post(address, {"file": SimpleUploadedFile("a.pdf", pdf)}).content.decode()
    changed = client.post(address, {"file": SimpleUploadedFile("a.pdf", pdf + b" ")}).content.decode()
    nothing = client.post(address).content.decode()

    assert "逐字节相同" in same
    assert "与签发时不一样" in changed
    assert "逐字节相同" not in nothing and "与签发时不一样" not in nothing


def download(client, actor, paper):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.get(reverse("correspondence:download", args=[paper.serial]))


def test_who_is_in_the_case_downloads_the_very_bytes(client, parties, paper):
    answer = download(client, parties[0], paper)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == Path(paper.file.path).read_bytes()


def test_for_everybody_else_the_paper_does_not_exist(client, paper):
    assert download(client, make_actor(Role.MANAGER_CLERK), paper).status_code == 404
    assert client.get(reverse("correspondence:download", args=["TZ-2020-99999"])).status_code == 404
    client.logout()
    assert client.get(reverse("correspondence:download", args=[paper.serial])).status_code == 302


def test_a_paper_stands_on_the_page_of_its_case(client, parties, paper):
    client.force_login(User.objects.get(pk=parties[0].user_id))

    assert paper.serial in client.get(f"/cases/{paper.case.reference}/").content.decode()
