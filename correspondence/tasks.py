"""Celery entry points of correspondence."""

from __future__ import annotations

from celery import shared_task

from correspondence import messages, reminders


@shared_task(name="correspondence.tasks.deliver_mail")
def deliver_mail() -> int:
    return messages.deliver_mail()


@shared_task(name="correspondence.tasks.remind")
def remind() -> int:
    return reminders.remind()
