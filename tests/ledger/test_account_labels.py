"""Nobody reads a raw key: accounts that open by themselves have a name."""

from __future__ import annotations

import pytest

from ledger.accounts import label_of
from policies import movements


@pytest.mark.parametrize(
    "limit", ["policy/7/aggregate", "policy/7/incident/12", "policy/7/incident/12/person/P1", "policy/7/incident/12/person/P1/medical"]
)
def test_the_counterpart_of_every_limit_has_a_name(limit):
    key = movements.used_account(limit)
    assert label_of(key) != key and "已用" in str(label_of(key))
