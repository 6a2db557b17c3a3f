"""Load the invented province and its stories. Run again it changes nothing; a load cut short goes on where it stood."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from demonstration import province


class Command(BaseCommand):
    help = "Load the demonstration: organisations, people, 300 elevators, policies, stories. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        province.build()
