"""Who is paid: the person first, the insured against proof, nobody twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casework.declarations import NO_FACTS
from casework.models import Deadline, Task
from casework.steps import steps_for
from policies import api
from policies.facts import AgreeAmount, ApproveDecision, Because, PayBeside, PayeeFact, ProposePayout, VictimPaid
from policies.selectors import payout_position
from recovery import api as recovery
from tests.factories.policies import INJURY as LOSS
from tests.factories.policies import (
    agree,
    ask_entrapment,
    ask_injury,
    do,
    fix_liability,
    fresh,
    make_room,
    orders,
    pay_all,
    refused_by,
    register,
    to_agreed,
    to_decided,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db


class TestPayees:
    def test_agreement_opens_a_direct_payment_to_the_victim(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, LOSS))
        assert [(o.purpose, o.amount) for o in orders(payout)] == [("PAYOUT", yuan("149475.30"))]
        assert pay_all(room, payout).state == "paid"

    def test_without_fixed_liability_there_is_nothing_to_agree_on(self):
        room = make_room()
        payout = to_decided(room, ask_injury(room, LOSS))
        facts = AgreeAmount("insured", today(), payout.decided_amount)
        assert refused_by(payout, "agree", room.handler, facts) == "evidence_for_liability_missing"

    def test_the_insured_gets_nothing_before_the_victim(self):
        room = make_room()
        payout = to_decided(room, ask_injury(room, LOSS))
        view = next(s for s in steps_for(payout, room.handler) if s.verb == "reimburse_insured")
        assert (view.allowed, view.code) == (False, "victim_not_paid")
        assert "第六十五条第三款" in view.citation

    def test_the_insured_gets_back_what_it_proved_and_not_a_fen_more(self):
        room = make_room(deductible=yuan("500.00"))
        payout = to_decided(room, ask_injury(room, LOSS))
        payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("23486.70"), today(), "YJ-001"))

        lines = {(x.payee_kind, x.amount) for x in payout_position(payout).payees}

        assert lines == {("victim", yuan("125988.60")), ("insured", yuan("22986.70"))}
        above = ProposePayout("P1", yuan("22986.71"), PayeeFact("安和物业"))
        assert refused_by(payout, "reimburse_insured", room.handler, above) == ["amount"]
        payout = do(payout, "reimburse_insured", room.handler, ProposePayout("P1", yuan("22986.70"), PayeeFact("安和物业")))
        assert [o.amount for o in orders(payout)] == [yuan("22986.70")]

    def test_the_victim_never_gets_more_than_is_still_owed(self):
        room = make_room()
        payout = to_decided(room, ask_injury(room, LOSS))
        payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("149475.30"), today(), "YJ-001"))
        facts = ProposePayout("P1", yuan("0.01"), PayeeFact("黄淑芬"))
        assert refused_by(payout, "pay_victim", room.handler, facts) == "victim_paid_in_full"

    def test_the_same_proof_counts_once(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        for _ in range(2):
            api.record_victim_payment(
                payout_id=payout.pk,
                person="P1",
                amount=yuan("100.00"),
                paid_on=today(),
                proof="YJ-001",
                by=room.handler,
                happened_at=timezone.now(),
            )
        assert payout_position(fresh(payout)).proven_for("P1") == yuan("100.00")

    def test_the_ten_days_wait_for_proof_and_run_on_when_it_comes(self):
        room = make_room(pays_victim_directly=True)
        payout = to_decided(room, ask_injury(room, {"medical": "1000.00"}))
        payout = fix_liability(room, payout)
        payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("600.00"), today(), "YJ-001"))
        payout = agree(room, payout)
        assert sorted(o.amount for o in orders(payout)) == [yuan("400.00"), yuan("600.00")]
        payout = pay_all(room, payout)
        assert (payout.state, payout.paid_amount) == ("paid", yuan("1000.00"))

    def test_entrapment_money_for_the_manager_waits_for_its_proof(self):
        room = make_room(entrapment_to="manager")
        payout = do(ask_entrapment(room, names=("李国强",)), "approve", room.handler, ApproveDecision(yuan("200.00")))
        clock = Deadline.objects.get(case=payout, rule="payment")
        assert (orders(payout), payout.is_waiting_for_proof, clock.status) == ([], True, "paused")

        payout = do(payout, "record_victim_payment", room.handler, VictimPaid("P1", yuan("200.00"), today(), "SJ-1"))

        assert [(o.purpose, o.amount) for o in orders(payout)] == [("REIMBURSEMENT", yuan("200.00"))]
        assert (payout.is_waiting_for_proof, Deadline.objects.get(case=payout, rule="payment").status) == (False, "running")

    def test_paid_orders_only_close_it(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, LOSS))
        assert refused_by(payout, "settle", room.handler, NO_FACTS) == "not_paid_in_full"
        assert refused_by(payout, "withdraw", room.lobby.clerk, Because("不要了")) == "payment_orders_open"


def test_what_the_victim_got_twice_becomes_a_task_and_never_a_bar():
    room = make_room()
    payout = pay_all(room, to_agreed(room, ask_injury(room, {"medical": "1000.00", "lost_income": "1.00"})))
    assert payout.state == "paid"
    other = to_agreed(room, ask_injury(room, {"medical": "1000.00"}))
    other = do(other, "record_victim_payment", room.handler, VictimPaid("P1", yuan("300.00"), today(), "YJ-9"))
    other = pay_all(room, other)
    assert (other.state, other.paid_amount) == ("paid", yuan("1000.00"))
    assert Task.objects.filter(case=other, code="refund_excess").count() == 1


def test_while_the_cashier_is_waited_for_nobody_is_told_to_settle():
    room = make_room()
    payout = to_agreed(room, ask_injury(room, LOSS))
    assert [o.state for o in orders(payout)] == ["proposed"]
    assert (payout.turn_role, payout.turn_verb) == ("", "payment_order.mark_paid")


def test_the_limits_name_the_person_and_not_the_key():
    room = make_room()
    payout = ask_injury(room, LOSS)
    names = {x.name for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id) if x.person}
    assert names == {"黄*芬"}


def test_what_is_paid_straight_to_the_injured_is_the_insurers_to_claim_and_what_is_paid_beside_is_not():
    room = make_room()
    payout = to_agreed(room, ask_injury(room, LOSS))
    do(payout, "pay_beside", room.approver, PayBeside("ex_gratia", yuan("500.00"), PayeeFact("黄淑芬"), "慰问"))
    pay_all(room, payout)
    files = recovery.files(incident_id=payout.incident_id)
    assert [(f.basis, f.payer_organisation_id, f.paid) for f in files] == [("subrogation", room.policy.insurer_id, yuan("149475.30"))]
