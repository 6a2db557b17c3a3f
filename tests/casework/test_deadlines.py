"""Clocks follow the events: start, pause, end, and say how they were computed."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from access.models import User
from access.roles import Role
from casework import registry
from casework.models import Case, Deadline
from casework.steps import perform
from legislation import lookup
from tests.factories.access import make_actor
from tests.sample.factories import START, decide, open_matter, people
from tests.sample.models import AskMatter

pytestmark = pytest.mark.django_db


def day(moment):
    return timezone.localtime(moment).date()


def test_thirty_days_from_the_first_receipt():
    case = open_matter(*people())
    clock = Deadline.objects.get(case=case, rule="decide")
    assert (day(clock.due_at), clock.status) == (date(2025, 4, 2), "running")
    assert Case.objects.get(pk=case.pk).next_deadline_at == clock.due_at
    assert clock.citation == "《中华人民共和国保险法》第二十三条第一款"


def test_a_request_for_papers_stops_the_clock_and_their_arrival_starts_it_again():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    perform(case, "ask", by=handler, happened_at=START, seen=None, facts=AskMatter(date(2025, 3, 10)))
    assert Deadline.objects.get(case=case).status == "paused"
    assert Case.objects.get(pk=case.pk).next_deadline_at is None
    perform(case, "answer", by=clerk, happened_at=START, seen=None, facts=AskMatter(date(2025, 3, 17)))
    clock = Deadline.objects.get(case=case)
    assert (day(clock.due_at), clock.paused_days, clock.status) == (date(2025, 4, 9), 7, "running")


def test_a_met_clock_remembers_that_it_was_late():
    clerk, handler = people()
    case = open_matter(clerk, handler, at=timezone.make_aware(datetime(2025, 1, 6, 9, 0)))
    decide(case, handler)
    clock = Deadline.objects.get(case=case)
    assert (clock.status, clock.was_late) == ("met", True)
    assert Case.objects.get(pk=case.pk).next_deadline_at is None


def test_a_clock_runs_under_the_law_of_the_day_it_began(monkeypatch):
    """What is touched after a change of law keeps the period, the article and the due day it began with."""
    clerk, handler = people()
    case = open_matter(clerk, handler)
    before = Deadline.objects.get(case=case)
    asked = []
    rule = registry.kind("matter").deadlines[0]
    real = lookup.for_case

    def for_case(place, dates):
        asked.append(dates["event"])
        return real(place, dates)

    monkeypatch.setattr(lookup, "for_case", for_case)

    perform(case, "ask", by=handler, happened_at=START + timedelta(days=400), seen=None, facts=AskMatter(date(2026, 4, 7)))

    after = Deadline.objects.get(case=case)
    assert asked[-1] == START.date() and rule.name == "decide"
    assert (after.citation, after.count, after.starts_at) == (before.citation, before.count, before.starts_at)


def without_rule(monkeypatch):
    kind = registry.kind("matter")
    rule = dataclasses.replace(kind.deadlines[0], parameter="incident.regulator_report_period")
    monkeypatch.setitem(registry._kinds, "matter", dataclasses.replace(kind, deadlines=(rule,)))


def test_a_clock_without_a_rule_on_its_day_stays_visible(monkeypatch, client):
    """The report period has held since 2022-03-01; a matter of 2021 must not lose its clock without a word."""
    without_rule(monkeypatch)
    clerk, handler = people()
    case = open_matter(clerk, handler, at=timezone.make_aware(datetime(2021, 5, 6, 9, 0)))

    clock = Deadline.objects.get(case=case)
    assert (clock.status, clock.due_at, clock.informs) == ("no_rule", None, True)
    assert Case.objects.get(pk=case.pk).next_deadline_at is None
    client.force_login(User.objects.get(pk=handler.user_id))
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "没有查到适用的规定" in page and "请人工查明期限" in page
    assert client.get(f"/cases/{case.reference}/deadlines/decide/").status_code == 200

    operator = make_actor(Role.OPERATOR)
    client.force_login(User.objects.get(pk=operator.user_id))
    assert case.reference in client.get("/operator/").content.decode()

    decide(case, handler)
    assert Deadline.objects.get(case=case).status == "void"


def test_a_clock_may_count_minutes_and_be_met_by_a_fact(monkeypatch):
    kind = registry.kind("matter")
    rule = dataclasses.replace(
        kind.deadlines[0], parameter="incident.rescue_arrival_urban", met_by=("answer",), met_fact="arrived_on", pauses=()
    )
    monkeypatch.setitem(registry._kinds, "matter", dataclasses.replace(kind, deadlines=(rule,)))
    clerk, handler = people()
    case = open_matter(clerk, handler)
    clock = Deadline.objects.get(case=case)
    assert (clock.unit, clock.count, clock.due_at) == ("minutes", 30, START + timedelta(minutes=30))

    perform(case, "answer", by=clerk, happened_at=START + timedelta(days=1), seen=None, facts=AskMatter(date(2025, 3, 3)))
    clock = Deadline.objects.get(case=case)
    assert (clock.status, day(clock.met_at)) == ("met", date(2025, 3, 3))


def test_a_clock_met_at_an_unknown_moment_is_judged_by_nobody(monkeypatch):
    kind = registry.kind("matter")
    rule = dataclasses.replace(kind.deadlines[0], met_by=("answer",), met_fact="arrived_on", pauses=())
    monkeypatch.setitem(registry._kinds, "matter", dataclasses.replace(kind, deadlines=(rule,)))
    clerk, handler = people()
    case = open_matter(clerk, handler)
    perform(case, "answer", by=clerk, happened_at=START + timedelta(days=90), seen=None, facts=AskMatter())
    assert (Deadline.objects.get(case=case).status, Deadline.objects.get(case=case).was_late) == ("void", False)
