"""Redraw docs/lifecycles, docs/permissions.md and docs/events.md from the declarations; --check only compares."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from casework.drawing import drawings, write


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a drawing is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        docs = settings.BASE_DIR / "docs"
        if options["check"]:
            stale = [n for n, text in drawings().items() if not (docs / n).exists() or (docs / n).read_text() != text]
            self.stdout.write("\n".join(f"out of date: docs/{name} (run script/diagrams)" for name in stale) or "drawings are up to date")
            if stale:
                sys.exit(1)
            return
        self.stdout.write("\n".join(f"wrote docs/{name}" for name in write(docs)) or "drawings are up to date")
