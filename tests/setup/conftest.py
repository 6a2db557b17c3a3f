from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def state():
    """A state folder that the servers' user can reach, which pytest's own temporary folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="tibao-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
