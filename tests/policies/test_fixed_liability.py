"""A liability insurance bears what the insured owes as judged or agreed, never more (Insurance Law 65)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from casework.errors import StepRefused
from policies import api
from policies.models import Payout
from tests.factories.policies import CLAIMS, agree, approve, ask_injury, decide, fix_liability, make_room, to_complete, to_decided, today

pytestmark = pytest.mark.django_db
LOSS = {"medical": "12000.00", "nursing": "3000.00"}


@pytest.fixture
def room():
    return make_room()


def fix_at(payout: Payout, amount: str) -> Payout:
    api.record_liability_fixed(
        payout_id=payout.pk,
        fixed_by="agreement",
        fixed_on=today(),
        amount=Decimal(amount),
        person="P1",
        by=CLAIMS,
        happened_at=timezone.now(),
    )
    return Payout.objects.get(pk=payout.pk)


@pytest.mark.parametrize(
    ("fixed", "payable"), [("15000.00", "15000.00"), ("14999.99", "14999.99"), ("13589.40", "13589.40"), ("20000.00", "15000.00")]
)
def test_a_settlement_below_the_loss_is_what_is_borne(room, fixed, payable):
    payout = fix_at(to_complete(room, ask_injury(room, LOSS)), fixed)

    decided = decide(room, payout)

    assert decided.decided_amount == Decimal(payable)


def test_a_decision_above_what_was_fixed_later_is_decided_anew(room):
    payout = fix_at(to_decided(room, ask_injury(room, LOSS)), "13000.00")

    with pytest.raises(StepRefused) as refusal:
        agree(room, payout)

    assert refusal.value.code == "above_what_was_fixed"


def test_what_was_fixed_at_the_loss_is_agreed_as_before(room):
    payout = agree(room, fix_liability(room, approve(room, decide(room, to_complete(room, ask_injury(room, LOSS))))))

    assert payout.state == "agreed"
