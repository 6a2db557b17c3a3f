"""Every public calculator: documented with examples that are true, and never broken by what it is given."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legislation import calculators

HOUSE = Path(__file__).resolve().parents[2]
PAPER = HOUSE / "docs" / "calculators.md"
EXAMPLE = re.compile(r"```json\n(.*?)\n```\n→\n```json\n(.*?)\n```", re.DOTALL)

for module in sorted(HOUSE.glob("*/calculators.py")):
    importlib.import_module(f"{module.parent.name}.calculators")
NAMES = calculators.names()


def sections():
    for section in PAPER.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, _, text = section.partition("\n")
        yield name.strip(), text


EXAMPLES = [
    pytest.param(name, json.loads(given), json.loads(expected), id=f"{name}-{n}")
    for name, text in sections()
    for n, (given, expected) in enumerate(EXAMPLE.findall(text))
]


@pytest.mark.parametrize(("name", "question", "expected"), EXAMPLES)
def test_example_answers_as_printed(name, question, expected):
    answer, code = calculators.run(name, question)
    assert answer == expected
    assert code == (2 if '"error"' in json.dumps(expected) else 0)


def test_every_calculator_is_documented_with_an_example():
    assert {parameter.values[0] for parameter in EXAMPLES} == set(NAMES) == {name for name, _ in sections()}


def test_the_seven_of_the_contract_are_there():
    assert set(NAMES) >= {"deadline", "injury", "capitals", "accident-grade", "entrapment", "limits", "recourse"}


def test_the_three_of_funding_are_there():
    assert set(NAMES) >= {"subsidy", "fund-shares", "closed-funding"}


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1.00", "0.5", "2025-03-03", "440100", "joint", "disability", "HAIKOU", "hours", "A"])
)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))


@st.composite
def damaged_examples(draw):
    """A true example with some of its values, at any depth, replaced by anything."""
    name, question, _ = draw(st.sampled_from(EXAMPLES)).values

    def damage(value):
        if draw(st.integers(0, 7)) == 0:
            return draw(anything)
        if isinstance(value, dict):
            return {key: damage(member) for key, member in value.items()}
        return [damage(member) for member in value] if isinstance(value, list) else value

    return name, damage(question)


@settings(max_examples=300)
@given(damaged_examples())
def test_whatever_is_asked_the_answer_is_an_answer_or_a_refusal_by_the_field(asked):
    name, question = asked
    answer, code = calculators.run(name, question)
    answers = answer if isinstance(question, list) else [answer]
    refusals = [one["error"] for one in answers if "error" in one]
    assert code == (2 if refusals else 0)
    assert all(isinstance(refusal["field"], str) and refusal["why"] for refusal in refusals)
    json.dumps(answer, allow_nan=False)
