"""The bank gives money back after an order was marked paid: nothing is counted twice, and what is owed is owed again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from casework.audit import verify_all
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Case
from claims.facts import CloseClaim, OrderPayment, Sue
from claims.models import Advance, Claim
from ledger import api as ledger
from ledger.verification import trial_balance
from policies import api as policies
from policies.facts import ApproveDecision
from recovery import api as recovery
from tests.factories.claims import (
    approve,
    assess,
    deposit,
    do,
    follow,
    fresh,
    insure,
    make_house,
    make_injury,
    name_accounts,
    order_of,
    pay,
    pay_order,
    pay_provisionally,
    propose,
)
from tests.factories.disputes import judge
from tests.factories.elevators import make_incident

pytestmark = pytest.mark.django_db


def bounced(number: str = "TP-0001") -> ledger.BouncePayment:
    return ledger.BouncePayment("户名不符，银行退票", timezone.localdate(), number)


@pytest.fixture
def house():
    return make_house()


def test_an_advance_that_came_back_was_never_paid_and_is_paid_again(house):
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    first = order_of(advance)
    do(first, "bounce", house.cashier, bounced())

    (file,) = recovery.files(incident_id=claim.parent_id)
    assert Advance.objects.get(pk=advance.pk).state == "returned"
    assert (fresh(claim).proven, file.left) == (Decimal("0.00"), Decimal("0.00"))
    assert ledger.balance(f"claim/{claim.pk}/received").available == Decimal("0.00")
    with pytest.raises(StepRefused):
        do(first, "bounce", house.cashier, bounced("TP-0002"))

    do(Advance.objects.get(pk=advance.pk), "amend", house.clerk, deposit("8000.00", payee_name="海珠区第二测试医院"))
    approve(Advance.objects.get(pk=advance.pk), house.approver)
    pay(Advance.objects.get(pk=advance.pk), house.cashier, "HD-0002")

    (file,) = recovery.files(incident_id=claim.parent_id)
    assert (fresh(claim).proven, file.left) == (Decimal("8000.00"), Decimal("8000.00"))
    assert ledger.balance(f"claim/{claim.pk}/received").available == Decimal("8000.00")
    assert [p.amount for p in claim.victim_payments.order_by("pk")] == [Decimal("8000.00"), Decimal("-8000.00"), Decimal("8000.00")]
    assert list(verify_all()) == []
    assert trial_balance().holds


def test_a_closed_claim_whose_payment_came_back_is_open_again(house):
    claim = assess(make_injury(house), house.clerk)
    do(claim, "sue", house.clerk, Sue("海珠区人民法院", "（2026）粤0105民初1号", "黄桂芬"))
    judge(claim, house.clerk, "13200.00")
    do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("13200.00"), "黄桂芬"))
    pay(claim, house.cashier)
    do(fresh(claim), "close", house.approver, CloseClaim("已付清"))
    do(order_of(claim), "bounce", house.cashier, bounced())

    claim = fresh(claim)
    assert (claim.state, claim.proven, claim.outstanding) == ("liability_fixed", Decimal("0.00"), Decimal("13200.00"))
    do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("13200.00"), "黄桂芬"))
    pay(claim, house.cashier, "HD-0002")
    assert fresh(claim).state == "victim_paid"


def test_the_insurers_payment_that_came_back_is_owed_again_and_its_limit_held(house):
    policy_id, insurer = insure(house)
    incident = make_incident(house.lobby, started=600, trapped=52, people_count=2)
    follow()
    claim = Claim.objects.get(parent_id=incident.pk)
    name_accounts(claim, house)
    do(claim, "confirm_entrapment", house.approver)
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    do(Case.objects.get(pk=payout.id), "approve", insurer.approver, ApproveDecision(Decimal("400.00")))
    for n, order in enumerate(ledger.orders_of([payout.id])):
        pay_order(order.id, insurer.cashier, f"YB-{n}")
    assert policies.payout_view(payout.id).state == "closed"
    used = aggregate(policy_id).used

    order = Case.objects.get(pk=ledger.orders_of([payout.id])[0].id).specific
    do(order, "bounce", insurer.cashier, bounced())

    view, limit = policies.payout_view(payout.id), aggregate(policy_id)
    assert (view.state, view.paid) == ("agreed", Decimal("200.00"))
    assert (limit.used, limit.reserved) == (used - 200, Decimal("200.00"))
    claim = fresh(claim)
    assert (claim.state, claim.proven) == ("liability_fixed", Decimal("200.00"))

    again = [o for o in ledger.orders_of([payout.id]) if o.state == "proposed"]
    assert [o.amount for o in again] == [Decimal("200.00")]
    pay_order(again[0].id, insurer.cashier, "YB-9")
    assert (policies.payout_view(payout.id).paid, fresh(claim).state) == (Decimal("400.00"), "victim_paid")
    assert aggregate(policy_id).used == used
    assert trial_balance().holds


def aggregate(policy_id):
    return next(x for x in policies.limits_view(policy_id=policy_id) if x.limit == "aggregate")


def test_only_the_payers_cashier_says_so_and_with_the_banks_number(house):
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk), house.approver)
    pay(advance, house.cashier)

    with pytest.raises(NotPermitted):
        do(order_of(advance), "bounce", house.approver, bounced())
    with pytest.raises(FactsRefused) as refusal:
        do(order_of(advance), "bounce", house.cashier, ledger.BouncePayment(" ", timezone.localdate() - timedelta(days=9), ""))
    assert set(refusal.value.errors) == {"reason", "bank_number", "bounced_on"}


def owed_back(claim):
    return {file.basis: (file.paid, file.reimbursed, file.left) for file in recovery.files(incident_id=claim.parent_id)}


def test_what_bounced_is_claimed_back_from_nobody_and_what_was_paid_again_once(house):
    claim = assess(make_injury(house), house.clerk)
    do(claim, "sue", house.clerk, Sue("海珠区人民法院", "（2026）粤0105民初1号", "黄桂芬"))
    judge(claim, house.clerk, "9000.00")
    do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("9000.00"), "黄桂芬"))
    pay(claim, house.cashier)
    do(order_of(claim), "bounce", house.cashier, bounced())
    assert owed_back(claim)["recourse"][2] == Decimal("0.00")

    do(fresh(claim), "order_payment", house.approver, OrderPayment("P1", Decimal("9000.00"), "黄桂芬"))
    pay(claim, house.cashier, "HD-0002")
    assert owed_back(claim)["recourse"][2] == Decimal("9000.00")
    assert trial_balance().holds


@pytest.mark.parametrize("kind", ["victim", "insured"])
def test_the_insurers_payment_that_bounced_leaves_its_subrogation(house, kind):
    _policy, insurer = insure(house)
    claim = make_injury(house)
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    order = pay_provisionally(house, claim, insurer, "8000.00", kind)
    before = owed_back(claim)
    pay_order(order.id, insurer.cashier, "YB-1")
    assert owed_back(claim)["subrogation"][0] == Decimal("8000.00")

    do(Case.objects.get(pk=order.id).specific, "bounce", insurer.cashier, bounced())

    assert owed_back(claim)["subrogation"] == (Decimal("8000.00"), Decimal("0.00"), Decimal("0.00"))
    assert owed_back(claim)["recourse"] == before["recourse"] == (Decimal("8000.00"), Decimal("0.00"), Decimal("8000.00"))
    assert trial_balance().holds
