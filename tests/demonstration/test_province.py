"""The invented province: loaded twice it is the same, its codes are real ones in shape, every role has an account."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from access import second_factor
from access.models import Membership, User
from access.roles import MONEY_ROLES, UNHELD_ROLES, Role
from access.selectors import invented_accounts
from demonstration import accounts, province, services
from elevators.models import CoverFact, Elevator, UseManagement
from elevators.terms import codes
from ledger import api as ledger
from ledger.verification import trial_balance
from policies.models import Policy

pytestmark = pytest.mark.django_db


def _counts() -> dict[str, int]:
    return {m.__name__: m._default_manager.count() for m in (User, Membership, Elevator, UseManagement, Policy)}


def test_the_province_holds_and_building_it_again_changes_nothing():
    province.build()
    first = _counts()
    assert first["Elevator"] == 300
    _every_elevator_has_a_code_of_18_digits_and_a_place()
    _all_but_the_orphans_are_managed_and_covered()
    _the_aggregates_begin_with_what_was_used()

    province.build()
    assert _counts() == first


def _every_elevator_has_a_code_of_18_digits_and_a_place():
    for elevator in Elevator.objects.select_related("building"):
        code = codes.parse(elevator.code)
        assert (len(elevator.code), code.type, code.year) == (18, "3110", str(elevator.put_into_use_on.year))
        assert elevator.place.startswith("44")
    assert Elevator.objects.values("building__place").distinct().count() == len(province.DISTRICTS)


def _all_but_the_orphans_are_managed_and_covered():
    today, now = timezone.localdate(), timezone.now()
    managed = {m.elevator_id for m in UseManagement.objects.filter(until=None, organisation__isnull=False, since__lte=today)}
    covered = {c.elevator_id for c in CoverFact.objects.filter(since__lte=now, until__gt=now)}
    orphans = {e.pk for e in Elevator.objects.filter(building__estate=province.ORPHANED)}
    everybody = {e.pk for e in Elevator.objects.all()}
    assert orphans
    assert managed == covered == everybody - orphans


def _the_aggregates_begin_with_what_was_used():
    for policy in Policy.objects.all():
        balance = ledger.balance(f"policy/{policy.pk}/aggregate")
        assert balance.credited == policy.aggregate
        assert balance.posted == policy.aggregate_used
    assert trial_balance().holds


def test_every_role_has_the_account_that_the_launcher_prints():
    services.establish()
    offered = {str(a.role): a.username for a in invented_accounts()}
    assert offered == {role: account.username for role, account in accounts.one_per_role()}
    assert set(offered) == {str(role) for role in Role if role not in UNHELD_ROLES}
    for account in accounts.ACCOUNTS:
        assert authenticate(None, username=account.username, password=accounts.PASSWORD) is not None


def test_money_roles_have_a_second_factor_that_is_always_the_same():
    services.establish()
    for account in accounts.ACCOUNTS:
        user = User.objects.get(username=account.username)
        moves_money = bool(set(account.roles) & {str(r) for r in MONEY_ROLES})
        assert second_factor.has_one(user) is moves_money
        if moves_money:
            assert second_factor.accept(user, second_factor.code_at(account.secret))


def test_outside_a_demonstration_nobody_invented_can_sign_in(settings):
    settings.DEMONSTRATION = False
    services.establish()
    assert not any(user.has_usable_password() and user.check_password(accounts.PASSWORD) for user in User.objects.all())
    assert not any(second_factor.has_one(user) for user in User.objects.all())


def test_the_launcher_learns_the_accounts_without_django():
    import subprocess
    import sys

    code = "import sys; from demonstration.accounts import lines; print('\\n'.join(lines())); assert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert accounts.PASSWORD in done.stdout
    for role in accounts.ROLES.values():
        assert role in done.stdout


def test_loading_refuses_outside_a_demonstration(settings):
    from django.core.management.base import CommandError

    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_demonstration")
    assert User.objects.count() == 0
