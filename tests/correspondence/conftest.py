from __future__ import annotations

import pytest

from tests.factories.claims import printing


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Papers of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def printed():
    """Here the papers are what is tested."""
    token = printing.set(True)
    yield
    printing.reset(token)
