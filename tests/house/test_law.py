"""No number of law stands in the business apps, and every rule that they name exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from legislation import sources, units

HOUSE = Path(__file__).resolve().parents[2]
APPS = (
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
MODULES = sorted(path for app in APPS for path in (HOUSE / app).rglob("*.py") if "migrations" not in path.relative_to(HOUSE).parts)
NUMBERS = re.compile(
    r"""timedelta\((days|hours)=\d"""  # a period
    r"""|Decimal\(["'](?!0(\.0[01])?["'])"""  # an amount or a share; zero and one fen are no rule
    r"""|(?<![/\w])/ 3\b"""  # a fraction that floats
)
QUESTIONS = {"provision", "has", "share", "money", "flag", "text", "table"} | set(units.UNITS)


def asked_names(path: Path) -> set[str]:
    """Names of rules in questions to the law, and in the `law=` and `parameter=` of declarations."""
    found: set[object] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in QUESTIONS and len(node.args) == 1:
            found.add(getattr(node.args[0], "value", None))
        found.update(getattr(word.value, "value", None) for word in node.keywords if word.arg in ("law", "parameter"))
    return {name for name in found if isinstance(name, str) and re.fullmatch(r"[a-z_]+(\.[\w-]+)+", name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_app_holds_no_number_of_law(path):
    found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if NUMBERS.search(line)]

    assert found == []


@pytest.mark.parametrize("line", ["timedelta(days=30)", 'Decimal("0.3")', "Decimal('100.00')", "total / 3", "timedelta(hours=1)"])
def test_the_search_finds_a_number_of_law(line):
    assert NUMBERS.search(line)


@pytest.mark.parametrize("line", ["timedelta(seconds=wait)", 'Decimal("0.00")', 'Decimal("0.01")', "total / 30", "7 // 3"])
def test_the_search_leaves_other_numbers_alone(line):
    assert not NUMBERS.search(line)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_rule_asked_for_by_name_exists(path):
    assert asked_names(path) <= sources.rules().keys()


def test_names_are_found_in_questions_and_declarations(tmp_path):
    module = tmp_path / "guards.py"
    module.write_text('x = law.flag("a.b").value\n@guard("c", law="d.e_f")\ndef g(): pass\ny = row.text("plain")\n')

    assert asked_names(module) == {"a.b", "d.e_f"}
