"""Wiring: settings, URLs, Celery, WSGI. Imports everybody, is imported by nobody."""

from __future__ import annotations

from config.celery import app as celery_app

__all__ = ["celery_app"]
