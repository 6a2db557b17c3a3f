"""manage.py erase_case REFERENCE --reason …: erase the personal content of one closed file, leaving tombstones that verify."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import erasure
from casework.models import Case


class Command(BaseCommand):
    help = "Erase the facts of a closed case and of all below it; refused with the reason while anything holds it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="case number, e.g. IN-2026-00012")
        parser.add_argument("--reason", required=True, help="why; it stands in every tombstone")

    def handle(self, *args: Any, reference: str, reason: str, **options: Any) -> None:
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise CommandError(f"no case {reference}")
        try:
            count = erasure.erase_case(case, because=reason)
        except (erasure.Held, ValueError) as held:
            raise CommandError(str(held)) from held
        self.stdout.write(f"{reference}: {count} events erased")
