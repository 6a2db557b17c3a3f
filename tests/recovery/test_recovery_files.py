from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from access.roles import Role
from casework.audit import verify_all
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline
from ledger import api as ledger
from recovery import api
from recovery.facts import Because, NameParty, ProposeWriteOff
from recovery.models import RecoveryFile, RecoveryTarget
from tests.factories.access import make_actor
from tests.factories.ledger import make_payer, make_root
from tests.factories.recovery import SYSTEM, World

pytestmark = pytest.mark.django_db


def yuan(text):
    return Decimal(text)


@pytest.fixture
def world():
    return World()


def receivable(file) -> Decimal:
    return ledger.balance(f"recovery/{file.pk}/receivable").available


def test_the_first_payment_opens_the_file_and_the_same_source_counts_once(world):
    source = world.pay("8000.00")
    world.pay("8000.00", source)
    world.pay("2000.00")

    assert RecoveryFile.objects.count() == 1
    assert (world.file.paid, world.file.amount, receivable(world.file)) == (Decimal("10000.00"),) * 3


def test_limitation_is_shown_from_the_first_payment_and_never_waited_for(world):
    world.pay(paid_on=date(2026, 3, 2))

    clock = Deadline.objects.get(case_id=world.file.pk, rule="limitation")
    assert (clock.informs, timezone.localtime(clock.due_at).date()) == (True, date(2029, 3, 2))
    assert world.file.next_deadline_at is None


def test_before_anybody_said_who_bears_what_money_comes_back_from_whoever_was_named(world):
    world.pay("8000.00")
    world.do("name_party", facts=NameParty("maintenance", "迅梯机电"))
    target = RecoveryTarget.objects.get()
    world.collect(target, "3000.00")
    with pytest.raises(StepRefused) as refusal:
        world.do("close")
    world.collect(target, "5000.00", voucher="SK-2")
    world.act(world.target("maintenance"), "close")
    world.do("close")

    assert refusal.value.code == "receivable_left"
    assert (world.file.state, world.file.collected, receivable(world.file)) == ("collected", yuan("8000.00"), yuan("0.00"))
    assert api.open_files(incident_id=world.incident.pk) == ()
    assert list(verify_all()) == []


def test_nothing_is_collected_above_what_is_left(world):
    world.pay("8000.00")
    world.share(use_manager="20%", maintenance="80%")
    with pytest.raises(FactsRefused):
        world.collect(world.target("maintenance"), "6400.01")
    assert receivable(world.file) == Decimal("8000.00")


def test_what_the_insurer_gave_back_moves_to_its_subrogation_and_counts_once(world):
    world.pay("8000.00")
    source = world.reimburse("6000.00")
    world.reimburse("6000.00", source)

    assert (receivable(world.file), world.file.reimbursed, world.file.amount) == (yuan("2000.00"), yuan("6000.00"), yuan("2000.00"))
    assert (world.subrogation.paid, world.subrogation.amount) == (yuan("6000.00"), yuan("6000.00"))


def test_a_reimbursement_without_a_file_is_kept_until_the_payment_is_told(world):
    world.reimburse("6000.00")
    assert (world.file.reimbursed, world.subrogation.paid) == (yuan("6000.00"), yuan("6000.00"))
    world.pay("8000.00")

    assert (world.file.amount, receivable(world.file)) == (yuan("2000.00"), yuan("2000.00"))


def test_what_was_collected_before_the_reimbursement_is_handed_over_to_the_insurer(world):
    world.pay("100000.00")
    world.share(use_manager="20%", maintenance="70%", manufacturer="10%")
    world.collect(world.target("maintenance"), "70000.00")
    world.reimburse("60000.00")

    assert (world.file.to_hand_over, world.file.own_burden) == (yuan("50000.00"), yuan("20000.00"))
    with pytest.raises(FactsRefused):
        world.hand_over("50000.01")
    world.hand_over("50000.00")

    assert (world.file.to_hand_over, world.file.collected, world.file.own_burden) == (yuan("0.00"), yuan("20000.00"), yuan("20000.00"))
    assert (world.subrogation.collected, world.subrogation.amount) == (yuan("50000.00"), yuan("10000.00"))
    assert (receivable(world.file), receivable(world.subrogation)) == (yuan("20000.00"), yuan("10000.00"))


