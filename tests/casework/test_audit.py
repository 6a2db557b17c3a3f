"""The chain names the first row that somebody altered, took out or added; erasing personal facts leaves it whole."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.utils import timezone

from casework.audit import verify_all, verify_case
from casework.models import Case, EventFacts
from casework.steps import perform
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


def test_erased_facts_leave_a_tombstone_that_verifies(case):
    record = EventFacts.objects.get(event__case=case, event__number=3)
    EventFacts.objects.filter(pk=record.pk).update(facts=None, changes=None, erased_at=timezone.now(), erased_because="保存期满")
    assert verify_case(case) is None


def test_facts_cannot_be_edited_even_by_sql(case):
    with pytest.raises(InternalError), transaction.atomic():
        EventFacts.objects.filter(event__case=case).update(facts={"granted": "1.00"})


def test_the_command_exits_with_one_and_names_the_case(case, capsys):
    tamper("casework_caseevent", "UPDATE casework_caseevent SET actor_name = 'x' WHERE case_id = %s AND number = 1", case.pk)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit")
    assert stop.value.code == 1
    assert case.reference in capsys.readouterr().out
