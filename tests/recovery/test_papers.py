"""The letters of recovery, read back from their PDF, each with the figure it was sent with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from recovery.facts import Accept, AgreePlan, Instalment, SendDemand
from tests.factories.papers import paper
from tests.factories.recovery import World

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def test_a_target_is_written_to_reminded_and_agrees_a_plan():
    world = World()
    world.pay("100000.00")
    world.lose("100000.00")
    world.share("several", use_manager="20%", maintenance="70%", manufacturer="10%")
    today, target = timezone.localdate(), world.target("maintenance")
    world.act(target, "demand", facts=SendDemand(today - timedelta(days=1), "直接送达"))
    world.act(target, "remind", facts=SendDemand(today, "EMS 1002"))
    world.act(target, "accept", facts=Accept(Decimal("70000.00"), today), on_behalf_of="经理")
    world.act(target, "agree_plan", facts=AgreePlan(today, (Instalment(today + timedelta(days=30), Decimal("70000.00")),)))

    assert "责任份额" in paper(world.file, "recovery.shares_proposal")
    assert "70,000.00" in paper(target, "recovery.recourse_notice")
    assert "70,000.00" in paper(target, "recovery.reminder")
    assert "70,000.00" in paper(target, "recovery.repayment_agreement")


def test_the_account_is_stated_when_the_file_ends():
    world = World()
    world.pay("1000.00")
    world.lose("1000.00")
    world.share("several", use_manager="0%", maintenance="100%")
    world.demand(world.target("maintenance"))
    world.collect(world.target("maintenance"), "1000.00")
    world.act(world.target("maintenance"), "close")
    world.act(world.file, "close")

    assert "1,000.00" in paper(world.file, "recovery.account_statement")


def test_the_insurer_writes_as_the_one_who_stepped_in():
    world = World()
    world.pay_directly("50000.00")
    world.lose("50000.00")
    world.share("several", by=world.handler, file=world.subrogation, maintenance="100%")
    target = world.target("maintenance", world.subrogation)
    world.act(target, "demand", world.handler, SendDemand(timezone.localdate(), "直接送达"))

    assert "代位求偿" in paper(target, "recovery.subrogation_notice")
