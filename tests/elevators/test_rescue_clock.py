"""The rescue is there within thirty minutes in a city's district, within an hour elsewhere (TSG T5002): shown, never waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.models import Deadline
from casework.steps import perform
from elevators import api
from tests.factories.elevators import make_incident, make_lobby

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("place", "rule", "minutes"), [("440105", "rescue_arrival_urban", 30), ("440523", "rescue_arrival_elsewhere", 60)])
def test_the_clock_runs_from_the_alarm_and_by_the_place(place, rule, minutes):
    incident = make_incident(make_lobby(place=place), started=20, learnt=15)

    (clock,) = Deadline.objects.filter(case=incident, rule__startswith="rescue_arrival")
    assert (clock.rule, clock.unit, clock.count, clock.informs) == (rule, "minutes", minutes, True)
    assert clock.due_at == incident.learnt_at + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("arrived", "status", "late"), [(25, "met", False), (40, "met", True), (None, "void", False)], ids=["in time", "late", "not known"]
)
def test_what_counts_is_when_they_arrived_and_not_when_it_was_written_down(arrived, status, late):
    lobby = make_lobby()
    incident = make_incident(lobby, started=120)
    start = incident.started_at
    facts = api.RecordRescue(start + timedelta(minutes=50), start + timedelta(minutes=arrived) if arrived else None)
    perform(incident, "record_rescue", by=lobby.clerk, happened_at=timezone.now(), seen=None, facts=facts)

    clock = Deadline.objects.get(case=incident, rule="rescue_arrival_urban")
    assert (clock.status, clock.was_late) == (status, late)


def test_nobody_trapped_no_rescue():
    incident = make_incident(make_lobby(), nature=api.Nature.FAULT, people_count=0)
    assert not Deadline.objects.filter(case=incident, rule__startswith="rescue_arrival").exists()
