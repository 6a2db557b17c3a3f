"""Filing on a phone: one thing a page, at most six typed fields, errors beside their field, nothing typed ever lost."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from access.models import User
from casework.models import Case, Draft
from elevators.forms.filing import looks_like_a_name
from elevators.models import Incident
from parties import api as parties
from tests.factories.elevators import Lobby, ago, make_incident, make_lobby, register_drained

pytestmark = pytest.mark.django_db


@pytest.fixture
def lobby() -> Lobby:
    return make_lobby()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clerk(client, lobby):
    client.force_login(User.objects.get(pk=lobby.clerk.user_id))
    return client


def url(lobby: Lobby, page: str = "") -> str:
    return f"/file/{lobby.elevator.code}/{page}"


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def what(**changes) -> dict[str, str]:
    return {
        "nature": "entrapment",
        "started_at": typed(ago(60)),
        "learnt_at": typed(ago(55)),
        "source": "96333",
        "trapped": "out",
        "released_at": typed(ago(15)),
        **changes,
    }


def picture(name: str = "car.jpg", colour: str = "grey") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def file_entrapment(client, lobby, **changes) -> Incident:
    client.post(url(lobby), what(**changes))
    client.post(url(lobby, "who/"), {"people_count": "3", "injured": "no"})
    with register_drained():
        answer = client.post(url(lobby, "check/"), {"description": ""})
    assert answer.status_code == 302, answer.content.decode()
    return Incident.objects.get(reference=answer["Location"].strip("/").split("/")[-1])


TYPED = re.compile(r"<(?:input|textarea)\b[^>]*>")


def typed_fields(html: str) -> set[str]:
    """Names of the fields one types into on a page: no picks, pictures, hidden values or buttons, nor the frame's search."""
    form = html[html.index('id="filing"') :]
    found = set()
    for tag in TYPED.findall(form):
        kind = re.search(r'type="([^"]+)"', tag)
        name = re.search(r'name="([^"]+)"', tag)
        if name and not (kind and kind.group(1) in {"hidden", "radio", "file", "submit", "checkbox"}):
            found.add(name.group(1))
    return found


def test_an_ordinary_entrapment_takes_at_most_six_typed_fields(clerk, lobby):
    seen = typed_fields(clerk.get("/file/").content.decode())
    seen |= typed_fields(clerk.get(url(lobby)).content.decode())
    clerk.post(url(lobby), what())
    who = clerk.get(url(lobby, "who/")).content.decode()
    seen |= typed_fields(who[: who.index("if-hurt d-grid")])  # the injured are asked for only once somebody is hurt
    seen |= typed_fields(clerk.get(url(lobby, "photos/")).content.decode())
    clerk.post(url(lobby, "who/"), {"people_count": "3", "injured": "no"})
    seen |= typed_fields(clerk.get(url(lobby, "check/")).content.decode())
    assert seen == {"code", "started_at", "learnt_at", "released_at", "people_count", "description"}


def test_from_the_plate_the_elevator_is_known_and_so_is_everything_about_it(clerk, lobby):
    answer = clerk.get(f"/file/?code={lobby.elevator.code}", follow=True)
    assert answer.redirect_chain[-1][0] == url(lobby)
    html = answer.content.decode()
    for known in ("榕岸花园 3 栋 1 梯", lobby.manager.name, lobby.insurer.short_name, "2027年3月31日", "020-0000 0000"):
        assert known in html


def test_an_entrapment_from_code_to_number(clerk, lobby):
    answer = clerk.post("/file/", {"code": " ".join(lobby.elevator.code)})
    assert answer["Location"] == url(lobby)
    incident = file_entrapment(clerk, lobby)
    assert (incident.nature, incident.people_count, incident.trapped_minutes) == ("entrapment", 3, 45)
    assert incident.reported_by_id == lobby.clerk.user_id
    assert incident.regulator_notified_at is None  # 45 minutes, nobody hurt: no accident, nothing to report
    done = clerk.get(f"/filed/{incident.reference}/").content.decode()
    assert incident.reference in done
    assert not Draft.objects.exists()


