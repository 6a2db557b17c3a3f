"""Pages of the register: what each shows, to whom, and that nobody else learns it is there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from access.actors import system_actor
from access.models import User
from casework.models import Draft
from casework.steps import perform
from elevators import api, services
from elevators.models import Building, Elevator, Incident
from elevators.selectors import lists
from tests.factories.elevators import Lobby, ago, make_elevator, make_incident, make_lobby, register_drained

pytestmark = pytest.mark.django_db
HURT = api.PersonFacts(key="", name="黄淑芬", is_named=True, harm=api.Harm.INJURED)


@pytest.fixture
def lobby() -> Lobby:
    return make_lobby()


@pytest.fixture
def incident(lobby) -> Incident:
    with register_drained():
        found = make_incident(lobby, started=200, trapped=52, people=(HURT,))
    return Incident.objects.get(pk=found.pk)


def signed_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


# The case page


@pytest.mark.parametrize("who", ["clerk", "maintainer", "street_clerk", "officer", "handler"])
def test_the_case_page_shows_facts_with_their_working(client, lobby, incident, who):
    html = signed_in(client, getattr(lobby, who)).get(f"/cases/{incident.reference}/").content.decode()
    assert "52 分钟" in html
    assert "特种设备安全监察条例" in html
    assert "已定级" in html
    assert "黄*芬" in html
    assert "黄淑芬" not in html


def test_the_case_is_not_there_for_strangers(client, incident):
    stranger = make_lobby(place="440305")
    for who in (stranger.clerk, stranger.officer, stranger.street_clerk):
        assert signed_in(client, who).get(f"/cases/{incident.reference}/").status_code == 404


def test_late_rescuers_are_told_against_the_rule(client, lobby):
    start = ago(120)
    case = api.report_incident(
        elevator_id=lobby.elevator.pk,
        by=lobby.clerk,
        nature="entrapment",
        started_at=start,
        learnt_at=start,
        people_count=1,
        arrival_at=start + timedelta(minutes=41),
        released_at=start + timedelta(minutes=52),
    )
    html = signed_in(client, lobby.clerk).get(f"/cases/{case.reference}/").content.decode()
    assert "事发后 41 分钟，规定 30 分钟，超过" in html
    Building.objects.update(is_urban=False)
    assert "规定 60 分钟" in client.get(f"/cases/{case.reference}/").content.decode()


# Every step has a form that works


def test_steps_are_taken_from_their_pages(client, lobby, incident):
    clerk = signed_in(client, lobby.clerk)
    now = typed(timezone.now())

    def take(verb: str, **fields: object) -> Incident:
        page = clerk.get(f"/cases/{incident.reference}/{verb}/")
        assert page.status_code == 200
        seen = Incident.objects.get(pk=incident.pk).sequence
        with register_drained():
            answer = clerk.post(f"/cases/{incident.reference}/{verb}/", {"happened_at": now, "seen": seen, **fields})
        assert answer.status_code == 302, answer.content.decode()[:6000]
        return Incident.objects.get(pk=incident.pk)

    start = incident.started_at
    rescued = take("record_rescue", arrival_at=typed(start + timedelta(minutes=30)), released_at=typed(start + timedelta(minutes=40)))
    assert rescued.trapped_minutes == 40
    keep = {
        "P1_name": "黄淑芬",
        "P1_harm": "serious",
        "P1_age": "62",
        "P2_name": "乘客 2",
        "P2_harm": "unhurt",
        "P3_name": "乘客 3",
        "P3_harm": "unhurt",
        "new_name": "陈小轩",
        "new_harm": "unhurt",
        "new_age": "8",
    }
    changed = take("change_people", people_count="4", reason="医院通知", **keep)
    assert (changed.serious_injuries, changed.accident_grade, changed.people_count) == (1, "ordinary", 4)
    fourth = changed.people.get(key="P4")
    assert (fourth.name, fourth.age, fourth.party_id is not None, fourth.was_trapped) == ("陈小轩", 8, True, True)
    corrected = take(
        "correct_facts",
        nature="entrapment",
        started_at=typed(start - timedelta(minutes=5)),
        people_count="4",
        description="平层差",
        loss_estimate="1,200",
        exclusion="",
        exclusion_reason="",
        reason="96333 记录为准",
    )
    assert corrected.trapped_minutes == 45
    assert take("confirm_grade", note="").is_grade_confirmed
    assert (
        take(
            "join",
            source="passenger",
            reporter="林先生",
            reported_at=typed(ago(150)),
            started_at=typed(start),
            people_count="3",
            description="",
        ).linked_reports.count()
        == 1
    )
    if corrected.must_report and corrected.regulator_notified_at is None:
        take("notify_regulator", reported_at=typed(ago(100)), channel="telephone", receipt="李某")


def test_an_incident_is_closed_and_reopened_from_its_page(client, lobby):
    incident = make_incident(lobby, started=200, nature="fault", people_count=0)
    perform(incident, "grade", by=system_actor("elevators"), happened_at=timezone.now(), seen=None)
    clerk, now = signed_in(client, lobby.clerk), typed(timezone.now())
    for verb, typed_in, state in [
        ("confirm_grade", {}, "open"),
        ("close", {"conclusion": "更换门锁触点"}, "closed"),
        ("reopen", {"reason": "又停了一次"}, "open"),
    ]:
        seen = Incident.objects.get(pk=incident.pk).sequence
        clerk.post(f"/cases/{incident.reference}/{verb}/", {"happened_at": now, "seen": seen, **typed_in})
        assert Incident.objects.get(pk=incident.pk).state == state


def test_a_bad_rescue_time_is_said_beside_its_field(client, lobby, incident):
    clerk = signed_in(client, lobby.clerk)
    answer = clerk.post(
        f"/cases/{incident.reference}/record_rescue/",
        {
            "happened_at": typed(timezone.now()),
            "seen": incident.sequence,
            "arrival_at": "",
            "released_at": typed(ago(300)),
            "note": "记得问维保",
        },
    )
    assert "救出时间早于被困时间" in str(answer.context["form"].errors["released_at"])
    assert "记得问维保" in answer.content.decode()


def test_two_incidents_are_joined_from_the_page(client, lobby, incident):
    with register_drained():
        second = make_incident(lobby, started=190, by=lobby.maintainer)
    clerk = signed_in(client, lobby.clerk)
    with register_drained():
        clerk.post(
            f"/cases/{second.reference}/mark_duplicate/",
            {
                "happened_at": typed(timezone.now()),
                "seen": Incident.objects.get(pk=second.pk).sequence,
                "of_reference": incident.reference,
                "reason": "同一次停梯",
            },
        )
    assert Incident.objects.get(pk=second.pk).state == "duplicate"
    html = clerk.get(f"/cases/{incident.reference}/").content.decode()
    assert "并入的报告" in html
    assert second.reference in html


# Lists


def test_lists_show_my_elevators_and_incidents_only(client, lobby, incident):
    other = make_lobby(place="440305")
    foreign = make_incident(other)
    clerk = signed_in(client, lobby.clerk)
    lifts, cases = clerk.get("/elevators/").content.decode(), clerk.get("/incidents/?show=all").content.decode()
    assert lobby.elevator.grouped_code in lifts
    assert other.elevator.grouped_code not in lifts
    assert incident.reference in cases
    assert foreign.reference not in cases


@pytest.mark.parametrize("words", ["榕岸花园", "榕岸 3栋", "榕岸路 86", "code", "rescue"])
def test_an_elevator_is_found_by_name_address_or_code(client, lobby, words):
    words = {"code": " ".join(lobby.elevator.code[:12]), "rescue": lobby.elevator.rescue_code.lower(), "榕岸 3栋": "榕岸 栋"}.get(
        words, words
    )
    html = signed_in(client, lobby.clerk).get("/elevators/", {"q": words}).content.decode()
    assert lobby.elevator.grouped_code in html


def test_what_is_not_found_says_what_to_try(client, lobby):
    html = signed_in(client, lobby.clerk).get("/elevators/", {"q": "<b>白云</b>"}).content.decode()
    assert "没有找到“&lt;b&gt;白云&lt;/b&gt;”" in html


def test_pages_of_elevators_hold_each_once(lobby, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 3)
    for n in range(7):
        lift = make_elevator(f"同名 {n % 2} 梯")
        services.appoint_use_manager(lift, since=date(2020, 1, 1), basis="entrusted", organisation_id=lobby.manager.pk)
    seen, after = [], ""
    while True:
        page = lists.elevators_page(actor=lobby.clerk, after=after)
        seen += [r.elevator.pk for r in page.rows]
        after = page.next_cursor
        if not after:
            break
    assert len(seen) == len(set(seen)) == 8


def test_pages_of_incidents_hold_each_once(lobby, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    for n in range(5):
        make_incident(lobby, started=300 + 10 * (n // 2), nature="fault", people_count=0)
    seen, after = [], ""
    while True:
        page = lists.incidents_page(actor=lobby.clerk, show="all", after=after)
        seen += [i.pk for i in page.rows]
        after = page.next_cursor
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("cursor", ["x", "~", "x~y", "2026~9", "~" * 50])
def test_a_mangled_cursor_shows_the_first_page(client, lobby, incident, cursor):
    clerk = signed_in(client, lobby.clerk)
    assert clerk.get("/incidents/", {"after": cursor}).status_code == 200
    assert clerk.get("/elevators/", {"after": cursor}).status_code == 200


def test_the_search_box_finds_elevators(client, lobby):
    html = signed_in(client, lobby.clerk).get("/search/", {"q": "榕岸花园"}).content.decode()
    assert f"/elevators/{lobby.elevator.code}/" in html


# One elevator


def test_the_elevator_page_tells_everything_to_those_who_answer_for_it(client, lobby, incident):
    html = signed_in(client, lobby.clerk).get(f"/elevators/{lobby.elevator.code}/").content.decode()
    for known in (lobby.manager.name, lobby.insurer.short_name, incident.reference, "020-0000 0000", "2027年3月31日", "定期检验 合格"):
        assert known in html


def test_the_elevator_page_is_not_there_for_others(client, lobby):
    assert client.get(f"/elevators/{lobby.elevator.code}/").status_code == 302
    stranger = make_lobby(place="440305")
    assert signed_in(client, stranger.clerk).get(f"/elevators/{lobby.elevator.code}/").status_code == 404


def test_the_plate_tells_everybody_who_answers_and_nothing_personal(client, lobby, incident):
    html = client.get(f"/lift/{lobby.elevator.code}/").content.decode()
    for known in (lobby.manager.name, lobby.insurer.short_name, "96333", lobby.elevator.rescue_code, "被困 52 分钟", "出了事怎么办"):
        assert known in html
    for secret in ("黄淑芬", "黄*芬", incident.reference, incident.policy_reference, lobby.clerk.name):
        assert secret not in html
    assert client.get("/lift/999999999999999999/").status_code == 404


def test_the_plate_says_when_nobody_answers(client, lobby):
    services.end_use_management(lobby.elevator, on=timezone.localdate() - timedelta(weeks=1))
    html = client.get(f"/lift/{lobby.elevator.code}/").content.decode()
    assert "没有使用管理人" in html
    assert str(Elevator.Status.SUSPENDED_NO_MANAGER.label) in html


def test_autosave_keeps_what_is_being_typed(client, lobby):
    clerk = signed_in(client, lobby.clerk)
    answer = clerk.post(f"/drafts/file/{lobby.elevator.code}/what/", {"nature": "injury"})
    assert "草稿已存" in answer.content.decode()
    assert Draft.objects.get().data == {"nature": ["injury"]}
    assert clerk.get(f"/file/{lobby.elevator.code}/").context["form"].initial["nature"] == "injury"
