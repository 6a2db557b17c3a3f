from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from config.management.commands.calculate import Command

GOOD = {"start": "2025-03-03", "days": 30, "unit": "calendar_days"}


def calculate(monkeypatch, name: str, written: bytes) -> tuple[object, int, str]:
    """Run the command with these bytes on standard input: parsed answer, exit code, raw output."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(written), encoding="ascii"))
    out, code = io.StringIO(), 0
    try:
        call_command(Command(), name, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue()), code, out.getvalue()


def test_object_in_object_out(monkeypatch):
    answer, code, written = calculate(monkeypatch, "deadline", json.dumps(GOOD).encode())

    assert (answer["due"], code) == ("2025-04-02", 0)
    assert "自然日" in written


def test_array_with_a_bad_element_ends_with_two(monkeypatch):
    answer, code, _ = calculate(monkeypatch, "deadline", json.dumps([GOOD, {**GOOD, "days": -1}]).encode())

    assert code == 2
    assert answer[0]["due"] == "2025-04-02"
    assert answer[1]["error"]["field"] == "days"


@pytest.mark.parametrize("written", [b"", b"{", b"\xff\xfe", b"[" * 100000])
def test_what_is_not_json_is_told_as_json(monkeypatch, written):
    answer, code, _ = calculate(monkeypatch, "deadline", written)

    assert (answer["error"]["field"], code) == ("input", 2)


def test_a_number_that_json_does_not_know_is_a_bad_element_in_its_place(monkeypatch):
    written = b'[{"start": "2025-03-03", "days": NaN, "unit": "calendar_days"}, ' + json.dumps(GOOD).encode() + b"]"

    answer, code, _ = calculate(monkeypatch, "deadline", written)

    assert (answer[0]["error"]["field"], answer[1]["due"], code) == ("days", "2025-04-02", 2)


def test_half_a_character_is_answered_too(monkeypatch):
    answer, code, written = calculate(monkeypatch, "deadline", b'{"\\ud800": 1}')

    assert (answer["error"]["field"], code) == ("\ud800", 2)
    assert written.encode()


def test_unknown_calculator_is_told_with_the_known_ones(monkeypatch):
    answer, code, _ = calculate(monkeypatch, "horoscope", b"{}")

    assert (answer["error"]["field"], code) == ("name", 2)
    assert "deadline" in answer["error"]["why"]