def test_an_injury_names_the_injured_and_starts_the_hour(clerk, lobby):
    clerk.post(url(lobby), what(nature="injury", trapped="nobody", released_at=""))
    page = clerk.get(url(lobby, "who/")).content.decode()
    due = timezone.localtime(ago(55) + timedelta(hours=1))
    assert "前报告监管部门" not in page  # nothing said so far makes it an accident
    clerk.post(url(lobby, "who/"), {"people_count": "2", "rows": "1", "name_1": "黄淑芬", "harm_1": "serious", "phone_1": "138 0000 1234"})
    assert f"期限 {due:%H:%M}" in clerk.get(url(lobby, "check/")).content.decode()
    with register_drained():
        answer = clerk.post(url(lobby, "check/"), {"description": "平层差 12 厘米，绊倒"})
    incident = Incident.objects.get(reference=answer["Location"].strip("/").split("/")[-1])
    assert (incident.serious_injuries, incident.accident_grade, incident.has_trapped) == (1, "ordinary", False)
    assert incident.regulator_notified_at is not None
    first, second = incident.people.all()
    assert (first.name, first.is_named, second.name) == ("黄淑芬", True, "乘客 2")
    assert parties.ref(first.party_id).masked_phone.endswith("1234")
    done = clerk.get(f"/filed/{incident.reference}/").content.decode()
    assert "已收到报告" in done
    assert "已收到出险通知" in done


def test_a_fault_asks_for_nobody(clerk, lobby):
    answer = clerk.post(url(lobby), what(nature="fault", trapped="", released_at=""))
    assert answer["Location"] == url(lobby, "photos/")
    with register_drained():
        clerk.post(url(lobby, "check/"), {"description": "门关不上"})
    assert Incident.objects.get().people_count == 0


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"nature": ""}, "nature", "还没有选“发生了什么？”"),
        ({"started_at": ""}, "started_at", "还没有填“几点发生的”"),
        ({"started_at": "昨晚"}, "started_at", "没看懂这个时间"),
        ({"started_at": "2026-02-30T10:00"}, "started_at", "没看懂这个时间"),
        ({"started_at": typed(timezone.now() + timedelta(hours=3))}, "started_at", "这个时间还没到"),
        ({"released_at": typed(ago(90))}, "released_at", "救出时间早于被困时间，请看一眼哪个写反了。"),
        ({"released_at": typed(timezone.now() + timedelta(hours=3))}, "released_at", "这个时间还没到"),
        ({"released_at": ""}, "released_at", "还没有填“最后一人几点救出”"),
        ({"learnt_at": typed(ago(90))}, "learnt_at", "得知时间早于发生时间"),
        ({"trapped": ""}, "trapped", "还没有选“有人困在里面吗”"),
        ({"trapped": "nobody"}, "trapped", "哪个写反了"),
        ({"source": "gossip"}, "source", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(clerk, lobby, changes, field, says):
    sent = what(**changes)
    answer = clerk.post(url(lobby), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert set(form.errors) == {field}
    html = answer.content.decode()
    assert f'id="id_{field}_error"' in html
    assert says in html
    kept = {name: values[0] for name, values in Draft.objects.get(key=f"page/file/{lobby.elevator.code}/what").data.items()}
    assert kept == sent
    again = clerk.get(url(lobby)).context["form"].initial
    assert {name: again[name] for name in sent} == sent


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"people_count": "0", "injured": "no"}, "people_count"),
        ({"people_count": "-2", "injured": "no"}, "people_count"),
        ({"people_count": "99999", "injured": "no"}, "people_count"),
        ({"people_count": "三", "injured": "no"}, "people_count"),
        ({"people_count": "3"}, "injured"),
        ({"people_count": "3", "injured": "yes"}, "name_1"),
        ({"people_count": "3", "injured": "yes", "name_1": "黄淑芬", "phone_1": "1380000123"}, "phone_1"),
        ({"people_count": "3", "injured": "yes", "name_1": "黄{}芬"}, "name_1"),
        ({"people_count": "1", "injured": "yes", "rows": "2", "name_1": "黄淑芬", "name_2": "李某"}, "people_count"),
        ({"people_count": "3", "injured": "yes", "rows": "2", "name_1": "黄淑芬", "phone_2": "13800001234"}, "name_2"),
    ],
)
def test_who_is_refused_by_field(clerk, lobby, sent, field):
    clerk.post(url(lobby), what())
    answer = clerk.post(url(lobby, "who/"), sent)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_short_number_says_so_in_plain_words(clerk, lobby):
    clerk.post(url(lobby), what())
    html = clerk.post(
        url(lobby, "who/"), {"people_count": "3", "injured": "yes", "name_1": "黄淑芬", "phone_1": "1380000123"}
    ).content.decode()
    assert "号码少 1 位，手机号是 11 位" in html
    assert 'value="1380000123"' in html


