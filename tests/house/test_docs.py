"""What is drawn is what is: diagrams up to date, file names in the papers exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.drawing import drawings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(drawings()))
def test_a_drawing_is_up_to_date(name):
    path = ROOT / "docs" / name
    assert path.exists() and path.read_text() == drawings()[name], "run script/diagrams"


def test_no_drawing_outlives_its_kind():
    drawn = {f"lifecycles/{p.name}" for p in (ROOT / "docs" / "lifecycles").glob("*.md")}
    assert drawn == {name for name in drawings() if name.startswith("lifecycles/")}


@pytest.mark.parametrize(
    "paper", ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/glossary.md", "docs/gotchas.md"]
)
def test_files_named_in_the_papers_exist(paper):
    text = (ROOT / paper).read_text()
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    missing = [link for link in links if not ((ROOT / paper).parent / link).exists()]
    assert missing == []
