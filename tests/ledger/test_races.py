"""Several people and processes at once, on real connections: one wins, the others are told why."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections

from casework.errors import FactsRefused, StepRefused
from ledger import api
from ledger.models import PaymentOrder, Transfer
from ledger.verification import trial_balance
from tests.factories.ledger import add_voucher, make_limit, make_order, make_payer, make_root, mark_paid, release

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = "policy/7/aggregate"


def all_at_once(attempts, workers):
    """Run all attempts on `workers` connections; what each gave: "done" or the code of its refusal."""
    barrier = Barrier(workers)

    def run(attempt):
        try:
            attempt()
        except StepRefused as refusal:
            return refusal.code
        except FactsRefused as refusal:
            return ",".join(refusal.errors)
        finally:
            connections["default"].close()
        return "done"

    with ThreadPoolExecutor(workers, initializer=barrier.wait) as pool:
        return Counter(pool.map(run, attempts))


def test_two_hundred_attempts_on_the_last_of_a_limit_never_exceed_it():
    make_limit(LIMIT, "1045.00")
    payers = [make_payer() for _ in range(4)]
    roots = [make_root(payer) for payer in payers for _ in range(3)]

    def attempt(number):
        payer, root = payers[number % 4], roots[number % 4 * 3 + number * 5 % 3]
        legs = (api.Leg(LIMIT, "policy/7/used"), api.Leg(payer.bank, "claim/1/received"))
        return lambda: make_order(payer, "100.00", parent=root, legs=legs)

    outcome = all_at_once([attempt(n) for n in range(200)], workers=12)

    assert outcome == {"done": 10, "limit_exhausted": 190}
    balance = api.balance(LIMIT)
    assert (balance.reserved, balance.available) == (1000, 45)
    assert PaymentOrder.objects.filter(purpose="ADVANCE").count() == 10
    assert trial_balance().holds


def test_an_order_is_paid_once_however_many_click():
    payer = make_payer()
    order = make_order(payer)
    release(order, payer.cashier)
    add_voucher(order)

    outcome = all_at_once([lambda n=n: mark_paid(order, payer.cashier, f"HD-{n}") for n in range(20)], workers=10)

    assert outcome == {"done": 1, "not_from_paid": 19}
    assert Transfer.objects.filter(kind="post").count() == 1
    assert api.balance("claim/1/received").credited == Decimal("200.00")


def test_paying_and_withdrawing_at_once_one_wins():
    for _round in range(5):
        payer = make_payer()
        order = make_order(payer)
        release(order, payer.cashier)
        add_voucher(order)
        other = PaymentOrder.objects.get(pk=order.pk)

        outcome = all_at_once(
            [
                lambda order=order, payer=payer: mark_paid(order, payer.cashier, "HD-1"),
                lambda other=other, payer=payer: api.cancel_payment_order(
                    other.pk, by=payer.cashier, happened_at=other.happened_at, reason="银行退票"
                ),
            ],
            workers=2,
        )

        assert outcome["done"] == 1 and sum(outcome.values()) == 2
        settled = Transfer.objects.filter(case_id=order.pk).exclude(kind="reserve").values_list("kind", flat=True)
        assert list(settled) == ["post"] if PaymentOrder.objects.get(pk=order.pk).state == "paid" else ["void"]
    assert trial_balance().holds


def test_one_voucher_number_does_not_prove_two_payments():
    payer = make_payer()
    orders = [make_order(payer) for _ in range(6)]
    for order in orders:
        release(order, payer.cashier)

    outcome = all_at_once([lambda order=order: mark_paid(order, payer.cashier, "HD-1") for order in orders], workers=6)

    assert outcome == {"done": 1, "voucher_number": 5}
