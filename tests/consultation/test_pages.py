"""The pages: import of a roll, the organiser's desk, links, paper, the owner's phone, the public notice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from access.models import User
from casework.steps import perform
from consultation import facts
from consultation.models import Ballot, Objection, PaperSheet, PublicNotice, Roll, Vote, Voter
from consultation.selectors import counting
from consultation.selectors.positions import BallotPosition
from consultation.services import ballots, notices
from tests.factories.consultation import JPEG, close_now, make_committee, make_roll, news_delivered, open_for_votes, photo, table, vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def committee():
    return make_committee()


@pytest.fixture
def ballot(committee):
    return open_for_votes(committee.first, make_roll(committee.first))


def as_(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def words(response):
    return response.content.decode()


def test_a_roll_is_tried_then_kept(client, committee):
    as_(client, committee.first)
    rows = [("101", "甲", "88.50"), ("102", "乙", "x")]
    fields = {"name": "示例单元", "place": "440105", "scope": "unit", "scope_reason": "电梯只服务本单元"}
    tried = client.post(reverse("consultation:roll_new"), fields | {"file": SimpleUploadedFile("r.csv", table(rows))})
    assert "读懂 1 户" in words(tried) and "面积要填数字" in words(tried) and not Roll.objects.exists()
    kept = re.search(r'name="kept" value="([^"]+)"', words(tried))[1]
    back = client.post(reverse("consultation:roll_new"), fields | {"kept": kept, "errors": "1"})
    assert back["Content-Type"].endswith("sheet") and back.content[:2] == b"PK"
    assert "还有没读懂的行" in words(client.post(reverse("consultation:roll_new"), fields | {"kept": kept, "keep": "1"}))
    done = client.post(reverse("consultation:roll_new"), fields | {"kept": kept, "keep": "1", "without_errors": "on"})
    roll = Roll.objects.get()
    assert done.status_code == 302 and roll.units.count() == 1
    page = words(client.get(done["Location"]))
    assert "1 人，88.50 ㎡" in page
    changed = {"act": "owner", "owner-unit": "101", "owner-owners": "新人", "owner-since": "2026-01-02", "owner-document": "证"}
    client.post(done["Location"], changed)
    assert roll.units.get().owners == "新人"
    client.post(done["Location"], {"act": "dispute", "dispute-unit": "101", "dispute-said_by": "甲", "dispute-text": "面积不对"})
    client.post(done["Location"], {"act": "answer", "dispute": roll.disputes.get().pk, "answer": "以登记簿为准"})
    assert roll.disputes.get().answer
    assert client.get(reverse("consultation:rolls")).status_code == 200
    made = client.post(
        reverse("consultation:ballot_new", args=[roll.pk]),
        {"matter": "use_fund", "law_date": "2026-03-01", "title": "更新 1 号电梯", "text": "换整机"},
    )
    assert made.status_code == 302 and Ballot.objects.get().state == "draft"
    assert "更新 1 号电梯" in words(client.get(made["Location"]))
    assert "更新 1 号电梯" in words(client.get(reverse("consultation:ballots")))


def test_the_desk_says_what_is_missing_and_not_who_said_what(client, committee, ballot):
    vote(ballot, 1, "no", committee.first)
    page = words(as_(client, committee.first).get(reverse("casework:case", args=[ballot.reference])))
    assert "还差 1 户、60.00 ㎡" in page and "谁还没投" in page and "录入和核对" in page
    assert "3 × 1 = 3 ＜ 2 × 3 = 6" in page
    for verb in ("close", "extend", "add_proxy", "withdraw"):
        assert client.get(reverse("casework:step", args=[ballot.reference, verb])).status_code in (200, 302, 409), verb


def test_links_are_shown_once_and_the_owner_votes_on_a_phone(client, committee, ballot):
    voter = Voter.objects.get(ballot=ballot, number=2)
    address = reverse("consultation:links", args=[ballot.reference])
    made = words(as_(client, committee.first).post(address, {"voter": [voter.pk]}))
    path, code = re.search(r"(/l/[\w-]+/)", made)[1], re.search(r">(\d{6})<", made)[1]
    assert code not in words(client.get(address)) and path not in words(client.get(address))
    client.logout()
    assert "6 位验证码" in words(client.get(path))
    assert client.post(path, {"code": code}).status_code == 302
    page = words(client.get(path))
    assert "更新 1 号电梯" in page and "checked" not in page and "102" in page
    assert client.post(path, {}).status_code == 422
    check = words(client.post(path, {"choice": "yes"}))
    assert "您选的是：同意" in check and not Vote.objects.exists()
    done = client.post(path, {"choice": "yes", "is_sure": "yes"})
    assert done.status_code == 302
    receipt = Vote.objects.get().receipt
    assert receipt in words(client.get(done["Location"]))
    client.post(path, {"choice": "no", "is_sure": "yes", "assisted_by": "社区 陈姑娘"})
    assert counting.effective(ballot.pk)[voter.pk].channel == "assisted"
    # replayed in another browser without the code: the door, not the page
    from django.test import Client

    assert "6 位验证码" in words(Client().post(path, {"choice": "yes", "is_sure": "yes"}))
    assert Vote.objects.count() == 2
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    late = client.post(path, {"choice": "yes", "is_sure": "yes"})
    assert late.status_code == 409 and "起止" in words(late) and Vote.objects.count() == 2


@pytest.mark.parametrize("path", ["/l/forged/", "/l/" + "x" * 43 + "/", "/l/x/done"])
def test_a_forged_link_is_no_page(client, path):
    assert client.get(path).status_code == 404 and client.post(path, {"choice": "yes"}).status_code == 404


def test_paper_is_keyed_twice_and_a_mismatch_resolved(client, committee, ballot):
    address = reverse("consultation:paper", args=[ballot.reference])
    voter = Voter.objects.get(ballot=ballot, number=1)
    typed = {
        "voter": voter.pk,
        "choice": "yes",
        "signed_on": "2026-11-20",
        "signer": "owner",
        "received_at": (timezone.localtime() - timedelta(minutes=5)).isoformat(),
    }
    as_(client, committee.first)
    assert "先拍下" in words(client.post(address, typed))
    assert client.post(address, typed | {"photo": SimpleUploadedFile("p.jpg", JPEG, "image/jpeg")}).status_code == 302
    assert "第二遍要请" in words(client.post(address, typed))
    as_(client, committee.second)
    page = words(client.get(address))
    assert "等第二人录入" in page
    assert client.post(address, typed | {"choice": "no"}).status_code == 302
    sheet = PaperSheet.objects.get()
    resolve = reverse("consultation:resolve", args=[ballot.reference, sheet.pk])
    assert "不能自己认定" in words(client.post(resolve, {"choice": "no", "reason": "我没看错"}))
    assert client.post(resolve, {"choice": "yes", "reason": "看错了"}).status_code == 302
    assert counting.tally_of(ballot.pk).agreeing_persons == 1


def test_a_notice_starts_anew_when_the_proposal_changes_and_is_only_extended(client, committee):
    roll = make_roll(committee.first)
    ballot = ballots.open_ballot(
        parent=None, matter="use_fund", place="441900", law_date=timezone.localdate(), proposal=ballots.Proposal("更新电梯", "三十万元"),
        roll=roll, by=committee.first, happened_at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    now = timezone.now()
    with news_delivered():
        window = facts.Announce(now + timedelta(days=20), now + timedelta(days=30))
        perform(ballot, "announce", by=committee.first, happened_at=now - timedelta(days=8), seen=None, facts=window)
    notice = PublicNotice.objects.get(parent_id=ballot.pk)
    photo(notice, committee.first, "photo")
    today = timezone.localdate()
    begun = today - timedelta(days=7)
    short = facts.PostNotice(("大堂",), begun, begun + timedelta(days=14))
    from casework.errors import FactsRefused

    with pytest.raises(FactsRefused):
        perform(notice, "post", by=committee.first, happened_at=now, seen=None, facts=short)
    perform(
        notice, "post", by=committee.first, happened_at=now, seen=None, facts=facts.PostNotice(("大堂",), begun, begun + timedelta(days=15))
    )
    with news_delivered():
        moved = facts.ChangeProposal("更新电梯", "改为二十六万元", "d" * 64, "降价", now + timedelta(days=25), now + timedelta(days=40))
        perform(ballot, "change_proposal", by=committee.first, happened_at=now, seen=None, facts=moved)
    notice.refresh_from_db()
    assert (notice.restarts, notice.displayed_from) == (1, today) and "二十六万" in notice.text
    assert notice.displayed_until == today + timedelta(days=15)
    with pytest.raises(FactsRefused):
        perform(notice, "extend", by=committee.first, happened_at=now, seen=None, facts=facts.ExtendNotice(today + timedelta(days=3), "x"))
    from casework.errors import StepRefused

    with pytest.raises(StepRefused):
        perform(notice, "finish", by=committee.first, happened_at=now, seen=None)
    public = reverse("consultation:notice", args=[notice.code])
    assert "内容改过 1 次" in words(client.get(public)) and "二十六万" in words(client.get(public))


def posted(committee, parent, purpose="vote_tally"):
    notice = notices.open_notice(
        parent=parent, purpose=purpose, heading="初步统计公示", text="参与 3 人", place="441900",
        organiser_id=committee.first.organisation_id, by=committee.first, happened_at=timezone.now(),
    )  # fmt: skip
    photo(notice, committee.first, "photo")
    today = timezone.localdate()
    perform(
        notice,
        "post",
        by=committee.first,
        happened_at=timezone.now(),
        seen=None,
        facts=facts.PostNotice(("大堂",), today, today + timedelta(days=20)),
    )
    return PublicNotice.objects.get(pk=notice.pk)


def test_anybody_objects_and_the_person_stays_protected(client, committee, ballot):
    notice = posted(committee, ballot)
    address = reverse("consultation:object", args=[notice.code])
    assert client.post(address, {}).status_code == 422
    said = {"category": "light", "text": "挡住我家采光", "name": "冯小姐", "phone": "13800000000", "dwelling": "14 号 202"}
    done = words(client.post(address, said))
    row = Objection.objects.get()
    assert row.reference in done and row.receipt in done
    public = words(client.get(reverse("consultation:notice", args=[notice.code])))
    assert "冯小姐" not in public and "采光" not in public.split("异议</h2>")[1].replace("收到 1 件", "")
    answered = facts.AnswerObjection("加装采用透明玻璃井道", "邻楼住户担心采光")
    perform(row, "answer_it", by=committee.first, happened_at=timezone.now(), seen=None, facts=answered)
    assert "邻楼住户担心采光" in words(client.get(reverse("consultation:notice", args=[notice.code])))
    desk = words(as_(client, committee.first).get(reverse("casework:case", args=[row.reference])))
    assert "冯小姐" in desk and "13800000000" in desk
    assert row.reference in words(client.get(reverse("consultation:objections")))
    assert "冯小姐" not in str(row.events.get(verb="receive").record.facts)


def test_the_public_form_is_throttled_and_its_trap_drops_machines(client, committee, ballot):
    from django.core.cache import cache

    cache.clear()
    notice = posted(committee, ballot)
    address = reverse("consultation:object", args=[notice.code])
    said = {"category": "other", "text": "x", "name": "某"}
    client.post(address, said | {"website": "http://spam.invalid"})
    assert not Objection.objects.exists()
    codes = [client.post(address, said).status_code for _n in range(7)]
    assert codes == [200] * notices.HOURLY + [429] * 2


def test_a_stranger_downloads_the_recount_file_only_below_a_tally(client, committee, ballot):
    for number in (1, 2):
        vote(ballot, number, "yes", committee.first)
    call = posted(committee, ballot, "vote_call")
    tally = posted(committee, ballot)
    file = reverse("consultation:public_recount", args=[tally.code])
    assert client.get(file).status_code == 404  # the window is still open
    ballot = close_now(ballot, committee.first)
    perform(ballot, "tally", by=committee.first, happened_at=timezone.now(), seen=None, facts=BallotPosition(ballot).count)
    ballot = Ballot.objects.get(pk=ballot.pk)
    assert client.get(file).json()["digest"] == ballot.recount_digest
    assert client.get(reverse("consultation:public_recount", args=[call.code])).status_code == 404


def test_practice_never_shows_to_the_public(client, committee):
    ballot = open_for_votes(committee.first, make_roll(committee.first, is_practice=True))
    notice = posted(committee, ballot)
    assert client.get(reverse("consultation:notice", args=[notice.code])).status_code == 200
    PublicNotice.objects.filter(pk=notice.pk).update(is_practice=True)
    for name in ("notice", "object", "public_recount"):
        assert client.get(reverse(f"consultation:{name}", args=[notice.code])).status_code == 404
