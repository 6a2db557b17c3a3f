"""Celery entry points of casework."""

from __future__ import annotations

from celery import shared_task

from casework import archive, drafts, outbox


@shared_task(name="casework.tasks.relay_outbox")
def relay_outbox() -> int:
    return outbox.relay()


@shared_task(name="casework.tasks.sweep_outbox")
def sweep_outbox() -> int:
    return outbox.relay()


@shared_task(name="casework.tasks.forget_drafts")
def forget_drafts() -> int:
    return drafts.forget()


@shared_task(name="casework.tasks.build_archives")
def build_archives() -> int:
    return archive.build_waiting()


@shared_task(name="casework.tasks.forget_archives")
def forget_archives() -> int:
    return archive.forget()
