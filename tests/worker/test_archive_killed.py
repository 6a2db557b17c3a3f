"""A worker killed with -9 while it builds an archive leaves a request that waits; the next one builds it whole."""

from __future__ import annotations

import zipfile

import pytest

from casework import archive
from casework.models import ArchiveRequest
from tests.sample.factories import open_matter, people
from tests.worker.processes import frozen, kill, nobody_else_is_connected, script, somebody_waits_for, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.pdf]

BUILD = """
from django.conf import settings
settings.MEDIA_ROOT = {folder!r}
from casework import archive
archive.build_waiting()
"""


def test_killed_after_writing_the_file_and_before_saying_so(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    clerk, handler = people()
    asked = archive.ask(open_matter(clerk, handler), by=clerk, purpose="court")

    with frozen("casework_archiverequest"):
        process = script(BUILD.format(folder=str(tmp_path)))
        until(lambda: somebody_waits_for("casework_archiverequest") or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        kill(process)
    until(nobody_else_is_connected)

    row = ArchiveRequest.objects.get(pk=asked.pk)
    assert (row.status, row.file.name, row.attempts) == ("waiting", "", 0)
    with pytest.raises(archive.OutOfScope):
        archive.take(row.pk, by=clerk)

    assert archive.build_waiting() == 1
    row.refresh_from_db()
    assert row.status == "ready"
    assert [p.name for p in (tmp_path / "archives").iterdir()] == [f"{row.pk}.zip"], "what the killed one left is gone"
    with row.file.open("rb") as file, zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
