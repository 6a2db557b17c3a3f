"""The ballots of the demonstration are told on an empty database, and come out as the screens say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from access.roles import Role
from casework.audit import verify_all
from casework.models import OutboxEntry
from casework.outbox import delivered_here
from consultation.api import objections_of, result_of
from consultation.models import Ballot
from consultation.selectors.positions import BallotPosition
from correspondence.models import IssuedDocument
from demonstration import ballots, scenes, services

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(play, make, ago):
    stage = make((timezone.localtime() - timedelta(days=ago)).replace(hour=9, minute=30, second=0, microsecond=0))
    with delivered_here():
        list(play(stage))
    return stage.ballot


def test_the_house_of_the_screens_lacks_three_persons_and_211_40():
    ballot = told(ballots.retrofit, ballots.committee, 23)
    gap = BallotPosition(ballot).outcome.participation
    assert (gap.persons, gap.of_persons, gap.area, gap.of_area) == (13, 23, Decimal("972.60"), Decimal("1776.00"))
    assert (gap.missing_persons, gap.missing_area) == (3, Decimal("211.40"))
    assert ballot.state == "open" and list(verify_all()) == []


def test_exactly_two_thirds_and_one_hundredth_above_the_half_pass():
    ballot = told(ballots.two_thirds, ballots.street_office, 60)
    result = result_of(ballot)
    assert (result.passed, result.participating_area, result.agreeing_area) == (True, Decimal("2955.64"), Decimal("1477.83"))
    titles = set(IssuedDocument.objects.filter(case__lineage__contains=[ballot.pk]).values_list("title", flat=True)) | set(
        IssuedDocument.objects.filter(case=ballot).values_list("title", flat=True)
    )
    assert titles >= {"表决公告", "业主名册", "表决票", "初步统计公示", "表决结果公告", "公示海报"}
    assert objections_of(ballot.pk) == ()


def test_the_mismatch_waits_for_somebody_else():
    ballot = told(ballots.mismatch, ballots.committee, 20)
    assert sorted(ballot.sheets.values_list("state_of_keying", flat=True)) == ["matched", "mismatch", "once"]
    assert Ballot.objects.count() == 1


def test_the_scenes_leave_work_for_a_committee_and_stand_once():
    services.establish()
    for scene in scenes.BALLOTS:
        scenes._vote(scene)
    assert services.stamped() == [scene.name for scene in scenes.BALLOTS]
    waiting = Ballot.objects.filter(closed_at=None, turn_role=Role.OWNERS_OFFICER, turn_organisation=services.organisation("nanshi"))
    assert waiting.count() == 2
    assert not OutboxEntry.objects.exclude(status=OutboxEntry.Status.DONE).exists()