def test_more_injured_are_added_one_at_a_time(clerk, lobby):
    clerk.post(url(lobby), what())
    clerk.post(url(lobby, "who/"), {"people_count": "3", "injured": "yes", "rows": "1", "name_1": "黄淑芬", "more": "1"})
    html = clerk.get(url(lobby, "who/")).content.decode()
    assert 'name="name_2"' in html
    assert 'value="黄淑芬"' in html


def test_html_in_a_name_is_refused_beside_it_and_shown_as_text(clerk, lobby):
    name = "<script>alert(1)</script>"
    clerk.post(url(lobby), what())
    answer = clerk.post(url(lobby, "who/"), {"people_count": "1", "injured": "yes", "name_1": name, "harm_1": "injured"})
    assert set(answer.context["form"].errors) == {"name_1"}
    assert name not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


def test_html_in_the_description_is_kept_as_text(clerk, lobby):
    text = "<script>alert(1)</script>"
    clerk.post(url(lobby), what())
    clerk.post(url(lobby, "who/"), {"people_count": "1", "injured": "no"})
    with register_drained():
        answer = clerk.post(url(lobby, "check/"), {"description": text})
    incident = Incident.objects.get(reference=answer["Location"].strip("/").split("/")[-1])
    assert incident.description == text
    assert text not in clerk.get(f"/cases/{incident.reference}/").content.decode()


def test_pages_left_out_lead_back_to_where_something_is_missing(clerk, lobby):
    assert clerk.get(url(lobby, "who/"))["Location"] == url(lobby) + "?mend"
    assert clerk.get(url(lobby, "check/"))["Location"] == url(lobby) + "?mend"
    clerk.post(url(lobby), what())
    assert clerk.get(url(lobby, "check/"))["Location"] == url(lobby, "who/") + "?mend"


