"""What an insurer pays beside the insurance money: costs (57, 64, 66), damages for delay (23), ex gratia."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ledger import api as ledger
from policies import api
from policies.facts import AskCosts, Because, PayBeside, PayeeFact, RecordDelay
from policies.selectors import payout_position
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
    yuan,
)

pytestmark = pytest.mark.django_db
LOSS = {"medical": "8000.00"}
VICTIM = PayeeFact("黄淑芬")


def costs(room, payout, head, amount, document="LS-001"):
    return do(payout, "ask_costs", room.lobby.clerk, AskCosts(head, yuan(amount), document))


class TestCosts:
    def test_they_are_borne_beside_an_exhausted_limit_and_on_an_account_of_their_own(self):
        room = make_room(per_person=yuan("5000.00"), medical_per_person=None)
        payout = costs(room, to_complete(room, ask_injury(room, LOSS)), "litigation_cost", "3000.00")
        payout = costs(room, payout, "investigation_cost", "400.00", "JD-002")
        payout = agree(room, fix_liability(room, approve(room, decide(room, payout))))

        payout = pay_all(room, payout)

        assert payout.paid_amount == yuan("8400.00")
        used = {x.limit: x.used for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)}
        assert (used["person"], used["accident"], used["aggregate"]) == (yuan("5000.00"),) * 3
        assert ledger.balance(f"policy/{room.policy.pk}/costs").credited == yuan("3400.00")

    def test_the_same_kind_adds_up_and_survives_a_new_worksheet(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        for amount, document in (("100.00", "LS-1"), ("50.00", "LS-2")):
            payout = costs(room, payout, "litigation_cost", amount, document)
        people = tuple(api.PersonFact(**p) for p in payout.people)
        api.revise_loss(
            payout_id=payout.pk,
            people=people,
            lines=(api.LossFact("P1", "medical", yuan("9000.00")),),
            by=room.lobby.clerk,
            happened_at=timezone.now(),
        )
        lines = {(x.person, x.head): x.asked for x in payout_position(fresh(payout)).lines}
        assert lines == {("P1", "medical"): yuan("9000.00"), ("insured", "litigation_cost"): yuan("150.00")}
        assert fresh(payout).requested_amount == yuan("9150.00")

    def test_mitigation_is_borne_up_to_the_sum_insured_of_its_own(self):
        room = make_room(per_accident=yuan("8000.00"), per_person=None, medical_per_person=None)
        payout = costs(room, to_complete(room, ask_injury(room, LOSS)), "mitigation_cost", "9000.00")
        assert decide(room, payout).decided_amount == yuan("16000.00")

    def test_a_cost_is_no_loss_and_needs_its_bill(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "ask_costs", room.lobby.clerk, AskCosts("medical", yuan("1.00"), "LS-1")) == ["head"]
        assert refused_by(payout, "ask_costs", room.lobby.clerk, AskCosts("litigation_cost", yuan("1.00"), " ")) == ["document"]


class TestBeside:
    def test_delay_is_paid_as_judged_and_never_more(self):
        room = make_room()
        payout = pay_all(room, to_agreed(room, ask_injury(room, LOSS)))
        assert refused_by(payout, "pay_beside", room.handler, PayBeside("delay", yuan("1.00"), VICTIM, "迟付")) == ["amount"]
        payout = do(payout, "record_delay", room.handler, RecordDelay(yuan("120.00"), "（2026）粤0105民初8号"))
        assert refused_by(payout, "pay_beside", room.handler, PayBeside("delay", yuan("120.01"), VICTIM, "迟付")) == ["amount"]

        payout = do(payout, "pay_beside", room.handler, PayBeside("delay", yuan("120.00"), VICTIM, "迟付"))

        assert refused_by(payout, "close", room.handler, Because("付清")) == "payment_orders_open"
        payout = pay_all(room, payout)
        assert (payout.paid_amount, payout.beside_amount) == (yuan("8000.00"), yuan("120.00"))
        assert do(payout, "close", room.handler, Because("付清")).state == "closed"

    def test_ex_gratia_uses_no_limit_and_settles_nothing(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, LOSS))
        payout = do(payout, "pay_beside", room.approver, PayBeside("ex_gratia", yuan("500.00"), VICTIM, "慰问"))
        assert [o.purpose for o in orders(payout)] == ["PAYOUT", "OTHER"]
        payout = pay_all(room, payout)
        used = {x.limit: x.used for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)}
        assert (payout.state, payout.paid_amount, used["accident"]) == ("paid", yuan("8000.00"), yuan("8000.00"))
        assert ledger.balance(f"policy/{room.policy.pk}/beside").credited == yuan("500.00")

    def test_in_pieces_it_does_not_pass_the_authority(self):
        room = make_room(handler_limit="600.00")
        payout = to_complete(room, ask_injury(room, LOSS))
        payout = do(payout, "pay_beside", room.handler, PayBeside("ex_gratia", yuan("500.00"), VICTIM, "慰问"))
        assert refused_by(payout, "pay_beside", room.handler, PayBeside("ex_gratia", yuan("100.01"), VICTIM, "慰问")) == ["amount"]
