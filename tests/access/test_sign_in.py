"""The door: password, second factor, throttle, organisations; as a browser meets it."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt

from access import second_factor
from access.middleware import SECOND_FACTOR_KEY
from access.models import Membership, Organisation
from access.roles import MONEY_ROLES, Role
from tests.factories.access import HOME, make_organisation, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-test-password"


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.AXES_ENABLED = True
    settings.SECOND_FACTOR_ENFORCED = True
    settings.DEMONSTRATION = False


def person(*roles):
    return make_user(make_organisation(HOME[roles[0]]), *roles)


def give_password(client, user, password=PASSWORD, **extra):
    return client.post("/sign-in/", {"username": user.username, "password": password, **extra})


def is_in(client):
    return client.get("/").status_code == 200


def test_a_clerk_signs_in_with_a_password_and_lands_where_they_wanted(client):
    response = give_password(client, person(Role.MANAGER_CLERK), next="/search/")

    assert response.url == "/search/"
    assert is_in(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_off_the_site(client, target):
    assert give_password(client, person(Role.MANAGER_CLERK), next=target).url == "/"


def test_a_wrong_password_says_nothing_about_which_was_wrong(client):
    user = person(Role.MANAGER_CLERK)
    wrong, unknown = (give_password(client, user, "not it"), client.post("/sign-in/", {"username": "nobody", "password": "not it"}))

    for response in (wrong, unknown):
        assert response.status_code == 422 and "用户名或密码不对" in response.content.decode()
    assert not is_in(client)


def test_too_many_guesses_lock_the_name_and_say_for_how_long(client, settings):
    user = person(Role.MANAGER_CLERK)
    for _n in range(settings.AXES_FAILURE_LIMIT):
        response = give_password(client, user, "guess")

    assert response.status_code == 429 and "15 分钟后自动解锁" in response.content.decode()
    assert give_password(client, user).status_code == 429
    assert not is_in(client)
    assert give_password(client, person(Role.MANAGER_CLERK)).status_code == 302


@pytest.mark.parametrize("role", sorted(MONEY_ROLES))
def test_whoever_moves_money_needs_the_second_factor(client, role):
    user = person(role)
    second_factor.enrol(user, secret := second_factor.new_secret())

    assert give_password(client, user).url == "/sign-in/code/"
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert not is_in(client)
    assert client.post("/sign-in/code/", {"code": second_factor.code_at(secret)}).url == "/"
    assert is_in(client)


def test_the_first_time_binds_a_device_before_the_door_opens(client):
    user = person(Role.MANAGER_CASHIER)
    give_password(client, user, next="/search/")

    assert client.get("/sign-in/code/").url == "/sign-in/device/"
    secret = client.get("/sign-in/device/").context["secret"]
    assert client.post("/sign-in/device/", {"code": "123"}).status_code == 422
    assert not second_factor.has_one(user)
    assert client.post("/sign-in/device/", {"code": second_factor.code_at(secret)}).url == "/search/"
    assert is_in(client) and second_factor.has_one(user)


def test_a_bound_device_is_not_replaced_by_knowing_the_password(client):
    user = person(Role.MANAGER_CASHIER)
    second_factor.enrol(user, second_factor.new_secret())
    give_password(client, user)

    assert client.get("/sign-in/device/").url == "/sign-in/"


def test_a_code_works_once_and_not_too_early_or_late():
    user = person(Role.INSURER_CASHIER)
    second_factor.enrol(user, secret := second_factor.new_secret())
    code = second_factor.code_at(secret)

    assert not second_factor.accept(user, second_factor.code_at(secret, time.time() - 300))
    assert not second_factor.accept(user, second_factor.code_at(secret, time.time() + 300))
    assert second_factor.accept(user, code)
    assert not second_factor.accept(user, code)


def test_guessing_codes_is_throttled_like_guessing_passwords(client, settings):
    user = person(Role.MANAGER_CASHIER)
    second_factor.enrol(user, secret := second_factor.new_secret())
    give_password(client, user)
    for _n in range(settings.AXES_FAILURE_LIMIT):
        client.post("/sign-in/code/", {"code": "000000"})

    client.post("/sign-in/code/", {"code": second_factor.code_at(secret)})
    assert not is_in(client)
    assert AccessAttempt.objects.get(username=user.username).failures_since_start >= settings.AXES_FAILURE_LIMIT


def test_a_code_page_without_a_password_before_it_leads_to_the_door(client):
    assert client.get("/sign-in/code/").url == "/sign-in/"
    assert client.post("/sign-in/code/", {"code": "123456"}).url == "/sign-in/"


def test_a_session_ends_when_its_person_comes_to_move_money(client):
    user = person(Role.MANAGER_CLERK)
    give_password(client, user)
    assert is_in(client)

    Membership.objects.create(user=user, organisation=Organisation.objects.get(), role=Role.MANAGER_CASHIER)
    assert client.get("/").url.startswith("/sign-in/")
    assert SECOND_FACTOR_KEY not in client.session


def test_the_secret_is_not_readable_in_the_database():
    user = person(Role.MANAGER_CASHIER)
    secret = second_factor.new_secret()
    second_factor.enrol(user, secret)

    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_only_the_demonstration_shows_accounts_and_codes(client, settings):
    user = person(Role.MANAGER_CASHIER)
    second_factor.enrol(user, second_factor.new_secret())
    assert user.username not in client.get("/sign-in/").content.decode()
    assert 'value="tibao' not in client.get(f"/sign-in/?account={user.username}").content.decode()

    settings.DEMONSTRATION = True
    page = client.get("/sign-in/").content.decode()
    assert user.username in page and second_factor.current_code(user) in page


def test_signing_out_is_a_post(client):
    give_password(client, person(Role.MANAGER_CLERK))
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert not is_in(client)


def test_one_acts_for_one_organisation_at_a_time_and_only_for_ones_own(client):
    mine, other, foreign = (make_organisation() for _n in range(3))
    user = make_user(mine, Role.MANAGER_CLERK)
    Membership.objects.create(user=user, organisation=other, role=Role.MANAGER_CLERK)
    give_password(client, user)
    assert mine.short_name in client.get("/").content.decode()

    client.post("/account/organisation/", {"organisation": other.pk})
    assert client.get("/").context["actor"].organisation_id == other.pk
    assert client.post("/account/organisation/", {"organisation": foreign.pk}).status_code == 404
    assert client.post("/account/organisation/", {"organisation": "x"}).status_code == 404


def test_a_new_password_needs_the_old_one_and_keeps_the_session(client):
    user = person(Role.MANAGER_CLERK)
    give_password(client, user)
    new = {"new_password1": "another-long-password", "new_password2": "another-long-password"}

    assert client.post("/account/password/", {"old_password": "wrong", **new}).status_code == 422
    assert client.post("/account/password/", {"old_password": PASSWORD, **new}).url == "/account/"
    assert is_in(client)
    user.refresh_from_db()
    assert user.check_password("another-long-password")


def test_somebody_without_any_office_sees_an_empty_house(client):
    give_password(client, make_user(None))
    assert is_in(client)
    assert "没有轮到您办的事" in client.get("/").content.decode()
