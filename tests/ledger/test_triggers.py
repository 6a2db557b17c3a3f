"""What the database refuses by itself, whoever writes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ledger import api
from ledger.models import Account, Transfer
from ledger.verification import trial_balance
from tests.factories.ledger import make_limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit():
    return Account.objects.get(key=make_limit("policy/7/aggregate", "100.00"))


@pytest.fixture
def used(limit):
    api.open_account("policy/7/used", label="已用", capped=False)
    return Account.objects.get(key="policy/7/used")


def write(kind, debit, credit, amount="60.00", **more):
    number = Transfer.objects.count()
    return Transfer.objects.create(
        key=f"test:{number}", kind=kind, debit=debit, credit=credit, amount=Decimal(amount), at=timezone.now(), **more
    )


def refused(*args, **more):
    with pytest.raises(DatabaseError), transaction.atomic():
        write(*args, **more)


def sql_refused(statement, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_transfer_is_never_changed_or_deleted(limit, used):
    write("transfer", limit, used)

    sql_refused("UPDATE ledger_transfer SET amount = 1")
    sql_refused("UPDATE ledger_transfer SET debit_id = credit_id, credit_id = debit_id")
    sql_refused("DELETE FROM ledger_transfer")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.update(memo="x")


def test_totals_are_never_written(limit):
    for total in ("debits_posted", "debits_pending", "credits_posted", "credits_pending"):
        sql_refused(f"UPDATE ledger_account SET {total} = {total} + 1 WHERE id = %s", limit.pk)
    sql_refused("UPDATE ledger_account SET is_capped = false WHERE id = %s", limit.pk)
    sql_refused("UPDATE ledger_account SET key = 'policy/8/aggregate' WHERE id = %s", limit.pk)
    sql_refused("DELETE FROM ledger_account WHERE id = %s", limit.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.create(key="policy/9/aggregate", label="限额", is_capped=True, credits_posted=Decimal(1000))

    Account.objects.filter(pk=limit.pk).update(label="全年累计")


def test_a_transfer_has_two_accounts_and_an_amount_above_nothing(limit, used):
    refused("transfer", limit, limit)
    for amount in ("0.00", "-5.00"):
        refused("transfer", used, limit, amount)
    sql_refused(
        "INSERT INTO ledger_transfer (key, kind, debit_id, credit_id, amount, name, memo, at)"
        " VALUES ('x', 'transfer', %s, NULL, 5, '', '', now())",
        limit.pk,
    )


def test_a_capped_account_holds_its_limit_held_amounts_included(limit, used):
    held = write("reserve", limit, used, "60.00")

    refused("transfer", limit, used, "40.01")
    refused("reserve", limit, used, "40.01")
    write("transfer", limit, used, "40.00")
    write("post", limit, used, "60.00", reservation=held)

    limit.refresh_from_db()
    assert (limit.debits_posted, limit.debits_pending, limit.credits_posted) == (100, 0, 100)


def test_taking_back_the_grant_of_a_used_limit_is_refused(limit, used):
    grant = Transfer.objects.get(credit=limit)
    write("transfer", limit, used, "10.00")

    refused("reverse", grant.debit, limit, "100.00", reverses=grant)


def test_a_reservation_is_settled_once_within_what_was_held_and_between_its_accounts(limit, used):
    held = write("reserve", limit, used, "60.00")

    refused("post", limit, used, "60.01", reservation=held)
    refused("post", used, limit, "60.00", reservation=held)
    refused("void", limit, used, "59.00", reservation=held)
    refused("post", limit, used, "60.00")
    refused("transfer", limit, used, "10.00", reservation=held)
    posted = write("post", limit, used, "45.00", reservation=held)
    for kind in ("post", "void", "expire"):
        refused(kind, limit, used, "60.00", reservation=held)
    refused("void", limit, used, "45.00", reservation=posted)

    balance = api.balance(limit.key)
    assert (balance.posted, balance.reserved, balance.available) == (45, 0, 55)


def test_what_was_posted_is_reversed_once_and_whole(limit, used):
    held = write("reserve", limit, used, "60.00")
    refused("reverse", limit, used, "60.00", reverses=held)
    posted = write("post", limit, used, "60.00", reservation=held)

    refused("reverse", limit, used, "59.00", reverses=posted)
    refused("reverse", used, limit, "60.00", reverses=posted)
    back = write("reverse", limit, used, "60.00", reverses=posted)
    refused("reverse", limit, used, "60.00", reverses=posted)
    refused("reverse", limit, used, "60.00", reverses=back)

    balance = api.balance(limit.key)
    assert (balance.credited, balance.posted, balance.available) == (100, 0, 100)


def test_a_key_is_used_once(limit, used):
    write("transfer", limit, used, "1.00")

    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.create(
            key=Transfer.objects.latest("id").key, kind="transfer", debit=limit, credit=used, amount=Decimal(1), at=timezone.now()
        )


def test_the_trial_balance_names_the_account_that_was_bent_by_force(limit, used):
    write("transfer", limit, used, "10.00")
    assert trial_balance().holds

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_account DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_account SET debits_posted = 0 WHERE id = %s", [limit.pk])
        cursor.execute("ALTER TABLE ledger_account ENABLE TRIGGER USER")

    found = trial_balance()
    assert not found.holds
    assert [fault.key for fault in found.faults] == ["policy/7/aggregate"]
