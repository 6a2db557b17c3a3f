"""What nobody may forget, read off the source itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "access",
    "casework",
    "parties",
    "ledger",
    "damages",
    "correspondence",
    "disputes",
    "elevators",
    "recovery",
    "consultation",
    "policies",
    "funding",
    "claims",
)
BUSINESS = ("disputes", "elevators", "recovery", "consultation", "policies", "funding", "claims")
ROOMS = {
    "__init__",
    "apps",
    "urls",
    "views",
    "forms",
    "tasks",
    "effects",
    "documents",
    "rest",
    "api",
    "services",
    "selectors",
    "permissions",
    "models",
    "lifecycle",
    "guards",
    "checks",
    "movements",
    "calculators",
    "calculations",
    "facts",
    "panels",
    "navigation_items",
    "archive_sections",
    "link_pages",
    "rows",
    "papers",
    "terms",
}


def sources(*apps):
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def offences(pattern, *apps, allowed=()):
    found = []
    for path in sources(*apps):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.split("#")[0]
            if re.search(pattern, code) and not any(a in str(path) for a in allowed):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def test_every_import_goes_down():
    run = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_package_stands_on_a_floor():
    floors = (ROOT / "pyproject.toml").read_text()
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}
    assert {name for name in packages if f'"{name}"' not in floors and f"{name} |" not in floors and f"| {name}" not in floors} == set()


def test_state_is_never_assigned_outside_the_door():
    assert offences(r"\.state\s*=[^=]", *APPS, allowed=("casework/fsm.py", "casework/models/case.py")) == []
    assert offences(r"update\([^)]*\bstate\s*=", *APPS) == []


def test_no_number_of_law_stands_in_business_code():
    assert offences(r"timedelta\(days=[1-9]", *BUSINESS) == []
    assert offences(r"Decimal\(\"(?!0(\.0+)?\")[0-9.]+\"\)", *BUSINESS) == []
    assert offences(r"\w / [2-9]\b", *BUSINESS) == []


def test_the_day_of_an_instant_is_the_legal_day():
    """What comes from the database is in UTC: between midnight and eight its date is yesterday's."""
    assert offences(r"(_at|\bsince|\buntil|\bmoment|\bnow\(\))\.date\(\)", *APPS) == []


def test_nobody_calls_celery_but_the_outbox():
    assert offences(r"\.delay\(|apply_async|send_task", *APPS, allowed=("casework/outbox.py",)) == []


def test_no_module_grows_past_four_hundred_lines():
    assert [
        f"{p.relative_to(ROOT)}: {n}"
        for p in sources(*APPS, "config", "legislation", "demonstration")
        if (n := len(p.read_text().splitlines())) > 400
    ] == []


@pytest.mark.parametrize("app", BUSINESS)
def test_a_business_app_has_only_the_rooms_of_the_house(app):
    names = {p.stem for p in (ROOT / app).glob("*.py")}
    assert names <= ROOMS, names - ROOMS


def test_templates_fetch_nothing_from_elsewhere():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"(src|href)=[\"']https?://", text), path
        assert "|safe" not in text.replace("doc.qr|safe", ""), path
