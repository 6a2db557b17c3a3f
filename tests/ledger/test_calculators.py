"""The calculator of capitals: its contract and its refusals."""

from __future__ import annotations

import pytest

from ledger.calculators import amount_in_capitals
from legislation.calculators import BadInput


def test_contract():
    assert amount_in_capitals({"amount": "1409.50"}) == {"capitals": "人民币壹仟肆佰零玖元伍角"}
    assert amount_in_capitals({"amount": "0.00"}) == {"capitals": "人民币零元整"}


@pytest.mark.parametrize("amount", ["-1.00", "1.234", 1409.5, True, None, "", "壹元", "1e3", "10000000000000000.00"])
def test_bad_amounts_are_refused_by_the_field(amount):
    with pytest.raises(BadInput) as refusal:
        amount_in_capitals({"amount": amount})
    assert refusal.value.field == "amount"
    assert refusal.value.why


@pytest.mark.parametrize("payload", [[], "1.00", None, 5])
def test_only_an_object_is_read(payload):
    with pytest.raises(BadInput):
        amount_in_capitals(payload)


def test_unknown_keys_are_refused_by_name():
    with pytest.raises(BadInput) as refusal:
        amount_in_capitals({"amount": "1.00", "currency": "USD"})
    assert refusal.value.field == "currency"
