from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from access.models import User
from access.roles import Role
from parties import api
from tests.factories.access import make_actor, make_organisation

pytestmark = pytest.mark.django_db
NUMBER = "6225881234564417"


@pytest.fixture
def company():
    return make_organisation()


@pytest.fixture
def adder(company):
    return make_actor(Role.MANAGER_CLERK, organisation=company)


@pytest.fixture
def account(adder):
    return api.add_account(api.register_person("黄秀芬").id, bank="招商银行", number=NUMBER, by=adder)


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(account):
    return reverse("parties:confirm_account", args=[account.id])


def test_a_colleague_confirms_by_typing_the_number_again(client, company, account):
    sign_in(client, make_actor(Role.MANAGER_CASHIER, organisation=company))

    shown = client.get(url(account)).content.decode()
    wrong = client.post(url(account), {"number": "6225881234564418"})
    right = client.post(url(account) + "?next=/payments/", {"number": "6225 8812 3456 4417"})

    assert "尾号 4417" in shown and NUMBER not in shown and "黄*芬" in shown
    assert wrong.status_code == 422 and "和登记的账号不一致" in wrong.content.decode()
    assert (right.status_code, right["Location"]) == (302, "/payments/")
    assert api.account(account.id).is_usable


def test_who_added_it_is_told_to_leave_it_to_a_colleague(client, adder, account):
    sign_in(client, adder)

    assert "请另一位同事来核对" in client.get(url(account)).content.decode()
    assert client.post(url(account), {"number": NUMBER}).status_code == 422
    assert not api.account(account.id).is_confirmed


def test_another_holder_needs_a_note(client, company, adder):
    other = api.add_account(api.register_person("黄秀芬").id, bank="招商银行", number=NUMBER, holder="黄建国", by=adder)
    sign_in(client, make_actor(Role.MANAGER_APPROVER, organisation=company))

    assert "请写明为什么" in client.post(url(other), {"number": NUMBER}).content.decode()
    assert client.post(url(other), {"number": NUMBER, "note": "监护人账户，户口本已核对"}).status_code == 302


def test_strangers_get_404_unless_a_case_sent_them(client, company, account):
    stranger = make_actor(Role.INSURER_CASHIER)
    auditor = make_actor(Role.AUDITOR, organisation=company)
    sent = api.confirm_url(account.id, actor=stranger, back="/payments/")

    assert client.get(url(account)).status_code == 302
    assert sign_in(client, auditor).get(url(account)).status_code == 404
    assert api.confirm_url(account.id, actor=auditor) == ""
    sign_in(client, stranger)
    assert client.get(url(account)).status_code == 404
    assert client.get(url(account) + "?pass=forged").status_code == 404
    assert client.get(sent).status_code == 200
    assert sign_in(client, make_actor(Role.INSURER_CASHIER)).get(sent).status_code == 404
    assert client.get(reverse("parties:confirm_account", args=[10**9])).status_code == 404


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_one_is_never_sent_to_a_foreign_site(client, company, account, back):
    sign_in(client, make_actor(Role.MANAGER_CASHIER, organisation=company))

    done = client.post(f"{url(account)}?next={quote(back)}", {"number": NUMBER})

    assert done["Location"] == "/"
