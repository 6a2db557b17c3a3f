"""manage.py bench: steps a second against raw SQL of the same writes, papers a second against bare WeasyPrint.

Both sides run in turn on the same machine, in the same process, on the same rows and the same HTML; only the ratio of
one run says anything. Meant for a database that vanishes afterwards: script/bench.
"""

from __future__ import annotations

import cProfile
import io
import logging
import pstats
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from access.actors import Actor
from access.models import Organisation
from casework import outbox
from casework.models import OutboxEntry
from casework.steps import perform
from claims.documents.papers import DocumentsRequest
from claims.facts import RequestDocuments
from claims.models import Claim
from correspondence import rendering
from correspondence.api import issue
from demonstration import stage as stages
from elevators import api as elevators

AIM_STEPS, AIM_PAPERS = 0.40, 0.90
INJURED = 10  # of one accident; each has a claim
WRITES = ("INSERT", "UPDATE", "DELETE")
FACTS = RequestDocuments(("住院费用清单原件", "出院记录", "误工期间的工资流水"))
VERB = "request_documents"

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Measure:
    """Seconds of each single piece of work on both sides."""

    ours: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.bare) / statistics.median(self.ours)


class Command(BaseCommand):
    help = "Measure perform and issue against bare SQL and bare WeasyPrint. Writes to the database: use script/bench."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=8, help="pairs of rounds, first one side, then the other")
        parser.add_argument("--steps", type=int, default=25, help="steps in a round")
        parser.add_argument("--papers", type=int, default=24, help="pairs of papers")
        parser.add_argument("--profile", action="store_true", help="show where perform spends its time")

    def handle(self, *args: Any, rounds: int, steps: int, papers: int, profile: bool, **options: Any) -> None:
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        call_command("migrate", verbosity=0, interactive=False)
        if Organisation.objects.exists():
            raise CommandError("这个数据库里已有数据 this database holds data; use script/bench")
        self.say(f"准备 preparing: {(rounds + 1) * steps * 2 + papers} 件索赔 claims …")
        by, claims = _claims((rounds + 1) * steps * 2 + papers)
        profiler = cProfile.Profile() if profile else None
        written, measure = measure_steps(claims, by, rounds, steps, profiler)
        self.say("", f"claims.claim.{VERB}: {written} 条写入 writes, {len(measure.ours)} 次 times each")
        self.report("perform", "raw SQL", measure, AIM_STEPS)
        measure = measure_papers(claims, by, papers)
        self.say("", f"{DocumentsRequest.title}: {len(measure.ours)} 份 papers each")
        self.report("issue", "WeasyPrint", measure, AIM_PAPERS)
        if profiler is not None:
            text = io.StringIO()
            pstats.Stats(profiler, stream=text).sort_stats("tottime").print_stats(45)
            self.say(text.getvalue())

    def say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()

    def report(self, ours: str, bare: str, measure: Measure, aim: float) -> None:
        for name, seconds in ((ours, measure.ours), (bare, measure.bare)):
            median = statistics.median(seconds)
            self.say(f"  {name:<12}{1 / median:10.1f} /s   {median * 1000:8.2f} ms")
        met = "达到 met" if measure.ratio >= aim else "没达到 missed"
        self.say(f"  比率 ratio  {measure.ratio:10.0%}      目标 aim ≥ {aim:.0%}  {met}")


