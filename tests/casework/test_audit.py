"""The chain names the first row that somebody altered, took out or added; erasing personal facts leaves it whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.utils import timezone

from access.actors import actor_for
from access.models import Organisation, User
from access.roles import Role
from casework import erasure, services
from casework.audit import verify_all, verify_case
from casework.models import Case, EventFacts, Evidence
from casework.steps import perform
from casework.timeline import entry
from legislation import lookup
from tests.factories.access import make_actor
from tests.sample.factories import START, decide, open_matter, people
from tests.sample.models import AskMatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    clerk, handler = people()
    matter = open_matter(clerk, handler)
    perform(matter, "ask", by=handler, happened_at=START, seen=None, facts=AskMatter())
    decide(matter, handler, seen=None)
    return Case.objects.get(pk=matter.pk)


def tamper(table, sql, *parameters):
    """Write as a database administrator could, with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_chain_holds(case):
    assert verify_case(case) is None
    assert list(verify_all()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "别人"), ("happened_at", timezone.now()), ("target", "open"), ("facts_digest", "0" * 64), ("provisions", "[]")],
)
def test_an_altered_event_is_named(case, column, value):
    tamper("casework_caseevent", f"UPDATE casework_caseevent SET {column} = %s WHERE case_id = %s AND number = 3", value, case.pk)
    broken = verify_case(case)
    assert (broken.reference, broken.number) == (case.reference, 3)


def test_altered_facts_are_named(case):
    tamper(
        "casework_eventfacts",
        'UPDATE casework_eventfacts SET facts = \'{"granted": "99.00", "reason": ""}\' WHERE event_id ='
        " (SELECT id FROM casework_caseevent WHERE case_id = %s AND number = 3)",
        case.pk,
    )
    assert verify_case(case).why == "facts altered"


