"""The file to take away: complete for who may see it, the same bytes for the same moment, and any tampering is named offline."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from access.actors import actor_for
from access.models import User
from access.roles import Role
from casework import archive, audit, evidence, facts
from casework.errors import OutOfScope
from casework.models import ArchiveRequest, Case, CaseEvent, EventFacts, FileAccess
from casework.steps import perform
from demonstration import papers, services, stories
from demonstration.stories import entrapment
from tests.factories.access import make_actor
from tests.sample.factories import START, decide, open_matter, people
from tests.sample.models import AskMatter

OFFLINE = Path(archive.__file__).parent / "offline"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def upload(text="one"):
    return ContentFile(papers.slip((text,)), name=f"{text}.pdf")


def make(case, actor, **fields):
    """Ask, build, and answer the request as it stands then."""
    row = archive.ask(case, by=actor, purpose="court", **fields)
    archive.build_waiting()
    row.refresh_from_db()
    assert row.status == "ready", row.last_error
    return row


def unpack(row, folder):
    with row.file.open("rb") as file, zipfile.ZipFile(file) as packed:
        packed.extractall(folder)
    return folder


def verify(path):
    """The verifier as a court runs it: alone, isolated, on a zip or a folder. (exit code, what it says)"""
    script = path / "verify.py" if path.is_dir() else OFFLINE / "verify.py"
    run = subprocess.run([sys.executable, "-I", "-B", str(script), str(path)], capture_output=True, text=True, encoding="utf-8")
    assert not run.stderr, run.stderr
    return run.returncode, run.stdout


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def rewrite(folder, name, change, *, in_manifest=True):
    """Change a JSON file of an unpacked archive; a careful forger brings the manifest in line as well."""
    content = read(folder, name)
    change(content)
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    if in_manifest:
        manifest = read(folder, "manifest.json")
        for row in manifest["files"]:
            row["sha256"] = hashlib.sha256((folder / row["path"]).read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


# ---- a small case of one kind ----


@pytest.fixture
def clerk_and_handler():
    return people()


@pytest.fixture
def matter(db, clerk_and_handler):
    clerk, handler = clerk_and_handler
    matter = open_matter(clerk, handler)
    perform(matter, "ask", by=handler, happened_at=START, seen=None, facts=AskMatter())
    evidence.add(matter, code="receipt", file=upload(), by=clerk)
    decide(matter, handler, seen=None)
    return Case.objects.get(pk=matter.pk).specific


@pytest.mark.pdf
class TestOneCase:
    def test_an_untouched_archive_holds_as_zip_and_as_folder(self, matter, clerk_and_handler, tmp_path):
        row = make(matter, clerk_and_handler[0])
        folder = unpack(row, tmp_path / "out")
        zipped = tmp_path / "a.zip"
        zipped.write_bytes(row.file.open("rb").read())

        assert verify(zipped) == verify(folder)
        code, said = verify(folder)
        assert code == 0 and f"相符。案号 {matter.reference}" in said
        assert row.manifest_sha256 in said, "what the page shows to compare with"
        assert hashlib.sha256(zipped.read_bytes()).hexdigest() == row.sha256

    def test_everything_is_there(self, matter, clerk_and_handler, tmp_path):
        folder = unpack(make(matter, clerk_and_handler[0], note="（2026）粤0105民初1号"), tmp_path / "out")
        index = read(folder, "index.json")

        assert (index["reference"], index["purpose"]) == (matter.reference, "诉讼、仲裁、调解举证")
        assert (folder / "00-卷宗目录.pdf").read_bytes().startswith(b"%PDF")
        assert "（2026）粤0105民初1号" in (folder / "index.html").read_text(encoding="utf-8")
        rows = read(folder, f"events/{matter.reference}.json")["rows"]
        assert [r["covered"]["topic"].rsplit(".", 1)[1] for r in rows] == ["open_matter", "ask", "decide"]
        assert rows[2]["record"]["facts"]["granted"] == "80.00"
        assert read(folder, f"deadlines/{matter.reference}.json")["rows"][0]["citation"]
        law = read(folder, "law/provisions.json")["rows"]
        assert {d["citation"] for d in read(folder, f"deadlines/{matter.reference}.json")["rows"]} <= {r["citation"] for r in law}
        assert all(r["title"] and r["values"] for r in law)
        proof = read(folder, f"evidence/{matter.reference}.json")["rows"][0]
        assert (folder / proof["path"]).read_bytes() == papers.slip(("one",))

    def test_the_same_case_and_moment_give_the_same_bytes(self, matter, clerk_and_handler):
        row = make(matter, clerk_and_handler[0])
        first = row.file.open("rb").read()
        evidence.add(matter, code="receipt", file=upload("later"), by=clerk_and_handler[0])
        ArchiveRequest.objects.filter(pk=row.pk).update(status="waiting", ready_at=None)
        archive.build_waiting()
        row.refresh_from_db()

        assert row.file.open("rb").read() == first

    def test_what_happened_after_the_asking_is_not_in_it(self, matter, clerk_and_handler, tmp_path):
        clerk, handler = clerk_and_handler
        row = archive.ask(matter, by=clerk, purpose="court")
        evidence.add(matter, code="receipt", file=upload("later"), by=clerk)
        perform(matter, "close", by=handler, happened_at=timezone.now(), seen=None)
        archive.build_waiting()
        row.refresh_from_db()
        folder = unpack(row, tmp_path / "out")

        assert read(folder, "index.json")["cases"][0]["state"] == "decided"
        assert len(read(folder, f"evidence/{matter.reference}.json")["rows"]) == 1
        assert verify(folder)[0] == 0

    def test_erased_facts_leave_a_tombstone_that_verifies(self, matter, clerk_and_handler, tmp_path):
        EventFacts.objects.filter(event__case=matter, event__number=3).update(
            facts=None, changes=None, salt="", erased_at=timezone.now(), erased_because="保存期满"
        )
        folder = unpack(make(matter, clerk_and_handler[0]), tmp_path / "out")

        assert read(folder, f"events/{matter.reference}.json")["rows"][2]["erased"]["because"] == "保存期满"
        code, said = verify(folder)
        assert code == 0 and "依法删除 1" in said


def test_the_verifier_and_the_house_take_digests_the_same_way(matter):
    spec = importlib.util.spec_from_file_location("offline_verify", OFFLINE / "verify.py")
    offline = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(offline)
    event = CaseEvent.objects.filter(case=matter).last()

    assert tuple(audit.covered(event)) == offline.COVERED
    event.link_id, event.identified_by = 7, "link+code"
    assert tuple(audit.covered(event)) == offline.COVERED + offline.BY_LINK
    for parts in [("",), ("一", "二"), ("ab", "c"), ("a", "bc")]:
        assert offline.digest(*parts) == facts.digest(*parts)
    for value in [None, {"b": 1, "a": ["粤", None, True, "1.00"]}, {}]:
        assert offline.canonical(value) == facts.canonical(value)
    assert offline.digest("tibao", matter.reference) == audit.genesis(matter.reference)


# ---- who gets what ----


def test_the_case_of_others_has_no_archive(matter, client):
    stranger = make_actor(Role.MANAGER_CLERK)
    with pytest.raises(OutOfScope):
        archive.ask(matter, by=stranger, purpose="court")
    client.force_login(User.objects.get(pk=stranger.user_id))
    assert client.post(f"/cases/{matter.reference}/archive/", {"purpose": "court"}).status_code == 404
    assert not ArchiveRequest.objects.exists()


@pytest.mark.pdf
def test_nobody_else_takes_an_archive_away_and_each_download_is_on_record(matter, clerk_and_handler, client):
    clerk, handler = clerk_and_handler
    row = make(matter, clerk, note="庭审")
    url = f"/files/archive/{row.pk}/"
    client.force_login(User.objects.get(pk=handler.user_id))
    assert client.get(url).status_code == 404
    client.force_login(User.objects.get(pk=clerk.user_id))
    response = client.get(url)

    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == row.sha256
    logged = FileAccess.objects.get(archive=row)
    assert (logged.user_id, logged.organisation_id, logged.sha256) == (clerk.user_id, clerk.organisation_id, row.sha256)
    assert logged.purpose == "诉讼、仲裁、调解举证：庭审"


@pytest.mark.pdf
def test_facts_of_others_are_withheld_from_who_only_takes_part(matter, clerk_and_handler, tmp_path):
    officer = make_actor(Role.REGULATOR_OFFICER)
    folder = unpack(make(matter, officer), tmp_path / "out")
    rows = read(folder, f"events/{matter.reference}.json")["rows"]

    assert all("record" not in row and row["withheld"] for row in rows)
    assert "80.00" not in (folder / f"events/{matter.reference}.json").read_text(encoding="utf-8")
    code, said = verify(folder)
    assert code == 0 and "未收录 3" in said


@pytest.mark.pdf
def test_a_person_who_left_gets_nothing(matter, clerk_and_handler):
    clerk = clerk_and_handler[0]
    row = archive.ask(matter, by=clerk, purpose="court")
    User.objects.get(pk=clerk.user_id).memberships.update(until=timezone.localdate())
    archive.build_waiting()
    row.refresh_from_db()

    assert (row.status, row.file.name) == ("failed", "")


def test_asking_twice_is_one_request(matter, clerk_and_handler):
    first = archive.ask(matter, by=clerk_and_handler[0], purpose="court")
    assert archive.ask(matter, by=clerk_and_handler[0], purpose="audit") == first


@pytest.mark.pdf
def test_a_built_archive_is_forgotten_after_its_days(matter, clerk_and_handler, settings):
    row = make(matter, clerk_and_handler[0])
    ArchiveRequest.objects.update(ready_at=timezone.now() - timedelta(days=settings.ARCHIVE_KEEP_DAYS, hours=1))
    stored, storage = row.file.name, row.file.storage

    assert archive.forget() == 1 and not storage.exists(stored)
    with pytest.raises(OutOfScope):
        archive.take(row.pk, by=clerk_and_handler[0])


# ---- a whole incident, tampered with ----


@pytest.fixture
def incident(db):
    begins = (timezone.localtime() - timedelta(days=3)).replace(second=0, microsecond=0)
    stage = stories.own_stage(begins, entrapment_minutes=40, entrapment_amount=Decimal("200.00"))
    for _mark in entrapment.play(stage, people=entrapment.PEOPLE[:1]):
        pass
    stage.prove(stage.root, "call_log", "Call log", stage.cast.clerk)
    return stage


@pytest.fixture
def whole(incident, tmp_path):
    clerk = services.actor("liang")
    return unpack(make(Case.objects.get(pk=incident.root.pk), actor_for(User.objects.get(pk=clerk.user_id))), tmp_path / "out")


TAMPERED = [
    ("a paper", "papers/*.pdf", "文件被改动：papers/"),
    ("a piece of evidence", "evidence/*.pdf", "文件被改动：evidence/"),
    ("the cover", "00-卷宗目录.pdf", "文件被改动：00-卷宗目录.pdf"),
    ("the readable index", "index.html", "文件被改动：index.html"),
    ("the index", "index.json", "文件被改动：index.json"),
    ("a chain", "events/IN-*.json", "文件被改动：events/IN-"),
    ("the clocks", "deadlines/*.json", "文件被改动：deadlines/"),
    ("the ledger", "ledger.json", "文件被改动：ledger.json"),
    ("the sheet", "ledger.csv", "文件被改动：ledger.csv"),
    ("the law", "law/provisions.json", "文件被改动：law/provisions.json"),
    ("how to read it", "*.txt", "文件被改动："),
    ("the verifier", "verify.py", "文件被改动：verify.py"),
]


@pytest.mark.pdf
def test_a_whole_incident_holds_and_any_byte_changed_in_any_file_is_named(whole):
    code, said = verify(whole)
    assert code == 0, said
    for word in ("记录", "内容", "文书", "证据", "期限", "分录"):
        assert f"{word} " in said
    assert len(read(whole, "index.json")["cases"]) >= 3

    for what, pattern, names in TAMPERED:
        path = sorted(whole.glob(pattern))[0]
        true = path.read_bytes()
        path.write_bytes(true + b"\n")
        assert (verify(whole)[0], names in verify(whole)[1]) == (1, True), what
        path.write_bytes(true)

    (whole / "papers" / "extra.pdf").write_bytes(b"%PDF-1.4")
    assert verify(whole) == (1, "不符。第一处：卷宗里有、清单里没有的文件：papers/extra.pdf\n")
    (whole / "papers" / "extra.pdf").unlink()
    lost = sorted(whole.glob("papers/*.pdf"))[0]
    lost.unlink()
    assert f"清单里有、卷宗里没有的文件：papers/{lost.name}" in verify(whole)[1]


@pytest.mark.pdf
def test_a_forger_who_mends_the_manifest_is_named_by_row(whole, tmp_path):
    cases = read(whole, "index.json")["cases"]
    incident = cases[0]["reference"]
    chain = f"events/{incident}.json"
    true = {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()}

    def forged(name, change):
        rewrite(whole, name, change)
        code, said = verify(whole)
        for path, content in true.items():
            path.write_bytes(content)
        assert code == 1
        return said

    def first_paper(content):
        content["rows"][0]["sha256"] = "0" * 64

    assert f"{incident} 第 2 条记录" in forged(chain, lambda c: c["rows"][1]["covered"].update(actor_name="别人"))
    assert f"{incident} 第 1 条记录" in forged(chain, lambda c: c["rows"][0]["record"]["facts"].update(people_count=9))
    assert "编号不连续" in forged(chain, lambda c: c["rows"].pop(1))
    assert "目录说有" in forged(chain, lambda c: c["rows"].pop())
    assert "没有写明内容在不在" in forged(chain, lambda c: c["rows"][0].pop("record"))
    assert "与签发时的文件不同" in forged("papers.json", first_paper)
    assert "找不到签发它的那条记录" in forged("papers.json", lambda c: c["rows"][0].update(event="0"))
    proofs = sorted(p.name for p in whole.glob("evidence/*.json"))
    assert "与上传时的文件不同" in forged(f"evidence/{proofs[0]}", lambda c: c["rows"][0].update(sha256="0" * 64))
    assert "第 5 笔分录" in forged("ledger.json", lambda c: c["transfers"][0].update(amount="1.00")), "more posted than was held"
    assert "重算的" in forged("ledger.json", lambda c: c["balances"][0].update(debit="999999.00"))
    assert "金额或者账户不对" in forged("ledger.json", lambda c: c["transfers"][0].update(amount="-1.00"))
    assert "找不到它所结清的预留" in forged("ledger.json", lambda c: c["transfers"].pop(0))
    assert "找不到记它的那条记录" in forged("ledger.json", lambda c: c["transfers"][0].update(event="0"))
    clocks = sorted(p.name for p in whole.glob("deadlines/*.json"))
    assert "找不到它起算的那条记录" in forged(f"deadlines/{clocks[0]}", lambda c: c["rows"][0].update(start_event="0"))
    assert "目录所列状态与末条记录不同" in forged("index.json", lambda c: c["cases"][0].update(state="nowhere"))
    assert "不是从前一条留下的状态出发的" in forged(chain, lambda c: c["rows"][1]["covered"].update(source="nowhere"))
    assert "没有依法删除的记载" in forged(chain, lambda c: c["rows"][0].update(lost=c["rows"][0].pop("record") and True))
    assert "结构被改动" in forged("ledger.json", lambda c: c.pop("balances"))
    assert "末条记录的摘要与目录所列不同" in forged("index.json", lambda c: c["cases"][0].update(head="0" * 64))


def test_what_is_no_archive_is_called_so(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "a.zip", tmp_path / "missing.zip"):
        code, said = verify(path)
        assert (code, "读不出来" in said) == (2, True)
    run = subprocess.run([sys.executable, "-I", str(OFFLINE / "verify.py"), str(tmp_path / "empty")], capture_output=True)
    assert run.returncode == 2


@pytest.mark.pdf
def test_each_gets_the_cases_they_see_and_no_others(incident, tmp_path):
    root = Case.objects.get(pk=incident.root.pk)
    maintainer = unpack(make(root, services.actor("peng")), tmp_path / "maintainer")
    manager = unpack(make(root, services.actor("liang")), tmp_path / "manager")
    index = [read(folder, "index.json") for folder in (maintainer, manager)]

    assert [c["kind"] for c in index[0]["cases"]] == ["incident"]
    assert {"incident", "claim", "payment_order"} <= {c["kind"] for c in index[1]["cases"]}
    said = (maintainer / "index.html").read_text(encoding="utf-8") + (maintainer / "index.json").read_text(encoding="utf-8")
    assert not any(case["reference"] in said for case in index[1]["cases"][1:])
    assert verify(maintainer)[0] == verify(manager)[0] == 0