def _claims(count: int) -> tuple[Actor, list[Claim]]:
    """Claims of people hurt in invented accidents, through the real door; no paper is printed for them."""
    cast = stages.guangzhou()
    begins = timezone.now() - timedelta(days=30)
    elevator = stages.new_elevator(
        cast, place="440105", estate="榕岸花园", address="广州市海珠区榕岸路 86 号", street_office="rongan", on=begins.date()
    )
    for number in range(-(-count // INJURED)):
        _accident(elevator.pk, cast.clerk, begins + timedelta(hours=number))
    OutboxEntry.objects.all().update(status=OutboxEntry.Status.DONE)
    claims = list(Claim.objects.order_by("pk")[:count])
    if len(claims) < count:
        raise CommandError(f"只立了 {len(claims)} 件 only so many claims were opened")
    return cast.clerk, claims


def _accident(elevator_id: int, by: Actor, begins: datetime) -> None:
    people = tuple(elevators.PersonFacts(key="", name=f"黄桂芬{n}", is_named=True, harm=elevators.Harm.INJURED) for n in range(INJURED))
    with outbox.delivered_here():
        case = elevators.report_incident(
            elevator_id=elevator_id, by=by, nature=elevators.Nature.INJURY, started_at=begins, learnt_at=begins,
            people_count=INJURED, people=people, source=elevators.Source.RESCUE_LINE,
        )  # fmt: skip
        for entry in OutboxEntry.objects.filter(case_id=case.pk, handler__endswith=".open_for_the_injured"):
            outbox.handle(entry)


def _take(claim: Claim, by: Actor) -> Any:
    return perform(claim, VERB, by=by, happened_at=timezone.now(), seen=claim.sequence, facts=FACTS)


def _capture(claim: Claim, by: Actor) -> list[Statement]:
    """The writes of one real step, parameters and all; the step itself is rolled back, so that they can be replayed."""
    statements: list[Statement] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(keep):
            _take(claim, by)
        transaction.set_rollback(True)
    return statements


def _replay(statements: list[Statement]) -> None:
    """The same writes in a transaction of their own, straight through the driver."""
    driver = connection.connection
    driver.autocommit = False
    try:
        with driver.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
        driver.commit()
    finally:
        driver.autocommit = True


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure_steps(claims: list[Claim], by: Actor, rounds: int, steps: int, profiler: cProfile.Profile | None) -> tuple[int, Measure]:
    """Rounds of real steps and of their bare writes in turn, the first pair unmeasured. Takes claims off the list."""
    ours: list[float] = []
    bare: list[float] = []
    written = 0
    for number in range(rounds + 1):
        mine, theirs = [claims.pop() for _ in range(steps)], [claims.pop() for _ in range(steps)]
        captured = [_capture(claim, by) for claim in theirs]
        written = len(captured[0])
        for side in ("ours", "bare") if number % 2 else ("bare", "ours"):
            if side == "ours":
                with profiler or nullcontext():
                    taken = [_seconds(lambda claim=claim: _take(claim, by)) for claim in mine]  # type: ignore[misc]
            else:
                taken = [_seconds(lambda writes=writes: _replay(writes)) for writes in captured]  # type: ignore[misc]
            if number:
                (ours if side == "ours" else bare).extend(taken)
    return written, Measure(ours, bare)


@contextmanager
def _html_kept() -> Iterator[list[str]]:
    """Every HTML that is printed inside the block."""
    kept: list[str] = []
    check = rendering.ensure_drawable

    def keep(html: str) -> None:
        kept.append(html)
        check(html)

    rendering.ensure_drawable = keep
    try:
        yield kept
    finally:
        rendering.ensure_drawable = check


def _issue(event: Any) -> None:
    with transaction.atomic():
        issue(DocumentsRequest, event)


def _print(html: str) -> None:
    """Bare WeasyPrint with the same fonts and the same kind of PDF."""
    from weasyprint import HTML

    document = HTML(string=html, url_fetcher=rendering._fetcher()).render(font_config=rendering._font_config())
    document.write_pdf(io.BytesIO(), pdf_variant="pdf/a-3u")


def measure_papers(claims: list[Claim], by: Actor, papers: int) -> Measure:
    """Papers from facts to the stored row, and the same HTML printed bare, in turn; the first three pairs unmeasured."""
    ours: list[float] = []
    bare: list[float] = []
    events = [_take(claims.pop(), by) for _ in range(papers)]
    with _html_kept() as kept:
        for number, event in enumerate(events):
            first = number % 2 == 0 and number > 0
            if first:
                bare.append(_seconds(lambda: _print(kept[-1])))
            ours.append(_seconds(lambda event=event: _issue(event)))  # type: ignore[misc]
            if not first:
                bare.append(_seconds(lambda: _print(kept[-1])))
    return Measure(ours[3:], bare[3:])
