"""The injured's own page by her link: what was decided and paid, what is missing, and a word of her own."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from access.models import User
from casework.audit import verify_all
from casework.models import CaseEvent, Task
from claims.facts import RequestDocuments
from claims.models import Claim
from claims.services import victim
from tests.factories.claims import approve, assess, do, follow, fresh, insure, make_house, make_injury, name_accounts, pay, propose
from tests.factories.elevators import make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def enter(claim, by, key="P1", label="黄女士"):
    """A browser that came by a fresh link and its code."""
    slip = victim.issue_victim_link(claim, {"key": key, "label": label, "days": 30}, by=by)
    client, path = Client(), slip.url[slip.url.index("/l/") :]
    assert client.post(path, {"code": slip.code}).status_code == 302
    return client, path


def test_she_sees_what_was_decided_paid_and_is_missing(house):
    claim = make_injury(house)
    pay(approve(propose(claim, house.clerk, "8000.00", "9000.00"), house.approver), house.cashier)
    do(fresh(claim), "request_documents", house.clerk, RequestDocuments(("出院小结",)))
    assess(fresh(claim), house.clerk)
    client, path = enter(fresh(claim), house.clerk)
    page = client.get(path).content.decode()

    for said in ("黄女士，您好", "8,000.00", "HD-0001", "医疗费", "12,000.00", "受害人身份证明", claim.reference, "现在由"):
        assert said in page, said


def test_she_brings_papers_and_asks_and_it_is_an_event_and_a_task(house):
    claim = make_injury(house)
    client, path = enter(claim, house.clerk)
    client.post(f"{path}papers", {"identity": SimpleUploadedFile("id.pdf", b"%PDF-1.4\n%%EOF\n")})
    client.post(f"{path}word", {"kind": "objection", "text": "误工费少算了十天"})
    follow()

    assert claim.evidence.filter(code="identity").count() == 1
    assert CaseEvent.objects.get(case_id=claim.pk, verb="hear_victim").actor_user_id is None
    task = Task.objects.get(case_id=claim.pk, code__startswith="victim_word_")
    assert ("误工费少算了十天" in task.says, task.organisation_id) == (True, house.lobby.manager.pk)
    assert "等经办人答复" in client.get(path).content.decode()
    assert list(verify_all()) == []


def test_an_empty_word_and_a_bad_file_are_said_and_nothing_is_written(house):
    claim = make_injury(house)
    client, path = enter(claim, house.clerk)
    wrong = client.post(f"{path}papers", {"identity": SimpleUploadedFile("id.pdf", b"<html></html>")}, follow=True)
    empty = client.post(f"{path}word", {"kind": "question", "text": "  "}, follow=True)

    assert "只收照片" in wrong.content.decode()
    assert "还没有写内容" in empty.content.decode()
    assert (claim.evidence.count(), CaseEvent.objects.filter(verb="hear_victim").count()) == (0, 0)


def test_of_the_unhurt_each_sees_their_own_money_only(house):
    insure(house)
    incident = make_incident(house.lobby, started=600, trapped=52, people_count=3)
    follow()
    claim = Claim.objects.get(parent_id=incident.pk)
    name_accounts(claim, house)
    do(claim, "confirm_entrapment", house.approver)
    client, path = enter(fresh(claim), house.clerk, "P2", "第二位乘客")
    page = client.get(path).content.decode()
    assert "¥200.00" in page
    assert "陈国强" not in page


def test_only_those_who_carry_the_claim_make_links(house, client):
    claim = make_injury(house)
    url = f"/claims/{claim.reference}/link/"
    client.force_login(User.objects.get(pk=house.lobby.handler.user_id))
    assert client.get(url).status_code in (403, 404)
    client.force_login(User.objects.get(pk=house.clerk.user_id))
    assert client.get(url).status_code == 200
    slip = client.post(url, {"key": "P1", "label": "黄女士", "days": "30"}).content.decode()
    assert ("/l/" in slip, "<svg" in slip, "6 位验证码" in slip) == (True, True, True)
    assert client.post(url, {"key": "P9", "label": "", "days": "0"}).status_code == 422
