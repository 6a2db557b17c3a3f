"""A clock that turns amber is told of once, one that is past once more; a new run of it begins anew."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from access.models import User
from casework.models import Deadline
from casework.steps import perform
from correspondence.models import Message, MessageRule
from correspondence.reminders import remind
from tests.sample.factories import START, decide, open_matter, people
from tests.sample.models import AskMatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter():
    clerk, handler = people()
    return open_matter(clerk, handler), clerk, handler


def told(case):
    return list(Message.objects.filter(case=case).order_by("id").values_list("kind", "recipient_id"))


def test_amber_is_told_once_and_overdue_once_to_whoever_must_act(matter):
    case, _clerk, handler = matter
    due = Deadline.objects.get(case=case).due_at

    assert remind(due - timedelta(days=4)) == 0 and told(case) == []
    assert remind(due - timedelta(days=3)) == 1 and remind(due - timedelta(days=2)) == 0
    assert told(case) == [("deadline.near:decide", handler.user_id)]

    assert remind(due + timedelta(seconds=1)) == 1 and remind(due + timedelta(days=30)) == 0
    assert told(case) == [("deadline.near:decide", handler.user_id), ("deadline.over:decide", handler.user_id)]
    message = Message.objects.get(kind="deadline.over:decide")
    assert case.reference in message.subject and "作出核定" in message.subject and "2025年4月2日" in message.subject
    assert "第二十三条" in message.text


def test_a_met_or_standing_clock_is_told_to_nobody(matter):
    case, clerk, handler = matter
    due = Deadline.objects.get(case=case).due_at
    perform(case, "ask", by=handler, happened_at=START, seen=None, facts=AskMatter())
    assert remind(due + timedelta(days=1)) == 0
    perform(case, "answer", by=clerk, happened_at=START, seen=None, facts=AskMatter())
    case.refresh_from_db()
    decide(case, handler)
    assert remind(due + timedelta(days=1)) == 0


def test_an_office_that_switched_a_rule_off_is_left_in_peace(matter):
    case, _clerk, _handler = matter
    import_module("correspondence.migrations.0004_reminders").seed(apps, None)  # the table as an installation has it
    MessageRule.objects.filter(kind="deadline.over", role="insurer_handler").update(is_active=False)
    assert remind(Deadline.objects.get(case=case).due_at + timedelta(days=1)) == 1
    assert told(case) == []


def test_the_panel_of_deadlines_says_when_somebody_was_told(matter, client):
    case, _clerk, handler = matter
    remind(timezone.now())
    client.force_login(User.objects.get(pk=handler.user_id))
    assert "已发逾期提醒" in client.get(f"/cases/{case.reference}/").content.decode()
