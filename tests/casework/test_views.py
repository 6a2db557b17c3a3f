"""The case page, my work, the step page and files, over a real database and the real door."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import User
from access.roles import CaseRole, Role
from casework.models import CaseEvent, Draft, Evidence
from tests.factories.access import make_actor
from tests.sample.factories import START, open_matter

pytestmark = pytest.mark.django_db

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
DECIDED_AT = "2025-03-04T11:00"


@pytest.fixture
def clerk():
    return make_actor(Role.MANAGER_CLERK, name="梁敏仪")


@pytest.fixture
def handler():
    return make_actor(Role.INSURER_HANDLER, name="陈卓然")


@pytest.fixture
def matter(clerk, handler):
    return open_matter(clerk, handler)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def step_url(case, verb):
    return reverse("casework:step", args=[case.reference, verb])


def typed(case, **fields):
    return {"seen": case.sequence, "happened_at": DECIDED_AT, "_confirmed": "1", **fields}


# ---- scope and permission ----


@pytest.mark.parametrize("path", ["/cases/{}/", "/cases/{}/decide/", "/cases/{}/deadlines/decide/"])
def test_a_case_of_others_does_not_exist(client, matter, path):
    sign_in(client, make_actor(Role.INSURER_HANDLER))
    theirs, invented = client.get(path.format(matter.reference)), client.get(path.format("MT-2025-99999"))

    assert theirs.status_code == invented.status_code == 404
    assert matter.title not in theirs.content.decode()


def test_nobody_signed_in_is_sent_to_the_door(client, matter):
    assert client.get(f"/cases/{matter.reference}/").url.startswith("/sign-in/?next=")


def test_a_step_of_another_role_answers_403_with_the_reason(client, matter, clerk):
    response = sign_in(client, clerk).get(step_url(matter, "decide"))

    assert response.status_code == 403
    assert "理赔经办人" in response.content.decode()


def test_an_unknown_or_a_system_step_is_no_page(client, matter, handler):
    sign_in(client, handler)
    assert client.get(step_url(matter, "no_such_step")).status_code == 404
    assert client.get(step_url(matter, "remind")).status_code == 404
    assert client.get(step_url(matter, "open_matter")).status_code == 404


# ---- the case page ----


def test_the_case_page_answers_where_who_and_by_when(client, matter, handler):
    page = sign_in(client, handler).get(f"/cases/{matter.reference}/").content.decode()

    assert matter.reference in page and "已提出" in page
    assert "理赔经办人：核定" in page
    assert "《中华人民共和国保险法》第二十三条第一款" in page
    assert f'href="{step_url(matter, "decide")}"' in page


def test_a_step_before_its_time_is_greyed_with_reason_and_cure(client, matter, handler):
    page = sign_in(client, handler).get(f"/cases/{matter.reference}/").content.decode()

    greyed = re.search(r'id="step-close".*?</li>', page, re.S).group()
    assert 'aria-disabled="true"' in greyed and "现在是“已提出”" in greyed


def test_html_in_a_title_is_text(client, clerk, handler):
    from casework.steps import begin
    from tests.sample.models import Matter, OpenMatter

    begin(Matter, "open_matter", parent=None, by=clerk, happened_at=START, place="440105", title="<script>alert(1)</script>",
          parts=[(handler.organisation_id, CaseRole.INSURER)], facts=OpenMatter(Decimal("1.00")))

    page = sign_in(client, handler).get("/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


# ---- the step page ----


def test_a_step_with_money_is_shown_once_more_and_then_done(client, matter, handler):
    sign_in(client, handler)
    data = typed(matter, granted="80.5 元")
    data.pop("_confirmed")

    once_more = client.post(step_url(matter, "decide"), data)
    assert once_more.status_code == 200 and "¥80.50" in once_more.content.decode()
    matter.refresh_from_db()
    assert matter.state == "open"

    done = client.post(step_url(matter, "decide"), data | {"_confirmed": "1"})
    assert done.url == f"/cases/{matter.reference}/?changed=2"
    matter.refresh_from_db()
    assert (matter.state, matter.granted) == ("decided", Decimal("80.50"))


def test_get_never_writes(client, matter, handler):
    sign_in(client, handler)
    before = (CaseEvent.objects.count(), Draft.objects.count(), Evidence.objects.count())
    home = f"/cases/{matter.reference}/"

    for path in ("/", home, step_url(matter, "decide"), "/search/?q=榕岸", f"{home}deadlines/decide/", "/law/", "/account/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, path
        written = [q["sql"] for q in queries if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
        assert written == [], path
    assert before == (CaseEvent.objects.count(), Draft.objects.count(), Evidence.objects.count())
