"""Scopes: an organisation sees its own cases, an office what is open in its district, an auditor all of it, the operator none."""

from __future__ import annotations

import pytest

from access.roles import Role
from access.scopes import in_scope, sees
from casework.models import Case
from tests.factories.access import make_actor
from tests.sample.factories import open_matter, people
from tests.sample.models import Matter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place", "sees"),
    [
        (Role.INSURER_HANDLER, "440105", False),
        (Role.MAINTENANCE_STAFF, "440105", False),
        (Role.STREET_CLERK, "440105", True),
        (Role.STREET_CLERK, "440106", False),
        (Role.REGULATOR_OFFICER, "440100", True),
        (Role.REGULATOR_OFFICER, "440000", True),
        (Role.REGULATOR_OFFICER, "440300", False),
        (Role.OPERATOR, "440105", False),
    ],
)
def test_who_sees_a_case_without_taking_part(role, place, sees):
    open_matter(*people())

    assert Case.objects.filter(in_scope(make_actor(role, place=place))).exists() is sees


def test_those_who_take_part_see_it():
    clerk, handler = people()
    open_matter(clerk, handler)

    for actor in (clerk, handler):
        assert Case.objects.filter(in_scope(actor)).count() == 1


@pytest.mark.parametrize(("role", "still_sees"), [(Role.STREET_CLERK, False), (Role.REGULATOR_OFFICER, False), (Role.AUDITOR, True)])
def test_a_kind_that_is_not_open_by_place_is_for_those_who_take_part(monkeypatch, role, still_sees):
    monkeypatch.setattr(Matter, "OPEN_BY_PLACE", False)
    case = open_matter(*people())
    actor = make_actor(role, place="440100")

    assert Case.objects.filter(in_scope(actor)).exists() is still_sees
    assert sees(actor, case.pk, case.organisation_ids, case.place, is_open_by_place=case.is_open_by_place) is still_sees
