"""The cashier's list, the payment order's page and its steps, over the real door."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import Role
from ledger import api
from ledger.models import PaymentOrder
from parties import api as parties
from tests.factories.access import make_actor
from tests.factories.ledger import add_voucher, make_limit, make_order, make_payer, make_root, mark_paid, release

pytestmark = pytest.mark.django_db
NUMBER = "6225881234564417"


@pytest.fixture
def payer():
    return make_payer()


@pytest.fixture
def account(payer):
    injured = parties.register_person("李秀英")
    return parties.add_account(injured.id, bank="招商银行", number=NUMBER, by=payer.clerk)


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def page(client, order):
    return client.get(reverse("casework:case", args=[order.reference])).content.decode()


def step(client, order, verb, **fields):
    url = reverse("casework:step", args=[order.reference, verb])
    fresh = PaymentOrder.objects.get(pk=order.pk)
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return client.post(url, {"seen": fresh.sequence, "happened_at": moment, "_confirmed": "1", **fields})


def test_a_cashier_sees_the_orders_of_the_own_organisation_by_what_they_wait_for(client, payer):
    root = make_root(payer)
    waiting, released, paid = (make_order(payer, amount, parent=root) for amount in ("200.00", "300.00", "400.00"))
    make_order(make_payer(), "77.77")
    for order in (released, paid):
        release(order, payer.cashier)
    mark_paid(paid, payer.cashier)
    sign_in(client, payer.cashier)

    lists = {
        show: client.get(reverse("ledger:payments"), {"show": show}).content.decode()
        for show in ("waiting", "voucher", "paid", "returned", "nonsense")
    }

    assert waiting.reference in lists["waiting"] and "200.00" in lists["waiting"]
    assert released.reference in lists["voucher"] and waiting.reference not in lists["voucher"]
    assert paid.reference in lists["paid"] and "HD-0001" in lists["paid"]
    assert "没有付款单" in lists["returned"]
    assert waiting.reference in lists["nonsense"]
    assert all("77.77" not in text for text in lists.values())


def test_strangers_see_nothing_and_nobody_unsigned_comes_in(client, payer):
    order = make_order(payer)
    url = reverse("ledger:payments")

    assert client.get(url).status_code == 302
    sign_in(client, make_actor(Role.MANAGER_CASHIER))
    assert order.reference not in client.get(url).content.decode()
    assert client.get(reverse("casework:case", args=[order.reference])).status_code == 404
    assert client.post(reverse("ledger:account", args=[order.reference])).status_code == 404


def test_the_list_asks_the_same_questions_however_long_it_is(client, payer):
    root = make_root(payer)
    sign_in(client, payer.cashier)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("ledger:payments"))
        return len(seen)

    queries()
    few = queries()
    for _number in range(8):
        make_order(payer, parent=root)

    assert queries() == few


def test_an_order_is_released_and_paid_on_its_page(client, payer, account):
    limit = make_limit("policy/7/incident/1", "1000.00")
    order = make_order(
        payer, payee=parties.payee(account.id), legs=(api.Leg(limit, "policy/7/used"), api.Leg(payer.bank, "claim/1/received"))
    )
    sign_in(client, payer.cashier)

    waits = page(client, order)
    parties.confirm_account(account.id, by=payer.approver)
    ready = page(client, order)
    unchecked = step(client, order, "release")
    done = step(client, order, "release", account_checked="on")
    add_voucher(order)
    today = timezone.localdate().isoformat()
    paid = step(client, order, "mark_paid", voucher_number="HD-2026-1", paid_on=today)

    assert "账户待核对" in waits and "aria-disabled" in waits
    assert "账户已核对" in ready and "招商银行 尾号 4417" in ready and NUMBER not in ready
    assert "每次事故限额" in ready and "800.00" in ready and "人民币贰佰元整" in ready
    assert unchecked.status_code != 302 and "请先核对收款人户名和账号" in unchecked.content.decode()
    assert (done.status_code, paid.status_code) == (302, 302)
    order = PaymentOrder.objects.get(pk=order.pk)
    assert (order.state, order.voucher_number) == ("paid", "HD-2026-1")
    assert "HD-2026-1" in page(client, order)


def test_a_released_order_is_returned_with_a_reason(client, payer):
    order = make_order(payer)
    release(order, payer.cashier)
    sign_in(client, payer.cashier)

    form = client.get(reverse("casework:step", args=[order.reference, "return_"])).content.decode()
    empty = step(client, order, "return_", reason=" ")
    done = step(client, order, "return_", reason="户名不符，银行退票")

    assert "原因" in form
    assert empty.status_code != 302 and PaymentOrder.objects.get(pk=order.pk).state == "returned"
    assert done.status_code == 302
    assert "户名不符" in client.get(reverse("ledger:payments"), {"show": "returned"}).content.decode()


def test_the_whole_account_number_is_for_the_paying_cashier_and_is_logged(client, payer, account):
    order = make_order(payer, payee=parties.payee(account.id))
    url = reverse("ledger:account", args=[order.reference])

    forbidden = sign_in(client, payer.approver).post(url)
    shown = sign_in(client, payer.cashier).post(url)

    assert forbidden.status_code == 403
    assert client.get(url).status_code == 405
    assert NUMBER in shown.content.decode() and "no-store" in shown["Cache-Control"]
    look = parties.log_of(account.party_id)[0]
    assert (look.act, look.actor_name, look.reason) == ("查看完整资料", payer.cashier.name, f"付款单 {order.reference}")


def test_markup_in_a_name_is_shown_as_text(client, payer):
    order = make_order(payer, payee=parties.Payee('<img src=x onerror="alert(1)">'))
    sign_in(client, payer.cashier)

    for text in (page(client, order), client.get(reverse("ledger:payments")).content.decode()):
        assert "<img src=x" not in text and "&lt;img src=x" in text
