"""manage.py erase_expired: erase every file whose time is over by the retention class of its kind."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import erasure


class Command(BaseCommand):
    help = "Erase the files whose years are over (legislation/parameters/…/retention); what is held is named and left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say which")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for case in list(erasure.expired(timezone.localdate())):
            try:
                done = len(erasure.ensure_free(case)) if dry_run else erasure.erase_case(case, because=_("保存期限已满"))
            except erasure.Held as held:
                self.stdout.write(f"held {held}")
                continue
            self.stdout.write(f"{'would erase' if dry_run else 'erased'} {case.reference} {done}")
