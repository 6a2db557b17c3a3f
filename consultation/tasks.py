"""Celery entry points of consultation."""

from __future__ import annotations

from celery import shared_task

from consultation.services import ballots


@shared_task(name="consultation.tasks.move_windows")
def move_windows() -> int:
    return ballots.move_by_clock()