def test_a_reimbursement_takes_up_a_file_that_was_closed(world):
    world.pay("100000.00")
    world.share(use_manager="30%", maintenance="70%")
    world.collect(world.target("maintenance"), "70000.00")
    world.act(world.target("maintenance"), "close")
    world.do("close")
    assert (world.file.borne, receivable(world.file)) == (yuan("30000.00"), yuan("0.00"))
    world.reimburse("100000.00")

    assert (world.file.state, world.file.to_hand_over) == ("open", yuan("70000.00"))
    world.hand_over("70000.00")
    world.do("close")
    assert (world.file.state, world.file.own_burden, receivable(world.file)) == ("collected", yuan("0.00"), yuan("0.00"))
    assert (world.subrogation.collected, world.subrogation.own_burden) == (yuan("70000.00"), yuan("30000.00"))


def test_what_the_payee_gave_back_was_never_paid_for_others(world):
    world.pay("8000.00")
    world.take_back("3000.00")
    assert (world.file.net, world.file.amount, receivable(world.file)) == (yuan("5000.00"),) * 3


def test_writing_off_needs_two_people_a_reason_and_authority(world):
    world.pay("8000.00")
    both = make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=world.payer.organisation)
    with pytest.raises(FactsRefused):
        world.do("propose_write_off", both, ProposeWriteOff(" "))
    world.do("propose_write_off", both, ProposeWriteOff("责任人下落不明"))
    with pytest.raises(NotPermitted):
        world.do("confirm_write_off", both)
    world.do("confirm_write_off", world.second)

    assert (world.file.state, world.file.written_off, receivable(world.file)) == ("written_off", Decimal("8000.00"), Decimal("0.00"))
    assert (world.file.amount, world.file.own_burden) == (Decimal("0.00"), Decimal("8000.00")), "what is given up is borne"


def test_no_limit_found_means_nobody_may_write_off(world):
    from access.models import AuthorityLimit

    world.pay("8000.00")
    AuthorityLimit.objects.all().delete()
    world.do("propose_write_off", facts=ProposeWriteOff("责任人下落不明"))
    with pytest.raises(FactsRefused):
        world.do("confirm_write_off", world.second)


def test_a_written_off_file_can_be_taken_up_again_and_claims_the_same(world):
    world.pay("8000.00")
    world.do("propose_write_off", facts=ProposeWriteOff("责任人下落不明"))
    world.do("confirm_write_off", world.second)
    world.do("reopen", facts=Because("找到责任人"))

    assert (world.file.state, world.file.amount, receivable(world.file)) == ("open", Decimal("8000.00"), Decimal("8000.00"))


def test_a_new_payment_reopens_a_closed_file(world):
    world.pay("8000.00")
    world.share(maintenance="100%")
    world.collect(world.target("maintenance"), "8000.00")
    world.act(world.target("maintenance"), "close")
    world.do("close")
    world.pay("500.00")

    assert (world.file.state, world.file.amount, receivable(world.file)) == ("open", Decimal("500.00"), Decimal("500.00"))
    assert world.target("maintenance").state == "named"


@pytest.mark.parametrize(("prospect", "barred"), [("possible", True), ("open", True), ("over", False), ("none", False)])
def test_recourse_is_not_waived_while_a_payout_may_come(world, prospect, barred):
    world.pay("8000.00")
    api.record_payout_prospect(incident_id=world.incident.pk, prospect=prospect)
    if barred:
        with pytest.raises(FactsRefused):
            world.do("propose_write_off", facts=ProposeWriteOff("不追了", is_waiver=True))
    else:
        world.do("propose_write_off", facts=ProposeWriteOff("不追了", is_waiver=True))
    assert world.file.state == ("open" if barred else "write_off_proposed")


def test_another_payer_has_a_file_of_its_own(world):
    world.pay("8000.00")
    other = make_payer()
    api.record_payment(
        incident_id=world.incident.pk,
        payer_organisation_id=other.organisation.pk,
        source_case_id=make_root(other).pk,
        amount=Decimal("10.00"),
        paid_on=date(2026, 3, 2),
        by=SYSTEM,
        happened_at=timezone.now(),
    )
    assert [f.left for f in api.files(incident_id=world.incident.pk)] == [Decimal("8000.00"), Decimal("10.00")]