def test_a_row_taken_out_is_named(case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM casework_caseevent WHERE case_id = %s AND number = 2", [case.pk])
        (event,) = cursor.fetchone()
    tamper("casework_eventfacts", "DELETE FROM casework_eventfacts WHERE event_id = %s", event)
    tamper("casework_caseevent", "DELETE FROM casework_caseevent WHERE id = %s", event)
    assert (verify_case(case).number, verify_case(case).why) == (2, "missing")


def test_a_state_set_behind_the_chain_is_named(case):
    tamper("casework_case", "UPDATE casework_case SET state = 'closed' WHERE id = %s", case.pk)
    assert "does not reach" in verify_case(Case.objects.get(pk=case.pk)).why


def close(case, handler):
    Evidence.objects.create(case=case, code="receipt", name="r.jpg", media_type="image/jpeg", size=1, sha256="0" * 64)
    return perform(case, "close", by=handler, happened_at=START + timedelta(days=2), seen=None).case


@pytest.fixture
def closed():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    decide(case, handler)
    return close(case, handler)


def test_erased_facts_leave_a_tombstone_that_verifies_and_no_salt(closed):
    assert erasure.erase_case(closed, because="本人要求") == closed.sequence
    rows = EventFacts.objects.filter(event__case=closed)
    assert {(row.facts, row.changes, row.salt, row.erased_because) for row in rows} == {(None, None, "", "本人要求")}
    assert verify_case(Case.objects.get(pk=closed.pk)) is None
    assert erasure.erase_case(closed, because="再来一次") == 0


def test_a_tombstone_that_keeps_its_salt_is_refused_by_the_database(closed):
    with pytest.raises(InternalError), transaction.atomic():
        EventFacts.objects.filter(event__case=closed).update(facts=None, changes=None, erased_at=timezone.now(), erased_because="x")


def test_an_open_case_its_open_child_or_a_registered_hold_keeps_the_file(closed, monkeypatch):
    clerk, handler = people()
    standing = open_matter(clerk, handler)
    with pytest.raises(erasure.Held, match=standing.reference):
        erasure.erase_case(standing, because="本人要求")
    parent = open_matter(clerk, handler)
    child = open_matter(clerk, handler, parent=parent)
    decide(parent, handler)
    parent = close(parent, handler)
    with pytest.raises(erasure.Held, match=child.reference):
        erasure.erase_case(parent, because="本人要求")

    monkeypatch.setattr(erasure, "_holds", [lambda case: "诉讼还在办"])
    with pytest.raises(erasure.Held, match="诉讼还在办"):
        erasure.erase_case(closed, because="本人要求")
    assert not EventFacts.objects.exclude(erased_at=None).exists()


def test_the_years_of_a_file_come_from_the_retention_class_of_its_kind(closed):
    until = erasure.kept_until(closed)
    assert until == date(2035, 3, 5)
    assert list(erasure.expired(until)) == []
    assert [case.pk for case in erasure.expired(until + timedelta(days=1))] == [closed.pk]
    erasure.erase_case(closed, because="保存期限已满")
    assert list(erasure.expired(until + timedelta(days=1))) == []


def test_every_retention_class_declared_anywhere_has_its_years():
    declared = {getattr(model, "RETENTION", "") for model in apps.get_models()} - {""}
    assert {name: lookup.at(date(2026, 1, 1)).years(f"retention.{name}").value > 0 for name in declared} == dict.fromkeys(declared, True)


def test_the_commands_erase_with_a_reason_and_say_what_is_held(closed, capsys, monkeypatch):
    call_command("erase_expired")
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(timezone, "localdate", lambda *a: date(2040, 1, 1))
    call_command("erase_expired", "--dry-run")
    assert f"would erase {closed.reference}" in capsys.readouterr().out
    monkeypatch.setattr(erasure, "_holds", [lambda case: "诉讼还在办"])
    with pytest.raises(CommandError, match="诉讼还在办"):
        call_command("erase_case", closed.reference, "--reason", "本人要求")
    call_command("erase_expired")
    assert "held" in capsys.readouterr().out
    monkeypatch.setattr(erasure, "_holds", [])
    call_command("erase_case", closed.reference, "--reason", "本人要求")
    call_command("verify_audit")
    assert "ok" in capsys.readouterr().out


def test_handing_a_case_over_and_standing_in_are_links_of_its_chain(case):
    handler_user = User.objects.get(memberships__role="insurer_handler")
    handler = actor_for(handler_user)
    colleague = make_actor(Role.INSURER_HANDLER, organisation=Organisation.objects.get(pk=handler.organisation_id))
    standing = open_matter(make_actor(Role.MANAGER_CLERK), handler)
    seen = standing.sequence

    services.assign(standing, to=handler_user, by=colleague)
    services.stand_in(absent=handler, substitute=User.objects.get(pk=colleague.user_id), since=date(2026, 12, 1), until=date(2026, 12, 9))

    fresh = Case.objects.get(pk=standing.pk)
    assert fresh.assignee_id == handler.user_id and verify_case(fresh) is None
    events = list(fresh.events.order_by("number").select_related("record"))
    assert [e.verb for e in events] == ["open_matter", "assign_officer", "name_substitute"]
    assert events[1].record.facts["to"] == handler.user_id and events[1].record.changes == {"assignee_id": handler.user_id}
    assert [str(entry(e).label) for e in events[1:]] == ["改经办人", "请同事代办"]
    assert decide(fresh.specific, handler, seen=seen).target == "decided", "who handles it changes nothing a form has seen"
    assert verify_case(Case.objects.get(pk=standing.pk)) is None


def test_facts_cannot_be_edited_even_by_sql(case):
    with pytest.raises(InternalError), transaction.atomic():
        EventFacts.objects.filter(event__case=case).update(facts={"granted": "1.00"})


def test_the_command_exits_with_one_and_names_the_case(case, capsys):
    tamper("casework_caseevent", "UPDATE casework_caseevent SET actor_name = 'x' WHERE case_id = %s AND number = 1", case.pk)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit")
    assert stop.value.code == 1
    assert case.reference in capsys.readouterr().out
