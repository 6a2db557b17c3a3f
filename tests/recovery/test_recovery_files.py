from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from access.actors import system_actor
from access.roles import Role
from casework.audit import verify_all
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline, Evidence
from casework.steps import perform
from ledger import api as ledger
from recovery import api
from recovery.facts import Because, Collect, ProposeWriteOff
from recovery.models import RecoveryFile
from tests.factories.access import make_actor
from tests.factories.ledger import make_payer, make_root

pytestmark = pytest.mark.django_db

SYSTEM = system_actor("outbox")


class World:
    def __init__(self):
        self.payer = make_payer()
        self.incident = make_root(self.payer)
        self.second = make_actor(Role.MANAGER_APPROVER, organisation=self.payer.organisation)

    def pay(self, amount="8000.00", source=None, paid_on=date(2026, 3, 2)):
        source = source or make_root(self.payer)
        api.record_payment(
            incident_id=self.incident.pk,
            payer_organisation_id=self.payer.organisation.pk,
            source_case_id=source.pk,
            amount=Decimal(amount),
            paid_on=paid_on,
            by=SYSTEM,
            happened_at=timezone.now(),
        )
        return source

    @property
    def file(self) -> RecoveryFile:
        return RecoveryFile.objects.get(parent_id=self.incident.pk)

    @property
    def receivable(self) -> Decimal:
        return ledger.balance(f"recovery/{self.file.pk}/receivable").available

    def do(self, verb, by=None, facts=None):
        extra = {"facts": facts} if facts else {}
        return perform(self.file, verb, by=by or self.payer.clerk, happened_at=timezone.now(), seen=None, **extra)

    def collect(self, amount, voucher="SK-1"):
        Evidence.objects.create(
            case_id=self.file.pk, code="receipt", name="r.pdf", file="evidence/r.pdf", media_type="application/pdf", size=1, sha256="1" * 64
        )
        return self.do("collect", facts=Collect(Decimal(amount), "迅梯机电", date(2026, 6, 1), voucher))


@pytest.fixture
def world():
    return World()


def test_the_first_payment_opens_the_file_and_the_same_source_counts_once(world):
    source = world.pay("8000.00")
    world.pay("8000.00", source)
    world.pay("2000.00")

    assert RecoveryFile.objects.count() == 1
    assert (world.file.paid, world.file.amount, world.receivable) == (Decimal("10000.00"),) * 3


def test_limitation_is_shown_from_the_first_payment_and_never_waited_for(world):
    world.pay(paid_on=date(2026, 3, 2))

    clock = Deadline.objects.get(case_id=world.file.pk, rule="limitation")
    assert (clock.informs, timezone.localtime(clock.due_at).date()) == (True, date(2029, 3, 2))
    assert world.file.next_deadline_at is None


def test_money_comes_back_in_parts_until_the_file_closes_as_collected(world):
    world.pay("8000.00")
    world.collect("3000.00")
    with pytest.raises(StepRefused) as refusal:
        world.do("close")
    world.collect("5000.00", "SK-2")
    world.do("close")

    assert refusal.value.code == "receivable_left"
    assert (world.file.state, world.receivable) == ("collected", Decimal("0.00"))
    assert api.open_files(incident_id=world.incident.pk) == ()
    assert list(verify_all()) == []


def test_nothing_is_collected_above_what_is_left(world):
    world.pay("8000.00")
    with pytest.raises(FactsRefused):
        world.collect("8000.01")
    assert world.receivable == Decimal("8000.00")


def test_what_the_insurer_gave_back_is_not_claimed_twice(world):
    world.pay("8000.00")
    source = make_root(world.payer)
    for _again in range(2):
        api.record_reimbursement(
            incident_id=world.incident.pk,
            payer_organisation_id=world.payer.organisation.pk,
            source_case_id=source.pk,
            amount=Decimal("6000.00"),
            paid_on=date(2026, 4, 1),
            by=SYSTEM,
            happened_at=timezone.now(),
        )
    assert (world.receivable, world.file.reimbursed) == (Decimal("2000.00"), Decimal("6000.00"))


def test_writing_off_needs_two_people_and_a_reason(world):
    world.pay("8000.00")
    both = make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=world.payer.organisation)
    with pytest.raises(FactsRefused):
        world.do("propose_write_off", both, ProposeWriteOff(" "))
    world.do("propose_write_off", both, ProposeWriteOff("责任人下落不明"))
    with pytest.raises(NotPermitted):
        world.do("confirm_write_off", both)
    world.do("confirm_write_off", world.second)

    assert (world.file.state, world.file.written_off, world.receivable) == ("written_off", Decimal("8000.00"), Decimal("0.00"))


def test_a_written_off_file_can_be_taken_up_again_and_claims_the_same(world):
    world.pay("8000.00")
    world.do("propose_write_off", facts=ProposeWriteOff("责任人下落不明"))
    world.do("confirm_write_off", world.second)
    world.do("reopen", facts=Because("找到责任人"))

    assert (world.file.state, world.file.amount, world.receivable) == ("open", Decimal("8000.00"), Decimal("8000.00"))


def test_a_new_advance_reopens_a_closed_file(world):
    world.pay("8000.00")
    world.collect("8000.00")
    world.do("close")
    world.pay("500.00")

    assert (world.file.state, world.receivable) == ("open", Decimal("500.00"))


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
