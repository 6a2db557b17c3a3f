"""The papers of a ballot, a notice and an objection: rendered, complete, an office's in the geometry of GB/T 9704."""

from __future__ import annotations

import re
from datetime import timedelta

import pdfplumber
import pytest
from django.utils import timezone

from access.encryption import encrypt
from access.roles import Role
from casework.steps import perform
from consultation import documents, facts
from consultation.models import Ballot
from consultation.selectors.positions import BallotPosition
from consultation.services import notices
from correspondence import api as correspondence
from correspondence.models import IssuedDocument
from tests.factories.access import make_actor
from tests.factories.consultation import close_now, make_committee, make_roll, open_for_votes, vote

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def read(kind, event):
    row = IssuedDocument.objects.get(pk=correspondence.issue(kind, event).id)
    with pdfplumber.open(row.file.path) as pdf:
        text = re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))
        return text, pdf.pages[0].chars


def counted(by):
    ballot = open_for_votes(by, make_roll(by))
    for number in (1, 2, 3):
        vote(ballot, number, "yes", by)
    ballot = close_now(ballot, by)
    perform(ballot, "tally", by=by, happened_at=timezone.now(), seen=None, facts=BallotPosition(ballot).count)
    return Ballot.objects.get(pk=ballot.pk)


def test_an_offices_announcements_stand_on_the_official_grid():
    by = make_actor(Role.STREET_CLERK, place="441900")
    ballot = counted(by)
    event = ballot.events.get(verb="announce")
    text, chars = read(documents.OfficialVoteCall, event)
    assert "一、表决什么" in text and "180.00平方米" in text and "第二百七十八条" in text
    body = [c for c in chars if c["size"] == pytest.approx(16, abs=0.1)]
    assert min(c["x0"] for c in body) == pytest.approx(28 / 25.4 * 72, abs=2)
    assert "3/3" in read(documents.OfficialVoteTally, ballot.events.get(verb="tally"))[0]
    result = read(documents.OfficialVoteResult, ballot.events.get(verb="tally"))[0]
    assert "表决通过" in result and "一年内请求人民法院撤销" in result and ballot.recount_digest[:16] in result


def test_a_committees_papers_name_the_roll_masked_and_a_sheet_for_each_person():
    by = make_committee().first
    ballot = open_for_votes(by, make_roll(by, owners=["欧阳修远", "乙某人、丙某人", "丁某人"]))
    event = ballot.events.get(verb="announce")
    roll, _chars = read(documents.RollPaper, event)
    assert "欧阳修远" not in roll and "3人" in roll and ballot.roll_digest in roll
    sheets, _chars = read(documents.BallotSheets, event)
    assert sheets.count("表决票第") == 3 and "乙某人、丙某人" in sheets
    assert "更新1号电梯" in read(documents.VoteCall, event)[0]


def test_a_practice_paper_says_so_on_every_page():
    by = make_committee().first
    ballot = open_for_votes(by, make_roll(by, is_practice=True))
    assert "演练" in read(documents.VoteCall, ballot.events.get(verb="announce"))[0]


def test_poster_objection_and_minutes():
    by = make_committee().first
    ballot = open_for_votes(by, make_roll(by))
    notice = notices.open_notice(
        parent=ballot, purpose="retrofit", heading="加装电梯批前公示", text="拟在 12 号楼加装电梯", place="440100",
        organiser_id=by.organisation_id, by=by, happened_at=timezone.now(),
    )  # fmt: skip
    poster, _chars = read(documents.Poster, notice.events.get())
    assert f"/n/{notice.code}/" in poster and "加装电梯批前公示" in poster
    row = notices.object_to(notice, category="light", name="冯小姐", text="挡光", phone="13800000000")
    assert "冯小姐" in read(documents.ObjectionRecord, row.events.get())[0]
    held = timezone.now() - timedelta(hours=2)
    sat = facts.RecordSession(held, "居委会", "区主任", encrypt("冯小姐、谢先生"), encrypt("双方同意改为玻璃井道"), "同意")
    event = perform(row, "record_session", by=by, happened_at=timezone.now(), seen=None, facts=sat)
    assert "双方同意改为玻璃井道" in read(documents.SessionMinutes, event)[0]
