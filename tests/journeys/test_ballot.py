"""A ballot in a browser: the organiser's desk, the keyer's table, the owner's phone at 390 px; each page passes axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from consultation.models import Vote, Voter
from consultation.selectors import counting
from consultation.services import ballots, notices
from tests.factories.consultation import JPEG, make_committee, make_roll, open_for_votes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def committee():
    return make_committee()


@pytest.fixture
def ballot(committee):
    return open_for_votes(committee.first, make_roll(committee.first))


def clean(page):
    """No serious violation of the axe rules."""
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []


def small_targets(page):
    """Controls lower than 44 px that somebody has to hit, links inside sentences left out."""
    chosen = ", ".join(f"main {one}" for one in ("button", ".btn", "summary", ".tb-pick label", "input.form-control"))
    script = "c => [...document.querySelectorAll(c)].filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"
    return page.evaluate(script, chosen)


def test_an_owner_votes_and_changes_her_mind_on_a_phone(phone, committee, ballot):
    voter = Voter.objects.get(ballot=ballot, number=1)
    link = ballots.link_for(voter, by=committee.first)
    phone.goto(link.path)
    clean(phone)
    phone.get_by_label("验证码").fill(link.code)
    phone.get_by_role("button", name="打开").click()
    phone.get_by_role("heading", name="更新 1 号电梯").wait_for()
    clean(phone)
    assert small_targets(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="核对并投票").click()
    phone.get_by_text("还没有选").wait_for()
    phone.get_by_label("不同意").check()
    phone.get_by_role("button", name="核对并投票").click()
    phone.get_by_text("您选的是：不同意").wait_for()
    clean(phone)
    phone.get_by_role("button", name="投票").click()
    phone.get_by_text("票已收到").wait_for()
    clean(phone)
    assert phone.get_by_text(Vote.objects.get().receipt).is_visible()
    phone.get_by_role("link", name="改我的票").click()
    phone.get_by_label("同意", exact=True).check()
    phone.get_by_role("button", name="核对并投票").click()
    phone.get_by_role("button", name="投票").click()
    phone.get_by_text("票已收到").wait_for()
    assert counting.tally_of(ballot.pk).agreeing_persons == 1 and Vote.objects.count() == 2


def test_two_keyers_and_the_organisers_desk(open_window, enter, committee, ballot):
    first, second = open_window(), open_window()
    enter(first, committee.first)
    enter(second, committee.second)
    first.goto(f"/cases/{ballot.reference}/")
    first.get_by_text("还差 2 户、120.00 ㎡").wait_for()
    clean(first)
    for page, choice in ((first, "同意"), (second, "不同意")):
        page.goto(f"/ballots/{ballot.reference}/paper/")
        clean(page)
        page.get_by_label("房号").select_option(label="101　60.00 ㎡")
        page.get_by_label(choice, exact=True).check()
        if page is first:
            page.get_by_label("表决票照片").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
            page.get_by_label("签字日期").fill(timezone.localdate().isoformat())
            moment = timezone.localtime() - timedelta(minutes=5)
            page.get_by_label("收到时间").fill(f"{moment:%Y-%m-%dT%H:%M}")
        page.get_by_role("button", name="录入", exact=True).click()
    second.get_by_role("link", name="核对").click()
    clean(second)
    second.get_by_label("同意", exact=True).check()
    second.get_by_label("照片上看到什么").fill("勾的是同意，我看错行")
    second.get_by_role("button", name="按照片认定").click()
    second.get_by_text("已核对").wait_for()
    assert counting.tally_of(ballot.pk).agreeing_persons == 1
    for address in (
        "/rolls/",
        "/rolls/new/",
        f"/rolls/{ballot.roll_id}/",
        "/ballots/",
        f"/ballots/{ballot.reference}/links/",
        "/objections/",
    ):
        first.goto(address)
        clean(first)


def test_a_neighbour_objects_on_a_phone(phone, committee, ballot):
    from casework.steps import perform
    from consultation.facts import PostNotice
    from tests.factories.consultation import photo

    notice = notices.open_notice(
        parent=ballot, purpose="retrofit", heading="加装电梯批前公示", text="拟在 12 号楼加装电梯", place="441900",
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
        facts=PostNotice(("大堂",), today, today + timedelta(days=20)),
    )
    phone.goto(f"/n/{notice.code}/")
    clean(phone)
    phone.get_by_role("link", name="提出异议").click()
    clean(phone)
    phone.get_by_label("哪方面").select_option("light")
    phone.get_by_label("您的意见").fill("挡住我家采光")
    phone.get_by_label("您的姓名").fill("冯小姐")
    phone.get_by_role("button", name="提交异议").click()
    phone.get_by_role("heading", name="异议已收到").wait_for()
    clean(phone)
