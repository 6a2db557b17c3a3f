"""The claim against each liable party: demand, answer, plan, court, settlement, insolvency, refund; W25 in the file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Case, Deadline
from disputes import api as disputes
from disputes import facts as court
from recovery import api
from recovery.facts import (
    Accept,
    AgreePlan,
    Because,
    Contest,
    DecideReferral,
    Instalment,
    ProposeGivingUp,
    ProposeSettlement,
    Refund,
    SendDemand,
    Sue,
)
from recovery.models import ShareVersion
from tests.factories.recovery import World

pytestmark = pytest.mark.django_db


def yuan(text):
    return Decimal(text)


@pytest.fixture
def world():
    """W25: the manager paid 100000; 20 / 70 / 10."""
    world = World()
    world.pay("100000.00")
    world.lose("100000.00")
    return world


def w25(world, liability):
    world.share(liability, use_manager="20%", maintenance="70%", manufacturer="10%")


def left(world, party):
    return world.target(party).amount


def test_w25_severally_the_insolvent_share_stays_with_the_payer(world):
    w25(world, "several")
    assert (left(world, "maintenance"), left(world, "manufacturer"), world.file.own_burden) == (
        yuan("70000.00"),
        yuan("10000.00"),
        yuan("20000.00"),
    )
    world.fail(world.target("manufacturer"))
    assert (left(world, "maintenance"), left(world, "manufacturer")) == (yuan("70000.00"), yuan("10000.00"))
    world.act(world.target("manufacturer"), "propose_write_off", facts=ProposeGivingUp("破产，无财产可供分配"))
    world.act(world.target("manufacturer"), "approve_write_off", world.second)
    world.collect(world.target("maintenance"), "70000.00")
    world.act(world.target("maintenance"), "close")
    world.do("close")

    assert (world.file.state, world.file.collected, world.file.own_burden) == ("collected", yuan("70000.00"), yuan("30000.00"))


def test_w25_jointly_the_insolvent_share_is_borne_two_to_seven(world):
    w25(world, "joint")
    world.fail(world.target("manufacturer"))

    assert (left(world, "maintenance"), left(world, "manufacturer"), world.file.own_burden) == (
        yuan("77777.78"),
        yuan("0.00"),
        yuan("22222.22"),
    )
    world.act(world.target("manufacturer"), "close")
    world.collect(world.target("maintenance"), "77777.78")
    world.act(world.target("maintenance"), "close")
    world.do("close")
    assert (world.target("manufacturer").outcome, world.file.collected + world.file.borne) == ("insolvent", yuan("100000.00"))


def test_a_target_that_had_paid_owes_more_when_another_fails_and_less_when_it_recovers(world):
    w25(world, "joint")
    world.collect(world.target("maintenance"), "70000.00")
    world.act(world.target("maintenance"), "close")
    world.fail(world.target("manufacturer"))

    assert (world.target("maintenance").state, left(world, "maintenance")) == ("named", yuan("7777.78"))
    world.collect(world.target("maintenance"), "7777.78")
    world.act(world.target("manufacturer"), "lift_insolvency", facts=Because("重整成功"))
    again = world.target("maintenance")
    assert (again.refund_due, left(world, "manufacturer")) == (yuan("7777.78"), yuan("10000.00"))
    world.act(again, "refund", world.payer.cashier, Refund(yuan("7777.78"), timezone.localdate(), "TK-1"))
    world.act(world.target("maintenance"), "close")
    assert world.file.collected == yuan("70000.00")


def test_every_party_of_the_table_is_named_but_the_payer(world):
    w25(world, "several")
    names = sorted(c.specific.party for c in Case.objects.filter(parent_id=world.file.pk, kind="recovery_target"))
    assert names == ["maintenance", "manufacturer"]


def test_shares_that_cannot_be_told_are_equal(world):
    with pytest.raises(FactsRefused):
        world.share(basis="equal", use_manager="50%", maintenance="30%", manufacturer="20%")
    world.share(basis="equal", use_manager="50%", maintenance="50%")
    assert left(world, "maintenance") == yuan("50000.00")


def test_a_later_version_recomputes_and_the_earlier_letter_keeps_its_amount(world):
    w25(world, "several")
    world.act(world.target("maintenance"), "identify", facts=_identity())
    world.demand(world.target("maintenance"))
    world.share(use_manager="40%", maintenance="60%")

    target = world.target("maintenance")
    assert (target.amount, target.demanded, target.shares_number) == (yuan("60000.00"), yuan("70000.00"), 2)
    assert [v.fractions["maintenance"] for v in ShareVersion.objects.order_by("number")] == [Decimal("0.7"), Decimal("0.6")]
    assert left(world, "manufacturer") == yuan("0.00")


def _identity():
    from recovery.facts import IdentifyTarget

    return IdentifyTarget("迅梯机电工程有限公司", "广州市天河区测试路 1 号")


def test_demand_and_acknowledgement_start_limitation_anew(world):
    w25(world, "several")
    sent = timezone.localdate() - timedelta(days=1)
    world.act(world.target("maintenance"), "demand", facts=SendDemand(sent, "直接送达"))
    first = Deadline.objects.get(case_id=world.target("maintenance").pk, rule="limitation")
    world.act(
        world.target("maintenance"), "accept", facts=Accept(yuan("70000.00"), timezone.localdate(), "分两期"), on_behalf_of="维保单位经理"
    )
    second = Deadline.objects.get(case_id=world.target("maintenance").pk, rule="limitation")

    assert first.informs and second.start_event.verb == "accept"
    assert Deadline.objects.get(case_id=world.target("maintenance").pk, rule="reply").status == "met"


def test_the_target_s_answer_is_recorded_for_it_never_as_one_s_own(world):
    w25(world, "several")
    world.demand(world.target("maintenance"))
    with pytest.raises(NotPermitted):
        world.act(world.target("maintenance"), "contest", facts=Contest(timezone.localdate(), "份额过高"))
    world.act(world.target("maintenance"), "contest", facts=Contest(timezone.localdate(), "份额过高"), on_behalf_of="法务")
    assert world.target("maintenance").state == "contested"


def test_a_plan_sums_to_what_is_left_and_its_default_can_be_sued(world):
    w25(world, "several")
    target = world.target("maintenance")
    world.demand(target)
    today = timezone.localdate()
    world.act(target, "accept", facts=Accept(yuan("70000.00"), today), on_behalf_of="经理")
    with pytest.raises(FactsRefused):
        world.act(target, "agree_plan", facts=AgreePlan(today, (Instalment(today, yuan("1.00")),)))
    plan = (Instalment(today - timedelta(days=1), yuan("30000.00")), Instalment(today + timedelta(days=30), yuan("40000.00")))
    world.act(target, "agree_plan", facts=AgreePlan(today, plan))
    world.collect(target, "10000.00")
    world.act(world.target("maintenance"), "declare_default", facts=Because("首期只付一部分"))
    assert world.target("maintenance").state == "defaulted"
    world.collect(world.target("maintenance"), "20000.00", way="set_off")
    assert left(world, "maintenance") == yuan("40000.00")


def test_no_default_while_the_plan_is_kept(world):
    w25(world, "several")
    target = world.target("maintenance")
    world.demand(target)
    world.act(target, "accept", facts=Accept(yuan("70000.00"), timezone.localdate()), on_behalf_of="经理")
    with pytest.raises(StepRefused) as refused:
        world.act(target, "declare_default", facts=Because("没付"))
    assert refused.value.code == "not_in_arrears"


def sued(world):
    w25(world, "several")
    world.demand(world.target("maintenance"))
    facts = Sue("广州市海珠区人民法院", "（2026）粤0105民初00号", timezone.localdate(), yuan("70000.00"))
    world.act(world.target("maintenance"), "sue", facts=facts)
    (suit,) = disputes.of_case(world.target("maintenance").pk)
    return Case.objects.get(pk=suit.id).specific


def judge(world, suit, amount, outcome):
    world.prove(suit, "judgment")
    today = timezone.localdate()
    facts = court.RecordJudgment(outcome, yuan(amount), "（2026）粤0105民初00号", today, today, is_final=True)
    world.act(suit, "record_judgment", facts=facts, on_behalf_of="海珠区人民法院")
    if Case.objects.get(pk=suit.pk).state == "judged":
        world.act(Case.objects.get(pk=suit.pk).specific, "take_effect", facts=court.TakeEffect(today, today))


def test_a_suit_has_a_file_and_its_judgment_comes_back(world):
    suit = sued(world)
    assert world.target("maintenance").state == "sued"
    judge(world, suit, "65000.00", "liable")

    target = world.target("maintenance")
    assert (target.state, target.fixed, target.amount) == ("judged", yuan("65000.00"), yuan("65000.00"))
    assert world.file.own_burden == yuan("25000.00")
    world.collect(target, "65000.00")
    world.act(world.target("maintenance"), "close")
    assert world.target("maintenance").outcome == "collected"


def test_a_suit_that_was_lost_leaves_the_share_with_the_payer(world):
    judge(world, sued(world), "0.00", "not_liable")
    assert (world.target("maintenance").state, world.file.own_burden) == ("dismissed", yuan("90000.00"))
    world.act(world.target("maintenance"), "close")
    assert world.target("maintenance").outcome == "dismissed"


def test_settling_below_the_claim_needs_a_second_person_with_authority(world):
    w25(world, "several")
    target = world.target("maintenance")
    facts = ProposeSettlement(yuan("50000.00"), "分歧较大，及时收回")
    world.act(target, "propose_settlement", facts=facts)
    with pytest.raises(NotPermitted):
        world.act(target, "approve_settlement")
    world.act(target, "approve_settlement", world.second)

    assert (world.target("maintenance").state, left(world, "maintenance"), world.file.own_burden) == (
        "settled",
        yuan("50000.00"),
        yuan("40000.00"),
    )


@pytest.mark.parametrize("prospect", ["possible", "open"])
def test_the_insured_gives_up_nothing_while_a_payout_may_come(world, prospect):
    w25(world, "several")
    api.record_payout_prospect(incident_id=world.incident.pk, prospect=prospect)
    target = world.target("maintenance")
    with pytest.raises(FactsRefused):
        world.act(target, "propose_settlement", facts=ProposeSettlement(yuan("1.00"), "算了"))
    with pytest.raises(FactsRefused):
        world.act(target, "propose_write_off", facts=ProposeGivingUp("算了", is_waiver=True))


def test_an_insured_of_the_same_policy_is_referred_with_a_reason_and_never_barred_to_the_manager(world):
    from tests.factories.access import make_organisation

    unit = make_organisation("maintenance_contractor")
    from fractions import Fraction

    from recovery.facts import PartyShare, RecordShares

    lines = (
        PartyShare("use_manager", "use_manager", "物业", Fraction(1, 5), world.payer.organisation.pk),
        PartyShare("maintenance", "maintenance", unit.name, Fraction(4, 5), unit.pk),
    )
    world.reimburse("60000.00", insured=(world.payer.organisation.pk, unit.pk))
    world.act(world.file, "record_shares", facts=RecordShares("agreement", "several", lines, "协议"))
    theirs = world.target("maintenance", world.subrogation)
    assert (theirs.referral, world.target("maintenance").referral) == ("open", "")
    with pytest.raises(StepRefused) as refused:
        world.demand(theirs, world.handler)
    assert refused.value.code == "referral_open"
    world.act(theirs, "decide_referral", world.insurer_second, DecideReferral(False, "同一保单共同被保险人，不行使代位权"))
    world.act(world.target("maintenance", world.subrogation), "close", world.handler)
    assert world.subrogation.own_burden == yuan("60000.00")
    world.demand(world.target("maintenance"))


def test_others_do_not_see_the_file(world):
    from casework.errors import OutOfScope

    w25(world, "several")
    with pytest.raises(OutOfScope):
        world.demand(world.target("maintenance"), world.handler)


def test_dates_of_the_future_are_refused(world):
    w25(world, "several")
    with pytest.raises(FactsRefused):
        world.act(world.target("maintenance"), "demand", facts=SendDemand(date(2099, 1, 1), "邮寄"))
