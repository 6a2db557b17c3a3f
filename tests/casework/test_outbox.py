"""News is delivered at least once, in order, and its effect happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from casework import outbox
from casework.models import OutboxEntry, Task
from tests.sample import effects
from tests.sample.factories import decide, open_matter, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    decide(case, handler)
    return case


@pytest.fixture
def failing():
    effects.failing.add("leave_a_task")
    yield effects.failing
    effects.failing.clear()


def test_an_event_leaves_one_row_per_handler_and_the_relay_delivers_it(decided):
    entry = OutboxEntry.objects.get(event__case=decided)
    assert entry.handler == "tests.sample.effects.leave_a_task"
    assert outbox.relay() == 1
    assert outbox.relay() == 0
    assert Task.objects.filter(case=decided).count() == 1
    assert OutboxEntry.objects.get().status == "done"


def test_delivering_twice_has_one_effect(decided):
    entry = OutboxEntry.objects.get()
    outbox.handle(entry)
    outbox.handle(entry)
    assert Task.objects.filter(case=decided).count() == 1


def test_a_failure_waits_longer_each_time_and_is_parked_at_last(decided, failing):
    waits = []
    for _ in range(outbox.PARK_AFTER):
        OutboxEntry.objects.filter(status="pending").update(next_attempt_at=timezone.now())
        before = timezone.now()
        assert outbox.relay() == 0
        waits.append(OutboxEntry.objects.get().next_attempt_at - before)
    entry = OutboxEntry.objects.get()
    assert entry.status == "parked" and "told to fail" in entry.last_error
    assert waits[0] < waits[1] < waits[4] <= timedelta(seconds=outbox.LONGEST_WAIT + 5)
    assert not Task.objects.filter(case=decided).exists()


def test_an_operator_lets_a_parked_entry_try_again(decided, failing):
    OutboxEntry.objects.update(status="parked", attempts=14)
    outbox.unpark(OutboxEntry.objects.get())
    failing.clear()
    assert outbox.relay() == 1
    assert Task.objects.filter(case=decided).count() == 1


def test_one_failing_case_does_not_hold_another(failing):
    clerk, handler = people()
    first, second = open_matter(clerk, handler), open_matter(clerk, handler)
    decide(first, handler)
    outbox.relay()
    failing.clear()
    decide(second, handler)
    assert outbox.relay() == 1
    assert Task.objects.filter(case=second).exists() and not Task.objects.filter(case=first).exists()


def test_a_step_that_is_rolled_back_tells_nobody():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(Exception, match="超过"):
        decide(case, handler, granted="500.00")
    assert not OutboxEntry.objects.exists()
