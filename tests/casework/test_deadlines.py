"""Clocks follow the events: start, pause, end, and say how they were computed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from casework.models import Case, Deadline
from casework.steps import perform
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
