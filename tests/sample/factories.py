"""Matters for tests, walked through real steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from access.roles import CaseRole, Role
from casework.steps import begin, perform
from tests.factories.access import make_actor
from tests.sample.models import DecideMatter, Matter, OpenMatter

START = timezone.make_aware(datetime(2025, 3, 3, 10, 0))


def people():
    return make_actor(Role.MANAGER_CLERK), make_actor(Role.INSURER_HANDLER)


def open_matter(clerk, handler, asked="100.00", at=START, parent=None) -> Matter:
    event = begin(
        Matter,
        "open_matter",
        parent=parent,
        by=clerk,
        happened_at=at,
        place="440105",
        title="榕岸花园 3 栋 1 梯",
        parts=[(clerk.organisation_id, CaseRole.USE_MANAGER), (handler.organisation_id, CaseRole.INSURER)],
        facts=OpenMatter(Decimal(asked)),
    )
    return event.case


def decide(case, by, granted="80.00", **kwargs):
    kwargs.setdefault("seen", case.sequence)
    return perform(case, "decide", by=by, happened_at=START + timedelta(days=1), facts=DecideMatter(Decimal(granted)), **kwargs)
