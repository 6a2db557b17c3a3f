"""Every text on a screen has its English: nothing without, nothing guessed, every place-holder kept."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
needs_gettext = pytest.mark.skipif(shutil.which("msgattrib") is None, reason="no gettext")


def _entries(*which: str) -> str:
    found = subprocess.run(["msgattrib", *which, "--no-obsolete", "--no-wrap", str(CATALOGUE)], capture_output=True, text=True, check=True)
    return "\n".join(line for line in found.stdout.splitlines() if line.startswith('msgid "') and line != 'msgid ""')


@needs_gettext
def test_no_text_is_without_its_english():
    assert _entries("--untranslated") == ""


@needs_gettext
def test_no_english_is_a_guess():
    assert _entries("--only-fuzzy") == ""


@needs_gettext
def test_every_place_holder_is_kept():
    checked = subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", str(CATALOGUE)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
