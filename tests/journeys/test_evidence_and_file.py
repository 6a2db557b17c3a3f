"""In the browser: the maintainer answers a request, the clerk picks a piece instead of sending it again, and takes the file away."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from access.models import User
from casework import archive, evidence
from casework.models import Case, Evidence
from casework.outbox import drain
from correspondence.facts import AskRecords
from correspondence.models import RecordsRequest
from correspondence.services import ask_records
from demonstration import papers, services, stories
from demonstration.stories import entrapment
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]
LOOKS = os.environ.get("TIBAO_LOOKS")  # a folder for pictures of the pages, for whoever wants to look


@pytest.fixture
def stage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    begins = (timezone.localtime() - timedelta(days=2)).replace(second=0, microsecond=0)
    played = stories.own_stage(begins, entrapment_minutes=40, entrapment_amount=Decimal("200.00"))
    for mark in entrapment.play(played, people=entrapment.PEOPLE[:1]):
        if mark == "assessed":
            break
    return played


@pytest.fixture
def at_desk(open_window):
    """at_desk(username, size): a window of one's own, signed in."""
    from django.conf import settings
    from django.test import Client

    def sit_down(username, size=DESK):
        client = Client()
        client.force_login(User.objects.get(username=username))
        page = open_window(size)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.goto("/sign-in/")
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": page.url.removesuffix("sign-in/")}])
        return page

    return sit_down


def look(page, name):
    """No page is wider than its window; a picture for who wants one."""
    wide = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)"
    found = page.evaluate(
        f"document.documentElement.scrollWidth <= window.innerWidth ? [] : {wide}.slice(0, 3).map(e => e.outerHTML.slice(0, 200))"
    )
    assert found == [], f"{name} runs out of the window"
    if LOOKS:
        page.screenshot(path=str(Path(LOOKS) / f"{name}.png"), full_page=True)


def test_asked_answered_picked_and_taken_away(stage, at_desk, tmp_path):
    root, cast = Case.objects.get(pk=stage.root.pk), stage.cast
    today = timezone.localdate()
    wanted = AskRecords(
        cast.maintenance.pk, "", "每十五日一次的维护保养记录", today - timedelta(days=45), today, today + timedelta(days=10), "查明原因"
    )
    clerk = services.actor("liang")
    request = ask_records(parent=root, facts=wanted, by=clerk, happened_at=timezone.now()).case
    drain()

    # the maintainer, on a phone, uploads what is asked
    slip = tmp_path / "0117.pdf"
    slip.write_bytes(papers.slip(("Maintenance",)))
    phone = at_desk("peng", PHONE)
    phone.goto(f"/cases/{request.reference}/")
    look(phone, "request-390")
    phone.get_by_role("link", name="去补材料").first.click()
    phone.get_by_label("调取的资料").set_input_files(str(slip))
    phone.get_by_label("提供了哪些").fill("三次保养记录")
    phone.get_by_role("button", name="提供资料").click()
    phone.get_by_text("已办：提供资料").first.wait_for()
    assert RecordsRequest.objects.get(pk=request.pk).state == "answered"

    # the clerk picks the piece for the incident
    desk = at_desk("liang")
    desk.goto(f"/cases/{root.reference}/")
    look(desk, "incident-1440")
    option = Evidence.objects.get(case=request)
    desk.get_by_label("本案也要用的，不必再传，从这里选").select_option(str(option.pk))
    desk.get_by_label("作为本案的").select_option("other")
    desk.get_by_role("button", name="选用到本案").click()
    desk.get_by_text("没有重复存放").first.wait_for()
    assert Evidence.objects.get(case=root).file.name == option.file.name

    desk.goto(f"/files/evidence/{option.pk}/about/")
    look(desk, "piece-1440")

    # and takes the whole file away
    desk.goto(f"/cases/{root.reference}/#archive")
    desk.locator("#archive-note").fill("庭审")
    desk.get_by_role("button", name="申请卷宗").click()
    desk.get_by_text("正在生成").first.wait_for()
    archive.build_waiting()
    desk.get_by_role("link", name="下载卷宗").wait_for()
    look(desk, "file-ready-1440")
    with desk.expect_download() as begun:
        desk.get_by_role("link", name="下载卷宗").click()
    zipped = tmp_path / "file.zip"
    begun.value.save_as(zipped)
    with zipfile.ZipFile(zipped) as packed:
        packed.extract("verify.py", tmp_path)
    run = subprocess.run([sys.executable, "-I", str(tmp_path / "verify.py"), str(zipped)], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0 and root.reference in run.stdout


def test_the_pages_fit_a_phone(stage, at_desk, tmp_path):
    root = Case.objects.get(pk=stage.root.pk)
    clerk = services.actor("liang")
    with_slip = tmp_path / "a.pdf"
    with_slip.write_bytes(papers.slip(("one",)))
    from django.core.files.uploadedfile import SimpleUploadedFile

    row = evidence.add(root, code="call_log", file=SimpleUploadedFile("a.pdf", with_slip.read_bytes()), by=clerk)
    Evidence.objects.filter(pk=row.pk).update(sensitivity="sensitive")
    phone = at_desk("liang", PHONE)
    for path, name in [(f"/records/{root.reference}/", "ask-390"), (f"/files/evidence/{row.pk}/about/", "piece-390")]:
        phone.goto(path)
        look(phone, name)
    handler = at_desk("chen", PHONE)
    handler.goto(f"/files/evidence/{row.pk}/about/")
    handler.get_by_text("还没有登记本人的单独同意").first.wait_for()
    look(handler, "piece-refused-390")
