"""The Celery application: it carries the outbox and the sweeps, nothing else."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

app = Celery("tibao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
