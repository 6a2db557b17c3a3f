"""A dated request for records: a letter with its ground, answered in the browser, by link or for somebody, refused, or overdue."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.models import User
from access.roles import CaseRole, Role
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline
from casework.outbox import drain
from casework.steps import admit, perform, steps_for
from correspondence.facts import AnswerRecords, AskRecords, EndRequest, RefuseRecords
from correspondence.models import IssuedDocument, Message, RecordsRequest
from correspondence.services import ask_records
from demonstration.papers import slip
from tests.factories.access import make_actor
from tests.sample.factories import open_matter, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def cast():
    clerk, handler = people()
    matter = open_matter(clerk, handler)
    maintainer = make_actor(Role.MAINTENANCE_STAFF, name="彭师傅")
    return matter, clerk, handler, maintainer


def facts(addressee_id=None, name="", **changed):
    given = {
        "what": "每十五日一次的维护保养记录",
        "since": date(2025, 1, 17),
        "until": date(2025, 3, 3),
        "due_on": timezone.localdate() + timedelta(days=10),
        "purpose": "查明原因",
    }
    return AskRecords(addressee_id, name, **(given | changed))


def asked(cast, who=None, **changed):
    matter, clerk, _handler, maintainer = cast
    who = who or facts(maintainer.organisation_id, **changed)
    return ask_records(parent=matter, facts=who, by=clerk, happened_at=timezone.now()).case


def paper():
    return SimpleUploadedFile("0117.pdf", slip(("Maintenance 2025-01-17",)), content_type="application/pdf")


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_the_request_runs_against_its_own_due_day_and_waits_for_the_holder(cast):
    matter, _clerk, handler, maintainer = cast
    row = asked(cast)

    clock = Deadline.objects.get(case=row)
    assert (clock.due_at.astimezone(timezone.get_current_timezone()).date() - row.asked_on).days in range(10, 20), "moved off holidays only"
    assert (clock.organisation_id, clock.is_statutory) == (maintainer.organisation_id, False)
    assert (row.turn_organisation_id, row.turn_verb) == (maintainer.organisation_id, "answer_request")
    assert row.parent_id == matter.pk and handler.organisation_id in row.organisation_ids
    assert "《" in "".join(row.events.get().provisions), "the ground is dated law"


def test_the_holder_sees_the_request_and_nothing_above_it(cast, client):
    matter, _clerk, _handler, maintainer = cast
    row = asked(cast)
    sign_in(client, maintainer)
    assert client.get(f"/cases/{row.reference}/").status_code == 200
    assert client.get(f"/cases/{matter.reference}/").status_code == 404


@pytest.mark.pdf
def test_it_goes_out_as_a_letter_and_to_the_holders_desk(cast):
    row = asked(cast)
    drain()
    letter = IssuedDocument.objects.get(case=row)
    assert letter.title == "调取资料函" and letter.facts["since"] == "2025-01-17"
    assert any("特种设备安全监察条例" in p for p in letter.provisions)
    assert Message.objects.filter(case=row, kind="correspondence.records_asked", channel="in_app").count() == 1


def test_answered_only_with_the_papers(cast):
    row, maintainer = asked(cast), cast[3]
    with pytest.raises(StepRefused) as refused:
        perform(row, "answer_request", by=maintainer, happened_at=timezone.now(), seen=None, facts=AnswerRecords("给了"))
    assert refused.value.code == "evidence_missing"
    from casework import evidence

    evidence.add(row, code="records", file=paper(), by=maintainer)
    event = perform(
        row, "answer_request", by=maintainer, happened_at=timezone.now(), seen=None, facts=AnswerRecords("三份", "2 月 16 日停梯，没有")
    )
    assert (event.case.state, event.case.lacking) == ("answered", "2 月 16 日停梯，没有")
    assert Deadline.objects.get(case=row).status == "met"


def test_refused_with_a_reason_that_stays(cast):
    row, maintainer = asked(cast), cast[3]
    with pytest.raises(FactsRefused):
        perform(row, "refuse", by=maintainer, happened_at=timezone.now(), seen=None, facts=RefuseRecords(" "))
    event = perform(row, "refuse", by=maintainer, happened_at=timezone.now(), seen=None, facts=RefuseRecords("记录已移交前一家单位"))
    assert event.case.is_ended and event.record.facts["reason"] == "记录已移交前一家单位"


def test_overdue_is_noted_only_after_the_day_and_still_takes_what_comes_late(cast):
    row, clerk = asked(cast), cast[1]
    step = next(v for v in steps_for(row, clerk) if v.verb == "note_overdue")
    assert (step.allowed, step.code) == (False, "due_day_not_over")
    today = timezone.localdate()
    RecordsRequest.objects.filter(pk=row.pk).update(asked_on=today - timedelta(days=11), due_on=today - timedelta(days=1))
    row = RecordsRequest.objects.get(pk=row.pk)
    assert perform(row, "note_overdue", by=clerk, happened_at=timezone.now(), seen=None).case.state == "overdue"
    assert {v.verb for v in steps_for(row, cast[3]) if v.code != "not_this_role"} >= {"answer_request", "refuse"}
    perform(row, "withdraw", by=clerk, happened_at=timezone.now(), seen=None, facts=EndRequest("不再等"))


@pytest.mark.parametrize(
    ("changed", "field"), [({"since": date(2025, 4, 1)}, "since"), ({"due_on": date(2020, 1, 1)}, "due_on"), ({"what": " "}, "what")]
)
def test_a_request_that_cannot_be_met_is_not_sent(cast, changed, field):
    with pytest.raises(FactsRefused) as refused:
        asked(cast, **changed)
    assert field in refused.value.errors


def test_the_holder_asks_for_nothing_and_the_asker_does_not_answer_for_a_holder_with_an_account(cast):
    matter, clerk, _handler, maintainer = cast
    row = asked(cast)
    admit(matter, maintainer.organisation_id, CaseRole.MAINTENANCE)
    matter.refresh_from_db()
    with pytest.raises(NotPermitted):
        ask_records(parent=matter, facts=facts(maintainer.organisation_id), by=maintainer, happened_at=timezone.now())
    with pytest.raises(NotPermitted):
        perform(row, "answer_request", by=clerk, happened_at=timezone.now(), seen=None, facts=AnswerRecords("x"))


def test_a_hospital_without_an_account_answers_by_its_link(cast, client):
    clerk = cast[1]
    row = asked(cast, who=facts(None, "广州某医院"))
    sign_in(client, clerk)
    said = client.post(f"/records/{row.reference}/link/").content.decode()
    path = re.search(r"(/l/[^<]+/)</code>", said)[1]
    code = re.search(r'id="link-code">(\d{6})<', said)[1]
    client.logout()

    assert client.post(path, {"code": code}).status_code == 302
    assert "每十五日一次的维护保养记录" in client.get(path).content.decode()
    empty = client.post(path, {"note": "病历一份"})
    assert empty.status_code == 422 and "还没有附上资料" in empty.content.decode()
    assert client.post(path, {"note": "病历一份", "file": paper()}).status_code == 302
    row.refresh_from_db()
    event = row.events.last()
    assert (row.state, row.evidence.get().code, event.identified_by) == ("answered", "records", "link+code")
    assert "谢谢" in client.get(path).content.decode()


def test_asked_and_answered_in_the_pages(cast, client):
    matter, clerk, _handler, maintainer = cast
    sign_in(client, clerk)
    assert "向维保单位等调取资料" in client.get(f"/cases/{matter.reference}/").content.decode()
    form = client.get(f"/records/{matter.reference}/").content.decode()
    assert "发函调取" in form
    typed = {
        "addressee": maintainer.organisation_id,
        "what": "维保记录",
        "since": "2025-01-17",
        "until": "2025-03-03",
        "due_on": str(timezone.localdate() + timedelta(days=5)),
        "purpose": "查明原因",
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    nobody = client.post(f"/records/{matter.reference}/", typed | {"addressee": ""})
    assert nobody.status_code == 422 and "还没有写明向谁调取" in nobody.content.decode()
    assert client.post(f"/records/{matter.reference}/", typed).status_code == 302
    row = RecordsRequest.objects.get()
    answer = {"note": "给了", "lacking": "", "seen": row.sequence, "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    sign_in(client, maintainer).post(f"/cases/{row.reference}/answer_request/", answer | {"evidence-records": paper()})
    row.refresh_from_db()
    assert row.state == "answered"
    assert sign_in(client, make_actor(Role.MANAGER_CLERK)).get(f"/records/{matter.reference}/").status_code == 404
