"""Personal links: one person, one case, one purpose; a code at the door; nothing learnt from a token that is not open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection, transaction
from django.utils import timezone

from access.actors import link_actor
from access.roles import Role
from access.scopes import in_scope
from casework.audit import verify_case
from casework.errors import NotPermitted, OutOfScope
from casework.models import Case, CaseEvent, EventFacts
from casework.steps import perform, steps_for
from correspondence import links
from correspondence.api import issue_link, links_of, revoke_link
from correspondence.models import LinkUse, PersonalLink
from tests.factories.access import make_actor
from tests.sample.factories import decide, open_matter, people
from tests.sample.models import AskMatter, Matter

pytestmark = pytest.mark.django_db
What = LinkUse.What


def make(case, by, purpose="sample.answer", label="林美玲", **more):
    more.setdefault("expires_at", timezone.now() + timedelta(days=30))
    return issue_link(case=case, purpose=purpose, party_id=None, label=label, by=by, **more)


@pytest.fixture
def case_and_clerk():
    clerk, handler = people()
    return open_matter(clerk, handler), clerk


def enter(client, made):
    response = client.post(made.path, {"code": made.code})
    assert response.status_code == 302, response.content.decode()
    return response


def wrong(made):
    return f"{(int(made.code) + 1) % 10**6:06d}"


def uses(made):
    return list(LinkUse.objects.filter(link_id=made.id).values_list("what", flat=True))


def test_the_code_opens_the_page_of_the_purpose(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk)

    door = client.get(made.path)
    assert door.status_code == 200
    assert "林美玲" not in door.content.decode() and case.title not in door.content.decode()
    assert door["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in door["Cache-Control"]

    assert enter(client, made)["Location"] == made.path
    page = client.get(made.path).content.decode()
    assert "林美玲，您好" in page and case.title in page
    assert uses(made) == [What.ISSUED, What.OPENED, What.READ]


def test_a_code_typed_with_blanks_and_wide_digits_is_the_same_code(client, case_and_clerk):
    made = make(*case_and_clerk)
    wide = made.code.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert client.post(made.path, {"code": f" {wide[:3]} {wide[3:]} "}).status_code == 302


def test_the_address_below_the_link_is_kept_through_the_door(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk, purpose="sample.read")
    response = client.post(f"{made.path}papers/3", {"code": made.code})
    assert response["Location"] == f"{made.path}papers/3"
    assert client.get(response["Location"]).content.decode() == "只看不办 papers/3"


def test_neither_token_nor_code_nor_name_stands_in_the_database(case_and_clerk):
    made = make(*case_and_clerk)
    token = made.path.split("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM correspondence_personallink l UNION ALL SELECT u::text FROM correspondence_linkuse u")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert token not in rows and "林美玲" not in rows
    assert f",{made.code}," not in rows


@pytest.mark.parametrize("rest", ["", "send"])
def test_forged_expired_revoked_and_replaced_tokens_are_no_page_at_all(client, case_and_clerk, rest):
    case, clerk = case_and_clerk
    past = timezone.now() - timedelta(days=2)
    token = "expired-token"
    PersonalLink.objects.create(
        case_id=case.pk, purpose="sample.read", label="某人", token_digest=links.digest(links._token_text(token)), code_digest="x" * 64,
        issued_at=past, expires_at=past + timedelta(days=1),
    )  # fmt: skip
    revoked = make(case, clerk)
    revoke_link(revoked.id, clerk)
    replaced = make(case, clerk)
    make(case, clerk)

    paths = ("/l/forged/", f"/l/{token}/", revoked.path, replaced.path, f"/l/{'x' * 200}/")
    answers = [client.get(f"{path}{rest}") for path in paths]

    assert {answer.status_code for answer in answers} == {404}
    said = [re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode().replace(path, "")) for path, answer in zip(paths, answers, strict=True)]
    assert len(set(said)) == 1


def test_whoever_is_inside_finds_the_door_gone_when_the_link_is_taken_back(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk)
    enter(client, made)
    revoke_link(made.id, clerk)

    assert client.get(made.path).status_code == 404
    assert client.post(f"{made.path}send", {"seen": case.sequence}).status_code == 404
    assert CaseEvent.objects.filter(case=case).count() == 1
    revoke_link(made.id, clerk)
    assert uses(made).count(What.REVOKED) == 1


def test_after_wrong_codes_the_link_rests_and_not_even_the_right_code_opens_it(client, case_and_clerk):
    made = make(*case_and_clerk)
    for _ in range(links.TRIES - 1):
        assert client.post(made.path, {"code": wrong(made)}).status_code == 422
    assert client.post(made.path, {"code": wrong(made)}).status_code == 429
    assert client.post(made.path, {"code": made.code}).status_code == 429
    assert uses(made) == [What.ISSUED, *[What.REFUSED] * links.TRIES, What.LOCKED]

    PersonalLink.objects.filter(pk=made.id).update(locked_until=timezone.now() - timedelta(seconds=1))
    enter(client, made)


def test_a_link_that_was_tried_too_often_in_all_is_dead(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk)
    for _ in range(links.ALL_TRIES):
        client.post(made.path, {"code": wrong(made)})
        PersonalLink.objects.filter(pk=made.id).update(locked_until=None)

    assert client.post(made.path, {"code": made.code}).status_code == 404
    assert [link.is_open for link in links_of(case, "sample.answer")] == [False]


def test_the_code_of_one_link_opens_no_other_and_being_inside_one_is_not_being_inside_another(client, case_and_clerk):
    case, clerk = case_and_clerk
    mine, other = make(case, clerk), make(case, clerk, purpose="sample.read", label="陈国栋")
    PersonalLink.objects.filter(pk=other.id).update(wrong_tries=0)
    if mine.code != other.code:
        assert client.post(other.path, {"code": mine.code}).status_code == 422
    enter(client, mine)
    assert "只看不办" not in client.get(other.path).content.decode()
    enter(client, other)
    assert "只看不办" in client.get(other.path).content.decode()
    assert "林美玲，您好" in client.get(mine.path).content.decode()


def test_leaving_asks_for_the_code_again(client, case_and_clerk):
    made = make(*case_and_clerk)
    enter(client, made)
    assert client.post(f"{made.path}leave")["Location"] == made.path
    assert "林美玲" not in client.get(made.path).content.decode()


def test_an_hour_without_a_click_asks_for_the_code_again(client, case_and_clerk, monkeypatch):
    made = make(*case_and_clerk)
    enter(client, made)
    now = timezone.now().timestamp()
    monkeypatch.setattr("correspondence.link_views.time.time", lambda: now + 3601)
    assert "林美玲" not in client.get(made.path).content.decode()


def test_a_step_by_link_goes_through_the_one_door_and_says_by_which_link(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk)
    enter(client, made)

    assert client.post(f"{made.path}send", {"seen": case.sequence}).status_code == 302

    event = CaseEvent.objects.get(case=case, verb="answer")
    assert (event.link_id, event.identified_by, event.actor_user_id, event.actor_organisation_id) == (made.id, "link+code", None, None)
    assert event.actor_name == "林*玲"
    fresh = Matter.objects.get(pk=case.pk)
    assert verify_case(fresh) is None
    assert uses(made)[-1] == What.SENT


def test_the_chain_notices_another_link_put_in_the_place_of_the_first(client, case_and_clerk):
    case, clerk = case_and_clerk
    made = make(case, clerk)
    perform(case, "answer", by=link_actor(links_of(case)[0]), happened_at=timezone.now(), seen=None, facts=AskMatter())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_caseevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE casework_caseevent SET link_id = %s WHERE verb = 'answer'", [made.id + 1])
        cursor.execute("ALTER TABLE casework_caseevent ENABLE TRIGGER USER")
    assert verify_case(Matter.objects.get(pk=case.pk)).why == "altered"


def test_the_actor_sees_its_one_case_and_no_other(case_and_clerk):
    case, clerk = case_and_clerk
    other = open_matter(clerk, make_actor(Role.INSURER_HANDLER))
    make(case, clerk)
    actor = link_actor(links_of(case)[0])

    assert list(Case.objects.filter(in_scope(actor))) == [Case.objects.get(pk=case.pk)]
    assert list(EventFacts.objects.filter(in_scope(actor, "event__case"))) == list(EventFacts.objects.filter(event__case=case))
    with pytest.raises(OutOfScope):
        perform(other, "answer", by=actor, happened_at=timezone.now(), seen=None, facts=AskMatter())
    with pytest.raises(NotPermitted):
        decide(case, actor)


def test_a_link_does_only_what_its_purpose_opens(case_and_clerk):
    case, clerk = case_and_clerk
    make(case, clerk, purpose="sample.read")
    actor = link_actor(links_of(case)[0])
    with pytest.raises(NotPermitted) as refusal:
        perform(case, "answer", by=actor, happened_at=timezone.now(), seen=None, facts=AskMatter())
    assert refusal.value.code == "not_this_link"
    assert [view.verb for view in steps_for(case, actor) if view.allowed] == []


def test_only_who_takes_part_makes_links_and_a_link_makes_none(case_and_clerk):
    case, clerk = case_and_clerk
    make(case, clerk)
    for stranger in (
        make_actor(Role.MANAGER_CLERK),
        make_actor(Role.STREET_CLERK),
        make_actor(Role.AUDITOR),
        link_actor(links_of(case)[0]),
    ):
        with pytest.raises(OutOfScope):
            make(case, stranger)
        with pytest.raises(OutOfScope):
            revoke_link(links_of(case)[0].id, stranger)


def test_a_link_needs_a_purpose_somebody_serves_a_name_and_a_moment_ahead(case_and_clerk):
    case, clerk = case_and_clerk
    with pytest.raises(KeyError):
        make(case, clerk, purpose="sample.unknown")
    with pytest.raises(ValidationError):
        make(case, clerk, label=" ")
    for wait in (timedelta(seconds=-1), timedelta(days=400)):
        with pytest.raises(ValidationError):
            make(case, clerk, expires_at=timezone.now() + wait)
    assert not PersonalLink.objects.exists()


def test_what_is_known_of_the_links_of_a_case(client, case_and_clerk):
    case, clerk = case_and_clerk
    first = make(case, clerk)
    (known,) = links_of(case, "sample.answer")
    assert (known.id, known.label, known.is_open, known.opened_at, known.last_used_at, known.strength) == (
        first.id, "林美玲", True, None, None, "link+code",
    )  # fmt: skip
    enter(client, first)
    (known,) = links_of(case, "sample.answer")
    assert known.opened_at == known.last_used_at is not None
    assert links_of(case, "sample.read") == ()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM correspondence_linkuse",
        "UPDATE correspondence_linkuse SET what = 'read'",
        "DELETE FROM correspondence_personallink",
        "UPDATE correspondence_personallink SET purpose = 'sample.read'",
        "UPDATE correspondence_personallink SET expires_at = expires_at + interval '1 year'",
    ],
)
def test_the_trace_of_uses_and_the_door_itself_cannot_be_rewritten(case_and_clerk, change):
    make(*case_and_clerk)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