def test_photos_are_kept_at_once_and_travel_with_the_case(clerk, lobby):
    clerk.post(url(lobby, "photos/"), {"photo-car": picture(), "photo-floor": picture("floor.jpg", "navy")})
    assert clerk.get(url(lobby, "photos/")).context["count"] == 2
    key = Draft.objects.get(key=f"photos/{lobby.elevator.code}").data["photos"][0]["key"]
    assert clerk.get(url(lobby, f"photos/{key}/"))["Content-Type"] == "image/jpeg"
    incident = file_entrapment(clerk, lobby)
    assert sorted(incident.evidence.values_list("note", flat=True)) == ["楼层显示", "轿厢与层门"]
    assert set(incident.evidence.values_list("code", flat=True)) == {"scene_photos"}


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空的"), (b"<html><script>alert(1)</script></html>", "改后缀名没有用"), (b"MZ\x90\x00 not a picture", "改后缀名没有用")],
)
def test_a_bad_picture_is_refused_beside_its_slot_and_the_good_one_stays(clerk, lobby, content, says):
    bad = SimpleUploadedFile("mark.jpg", content, content_type="image/jpeg")
    answer = clerk.post(url(lobby, "photos/"), {"photo-car": picture(), "photo-mark": bad, "on": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="photo-mark-error"' in html
    assert says in html
    assert "mark.jpg" in html
    assert answer.context["count"] == 1


def test_a_picture_too_large_is_refused(clerk, lobby, settings):
    settings.EVIDENCE_MAX_BYTES = 100
    assert "请压缩后再传" in clerk.post(url(lobby, "photos/"), {"photo-car": picture()}).content.decode()


def test_a_picture_can_be_taken_away_again(clerk, lobby):
    clerk.post(url(lobby, "photos/"), {"photo-car": picture()})
    (kept,) = Draft.objects.get(key=f"photos/{lobby.elevator.code}").data["photos"]
    assert clerk.post(url(lobby, "photos/"), {"drop": kept["key"]}).context["count"] == 0


def test_nobody_sees_the_pictures_of_somebody_elses_draft(clerk, client, lobby):
    clerk.post(url(lobby, "photos/"), {"photo-car": picture()})
    key = Draft.objects.get(key=f"photos/{lobby.elevator.code}").data["photos"][0]["key"]
    client.force_login(User.objects.get(pk=lobby.maintainer.user_id))
    assert client.get(url(lobby, f"photos/{key}/")).status_code == 404


def test_a_second_report_is_asked_about_and_joined(clerk, lobby):
    with register_drained():
        first = make_incident(lobby, started=58, by=lobby.maintainer)
    clerk.post(url(lobby), what())
    clerk.post(
        url(lobby, "who/"), {"people_count": "2", "injured": "yes", "name_1": "黄淑芬", "harm_1": "injured", "phone_1": "13800001234"}
    )
    page = clerk.get(url(lobby, "check/")).content.decode()
    assert "这台梯刚才已有一报" in page
    unanswered = clerk.post(url(lobby, "check/"), {"description": ""})
    assert set(unanswered.context["form"].errors) == {"same_as"}
    clerk.post(url(lobby, "photos/"), {"photo-car": picture()})
    with register_drained():
        answer = clerk.post(url(lobby, "check/"), {"description": "业主群里说的", "same_as": str(first.pk)})
    assert answer["Location"] == f"/filed/{first.reference}/"
    assert Incident.objects.count() == 1
    kept = first.linked_reports.get()
    assert kept.people_count == 2
    for said in ("业主群里说的", "黄淑芬", "13800001234", "救出"):
        assert said in kept.description
    assert first.evidence.count() == 1
    assert "已并入这一案" in clerk.get(answer["Location"]).content.decode()


def test_another_event_on_the_same_elevator_is_a_case_of_its_own(clerk, lobby):
    make_incident(lobby, started=58, by=lobby.maintainer)
    clerk.post(url(lobby), what())
    clerk.post(url(lobby, "who/"), {"people_count": "2", "injured": "no"})
    clerk.post(url(lobby, "check/"), {"description": "", "same_as": "no"})
    assert Incident.objects.count() == 2


def test_tapping_twice_files_once(clerk, lobby):
    incident = file_entrapment(clerk, lobby)
    again = clerk.post(url(lobby, "check/"), {"description": ""})
    assert again["Location"] == f"/filed/{incident.reference}/"
    assert Case.objects.count() == 1


def test_a_draft_can_be_taken_up_again_or_thrown_away(clerk, lobby):
    clerk.post(url(lobby), what())
    clerk.post(url(lobby, "photos/"), {"photo-car": picture()})
    assert "接着报" in clerk.get("/file/").content.decode()
    clerk.post(url(lobby, "discard/"))
    assert not Draft.objects.exists()
    assert "接着报" not in clerk.get("/file/").content.decode()


@pytest.mark.parametrize("code", ["1", "311010890201400098", "不存在"])
def test_an_unknown_code_is_said_beside_the_field(clerk, lobby, code):
    answer = clerk.post("/file/", {"code": code})
    assert "没有找到这台电梯" in answer.content.decode()
    assert "没有找到这台电梯" in str(answer.context["form"].errors["code"])


def test_a_code_of_wrong_length_says_how_many_digits(clerk):
    assert "您填了 16 位" in str(clerk.post("/file/", {"code": "3110108902014000"}).context["form"].errors["code"])


def test_somebody_elses_elevator_is_not_there(clerk, lobby):
    other = make_lobby(place="440305")
    assert "没有找到这台电梯" in clerk.post("/file/", {"code": other.elevator.code}).content.decode()
    for page in ("", "who/", "photos/", "check/"):
        assert clerk.get(url(other, page)).status_code == 404
    foreign = make_incident(other)
    assert clerk.get(f"/filed/{foreign.reference}/").status_code == 404


def test_filing_is_for_those_who_may_report(client, lobby):
    assert client.get("/file/").status_code == 302
    client.force_login(User.objects.get(pk=lobby.handler.user_id))
    assert client.get("/file/").status_code == 403


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("黄淑芬", True),
        ("欧阳文静", True),
        ("阿依古丽·买买提", True),
        ("Maria Silva", True),
        ("穿红衣的女士", False),
        ("乘客", False),
        ("姓黄的阿姨", False),
        ("某女", False),
        ("<b>x</b>", False),
        ("", False),
    ],
)
def test_a_name_is_told_from_a_description(text, is_name):
    assert looks_like_a_name(text) is is_name


def test_what_stands_in_the_rows_of_the_injured_is_ignored_when_nobody_is_hurt(clerk, lobby):
    clerk.post(url(lobby), what())
    typed = {"people_count": "3", "injured": "no", "rows": "1", "name_1": "x" * 80, "harm_1": "nonsense", "phone_1": "abc"}
    answer = clerk.post(url(lobby, "who/"), typed)
    assert (answer.status_code, answer["Location"]) == (302, url(lobby, "photos/"))
    assert ".if-hurt{display:none!important}" in clerk.get(url(lobby, "who/")).content.decode()
