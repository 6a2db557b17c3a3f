"""manage.py calculate NAME: a public calculator on standard input and output. Needs neither database nor server."""

from __future__ import annotations

import importlib
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from legislation import calculators

APPS_WITH_CALCULATORS = ("damages", "policies", "recovery", "elevators", "ledger", "funding", "consultation")


def load_calculators() -> tuple[str, ...]:
    """Import the calculators of every app that has some, and give all names. A broken module is not passed over."""
    for app in APPS_WITH_CALCULATORS:
        module = f"{app}.calculators"
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as missing:
            if missing.name not in (app, module):
                raise
    return calculators.names()


class Command(BaseCommand):
    """Read a JSON object or an array of them, write the answer as JSON and nothing else; exit 0, or 2 for bad input."""

    help = "Calculate by name: JSON object or array on standard input, JSON on standard output."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="as listed in docs/calculators.md, e.g. deadline, injury, subsidy")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        known = load_calculators()
        if name not in known:
            self._answer(_error("name", f"没有这个计算器：{name}；现有：{'、'.join(known)}"), calculators.BAD)
        try:
            payload = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"))
        except (ValueError, RecursionError):
            self._answer(_error("input", "标准输入不是有效的 JSON"), calculators.BAD)
        self._answer(*calculators.run(name, payload))

    def _answer(self, result: object, code: int) -> None:
        text = json.dumps(result, ensure_ascii=False)
        # A lone surrogate, which JSON may carry but UTF-8 may not, goes out as the escape it came in as.
        self.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
        self.stdout.flush()
        if code:
            raise SystemExit(code)


def _error(field: str, why: str) -> dict[str, dict[str, str]]:
    return {"error": {"field": field, "why": why}}
