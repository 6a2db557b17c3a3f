"""Who was responsible on which day, held by the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from elevators import api, selectors, services
from elevators.models import Elevator, MaintenanceContract, UseManagement
from tests.factories.access import make_organisation
from tests.factories.elevators import make_elevator, make_lobby

pytestmark = pytest.mark.django_db
BASIS = UseManagement.Basis


def manage(lift, since, until=None, organisation=None, basis=BASIS.ENTRUSTED):
    return UseManagement.objects.create(
        elevator=lift, organisation=organisation or make_organisation(), since=since, until=until, basis=basis
    )


def test_use_manager_on_its_first_and_last_day_and_not_beside_them():
    lift = make_elevator()
    first = manage(lift, date(2020, 1, 1), date(2022, 6, 30))
    second = manage(lift, date(2022, 7, 1))
    answers = {
        day: (found := api.use_manager_on(lift.pk, day)) and found.organisation_id
        for day in (date(2019, 12, 31), date(2020, 1, 1), date(2022, 6, 30), date(2022, 7, 1), date(2040, 1, 1))
    }
    assert answers == {
        date(2019, 12, 31): None,
        date(2020, 1, 1): first.organisation_id,
        date(2022, 6, 30): first.organisation_id,
        date(2022, 7, 1): second.organisation_id,
        date(2040, 1, 1): second.organisation_id,
    }


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2021, 1, 1), date(2021, 1, 1)), (date(2019, 1, 1), date(2020, 1, 1)), (date(2022, 6, 30), None), (date(2000, 1, 1), None)],
)
def test_two_managers_never_share_a_day(since, until):
    lift = make_elevator()
    manage(lift, date(2020, 1, 1), date(2022, 6, 30))
    with pytest.raises(IntegrityError, match="use_management_no_overlap"), transaction.atomic():
        manage(lift, since, until)


def test_another_elevator_may_have_the_same_days():
    organisation = make_organisation()
    manage(make_elevator(), date(2020, 1, 1), organisation=organisation)
    manage(make_elevator(), date(2020, 1, 1), organisation=organisation)
    assert UseManagement.objects.filter(organisation=organisation).count() == 2


def test_two_maintenance_contracts_never_share_a_day():
    lift = make_elevator()
    MaintenanceContract.objects.create(elevator=lift, organisation=make_organisation("maintenance_contractor"), since=date(2020, 1, 1))
    with pytest.raises(IntegrityError, match="maintenance_no_overlap"), transaction.atomic():
        MaintenanceContract.objects.create(elevator=lift, organisation=make_organisation("maintenance_contractor"), since=date(2024, 1, 1))


def test_a_manager_must_be_somebody_unless_the_basis_says_all_owners():
    lift = make_elevator()
    with pytest.raises(IntegrityError, match="use_management_somebody"), transaction.atomic():
        UseManagement.objects.create(elevator=lift, since=date(2020, 1, 1), basis=BASIS.SINGLE_OWNER)
    row = UseManagement.objects.create(elevator=lift, since=date(2020, 1, 1), basis=BASIS.ALL_OWNERS)
    assert row.manager_name == "没有约定，全体业主"
    assert api.elevator(lift.pk).use_manager_id is None


def test_appointing_a_manager_ends_the_one_before_the_day_before():
    lift, old, new = make_elevator(), make_organisation(), make_organisation()
    services.appoint_use_manager(lift, since=date(2020, 1, 1), basis=BASIS.ENTRUSTED, organisation_id=old.pk)
    services.appoint_use_manager(lift, since=date(2024, 3, 1), basis=BASIS.ENTRUSTED, organisation_id=new.pk)
    assert api.use_manager_on(lift.pk, date(2024, 2, 29)).organisation_id == old.pk
    assert api.use_manager_on(lift.pk, date(2024, 3, 1)).organisation_id == new.pk


def test_without_manager_the_elevator_may_not_be_used():
    lobby = make_lobby()
    services.end_use_management(lobby.elevator, on=date(2026, 1, 31))
    assert api.use_manager_on(lobby.elevator.pk, date(2026, 2, 1)) is None
    assert Elevator.objects.get(pk=lobby.elevator.pk).status == Elevator.Status.SUSPENDED_NO_MANAGER
    assert api.elevator(lobby.elevator.pk, on=date(2026, 2, 1)).use_manager_name == "没有使用管理人"


def test_cover_begins_with_its_first_moment_and_ends_before_its_last():
    lift, insurer = make_elevator(), make_organisation("insurer")
    since, until = timezone.make_aware(datetime(2025, 1, 1)), timezone.make_aware(datetime(2026, 1, 1))
    api.record_cover(elevator_id=lift.pk, insurer_id=insurer.pk, policy_reference="P1", since=since, until=until)
    tick = timedelta(microseconds=1)
    assert [bool(api.cover_on(lift.pk, m)) for m in (since - tick, since, until - tick, until)] == [False, True, True, False]


def test_cover_told_twice_is_one_fact_brought_up_to_date():
    lift, insurer = make_elevator(), make_organisation("insurer")
    since = timezone.make_aware(datetime(2025, 1, 1))
    for months in (12, 6):
        api.record_cover(
            elevator_id=lift.pk, insurer_id=insurer.pk, policy_reference="P1", since=since, until=since + timedelta(weeks=4 * months)
        )
    assert lift.covers.count() == 1
    assert lift.covers.get().until == since + timedelta(weeks=24)


def test_validity_follows_the_latest_inspection_and_a_failed_one_ends_it():
    lift = make_elevator()
    services.record_inspection(lift, inspected_on=date(2025, 3, 11), passed=True, valid_until=date(2026, 3, 31))
    services.record_inspection(lift, inspected_on=date(2024, 3, 11), passed=True, valid_until=date(2025, 3, 31))
    assert api.elevator(lift.pk).inspection_valid_until == date(2026, 3, 31)
    services.record_inspection(lift, inspected_on=date(2025, 9, 1), passed=False)
    view = api.elevator(lift.pk)
    assert view.inspection_valid_on(date(2025, 9, 1))
    assert not view.inspection_valid_on(date(2025, 9, 2))


def test_an_elevator_is_found_by_every_code_on_its_plate():
    lift = make_elevator()
    Elevator.objects.filter(pk=lift.pk).update(registration_code="31104401052005010236", use_registration="梯11粤A12345")
    for typed in (lift.code, " ".join(lift.code), "3110 4401 0520 0501 0236", lift.rescue_code.lower(), "梯11粤A12345"):
        assert api.elevator(typed).id == lift.pk
    with pytest.raises(api.NoSuchElevator):
        api.elevator("999999999999999999")


def test_a_stored_code_must_be_a_code():
    lift = make_elevator()
    lift.code = "12345"
    with pytest.raises(ValidationError):
        lift.full_clean()


def test_offices_are_found_by_place_the_nearest_first():
    lift = make_elevator(place="440106")
    assert selectors.regulator_of("440106") is None
    city = make_organisation("market_regulator", "440100")
    assert selectors.regulator_of("440106") == city
    district = make_organisation("market_regulator", "440106")
    assert selectors.regulator_of("440106") == district
    first = make_organisation("street_office", "440106")
    assert selectors.street_office_of(lift) == first
    make_organisation("street_office", "440106")
    assert selectors.street_office_of(lift) is None


def test_an_actor_sees_the_elevators_it_answers_for_and_no_others():
    ours, theirs = make_lobby(), make_lobby(place="440305")
    for actor in (ours.clerk, ours.maintainer, ours.handler, ours.street_clerk, ours.officer):
        assert list(selectors.elevators_in_scope(actor)) == [ours.elevator]
    assert theirs.elevator not in selectors.elevators_in_scope(ours.clerk)


def test_the_life_line_tells_everything_latest_first():
    lobby = make_lobby()
    kinds = [e.kind for e in api.life_line(lobby.elevator.pk, by=lobby.clerk)]
    assert kinds[0] == "inspection"
    assert kinds[-1] == "beginning"
    assert set(kinds) == {"inspection", "management", "maintenance", "cover", "beginning"}
