"""Real processes of the house that a test starts, freezes at an exact place with a database lock, and kills."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import django; django.setup()\n"


def database_url():
    """The address of the database this test runs on."""
    settings = connection.settings_dict
    host = quote(settings["HOST"] or "", safe="")
    return f"postgres://{settings['USER']}@{host}/{settings['NAME']}"


def environment(url=None):
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "TIBAO_DATABASE_URL": url or database_url()}
    return {**os.environ, **settings, "PYTHONPATH": str(ROOT)}


def script(code, url=None):
    """A process of its own that runs some lines with Django set up, as a web process would."""
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + code],
        cwd=ROOT,
        env=environment(url),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def worker():
    """A real Celery worker on this test's database."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--concurrency=1",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        cwd=ROOT,
        env=environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(process):
    """Kill -9 the process with all its children."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def frozen(table):
    """Nobody can write the table meanwhile; reading goes on."""
    settings = connection.settings_dict
    own = psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"])
    try:
        with own.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield
    finally:
        own.rollback()
        own.close()


def until(holds, within=60):
    """Wait for something another process does; fail if it does not."""
    for _ in range(within * 20):
        if holds():
            return
        select.select([], [], [], 0.05)
    raise AssertionError("it did not happen in time")


def somebody_waits_for(table):
    """Whether a process stands frozen before a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
        return cursor.fetchone()[0] > 0


def nobody_else_is_connected():
    """Whether the database has noticed that its other clients are gone, and has rolled back what they had begun."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return cursor.fetchone()[0] == 0
