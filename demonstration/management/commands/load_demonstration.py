"""Load the invented province and its stories. Run again it changes nothing; a load cut short goes on where it stood."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demonstration import province, scenes


class Command(BaseCommand):
    help = "Load the demonstration: organisations, people, 300 elevators, policies, stories. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("这里不是演示环境，不装演示数据 not a demonstration: TIBAO_DEMONSTRATION=true")
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        province.build()
        scenes.load()
