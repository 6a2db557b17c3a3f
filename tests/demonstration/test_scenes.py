"""The loaded demonstration: everybody who has a turn has work, nothing is late that should be alive, twice is once."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from access.roles import Role
from casework.audit import verify_all
from casework.models import Case, CaseEvent, Deadline, OutboxEntry
from correspondence.models import IssuedDocument
from demonstration import accounts, scenes, services
from elevators.models import Elevator
from ledger.verification import trial_balance

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def _counts():
    return {m.__name__: m._default_manager.count() for m in (Case, CaseEvent, Elevator, IssuedDocument, OutboxEntry)}


def test_the_demonstration_loads_once_and_everybody_has_work(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demonstration")
    first = _counts()

    waited_for = set(Case.objects.filter(closed_at=None).exclude(turn_verb="").values_list("turn_organisation__name", "turn_role"))
    for role in (
        Role.MANAGER_CLERK,
        Role.MANAGER_APPROVER,
        Role.MANAGER_CASHIER,
        Role.INSURER_HANDLER,
        Role.INSURER_APPROVER,
        Role.INSURER_CASHIER,
        Role.STREET_CLERK,
        Role.OWNERS_OFFICER,
    ):
        account = next(a for a in accounts.ACCOUNTS if role in a.roles)
        assert (accounts.office(account.office).name, role.value) in waited_for, f"{account.name} has nothing to do"
    assert list(verify_all()) == []
    assert trial_balance().holds
    # what a worker still prints after the start are the papers of the district's queue, and nothing else
    left = OutboxEntry.objects.exclude(status=OutboxEntry.Status.DONE).values_list("handler", flat=True)
    assert set(left) <= {"funding.documents.issue_the_papers"}
    running = Deadline.objects.filter(status=Deadline.Status.RUNNING, rule="provisional_payment", was_late=False)
    assert running.exists()
    assert set(services.stamped()) == {"province", *(scene.name for scene in (*scenes.SCENES, *scenes.BALLOTS))}

    call_command("load_demonstration")
    assert _counts() == first
