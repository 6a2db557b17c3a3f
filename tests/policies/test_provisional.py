"""Provisional payments: an order and never a state."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casework.models import Deadline, Task
from casework.outbox import drain
from casework.steps import perform
from ledger import api as ledger
from policies import api
from policies.facts import ApproveDecision, Dispute, PayeeFact, ProvisionalPayout, VictimPaid
from policies.selectors import payout_position
from tests.factories.policies import INJURY as LOSS
from tests.factories.policies import (
    agree,
    approve,
    ask_injury,
    decide,
    do,
    fix_liability,
    fresh,
    make_room,
    orders,
    pay_all,
    refused_by,
    to_agreed,
    to_complete,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db


def provisional(payout, amount, kind="victim", person="P1"):
    position = payout_position(fresh(payout))
    return ProvisionalPayout(
        person, yuan(amount), kind, PayeeFact("黄淑芬"), position.parts_for(person, yuan(amount)), "第六十日，医疗费已定"
    )


class TestProvisional:
    def test_it_is_an_order_and_never_a_state_and_the_difference_follows(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))

        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "22000.00"))

        assert payout.state == "complete"
        assert [(o.purpose, o.amount) for o in orders(payout)] == [("PROVISIONAL", yuan("22000.00"))]
        assert Deadline.objects.get(case=payout, rule="provisional_payment").status == "met"
        payout = pay_all(room, payout)
        payout = agree(room, fix_liability(room, approve(room, decide(room, payout))))
        assert orders(payout)[1].amount == yuan("127475.30")
        payout = pay_all(room, payout)
        assert (payout.state, payout.paid_amount) == ("paid", yuan("149475.30"))
        accident = next(x for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id) if x.limit == "accident")
        assert (accident.used, accident.reserved) == (yuan("149475.30"), yuan("0.00"))

    def test_a_penniless_manager_does_not_keep_the_victim_waiting(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "8000.00"}))
        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "8000.00", "hospital"))
        assert orders(payout)[0].amount == yuan("8000.00")

    def test_to_the_insured_only_what_it_proved(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "pay_provisionally", room.approver, provisional(payout, "1.00", "insured")) == ["payee_kind"]
        payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("1.00"), today(), "YJ-1"))
        assert orders(do(payout, "pay_provisionally", room.approver, provisional(payout, "1.00", "insured")))

    def test_never_above_what_is_certain(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "8000.00"}))
        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "8000.00"))
        assert "amount" in refused_by(payout, "pay_provisionally", room.approver, provisional(payout, "0.01"))

    def test_the_insured_does_not_vouch_for_itself(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        paid = VictimPaid("P1", yuan("1.00"), today(), "YJ-1")
        for by in (room.lobby.clerk, room.lobby.approver):
            assert refused_by(payout, "record_victim_payment", by, paid) == "not_this_role"
        assert payout_position(fresh(payout)).proven_for("P1") == yuan("0.00")

    def test_in_pieces_it_does_not_pass_the_authority_of_who_pays_it(self):
        room = make_room(approver_limit="30000.00")
        payout = to_complete(room, ask_injury(room, LOSS))
        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "20000.00"))
        assert refused_by(payout, "pay_provisionally", room.approver, provisional(payout, "10000.01")) == ["amount"]
        assert len(orders(do(payout, "pay_provisionally", room.approver, provisional(payout, "10000.00")))) == 2

    def test_a_smaller_decision_waits_until_the_greater_order_is_cancelled(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "8000.00"}))
        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "8000.00"))
        payout = decide(room, payout, accepted={("P1", "medical"): "5000.00"})
        facts = ApproveDecision(yuan("5000.00"))
        assert refused_by(payout, "approve", room.approver, facts) == "orders_above_decision"

        ledger.cancel_payment_order(orders(payout)[0].pk, by=room.cashier, happened_at=timezone.now(), reason="核定减少")
        drain()

        assert do(payout, "approve", room.approver, facts).state == "decided"

    def test_a_dispute_that_lowers_the_amount_does_not_leave_the_old_order_to_be_paid(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, {"medical": "8000.00"}))
        assert [o.state for o in orders(payout)] == ["proposed"]
        payout = do(payout, "dispute", room.handler, Dispute("insurer", "票据重复"))
        payout = decide(room, payout, accepted={("P1", "medical"): "5000.00"})
        assert refused_by(payout, "approve", room.approver, ApproveDecision(yuan("5000.00"))) == "orders_above_decision"

    def test_returned_it_gives_its_limit_back(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "8000.00"}))
        payout = do(payout, "pay_provisionally", room.approver, provisional(payout, "8000.00"))
        order = orders(payout)[0]
        perform(order, "release", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.ReleasePayment(account_checked=True))
        do_order = type(order).objects.get(pk=order.pk)
        perform(do_order, "return_", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.ReturnPayment("账号有误"))
        drain()
        accident = next(x for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id) if x.limit == "accident")
        assert accident.reserved == yuan("0.00")
        assert orders(do(fresh(payout), "pay_provisionally", room.approver, provisional(payout, "8000.00")))[1].amount == yuan("8000.00")

    def test_what_was_paid_too_much_becomes_a_task_and_never_a_bar(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "8000.00"}))
        payout = pay_all(room, do(payout, "pay_provisionally", room.approver, provisional(payout, "8000.00")))
        payout = approve(room, decide(room, payout, accepted={("P1", "medical"): "5000.00"}))
        assert (payout.state, payout.claw_back_amount) == ("decided", yuan("3000.00"))
        assert Task.objects.get(case=payout, code="claw_back").organisation_id == room.lobby.insurer.pk
