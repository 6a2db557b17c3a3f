from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.declarations import Movement
from casework.errors import MovementRefused
from ledger import api
from ledger.models import Transfer
from ledger.mover import move
from ledger.verification import trial_balance
from tests.factories.ledger import make_limit

pytestmark = pytest.mark.django_db
LIMIT, USED = "policy/7/aggregate", "policy/7/used"


def carry_out(*movements, key="k"):
    with transaction.atomic():
        move([(f"{key}:{n}", movement) for n, movement in enumerate(movements)], None, None)


def reserve(amount, name, debit=LIMIT, credit=USED):
    return Movement("reserve", Decimal(amount), debit, credit, reservation=name)


def refused(code, *movements, key="refused"):
    with pytest.raises(MovementRefused) as refusal:
        carry_out(*movements, key=key)
    assert refusal.value.code == code
    return str(refusal.value.says)


def test_the_same_key_twice_moves_once():
    make_limit(LIMIT, "100.00")

    for _attempt in range(2):
        carry_out(reserve("60.00", "a"), reserve("10.00", "b"))
    for _attempt in range(2):
        carry_out(Movement("post", reservation="a"), key="later")

    balance = api.balance(LIMIT)
    assert (balance.posted, balance.reserved) == (60, 10)


def test_an_exhausted_limit_is_named_with_what_is_left_and_what_was_asked():
    make_limit(LIMIT, "100.00", "全年累计限额")
    carry_out(reserve("60.00", "a"))

    says = refused("limit_exhausted", reserve("20.00", "b"), reserve("30.50", "c"))

    assert says == "“全年累计限额”只剩 40.00 元，这一步要用 50.50 元，还差 10.50 元。"
    assert api.balance(LIMIT).reserved == 60


def test_all_movements_of_a_step_or_none():
    make_limit(LIMIT, "100.00")
    make_limit("policy/7/incident/1", "10.00")

    refused("limit_exhausted", reserve("50.00", "a"), reserve("50.00", "b", debit="policy/7/incident/1"))

    assert api.balance(LIMIT).reserved == 0
    assert Transfer.objects.filter(kind="reserve").count() == 0


@pytest.mark.parametrize("key", ["policy/7/aggregate", "policy/7/incident/3", "policy/7/incident/3/person/a/medical"])
def test_a_limit_that_nobody_opened_is_refused(key):
    assert "还没有设定这项限额" in refused("unknown_account", reserve("1.00", "a", debit=key))


def test_other_accounts_open_by_themselves():
    carry_out(Movement("transfer", Decimal("5.00"), "org/1/bank", "claim/9/received"))

    assert api.balance("org/1/bank").posted == 5
    assert api.balance("claim/9/received").credited == 5
    assert api.balance("claim/10/received").available == 0


@pytest.mark.parametrize("amount", ["0", "-5.00", "0.001", "NaN", "Infinity", "1000000000000", "1e30"])
def test_absurd_amounts_are_refused(amount):
    refused("amount_invalid", Movement("transfer", Decimal(amount), "org/1/bank", "claim/9/received"))


@pytest.mark.parametrize(("debit", "credit"), [("", "a/b"), ("a/b", "a/b"), ("a b", "c"), ("x" * 161, "c")])
def test_a_movement_without_two_accounts_is_a_mistake_in_the_code(debit, credit):
    with pytest.raises(ValueError, match="from one account to another"):
        carry_out(Movement("transfer", Decimal("5.00"), debit, credit))


def test_a_reservation_is_settled_once_and_within_what_was_held():
    make_limit(LIMIT, "100.00")
    carry_out(reserve("60.00", "a"))

    refused("unknown_reservation", Movement("post", reservation="b"))
    refused("above_reserved", Movement("post", Decimal("60.01"), reservation="a"))
    refused("not_whole", Movement("void", Decimal("10.00"), reservation="a"))
    refused("not_posted", Movement("reverse", reservation="a"))
    refused("reserved_before", reserve("1.00", "a"))
    carry_out(Movement("post", Decimal("45.00"), reservation="a"), key="post")
    refused("reservation_settled", Movement("post", reservation="a"))
    refused("reservation_settled", Movement("void", reservation="a"))
    carry_out(Movement("reverse", reservation="a"), key="back")
    refused("reversed_before", Movement("reverse", reservation="a"))

    assert api.balance(LIMIT).available == 100


def test_expired_and_voided_reservations_give_everything_back():
    make_limit(LIMIT, "100.00")
    carry_out(reserve("60.00", "a"), reserve("40.00", "b"))

    carry_out(Movement("void", reservation="a"), Movement("expire", reservation="b"), key="back")

    assert api.balance(LIMIT).available == 100
    assert [e.amount for e in api.entries_on([LIMIT])][1:] == [60, 40, -60, -40]


def test_opening_balances_are_booked_once_by_their_id():
    for _attempt in range(2):
        make_limit(LIMIT, "100.00")
        api.record_opening_use(LIMIT, Decimal("30.00"), USED, "上家系统已付", key_id="policy/7/used-before")

    balance = api.balance(LIMIT)
    assert (balance.credited, balance.posted, balance.available) == (100, 30, 70)
    assert set(api.balances("policy/7/")) == {LIMIT, "policy/7/granted", USED}
    with pytest.raises(ValueError, match="capped"):
        api.open_account(LIMIT, label="x", capped=False)


class Book:
    """What the ledger should say, kept by plain arithmetic."""

    def __init__(self, limit):
        self.limit, self.held, self.posted = limit, {}, {}

    @property
    def available(self):
        return self.limit - sum(self.held.values()) - sum(self.posted.values())

    def take(self, action, name, amount):
        if action == "reserve":
            self.held[name] = amount
        elif action == "post":
            del self.held[name]
            self.posted[name] = amount
        elif action == "void":
            del self.held[name]
        else:
            del self.posted[name]

    def expects(self, action, name, amount, seen):
        if action == "reserve":
            return name not in seen and amount <= self.available
        if action == "post":
            return name in self.held and amount <= self.held[name]
        return name in (self.held if action == "void" else self.posted)


ACTIONS = st.tuples(
    st.sampled_from(["reserve", "reserve", "post", "void", "reverse"]),
    st.sampled_from("abcdef"),
    st.decimals(min_value="0.01", max_value="60", places=2),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(ACTIONS, max_size=25), limit=st.decimals(min_value="1", max_value="150", places=2))
def test_whatever_is_tried_the_balances_follow_and_the_limit_holds(steps, limit):
    with transaction.atomic():
        make_limit(LIMIT, str(limit))
        book, seen = Book(limit), set()
        for number, (action, name, amount) in enumerate(steps):
            movement = (
                reserve(amount, name) if action == "reserve" else Movement(action, amount if action == "post" else None, reservation=name)
            )
            try:
                carry_out(movement, key=str(number))
            except MovementRefused:
                assert not book.expects(action, name, amount, seen)
                continue
            assert book.expects(action, name, amount, seen)
            book.take(action, name, amount)
            seen.add(name)

        balance = api.balance(LIMIT)
        assert (balance.available, balance.reserved) == (book.available, sum(book.held.values()))
        assert balance.posted == sum(book.posted.values()) <= balance.credited == limit
        assert trial_balance().holds
        transaction.set_rollback(True)
