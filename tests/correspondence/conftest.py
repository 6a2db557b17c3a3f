from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Papers of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path
