"""Every story runs on an empty database, more than once, and its figures are right to the fen."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.audit import verify_all
from casework.models import Case, OutboxEntry
from claims.models import Claim
from demonstration import export, services
from demonstration.stories import STORIES
from ledger.models import PaymentOrder
from ledger.verification import trial_balance

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


class Told:
    """A story that was told, and what it wrote."""

    def __init__(self, name, folder):
        self.root = services.tell(STORIES[name])
        self.folder = folder
        self.written = export.write(self.root, folder)
        self.cases = export.tree(self.root)

    def of(self, kind):
        return [c.specific for c in self.cases if c.kind == kind]

    @property
    def paid(self):
        return [(o.purpose, o.amount, o.payee_name) for o in self.of("payment_order") if o.state == "paid"]

    def text(self, title):
        """The text of every paper with this title, without spaces."""
        import pdfplumber

        said = ""
        for name in self.written.papers:
            if title in name:
                with pdfplumber.open(self.folder / name) as pdf:
                    said += "".join(page.extract_text() or "" for page in pdf.pages)
        assert said, f"no {title} in {self.written.papers}"
        return re.sub(r"\s", "", said)

    def timeline(self):
        return json.loads((self.folder / "timeline.json").read_text())


@pytest.fixture
def tell(tmp_path):
    def told(name):
        found = Told(name, tmp_path / name)
        _holds(found)
        return found

    return told


def _holds(told):
    """What must be true after any story."""
    assert list(verify_all()) == []
    assert trial_balance().holds
    assert not OutboxEntry.objects.exclude(status=OutboxEntry.Status.DONE).exists()
    with (told.folder / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == told.written.entries
    assert (told.folder / "ledger.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    heads = {c["case"]: c["digest_head"] for c in told.timeline()["cases"]}
    assert heads == {c.reference: c.events.order_by("-number").first().digest for c in told.cases}
    assert all((told.folder / name).read_bytes().startswith(b"%PDF") for name in told.written.papers)


def test_an_entrapment_under_the_programme_of_2019_ends_with_200_yuan_for_each(tell):
    told = tell("entrapment-2019")

    assert [(p, a) for p, a, _name in told.paid] == [("ENTRAPMENT", Decimal("200.00"))] * 3
    (claim,) = told.of("claim")
    assert (claim.subject, claim.minutes, claim.owed, claim.proven, claim.state) == (
        "entrapment", 52, Decimal("600.00"), Decimal("600.00"), "closed",
    )
    assert {c.state for c in told.cases} == {"closed", "paid"}
    assert "52分钟" in told.text("快报")
    assert "陆佰元整" in told.text("核定通知书")
    assert "600.00" in told.text("赔款计算书")


def test_a_story_can_be_told_again_beside_itself(tell):
    first, second = tell("entrapment-2019"), tell("entrapment-2019")
    assert first.root.reference != second.root.reference
    assert PaymentOrder.objects.filter(state="paid").count() == 6
    assert Claim.objects.filter(state="closed").count() == 2


def test_the_command_writes_and_prints_a_summary(tmp_path, capsys):
    call_command("story", "entrapment-2019", "--out", str(tmp_path / "out"))
    said = capsys.readouterr().out
    assert Case.objects.get(kind="incident").reference in said
    assert {"ledger.csv", "ledger.json", "timeline.json", "timeline.md"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert len(list((tmp_path / "out").glob("*.pdf"))) >= 3


def test_the_command_lists_the_stories(capsys):
    call_command("story", "--list")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(STORIES)


@pytest.mark.parametrize("arguments", [["no-such-story", "--out", "x"], [], ["entrapment-2019"]])
def test_a_wrong_call_says_what_is_there(arguments):
    with pytest.raises(CommandError) as wrong:
        call_command("story", *arguments)
    assert "entrapment-2019" in str(wrong.value) or "--out" in str(wrong.value)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx"])
def test_no_cell_is_taken_for_a_formula(text):
    assert export.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "200.00", "黄*芬"])
def test_other_cells_stay_as_they_are(text):
    assert export.safe_cell(text) == text
