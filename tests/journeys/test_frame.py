"""The frame, my work, the case and its steps in a browser: keyboard, widths, large type, drafts, accessibility."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from access.roles import Role
from casework.models import Draft
from tests.factories.access import make_actor
from tests.sample.factories import open_matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    return make_actor(Role.MANAGER_CLERK, name="梁敏仪"), make_actor(Role.INSURER_HANDLER, name="陈卓然")


@pytest.fixture
def matter(people):
    return open_matter(people[0], people[1], at=timezone.now() - timedelta(days=10))


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def faults(page):
    """Serious findings of axe, in words."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("window", ["desk", "phone"])
def test_every_page_fits_its_width_and_has_no_serious_fault(window, request, matter, people, enter):
    page = enter(request.getfixturevalue(window), people[1])

    for path in (
        "/",
        f"/cases/{matter.reference}/",
        f"/cases/{matter.reference}/decide/",
        "/search/?q=榕岸",
        f"/cases/{matter.reference}/deadlines/decide/",
        "/account/",
        "/away/",
        "/law/?q=核定",
        "/no-such-page/",
    ):
        page.goto(path)
        assert fits(page), path
        assert faults(page) == [], path


def test_the_door_fits_and_has_no_serious_fault(phone, live_server):
    phone.goto("/sign-in/")
    assert fits(phone) and faults(phone) == []


def test_on_a_phone_reporting_is_one_touch_from_every_page(phone, matter, people, enter):
    enter(phone, people[0])

    for path in ("/", f"/cases/{matter.reference}/", "/messages/"):
        phone.goto(path)
        tabs = phone.get_by_role("navigation", name="常用")
        box = tabs.get_by_role("link", name="报事件").bounding_box()
        assert box["height"] >= 44 and box["y"] + box["height"] <= 844, path
    tabs.get_by_role("link", name="报事件").click()
    phone.wait_for_url("**/file/")


def test_large_type_stays_on_and_still_fits(phone, matter, people, enter):
    enter(phone, people[1])
    phone.get_by_role("button", name="大字").click()
    phone.goto(f"/cases/{matter.reference}/")

    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert fits(phone)


def test_a_step_from_my_work_to_done_with_the_keyboard_alone(desk, matter, people, enter):
    enter(desk, people[1])
    desk.get_by_role("link", name="核定", exact=True).first.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/decide/")
    desk.get_by_label("核定金额").focus()
    desk.keyboard.type("80")
    desk.keyboard.press("Enter")
    desk.get_by_text("¥80.00").wait_for()
    assert "人民币捌拾元整" in desk.content()
    desk.get_by_role("button", name="确认核定").focus()
    desk.keyboard.press("Enter")

    desk.get_by_text("已办：核定。").wait_for()
    assert "已核定" in desk.locator(".tb-head").inner_text()


def test_an_error_takes_the_focus_and_leads_to_its_field(desk, matter, people, enter):
    enter(desk, people[1])
    desk.goto(f"/cases/{matter.reference}/decide/")
    desk.get_by_label("核定金额").fill("一百")
    desk.get_by_role("button", name="下一步：核对").click()

    desk.locator("#errors").wait_for()
    assert desk.evaluate("document.activeElement.id") == "errors"
    desk.get_by_role("link", name="核定金额").click()
    assert desk.url.endswith("#id_granted")
    assert desk.get_by_label("核定金额").input_value() == "一百"


def test_what_is_typed_saves_itself_and_waits_on_another_screen(desk, open_window, matter, people, enter):
    enter(desk, people[1])
    desk.goto(f"/cases/{matter.reference}/decide/")
    with desk.expect_response(re.compile("/draft/$")):
        desk.get_by_label("理由").fill("打到一半，电话来了")
    desk.get_by_text("草稿已存").wait_for()
    assert Draft.objects.get().data["reason"] == ["打到一半，电话来了"]

    elsewhere = enter(open_window({"width": 390, "height": 844}), people[1])
    elsewhere.goto(f"/cases/{matter.reference}/decide/")
    assert elsewhere.get_by_label("理由").input_value() == "打到一半，电话来了"


def test_a_photo_goes_up_without_leaving_the_page(phone, matter, people, enter, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = tmp_path / "收据.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64)
    wrong = tmp_path / "收据.png"
    wrong.write_bytes(b"not a picture at all")
    enter(phone, people[1])
    phone.goto(f"/cases/{matter.reference}/")

    phone.locator("#ev-file").set_input_files(wrong)
    phone.get_by_role("button", name="上传").click()
    phone.get_by_text("改后缀名没有用").wait_for()
    phone.locator("#ev-file").set_input_files(photo)
    phone.get_by_role("button", name="上传").click()
    phone.locator("#evidence").get_by_role("link", name="收据.jpg").wait_for()
    assert phone.get_by_role("img", name="1 项中齐 1 项").count() == 1
