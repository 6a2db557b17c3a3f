"""manage.py verify_audit: walk the audit chain of every case and name the first row that does not hold."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import audit
from casework.models import Case


class Command(BaseCommand):
    help = "Verify the audit chain of all cases, or of those named; exit 1 and name the first broken row of each that fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("references", nargs="*", help="case numbers, e.g. CL-2026-00731; none means all")

    def handle(self, *args: Any, references: list[str], **options: Any) -> None:
        broken = list(self._named(references) if references else audit.verify_all())
        for row in broken:
            self.stdout.write(f"{row.reference} #{row.number}: {row.why}")
        if broken:
            raise SystemExit(1)
        self.stdout.write(f"ok: {len(references) or Case.objects.count()} cases")

    def _named(self, references: list[str]) -> Iterator[audit.Broken]:
        for reference in references:
            case = Case.objects.filter(reference=reference).first()
            if case is None:
                raise CommandError(f"no case {reference}")
            found = audit.verify_case(case)
            if found:
                yield found
