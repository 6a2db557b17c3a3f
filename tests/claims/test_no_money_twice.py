"""What the injured receives is counted once and paid once: by whom it comes, and however often a handler runs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from casework.errors import FactsRefused, StepRefused
from casework.models import Case, OutboxEntry, Task
from casework.outbox import handle
from claims.effects import payments
from claims.facts import Because, OrderPayment, RecordPayment, RefundAdvance, Sue
from claims.models import Advance
from ledger import api as ledger
from policies import api as policies
from policies.models import Payout
from policies.selectors import payout_position
from tests.factories.claims import (
    add_evidence,
    approve,
    assess,
    do,
    fresh,
    insure,
    make_house,
    make_injury,
    order_of,
    pay,
    pay_order,
    pay_provisionally,
    propose,
)
from tests.factories.disputes import judge

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def house():
    return make_house()


def judged(house, amount):
    """A claim with a policy, and a judgment over this amount."""
    claim = make_injury(house)
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, amount)
    return fresh(claim)


def test_what_the_insurer_gives_back_to_the_insured_provisionally_is_not_received_by_the_injured(house):
    _policy, insurer = insure(house)
    claim = make_injury(house)
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)

    order = pay_provisionally(house, claim, insurer, "3000.00", "insured")
    pay_order(order.id, insurer.cashier, "YB-1")

    assert ledger.orders_of([order.parent_id])[-1].state == "paid"
    assert fresh(claim).proven == Decimal("8000.00")


def test_the_manager_does_not_order_what_the_insurer_is_paying_already(house):
    _policy, insurer = insure(house)
    claim = judged(house, "9000.00")
    order = pay_provisionally(house, claim, insurer, "6000.00", "victim")

    with pytest.raises(FactsRefused):
        do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("3000.01"), "黄女士"))
    do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("3000.00"), "黄女士"))
    with pytest.raises(StepRefused) as refusal:
        do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("0.01"), "黄女士"))
    assert refusal.value.code == "nothing_owed"

    pay_order(order.id, insurer.cashier, "YB-1")
    pay(claim, house.cashier, "HD-1")
    assert (fresh(claim).proven, fresh(claim).excess) == (Decimal("9000.00"), Decimal("0.00"))


def test_an_approved_advance_is_on_its_way_too(house):
    claim = judged(house, "9000.00")
    approve(propose(claim, house.clerk, "8000.00", "9000.00"), house.approver)

    with pytest.raises(FactsRefused):
        do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("1000.01"), "黄女士"))


def test_a_proof_that_came_while_the_payout_was_ended_is_told_when_it_is_opened_again(house):
    _policy, insurer = insure(house)
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    do(fresh(claim), "request_payout", house.clerk)
    payout = Payout.objects.get(parent_id=claim.pk)
    do(payout, "withdraw", house.clerk, Because("先由物业处理"))
    pay(advance, house.cashier)
    assert payout_position(Payout.objects.get(pk=payout.pk)).proven_for("P1") == Decimal("0.00")

    do(Payout.objects.get(pk=payout.pk), "reopen", insurer.handler, Because("请求人恢复请求"))

    assert payout_position(Payout.objects.get(pk=payout.pk)).proven_for("P1") == Decimal("8000.00")


def again(case, handler):
    """Run a handler once more, as a delivery that was repeated would."""
    for entry in OutboxEntry.objects.filter(case_id=case.pk, handler=f"{handler.__module__}.{handler.__qualname__}"):
        handle(entry)


def test_an_order_to_pay_told_twice_is_one_payment_order(house):
    claim = judged(house, "9000.00")
    do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("4000.00"), "黄女士"))
    do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("4000.00"), "黄女士"))

    again(claim, payments.order_the_payment)

    assert [o.amount for o in ledger.orders_of([claim.pk])] == [Decimal("4000.00"), Decimal("4000.00")]


def test_an_approval_told_again_after_the_cashier_paid_opens_no_second_order(house):
    advance = approve(propose(make_injury(house), house.clerk, "8000.00"), house.approver)
    order = order_of(advance)
    with_cashier(house, order)
    assert Advance.objects.get(pk=advance.pk).state == "approved"

    again(advance, payments.order_the_advance)

    assert [o.id for o in ledger.orders_of([advance.pk])] == [order.pk]


def with_cashier(house, order: Case) -> None:
    """Paid, while the news of it is still on its way."""
    from tests.factories.ledger import mark_paid, release

    release(order, house.cashier)
    mark_paid(order, house.cashier, "HD-0001")


def test_a_refund_told_twice_is_counted_once(house):
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    advance = Advance.objects.get(pk=advance.pk)
    do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("1500.00"), advance.paid_on, "TK-1"))

    again(advance, payments.count_the_refund)

    assert fresh(claim).proven == Decimal("6500.00")


def test_a_refund_under_the_number_of_its_payment_still_reaches_the_insurer(house):
    insure(house)
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier, "HD-7")
    do(claim, "request_payout", house.clerk)

    advance = Advance.objects.get(pk=advance.pk)
    do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("1500.00"), advance.paid_on, "HD-7"))

    payout = Payout.objects.get(parent_id=claim.pk)
    assert payout_position(payout).proven_for("P1") == Decimal("6500.00")


def test_one_proof_from_elsewhere_counts_once(house):
    claim = judged(house, "9000.00")
    add_evidence(claim, "payment_voucher")
    paid = RecordPayment("other", Decimal("4000.00"), TODAY, "收据 1")
    do(claim, "prove_payment", house.clerk, paid)

    with pytest.raises(FactsRefused) as refusal:
        do(fresh(claim), "prove_payment", house.clerk, paid)

    assert list(refusal.value.errors) == ["voucher"]
    assert fresh(claim).proven == Decimal("4000.00")


def test_what_the_hospital_gives_back_after_the_insurer_made_it_good_is_the_insurers():
    house = make_house()
    _policy, insurer = insure(house)
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    order = pay_provisionally(house, claim, insurer, "8000.00", "insured")
    pay_order(order.id, insurer.cashier, "YB-1")

    do(Advance.objects.get(pk=advance.pk), "record_refund", house.cashier, RefundAdvance(Decimal("1500.00"), timezone.localdate(), "TK-1"))

    task = Task.objects.get(case_id=claim.pk, code="return_to_insurer")
    assert "1,500.00" in task.says
    assert Task.objects.get(case_id=order.parent_id, code="collect_excess_reimbursement").organisation_id == house.lobby.insurer.pk


@pytest.mark.parametrize("verb", ["withdraw", "decide_not_covered"])
def test_a_payout_ends_with_the_claim_that_is_left(verb):
    house = make_house()
    insure(house)
    claim = assess(make_injury(house), house.clerk)
    do(claim, "request_payout", house.clerk)
    do(fresh(claim), verb, house.approver, Because("与电梯无关"))

    (payout,) = policies.payouts_of(claim_id=claim.pk)
    assert (payout.state, payout.is_ended) == ("closed", True)
