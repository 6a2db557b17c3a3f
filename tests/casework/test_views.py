"""The case page, my work, the step page and files, over a real database and the real door."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import CaseRole, Role
from casework import drafts
from casework.models import CaseEvent, Draft, Evidence
from casework.selectors import work_page
from casework.services import stand_in
from casework.steps import begin, perform
from tests.factories.access import make_actor
from tests.sample.factories import START, decide, open_matter
from tests.sample.models import AskMatter, Matter, OpenMatter

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
    begin(
        Matter,
        "open_matter",
        parent=None,
        by=clerk,
        happened_at=START,
        place="440105",
        title="<script>alert(1)</script>",
        parts=[(handler.organisation_id, CaseRole.INSURER)],
        facts=OpenMatter(Decimal("1.00")),
    )

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


def test_what_the_checks_refuse_is_said_before_anybody_is_asked_once_more(client, matter, handler):
    sign_in(client, handler)
    data = typed(matter, granted="999999")
    data.pop("_confirmed")

    refused = client.post(step_url(matter, "decide"), data)

    assert refused.status_code == 422 and "核定金额不能超过请求的金额。" in refused.content.decode()
    assert CaseEvent.objects.filter(case=matter).count() == 1


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


def test_an_error_stands_beside_its_field_and_on_top_and_nothing_typed_is_lost(client, matter, handler):
    response = sign_in(client, handler).post(step_url(matter, "decide"), typed(matter, granted="-5", reason="按清单<核定>"))
    page = response.content.decode()

    assert response.status_code == 422
    assert "有 1 处要改" in page and '<a href="#id_granted">核定金额</a>' in page
    assert re.search(r'id="id_granted_error">金额不能是负数', page)
    assert 'value="-5"' in page and "按清单&lt;核定&gt;" in page
    assert 'aria-invalid="true"' in page


def test_what_the_door_finds_wrong_stands_beside_the_field(client, matter, handler):
    response = sign_in(client, handler).post(step_url(matter, "decide"), typed(matter, granted="100.01"))

    assert response.status_code == 422
    assert re.search(r'id="id_granted_error">核定金额不能超过请求的金额', response.content.decode())


@pytest.mark.parametrize("moment", ["2099-01-01T10:00", "2025-02-30T10:00", "昨天早上", ""])
def test_an_impossible_moment_is_said_beside_the_moment(client, matter, handler, moment):
    response = sign_in(client, handler).post(step_url(matter, "decide"), typed(matter, granted="80", happened_at=moment))

    assert response.status_code == 422
    assert 'id="id_happened_at_error"' in response.content.decode()


@pytest.mark.parametrize("amount", ["1e9", "NaN", "Infinity", "12.345", "99999999999999", "八十", "0"])
def test_an_absurd_amount_is_refused_beside_its_field(client, matter, handler, amount):
    response = sign_in(client, handler).post(step_url(matter, "decide"), typed(matter, granted=amount))

    assert response.status_code == 422
    assert 'id="id_granted_error"' in response.content.decode()


def test_a_stale_page_is_told_what_changed_and_keeps_what_was_typed(client, matter, handler):
    data = typed(matter, granted="77.00")
    perform(matter, "ask", by=handler, happened_at=START + timedelta(hours=2), seen=matter.sequence, facts=AskMatter())

    response = sign_in(client, handler).post(step_url(matter, "decide"), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "要求补充" in page and 'value="77.00"' in page and 'name="seen" value="2"' in page

    again = client.post(step_url(matter, "decide"), data | {"seen": 2})
    assert again.status_code == 302


def test_a_form_without_its_number_counts_as_never_seen(client, matter, handler):
    data = typed(matter, granted="77.00")
    del data["seen"]

    assert sign_in(client, handler).post(step_url(matter, "decide"), data).status_code == 409


def test_the_same_form_sent_twice_decides_once(client, matter, handler):
    sign_in(client, handler)
    first = client.post(step_url(matter, "decide"), typed(matter, granted="80"))
    second = client.post(step_url(matter, "decide"), typed(matter, granted="80"))

    assert (first.status_code, second.status_code) == (302, 409)
    assert CaseEvent.objects.filter(case=matter, verb="decide").count() == 1


# ---- drafts ----


def test_a_draft_is_kept_and_comes_back_and_goes_when_the_step_is_done(client, matter, handler):
    sign_in(client, handler)
    kept = client.post(step_url(matter, "decide") + "draft/", {"granted": "66.6", "reason": "打了一半", "seen": 1})
    assert "草稿已存" in kept.content.decode()

    page = client.get(step_url(matter, "decide")).content.decode()
    assert 'value="66.6"' in page and "打了一半" in page and "草稿已存" in page
    assert "处要改" not in page

    client.post(step_url(matter, "decide"), typed(matter, granted="66.60"))
    assert not Draft.objects.exists()


def test_a_draft_of_yesterday_is_told_what_changed_since(client, matter, handler):
    sign_in(client, handler)
    client.post(step_url(matter, "decide") + "draft/", {"granted": "66.6", "seen": 1})
    perform(matter, "ask", by=handler, happened_at=START + timedelta(hours=2), seen=1, facts=AskMatter())

    page = client.get(step_url(matter, "decide")).content.decode()
    assert "您打开之后有了这些变化" in page and "要求补充" in page
    assert 'name="seen" value="2"' in page


def test_the_database_holds_nothing_of_what_was_typed(client, matter, handler):
    sign_in(client, handler).post(step_url(matter, "decide") + "draft/", {"granted": "66.6", "reason": "账号 6222020200112233445"})

    assert Draft.objects.get().data["reason"] == ["账号 6222020200112233445"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM casework_draft d")
        (row,) = cursor.fetchone()
    assert "6222020200112233445" not in row and "66.6" not in row and "reason" not in row


def test_drafts_are_nobody_elses(client, matter, handler):
    sign_in(client, handler).post(step_url(matter, "decide") + "draft/", {"granted": "66.6"})
    colleague = make_actor(Role.INSURER_HANDLER, organisation=User.objects.get(pk=handler.user_id).memberships.get().organisation)

    assert 'value="66.6"' not in sign_in(client, colleague).get(step_url(matter, "decide")).content.decode()


def test_no_draft_for_a_case_out_of_scope(client, matter):
    response = sign_in(client, make_actor(Role.INSURER_HANDLER)).post(step_url(matter, "decide") + "draft/", {"granted": "1"})

    assert response.status_code == 404 and not Draft.objects.exists()


# ---- recording for somebody without an account ----


def test_recording_for_somebody_else_asks_for_whom_and_for_the_paper(client, matter, handler, media):
    sign_in(client, handler)
    assert client.get(step_url(matter, "answer")).status_code == 403, "the use-manager can do it itself"
    User.objects.exclude(pk=handler.user_id).update(is_active=False)
    page = client.get(step_url(matter, "answer")).content.decode()
    assert "代谁记录" in page and "本人签字的纸质材料" in page

    without_paper = client.post(step_url(matter, "answer"), typed(matter, on_behalf_of="黄*芬本人，到场口述"))
    assert without_paper.status_code == 409 and "本人签字的纸质材料" in without_paper.content.decode()

    paper = SimpleUploadedFile("paper.jpg", JPEG, "image/jpeg")
    done = client.post(step_url(matter, "answer"), typed(matter, on_behalf_of="黄*芬本人，到场口述") | {"evidence-transcription": paper})
    assert done.status_code == 302
    assert "代录" in client.get(done.url).content.decode()
    assert CaseEvent.objects.get(case=matter, verb="answer").on_behalf_of == "黄*芬本人，到场口述"


# ---- files ----


def upload(client, case, content, name="photo.jpg", code="receipt"):
    return client.post(
        f"/cases/{case.reference}/evidence/", {"code": code, "file": SimpleUploadedFile(name, content)}, headers={"HX-Request": "true"}
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.jpg", b"MZ\x90\x00" + b"\x00" * 100, "改后缀名没有用"),
        ("photo.jpg", b"<html><script>alert(1)</script></html>", "改后缀名没有用"),
        ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "改后缀名没有用"),
        ("photo.jpg", b"", "空的"),
        ("huge.jpg", JPEG + b"\x00" * 2048, "文件超过"),
    ],
)
def test_a_file_no_case_takes_is_refused_in_words(client, matter, handler, media, settings, name, content, says):
    settings.EVIDENCE_MAX_BYTES = 1024
    response = upload(sign_in(client, handler), matter, content, name)

    assert says in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_photo_fills_its_place_in_the_meter_once(client, matter, handler, media):
    sign_in(client, handler)
    first = upload(client, matter, JPEG, "../../etc/收据<b>.jpg")
    upload(client, matter, JPEG, "again.jpg")

    assert "1 项中齐 1 项" in first.content.decode()
    assert Evidence.objects.get().name == "收据<b>.jpg"
    assert "&lt;b&gt;" in first.content.decode() and "<b>.jpg" not in first.content.decode()


def test_a_file_goes_only_to_those_in_scope_and_is_never_sniffed(client, matter, handler, media):
    upload(sign_in(client, handler), matter, JPEG)
    url = f"/files/evidence/{Evidence.objects.get().pk}/"

    response = client.get(url)
    assert b"".join(response.streaming_content) == JPEG
    assert response["X-Content-Type-Options"] == "nosniff" and response["Content-Type"] == "image/jpeg"
    assert "sandbox" in response["Content-Security-Policy"] and response["Content-Disposition"].startswith("inline")

    assert sign_in(client, make_actor(Role.MANAGER_CLERK)).get(url).status_code == 404


def test_files_of_a_refused_form_need_not_be_sent_again(client, matter, handler, media):
    case = decide(matter, handler, "80.00").case
    sign_in(client, handler)
    receipt = SimpleUploadedFile("receipt.jpg", JPEG)

    refused = client.post(step_url(case, "close"), typed(case, happened_at="2099-01-01T00:00") | {"evidence-receipt": receipt})
    assert refused.status_code == 422 and "receipt.jpg" in refused.content.decode()

    assert client.post(step_url(case, "close"), typed(case, happened_at="2025-03-05T10:00")).status_code == 302


def test_a_wrong_file_is_withdrawn_with_a_reason_by_those_who_sent_it(client, matter, clerk, handler, media):
    upload(sign_in(client, handler), matter, JPEG)
    row = Evidence.objects.get()
    url = f"/files/evidence/{row.pk}/withdraw/"

    assert sign_in(client, clerk).post(url, {"because": "不是我们的"}).status_code == 403
    sign_in(client, handler).post(url, {"because": " "})
    row.refresh_from_db()
    assert row.withdrawn_at is None
    client.post(url, {"because": "传错了案件"})
    row.refresh_from_db()
    assert row.withdrawn_because == "传错了案件"


# ---- my work and search ----


def test_my_work_shows_whose_turn_it_is_soonest_first(client, clerk, handler):
    now = timezone.now()
    later, sooner = (open_matter(clerk, handler, at=now - timedelta(days=2)), open_matter(clerk, handler, at=now - timedelta(days=29)))

    mine = sign_in(client, handler).get("/").content.decode()
    assert 0 < mine.index(sooner.reference) < mine.index(later.reference)
    assert f'href="{step_url(sooner, "decide")}"' in mine

    theirs = sign_in(client, clerk).get("/").content.decode()
    assert "没有轮到您办的事" in theirs and "理赔经办人：核定" in theirs


def test_filters_count_and_show_the_same_rows(client, clerk, handler):
    now = timezone.now()
    overdue, soon, far = (open_matter(clerk, handler, at=now - timedelta(days=d)) for d in (45, 29, 1))
    sign_in(client, handler)

    def shown(query):
        page = client.get(f"/?show={query}").content.decode()
        table = page[page.index('id="h-mine"') : page.index("</section>", page.index('id="h-mine"'))]
        return {c.reference for c in (overdue, soon, far) if c.reference in table}

    assert shown("overdue") == {overdue.reference}
    assert shown("soon") == {soon.reference}
    assert shown("all") == {overdue.reference, soon.reference, far.reference}
    counts = client.get("/").context["counts"]
    assert (counts.all, counts.overdue, counts.soon, counts.others) == (3, 1, 1, 0)


def test_pages_follow_without_gap_or_double(clerk, handler):
    cases = [open_matter(clerk, handler, at=timezone.now() - timedelta(days=n % 3)) for n in range(7)]
    seen, cursor = [], ""
    while True:
        page = work_page(actor=handler, after=cursor, size=2)
        seen += [row.case.reference for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break

    assert sorted(seen) == sorted(c.reference for c in cases) and len(seen) == 7


@pytest.mark.parametrize("cursor", ["~", "x~y", "~1;drop", "2025-99-99~3", "2026-01-01T00:00:00+08:00~9"])
def test_a_made_up_cursor_is_no_error(client, matter, handler, cursor):
    assert sign_in(client, handler).get("/", {"after": cursor}).status_code == 200


def test_my_work_and_the_case_page_need_a_fixed_number_of_queries(client, clerk, handler):
    def queries(path):
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    sign_in(client, handler)
    first = open_matter(clerk, handler, at=timezone.now() - timedelta(days=3))
    few, page_few = queries("/"), queries(f"/cases/{first.reference}/")
    for _n in range(8):
        open_matter(clerk, handler, at=timezone.now() - timedelta(days=2))
    for n in range(5):
        perform(first, "ask", by=handler, happened_at=timezone.now() - timedelta(hours=5 - n), seen=None, facts=AskMatter())

    assert queries("/") == few <= 20
    assert queries(f"/cases/{first.reference}/") == page_few <= 45


def test_search_finds_within_scope_only(client, matter, handler):
    sign_in(client, handler)
    assert client.get("/search/", {"q": matter.reference.lower()}).url == f"/cases/{matter.reference}/"
    assert matter.reference in client.get("/search/", {"q": "榕岸 1 梯"}).content.decode()
    assert client.get("/search/", {"q": "%_'\"<script>"}).status_code == 200

    sign_in(client, make_actor(Role.INSURER_HANDLER))
    assert "没有找到" in client.get("/search/", {"q": matter.reference}).content.decode()


# ---- the small writes ----


def test_notes_stay_inside_the_house_that_wrote_them(client, matter, clerk, handler):
    sign_in(client, handler).post(f"/cases/{matter.reference}/notes/", {"text": "已打电话"})

    assert "已打电话" in client.get(f"/cases/{matter.reference}/").content.decode()
    assert "已打电话" not in sign_in(client, clerk).get(f"/cases/{matter.reference}/").content.decode()


def test_a_case_handed_to_a_colleague_leaves_my_list_and_a_substitute_sees_it(client, matter, handler):
    organisation = User.objects.get(pk=handler.user_id).memberships.get().organisation
    colleague, third = (make_actor(Role.INSURER_HANDLER, organisation=organisation) for _n in range(2))
    sign_in(client, handler).post(f"/cases/{matter.reference}/assignee/", {"to": colleague.user_id})

    assert [len(work_page(actor=a).rows) for a in (handler, colleague, third)] == [0, 1, 0]
    today = timezone.localdate()
    stand_in(absent=colleague, substitute=User.objects.get(pk=third.user_id or 0), since=today, until=today)
    assert len(work_page(actor=third).rows) == 1


def test_a_case_is_not_handed_out_of_the_house(client, matter, clerk, handler):
    stranger = make_actor(Role.INSURER_HANDLER)
    sign_in(client, handler).post(f"/cases/{matter.reference}/assignee/", {"to": stranger.user_id})
    matter.refresh_from_db()
    assert matter.assignee_id is None

    assert sign_in(client, clerk).post(f"/cases/{matter.reference}/assignee/", {"to": clerk.user_id}).status_code == 403


# ---- the operator and the law ----


def test_the_operators_page_is_for_operators(client, matter, handler):
    assert sign_in(client, handler).get("/operator/").status_code == 403

    sign_in(client, make_actor(Role.OPERATOR))
    assert client.get("/operator/").status_code == 200
    page = client.post("/operator/verify/", {"reference": matter.reference}, follow=True).content.decode()
    assert "链条完整" in page


def test_every_article_shown_leads_to_what_we_hold(client, matter, handler):
    page = sign_in(client, handler).get(f"/cases/{matter.reference}/").content.decode()
    links = set(re.findall(r'class="tb-law" href="([^"]+)"', page))

    assert links
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200 and "第二十三条" in answer.content.decode()


def test_the_law_lists_what_nobody_verified(client):
    page = client.get("/law/unverified/").content.decode()
    assert "来源待核对" in page
    assert client.get("/law/no.such.rule/").status_code == 404


def test_english_is_one_click_away_and_large_type_another(client, matter, handler):
    sign_in(client, handler)
    assert '<html lang="zh-CN"' in client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"}).content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()

    assert client.post("/preferences/large-type/", {"next": "https://evil.example/"}).url == "/"
    assert 'class="tb-large"' in client.get("/").content.decode()


# ---- when things go wrong ----


def test_an_error_of_ours_shows_our_face_and_promises_nothing_half_done(client, matter, handler, monkeypatch):
    sign_in(client, handler)
    client.raise_request_exception = False
    monkeypatch.setattr("casework.selectors.case_page", lambda **_kwargs: 1 / 0)
    response = client.get(f"/cases/{matter.reference}/")

    assert response.status_code == 500
    assert "没有办一半的事" in response.content.decode() and "ZeroDivision" not in response.content.decode()


def test_an_expired_page_says_so(matter, handler):
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, handler).post(step_url(matter, "decide"), typed(matter, granted="1"))

    assert response.status_code == 403 and "已经过期" in response.content.decode()


def test_who_read_a_file_is_logged_and_never_on_standard_output(client, matter, handler, media, caplog, capsys):
    upload(sign_in(client, handler), matter, JPEG)
    with caplog.at_level("INFO"):
        client.get(f"/files/evidence/{Evidence.objects.get().pk}/")

    assert "event=evidence.read" in caplog.text and matter.reference in caplog.text and str(handler.user_id) in caplog.text
    assert "evidence.read" not in capsys.readouterr().out


def test_drafts_nobody_came_back_to_are_forgotten(client, matter, handler):
    sign_in(client, handler)
    for verb in ("decide", "ask"):
        client.post(step_url(matter, verb) + "draft/", {"granted": "1"})
    Draft.objects.filter(key__endswith="ask").update(saved_at=timezone.now() - timedelta(days=drafts.KEPT_DAYS + 1))

    assert drafts.forget() == 1
    assert Draft.objects.get().key.endswith("decide")
