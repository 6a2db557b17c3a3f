"""The recount file and the script that stands alone: it counts the same, and names a file that was tampered with."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from consultation.selectors import counting
from tests.factories.consultation import close_now, make_committee, make_roll, open_for_votes, vote

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[2] / "script" / "recount"


def run(path, *more):
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(path), *more], capture_output=True, text=True, cwd="/")


@pytest.fixture
def counted(tmp_path):
    by = make_committee().first
    ballot = open_for_votes(by, make_roll(by, ["60.00", "70.50", "80.00", "90.00"]))
    receipts = [vote(ballot, number, choice, by) for number, choice in ((1, "yes"), (2, "yes"), (3, "no"))]
    file = counting.recount(close_now(ballot, by))
    path = tmp_path / "VB-recount.json"
    path.write_text(json.dumps(file, ensure_ascii=False, indent=1), encoding="utf-8")
    return file, path, receipts


def test_a_stranger_counts_the_same(counted):
    file, path, receipts = counted
    done = run(path, "--printed", file["digest"][:16], "--roll", file["roll_digest"], "--receipt", receipts[2].lower())
    assert done.returncode == 0, done.stderr
    assert "参与 3/4 人，210.50/300.50 ㎡" in done.stdout and "同意 2/3 人，130.50/210.50 ㎡" in done.stdout
    assert "通过" in done.stdout and "不同意" in done.stdout


def test_the_file_names_nobody_and_no_unit(counted):
    text = counted[1].read_text(encoding="utf-8")
    assert "业主" not in text and '"10' not in text.replace('"person"', "")


def rehash(file):
    rest = {key: value for key, value in file.items() if key != "digest"}
    from casework.facts import canonical, digest

    file["digest"] = digest(canonical(rest))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f["ballots"][0].update(choice="abstain"), "the content does not match"),
        (lambda f: f["roll"][3].update(area="9.00"), "roll"),
        (lambda f: f["roll"].pop(), "roll"),
        (lambda f: f["ballots"].append(dict(f["ballots"][0])), "two votes"),
        (lambda f: f["tally"].update(agreeing_persons=3), "differs"),
    ],
)
def test_a_tampered_file_is_named(counted, change, says):
    file, path, _receipts = counted
    forged = copy.deepcopy(file)
    change(forged)
    path.write_text(json.dumps(forged, ensure_ascii=False), encoding="utf-8")
    done = run(path)
    assert done.returncode == 1 and says in done.stderr and str(path) in done.stderr


def test_a_forger_who_makes_new_digests_is_found_by_the_printed_one(counted):
    file, path, _receipts = counted
    forged = copy.deepcopy(file)
    forged["ballots"] = [row | {"choice": "yes"} for row in forged["ballots"]]
    forged["tally"] |= {"agreeing_persons": 3, "agreeing_area": "210.50"}
    rehash(forged)
    path.write_text(json.dumps(forged, ensure_ascii=False), encoding="utf-8")
    assert run(path).returncode == 0
    done = run(path, "--printed", file["digest"][:16])
    assert done.returncode == 1 and "printed" in done.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "tibao-recount-1"}'])
def test_what_is_no_recount_file_is_said_to_be_none(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    assert run(path).returncode == 2
