"""What every test shares: papers are printed where a test asks for them, and wait in the outbox everywhere else."""

from __future__ import annotations

import pytest

from casework import outbox

PRINTING = ("pdf", "worker", "browser")


@pytest.fixture(autouse=True)
def papers_wait(request):
    """A paper takes a third of a second to print: only a test marked `pdf` (or one with a worker or a browser) has the time."""
    if any(request.node.get_closest_marker(name) for name in PRINTING):
        yield
        return
    printers = {name for names in outbox.handlers().values() for name in names if "documents" in name.rsplit(".", 1)[0]}
    with outbox.leaving(printers):
        yield
