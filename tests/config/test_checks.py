from __future__ import annotations

import pytest

from config.checks import unverified_law_is_acknowledged
from legislation import lookup


def test_deployment_lists_every_unverified_rule_by_name(settings):
    settings.ACKNOWLEDGED_LAW = []

    listed = {message.msg.split(":")[0] for message in unverified_law_is_acknowledged()}

    assert listed == {provision.name for provision in lookup.unverified()}


@pytest.mark.parametrize("name", ["damages.hospital_meal_allowance", "periods.weekends_are_off"])
def test_acknowledged_rule_is_not_listed_again(settings, name):
    settings.ACKNOWLEDGED_LAW = [name]

    assert not any(message.msg.startswith(f"{name}:") for message in unverified_law_is_acknowledged())
