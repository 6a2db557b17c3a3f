"""A small entrapment goes from its filing to a proposed payment without anybody computing or retyping."""

from __future__ import annotations

import pytest

from access.roles import Role
from casework.errors import FactsRefused
from ledger import api as ledger
from policies import api
from policies.facts import ApproveDecision, NameAccount, PersonFact
from tests.factories.access import make_actor
from tests.factories.elevators import make_incident
from tests.factories.policies import ask, ask_entrapment, do, make_account, make_room, orders, pay_all, release, yuan

pytestmark = pytest.mark.django_db


def test_complete_evidence_leads_to_a_proposed_decision_by_the_system():
    room = make_room()

    payout = ask_entrapment(room)

    assert (payout.state, payout.decided_amount) == ("proposed", yuan("600.00"))
    assert {line.verdict for line in payout.cover_lines.all()} <= {"holds", "not_asked"}
    assert (payout.turn_verb, payout.turn_role) == ("approve", "insurer_handler")


def test_one_approval_opens_an_order_for_each_passenger_and_holds_the_limits():
    room = make_room()
    payout = ask_entrapment(room)

    payout = do(payout, "approve", room.handler, ApproveDecision(yuan("600.00")))

    assert payout.state == "agreed"
    assert [(o.purpose, o.amount, o.state) for o in orders(payout)] == [("ENTRAPMENT", yuan("200.00"), "proposed")] * 3
    accident = next(x for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id) if x.limit == "accident")
    assert (accident.reserved, accident.used) == (yuan("600.00"), yuan("0.00"))


def test_when_all_orders_are_paid_the_payout_closes_itself_and_the_limits_are_used():
    room = make_room()
    payout = do(ask_entrapment(room), "approve", room.handler, ApproveDecision(yuan("600.00")))

    payout = pay_all(room, payout)

    assert (payout.state, payout.paid_amount) == ("closed", yuan("600.00"))
    (aggregate, accident) = [x for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id) if not x.person]
    assert (aggregate.used, aggregate.reserved) == (accident.used, accident.reserved) == (yuan("600.00"), yuan("0.00"))
    assert ledger.balance(room.bank).posted == yuan("600.00")


def test_whoever_approved_cannot_release_the_payment():
    room = make_room()
    room.cashier = make_actor(Role.INSURER_HANDLER, Role.INSURER_CASHIER, organisation=room.lobby.insurer)
    payout = do(ask_entrapment(room), "approve", room.cashier, ApproveDecision(yuan("600.00")))

    with pytest.raises(FactsRefused) as refused:
        release(room, orders(payout)[0])

    assert "account_checked" in refused.value.errors


@pytest.mark.parametrize(("minutes", "amounts"), [(39, []), (40, [yuan("200.00")])])
def test_threshold_of_the_contract_counts_its_own_minute(minutes, amounts):
    room = make_room()
    incident = make_incident(room.lobby, trapped=minutes)

    lines = api.entrapment_lines(policy_id=room.policy.pk, incident_id=incident.pk, keys=["P1"])

    assert [line.asked for line in lines] == amounts


def test_a_passenger_without_an_account_is_paid_when_it_is_named():
    room = make_room()
    incident = make_incident(room.lobby, trapped=52, people_count=1)
    person = PersonFact("P1", "李*强")
    lines = api.entrapment_lines(policy_id=room.policy.pk, incident_id=incident.pk, keys=["P1"])
    payout = ask(room, incident, (person,), lines, is_complete=True)
    payout = do(payout, "approve", room.handler, ApproveDecision(yuan("200.00")))
    assert (payout.state, orders(payout)) == ("agreed", [])

    account = make_account(room, "李国强")
    payout = do(payout, "name_account", room.handler, NameAccount("P1", account, "尾号 0001"))

    assert [(o.amount, o.payee_account_ref) for o in orders(payout)] == [(yuan("200.00"), account)]
