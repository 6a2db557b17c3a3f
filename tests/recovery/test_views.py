"""The pages of recovery: the desk, a file, a target, and the target's own page behind its link and code."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from access.models import User
from recovery.models import RecoveryTarget
from tests.factories.recovery import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = World()
    world.pay("100000.00")
    world.share("joint", use_manager="20%", maintenance="70%", manufacturer="10%")
    client.force_login(User.objects.get(pk=world.payer.clerk.user_id))
    return world


def test_the_desk_and_the_pages_say_who_owes_what(world, client):
    desk = client.get(reverse("recovery:desk")).content.decode()
    assert "70,000.00" in desk and "发追偿函" in desk
    file = client.get(reverse("casework:case", args=[world.file.reference])).content.decode()
    assert "80,000.00" in file and "20,000.00" in file
    target = client.get(reverse("casework:case", args=[world.target("maintenance").reference])).content.decode()
    assert "70,000.00" in target and "生成链接" in target


def test_the_target_answers_on_its_own_page(world, client):
    target = world.target("maintenance")
    world.demand(target)
    made = client.post(reverse("recovery:link", args=[target.reference])).content.decode()
    path, code = re.search(r"/l/[^/<]+/", made)[0], re.search(r">(\d{6})<", made)[1]
    client.logout()
    client.post(path, {"code": code})
    assert "70,000.00" in client.get(path).content.decode()
    assert "写明" in client.post(path, {"answer": "contest"}).content.decode()
    client.post(path, {"answer": "contest", "words": "份额算得不对"})

    answered = RecoveryTarget.objects.get(pk=target.pk)
    assert (answered.state, answered.answer) == ("contested", "份额算得不对")
