"""A property manager files in the lift lobby: one hand, 390 px, from the plate's code to the number."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image

from casework.models import Draft
from elevators.models import Incident
from tests.factories.elevators import ago, make_incident, make_lobby, register_drained

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lobby(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_lobby()


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "car.jpg"
    Image.new("RGB", (40, 30), "grey").save(path, "JPEG")
    return path


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def sound(page) -> None:
    """The page fits its width and axe finds nothing serious."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    grave = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:140]}" for v in grave] == [], page.url
    look(page)


def look(page) -> None:
    """Keep a picture of the page when asked to (TIBAO_PICTURES=folder)."""
    folder = os.environ.get("TIBAO_PICTURES")
    if folder:
        name = re.sub(r"[^a-z]+", "-", re.sub(r"\d{6,}|IN-[\d-]+", "", page.url.split("/", 3)[3].lower())).strip("-") or "home"
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def test_an_entrapment_from_the_plate_to_the_number(phone, lobby, enter, photo):
    enter(phone, lobby.clerk)
    phone.goto(f"/file/?code={lobby.elevator.code}")
    sound(phone)
    assert phone.get_by_text("已认出这台电梯").is_visible()

    phone.locator("label", has_text="有人被困").first.click()
    phone.get_by_label("几点发生的").fill(typed(ago(50)))
    phone.get_by_label("您单位负责人几点得知").fill(typed(ago(45)))
    phone.get_by_text("已经救出").click()
    with phone.expect_response(re.compile("/drafts/")):
        phone.get_by_label("最后一人几点救出").fill(typed(ago(60)))
    phone.get_by_text("草稿已存").wait_for()
    phone.get_by_role("button", name="下一步").click()

    phone.locator("#errors").wait_for()
    assert phone.locator("#id_released_at_error").inner_text() == "救出时间早于被困时间，请看一眼哪个写反了。"
    sound(phone)
    phone.get_by_label("最后一人几点救出").fill(typed(ago(8)))
    phone.get_by_role("button", name="下一步").click()

    phone.get_by_role("heading", name="谁受了影响").wait_for()
    phone.get_by_label("一共几个人").fill("3")
    phone.get_by_text("没有", exact=True).click()
    sound(phone)
    phone.get_by_role("button", name="下一步").click()

    phone.get_by_role("heading", name="拍几张照片").wait_for()
    phone.locator("#photo-car").set_input_files(photo)
    phone.get_by_text("已上传").wait_for()
    sound(phone)
    phone.get_by_role("button", name="去核对").click()

    phone.get_by_role("heading", name="核对后提交").wait_for()
    assert phone.get_by_text("3 人，没有人受伤").is_visible()
    sound(phone)
    phone.get_by_role("button", name="提交").click()

    phone.wait_for_url("**/filed/**")
    incident = Incident.objects.get()
    assert phone.get_by_text(incident.reference).first.is_visible()
    assert (incident.trapped_minutes, incident.people_count, incident.evidence.count()) == (42, 3, 1)
    sound(phone)
    phone.get_by_role("link", name="看这一案").click()
    phone.get_by_role("heading", name="榕岸花园 3 栋 1 梯").wait_for()
    sound(phone)


def test_an_injury_is_typed_once_on_two_screens(phone, open_window, lobby, enter):
    enter(phone, lobby.clerk)
    phone.goto(f"/file/{lobby.elevator.code}/")
    phone.locator("label", has_text="有人受伤").first.click()
    phone.get_by_label("几点发生的").fill(typed(ago(30)))
    phone.get_by_label("您单位负责人几点得知").fill(typed(ago(25)))
    phone.get_by_text("没有人被困").click()
    phone.get_by_role("button", name="下一步").click()
    due = timezone.localtime(ago(25) + timedelta(hours=1))
    assert phone.get_by_text("前报告监管部门").count() == 0
    phone.get_by_label("一共几个人").fill("1")
    phone.get_by_label("受伤人姓名").fill("黄淑芬")
    phone.get_by_label("伤得怎么样").select_option("serious")
    with phone.expect_response(re.compile("/drafts/")):
        phone.get_by_label("联系电话").fill("1380000123")
    phone.get_by_text("草稿已存").wait_for()

    elsewhere = enter(open_window({"width": 390, "height": 844}), lobby.clerk)
    elsewhere.goto("/file/")
    elsewhere.get_by_role("link", name="接着报").click()
    elsewhere.get_by_role("button", name="下一步").click()
    assert elsewhere.get_by_label("受伤人姓名").input_value() == "黄淑芬"
    elsewhere.get_by_role("button", name="下一步").click()
    assert elsewhere.locator("#id_phone_1_error").inner_text().startswith("号码少 1 位")
    sound(elsewhere)
    elsewhere.get_by_label("联系电话").fill("13800001234")
    elsewhere.get_by_role("button", name="下一步").click()
    elsewhere.get_by_role("button", name="去核对").click()
    assert elsewhere.get_by_text(f"期限 {due:%H:%M}").is_visible()
    elsewhere.get_by_role("button", name="提交").click()
    elsewhere.wait_for_url("**/filed/**")
    assert Incident.objects.get().people.get().name == "黄淑芬"
    assert not Draft.objects.exists()


def test_the_same_event_is_joined_not_filed_twice(phone, lobby, enter):
    with register_drained():
        first = make_incident(lobby, started=40, by=lobby.maintainer)
    enter(phone, lobby.clerk)
    phone.goto(f"/file/{lobby.elevator.code}/")
    phone.locator("label", has_text="有人被困").first.click()
    phone.get_by_label("几点发生的").fill(typed(ago(38)))
    phone.get_by_label("您单位负责人几点得知").fill(typed(ago(36)))
    phone.get_by_text("还在里面").click()
    phone.get_by_role("button", name="下一步").click()
    assert phone.get_by_text("这台梯刚才已有一报").is_visible()
    phone.get_by_label("一共几个人").fill("2")
    phone.get_by_text("没有", exact=True).click()
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="去核对").click()
    phone.get_by_text(re.compile("^是，并入")).click()
    sound(phone)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("已并入这一案").wait_for()
    assert Incident.objects.count() == 1
    assert first.linked_reports.count() == 1


@pytest.mark.parametrize("window", ["desk", "phone"])
def test_the_register_fits_both_widths(window, request, lobby, enter):
    with register_drained():
        incident = make_incident(lobby, started=200, trapped=52)
    page = request.getfixturevalue(window)
    page.goto(f"/lift/{lobby.elevator.code}/")
    sound(page)
    enter(page, lobby.clerk)
    for path in (
        "/elevators/",
        "/incidents/",
        f"/elevators/{lobby.elevator.code}/",
        f"/cases/{incident.reference}/",
        f"/cases/{incident.reference}/change_people/",
        "/file/",
    ):
        page.goto(path)
        sound(page)
