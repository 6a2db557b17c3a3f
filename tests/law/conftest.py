"""The law of an ordinary day in Guangzhou."""

from __future__ import annotations

from datetime import date

import pytest

from legislation import lookup


@pytest.fixture
def law_2025() -> lookup.Law:
    return lookup.at(date(2025, 3, 3), "440100")
