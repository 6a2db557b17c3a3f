"""The Celery application: it carries the outbox and the sweeps, nothing else."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from config import papers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

app = Celery("tibao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def demand_papers(**kwargs: Any) -> None:
    """A worker that would issue papers with boxes for characters, or at a crawl, does not start."""
    if found := papers.complaints():
        raise SystemExit("\n".join(found))
