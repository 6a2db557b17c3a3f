from __future__ import annotations

from decimal import Decimal

import pytest

from ledger import api
from tests.factories.ledger import make_limit, make_order, make_payer, mark_paid, release

pytestmark = pytest.mark.django_db


def test_an_order_holds_its_limit_and_uses_it_once_paid():
    payer = make_payer()
    limit = make_limit("policy/7/incident/1", "1000.00")
    order = make_order(payer, "200.00", legs=(api.Leg(limit, "policy/7/used"), api.Leg(payer.bank, "claim/1/received")))

    held = api.balance(limit)
    release(order, payer.cashier)
    mark_paid(order, payer.cashier)
    used = api.balance(limit)

    assert (held.credited, held.reserved, held.posted, held.available) == tuple(map(Decimal, ("1000", "200", "0", "800")))
    assert (used.credited, used.reserved, used.posted, used.available) == tuple(map(Decimal, ("1000", "0", "200", "800")))
    assert api.orders_of([order.parent_id])[0].state == "paid"
