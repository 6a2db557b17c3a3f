"""A small entrapment goes from filing to a proposed payment without anybody computing or retyping: people only approve."""

from __future__ import annotations

from decimal import Decimal

import pytest

from access.roles import Role
from casework.audit import verify_all
from casework.errors import NotPermitted, StepRefused
from casework.models import Case
from claims.facts import Because, CloseClaim
from claims.models import Claim
from damages import api as damages
from ledger import api as ledger
from policies import api as policies
from policies.facts import ApproveDecision
from tests.factories.claims import do, follow, fresh, insure, make_house, name_accounts, pay_order
from tests.factories.elevators import make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def entrap(house, minutes=52, people=3):
    incident = make_incident(house.lobby, started=600, trapped=minutes, people_count=people)
    follow()
    return incident


def test_from_filing_to_money_in_the_passengers_hands(house):
    _policy, insurer = insure(house)
    incident = entrap(house)

    claim = Claim.objects.get(parent_id=incident.pk)
    sheet = damages.current(claim.pk)
    assert (claim.subject, claim.state, claim.assessed, len(claim.people)) == ("entrapment", "assessed", Decimal("600.00"), 3)
    assert (sheet.lines[0].formula, sheet.lines[0].code) == ("200.00 元 × 3 人", "entrapment")
    assert (claim.turn_role, claim.turn_verb) == (Role.MANAGER_APPROVER, "confirm_entrapment")

    name_accounts(claim, house)
    do(claim, "confirm_entrapment", house.approver)
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    assert (payout.state, payout.requested) == ("proposed", Decimal("600.00"))

    do(Case.objects.get(pk=payout.id), "approve", insurer.approver, ApproveDecision(Decimal("600.00")))
    orders = ledger.orders_of([payout.id])
    assert [(o.amount, o.purpose, o.state) for o in orders] == [(Decimal("200.00"), "ENTRAPMENT", "proposed")] * 3

    for number, order in enumerate(orders):
        pay_order(order.id, insurer.cashier, f"YB-{number}")
    claim = fresh(claim)
    assert (claim.state, claim.proven, claim.owed) == ("victim_paid", Decimal("600.00"), Decimal("600.00"))
    assert policies.payout_view(payout.id).state == "closed"
    assert ledger.balance(f"claim/{claim.pk}/received").credited == Decimal("600.00")

    do(claim, "close", house.approver, CloseClaim("三名乘客已收到补偿，没有垫付，不用追偿。"))
    assert fresh(claim).state == "closed"
    assert list(verify_all()) == []


@pytest.mark.parametrize(("minutes", "claims"), [(39, 0), (40, 1)])
def test_below_the_threshold_nothing_is_opened(house, minutes, claims):
    insure(house)
    incident = entrap(house, minutes)
    assert Claim.objects.filter(parent_id=incident.pk).count() == claims


def test_without_a_policy_the_programme_owes_nothing(house):
    incident = entrap(house)
    assert Claim.objects.filter(parent_id=incident.pk).count() == 0


def test_the_hurt_have_claims_of_their_own_and_the_unhurt_share_one(house):
    from elevators.api import Harm, PersonFacts

    insure(house)
    incident = make_incident(
        house.lobby, started=600, trapped=52, people_count=3, people=(PersonFacts(key="", name="黄桂芬", is_named=True, harm=Harm.INJURED),)
    )
    follow()

    claims = list(Claim.objects.filter(parent_id=incident.pk).order_by("subject"))
    assert [(c.subject, [p["key"] for p in c.people]) for c in claims] == [("entrapment", ["P2", "P3"]), ("injury", ["P1"])]
    assert claims[1].people[0]["name"] == "黄*芬"
    assert "黄桂芬" not in claims[1].title


def test_the_manager_confirms_and_a_clerk_cannot(house):
    insure(house)
    claim = Claim.objects.get(parent_id=entrap(house).pk)
    for by in (house.clerk, house.cashier, house.lobby.street_clerk):
        with pytest.raises(StepRefused):
            do(claim, "confirm_entrapment", by)
    assert fresh(claim).state == "assessed"


def test_who_assessed_by_hand_does_not_confirm(house):
    insure(house)
    claim = Claim.objects.get(parent_id=entrap(house).pk)
    from tests.factories.access import make_actor

    both = make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=house.lobby.manager)
    do(claim, "withdraw", both, Because("误开"))
    do(fresh(claim), "reopen", both, Because("确实被困"))
    assert fresh(claim).state == "assessed"
    do(fresh(claim), "confirm_entrapment", both)
    assert fresh(claim).state == "liability_fixed"


def test_events_told_twice_change_nothing(house):
    from casework.models import CaseEvent, OutboxEntry

    insure(house)
    entrap(house)
    before = CaseEvent.objects.count()
    OutboxEntry.objects.update(status=OutboxEntry.Status.PENDING)
    follow()
    assert (Claim.objects.count(), CaseEvent.objects.filter(topic__startswith="claims.").count()) == (1, 2)
    assert CaseEvent.objects.count() >= before


def test_out_of_order_steps_are_refused_with_the_reason(house):
    insure(house)
    claim = Claim.objects.get(parent_id=entrap(house).pk)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "close", house.approver, CloseClaim("x"))
    assert refusal.value.code == "not_from_assessed"
    with pytest.raises(NotPermitted):
        do(claim, "fix_liability", house.approver)
