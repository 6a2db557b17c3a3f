"""News goes up: one row per event and handler, written with the event, delivered at least once, one case in order."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from casework import sql
from casework.models import Case, CaseEvent, OutboxEntry

log = logging.getLogger(__name__)

Handler = Callable[[CaseEvent], None]
H = TypeVar("H", bound=Handler)
_handlers: dict[str, list[str]] = {}
_functions: dict[str, Handler] = {}

PARK_AFTER = 14
LONGEST_WAIT = 3600
RELAY = "casework.tasks.relay_outbox"
AT_ONCE = 0.03  # seconds: what comes in the same moment wakes a worker once


def after(*topics: str) -> Callable[[H], H]:
    """Subscribe a handler to topics ("policies.payout.settle"). It must be idempotent; it may call perform or a lower api."""

    def subscribe(handler: H) -> H:
        name = f"{handler.__module__}.{handler.__qualname__}"
        _functions[name] = handler
        for topic in topics:
            names = _handlers.setdefault(topic, [])
            if name not in names:
                names.append(name)
        return handler

    return subscribe


def handlers() -> dict[str, list[str]]:
    """Topic → names of its handlers."""
    return {topic: list(names) for topic, names in _handlers.items()}


def enqueue(event: CaseEvent) -> None:
    """One row per handler, in the event's own transaction. The wake after commit is a courtesy; the sweep is the guarantee."""
    names = _handlers.get(event.topic, ())
    if not names:
        return
    sql.insert(
        [
            OutboxEntry(event_id=event.id, case_id=event.case_id, number=event.number, handler=name, next_attempt_at=event.recorded_at)
            for name in names
        ]
    )
    if not _here.get():
        transaction.on_commit(ring, robust=True)


_here: ContextVar[bool] = ContextVar("outbox_delivered_here", default=False)


@contextmanager
def delivered_here() -> Iterator[None]:
    """Inside the block no worker is woken: whoever wrote the news carries it out as well, before the commit (stories)."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)


class _Bell:
    """Wakes the worker from a thread of its own: no request waits for the broker, and many rings at once are one call."""

    def __init__(self) -> None:
        self.process = os.getpid()  # a thread does not survive a fork
        self.rung = threading.Event()
        self.tasks: set[str] = set()
        threading.Thread(target=self._answer, name="outbox-bell", daemon=True).start()

    def _answer(self) -> None:
        while self.rung.wait():
            time.sleep(AT_ONCE)
            self.rung.clear()
            while self.tasks:
                wake(self.tasks.pop())


_bell: _Bell | None = None


def ring(task: str = RELAY) -> None:
    """Have a worker woken for a task, from a thread; what is rung for twice at once is sent once."""
    global _bell
    if _bell is None or _bell.process != os.getpid():
        _bell = _Bell()
    _bell.tasks.add(task)
    _bell.rung.set()


def wake(task: str = RELAY) -> None:
    """Tell a worker that there is news. Failing to do so loses nothing: the sweep comes."""
    from celery import current_app

    try:
        current_app.send_task(task, retry=False)
    except Exception:
        log.warning("outbox: no worker could be woken, the sweep will deliver")


def relay(limit: int = 500) -> int:
    """Deliver what is due, oldest first, one case in order. Returns how many entries were carried out."""
    delivered = 0
    blocked: set[int] = set()
    while delivered < limit:
        case_id = _next_case(blocked)
        if case_id is None:
            return delivered
        if _deliver_one(case_id):
            delivered += 1
        else:
            blocked.add(case_id)
    return delivered


def _next_case(blocked: set[int]) -> int | None:
    now = timezone.now()
    return (
        OutboxEntry.objects.filter(status=OutboxEntry.Status.PENDING, next_attempt_at__lte=now)
        .exclude(case_id__in=blocked)
        .values("case_id")
        .annotate(first=Min("id"))
        .order_by("first")
        .values_list("case_id", flat=True)
        .first()
    )


def _deliver_one(case_id: int) -> bool:
    """Carry out the oldest pending entry of one case; False when another worker has the case or its head must wait."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [7, case_id % 2**31])
            if not cursor.fetchone()[0]:
                return False
        entry = (
            OutboxEntry.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(case_id=case_id, status=OutboxEntry.Status.PENDING)
            .order_by("number", "id")
            .first()
        )
        if entry is None or entry.next_attempt_at > timezone.now():
            return False
        try:
            with transaction.atomic():
                handle(entry)
        except Exception as error:
            log.exception("outbox: %s failed", entry.handler)
            _put_back(entry, error)
            return False
        entry.status, entry.done_at = OutboxEntry.Status.DONE, timezone.now()
        entry.save(update_fields=["status", "done_at"])
        return True


def handle(entry: OutboxEntry) -> None:
    """Run the entry's handler on its event."""
    event = CaseEvent.objects.select_related("record", "case").get(pk=entry.event_id)
    _functions[entry.handler](event)


def _put_back(entry: OutboxEntry, error: Exception) -> None:
    """Try again later; what no second try can mend (`is_permanent`) is parked at once, so that the rest of the case goes on."""
    entry.attempts += 1
    entry.last_error = f"{type(error).__name__}: {error}"[:2000]
    wait = min(2**entry.attempts, LONGEST_WAIT)
    entry.next_attempt_at = timezone.now() + timedelta(seconds=wait)
    if entry.attempts >= PARK_AFTER or getattr(error, "is_permanent", False):
        entry.status = OutboxEntry.Status.PARKED
    entry.save(update_fields=["attempts", "last_error", "next_attempt_at", "status"])


def unpark(entry: OutboxEntry) -> None:
    """An operator lets a parked entry try again."""
    OutboxEntry.objects.filter(pk=entry.pk, status=OutboxEntry.Status.PARKED).update(
        status=OutboxEntry.Status.PENDING, attempts=0, next_attempt_at=timezone.now()
    )


@contextmanager
def outbox_drained() -> Iterator[None]:
    """Deliver everything the block gave rise to, and what that gives rise to, before going on. Raises if a handler fails."""
    yield
    drain()


_left: ContextVar[frozenset[str]] = ContextVar("outbox_left", default=frozenset())


@contextmanager
def leaving(names: Iterable[str]) -> Iterator[None]:
    """Inside the block `drain` leaves the entries of these handlers pending, as a worker that has not come to them yet."""
    token = _left.set(frozenset(names))
    try:
        yield
    finally:
        _left.reset(token)


def drain(root_id: int | None = None) -> None:
    """Carry out all pending entries here and now, or those of one case and what hangs below it, raising the first failure."""
    wanted = Q(status=OutboxEntry.Status.PENDING)
    while True:
        if root_id is not None:
            tree = Case.objects.filter(Q(pk=root_id) | Q(lineage__contains=[root_id])).values_list("pk", flat=True)
            wanted = Q(status=OutboxEntry.Status.PENDING, case_id__in=list(tree))
        entry = OutboxEntry.objects.filter(wanted).exclude(handler__in=_left.get()).order_by("id").first()
        if entry is None:
            return
        with transaction.atomic():
            handle(entry)
            OutboxEntry.objects.filter(pk=entry.pk).update(status=OutboxEntry.Status.DONE, done_at=timezone.now())
