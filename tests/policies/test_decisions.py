"""The decision by two people: cover, heads, authority, limits that moved, clear ways back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from access.roles import Role
from casework.errors import NotPermitted, StepRefused
from casework.models import Deadline
from casework.steps import perform
from policies import api, services
from policies.facts import ApproveDecision, CheckCover, CoverAnswer, LossFact, PersonFact, RegisterPayout, SendBack, SendRefusal
from tests.factories.access import make_actor, make_authority
from tests.factories.policies import INJURY as LOSS
from tests.factories.policies import (
    approve,
    ask_injury,
    cover_holds,
    decide,
    decision,
    do,
    make_room,
    refused_by,
    register,
    to_complete,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db


class TestDecision:
    def test_the_system_leaves_to_a_person_what_the_facts_do_not_answer(self):
        room = make_room(listed_events=["意外移动"])
        payout = register(room, ask_injury(room, LOSS))

        verdicts = dict(payout.cover_lines.filter(version=payout.cover_version).values_list("code", "verdict"))

        assert verdicts["period"] == verdicts["insured_party"] == verdicts["inspection"] == "holds"
        assert verdicts["listed_event"] == verdicts["exclusions"] == "look"
        payout = do(payout, "accept_documents", room.handler)
        assert refused_by(payout, "decide", room.handler, decision(payout)) == "cover_question_open"

    def test_late_notice_can_never_fail(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        answers = tuple(
            CoverAnswer(a.code, a.fact, a.source, "fails" if a.code == "notice" else a.verdict) for a in cover_holds(payout).answers
        )
        assert refused_by(payout, "check_cover", room.handler, CheckCover(answers)) == ["answers"]

    def test_maker_and_checker_are_two_people(self):
        room = make_room()
        make_authority(room.lobby.insurer, Role.INSURER_CASHIER, "payout.decide", "1000000.00")
        payout = decide(room, to_complete(room, ask_injury(room, {"medical": "1000.00"})))

        with pytest.raises(NotPermitted) as refusal:
            perform(payout, "approve", by=room.handler, happened_at=timezone.now(), seen=None, facts=ApproveDecision(yuan("1000.00")))
        assert refusal.value.code == "four_eyes"

    @pytest.mark.parametrize(("amount", "allowed"), [("100000.00", True), ("100000.01", False)])
    def test_authority_goes_by_amount_and_role(self, amount, allowed):
        room = make_room(medical_per_person=None)
        payout = decide(room, to_complete(room, ask_injury(room, {"medical": amount})))
        facts = ApproveDecision(payout.decided_amount)
        if allowed:
            assert do(payout, "approve", room.colleague, facts).state == "decided"
        else:
            assert refused_by(payout, "approve", room.colleague, facts) == ["amount"]
            assert do(payout, "approve", room.approver, facts).state == "decided"

    def test_no_limit_found_means_no_authority(self):
        room = make_room()
        payout = decide(room, to_complete(room, ask_injury(room, {"medical": "1.00"})))
        room.lobby.insurer.authority_limits.all().delete()
        assert refused_by(payout, "approve", room.approver, ApproveDecision(payout.decided_amount)) == ["amount"]

    def test_what_the_approver_saw_must_be_what_was_decided(self):
        room = make_room()
        payout = decide(room, to_complete(room, ask_injury(room, {"medical": "10.00"})))
        assert refused_by(payout, "approve", room.approver, ApproveDecision(yuan("9.99"))) == ["amount"]

    def test_a_forged_sheet_is_refused(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "60000.00"}))
        honest = decision(payout)
        forged = type(honest)(
            honest.lines,
            honest.liability_share,
            honest.is_joint,
            type(honest.sheet)(honest.sheet.steps, honest.sheet.persons, yuan("60000.00"), honest.sheet.refused, honest.sheet.limits),
        )
        assert honest.sheet.total == yuan("50000.00")
        assert refused_by(payout, "decide", room.handler, forged) == ["sheet"]

    def test_head_by_head_part_accepted_part_refused(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))

        payout = decide(room, payout, accepted={("P1", "medical"): "20000.00"})

        assert (payout.decided_amount, payout.refused_amount) == (yuan("147475.30"), yuan("2000.00"))
        line = payout.decision_lines.get(head="medical")
        assert (line.asked, line.accepted, line.reason) == (yuan("22000.00"), yuan("20000.00"), "not_proven")
        payout = approve(room, payout)
        assert Deadline.objects.get(case=payout, rule="refusal_notice").status == "running"
        payout = do(payout, "send_part_refusal", room.handler, SendRefusal(today()))
        assert Deadline.objects.get(case=payout, rule="refusal_notice").status == "met"

    def test_a_cut_without_a_reason_is_refused_beside_its_line(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        honest = decision(payout, accepted={("P1", "medical"): "1.00"})
        lines = tuple(type(x)(x.person, x.head, x.asked, x.assessed, x.accepted, "") for x in honest.lines)
        assert "lines" in refused_by(payout, "decide", room.handler, services.decision(payout, lines, "1", is_joint=False))

    def test_joint_liability_is_paid_in_full_and_a_share_is_not(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "1000.00"}))
        assert decision(payout, "7/10").sheet.total == yuan("700.00")
        assert decision(payout, "7/10", is_joint=True).sheet.total == yuan("1000.00")

    def test_the_arithmetic_shows_each_step_in_its_order(self):
        room = make_room(deductible=yuan("500.00"))
        payout = to_complete(
            room, ask_injury(room, {"medical": "22000.00", "disability_compensation": "127475.30", "entrapment": "300.00"})
        )

        sheet = decision(payout).sheet

        assert [(s.code, s.amount, s.balance) for s in sheet.steps] == [
            ("loss", yuan("149475.30"), yuan("149475.30")),
            ("share", yuan("0.00"), yuan("149475.30")),
            ("deductible", yuan("-500.00"), yuan("148975.30")),
            ("sub_limit", yuan("0.00"), yuan("148975.30")),
            ("per_person", yuan("0.00"), yuan("148975.30")),
            ("entrapment", yuan("300.00"), yuan("149275.30")),
            ("per_accident", yuan("0.00"), yuan("149275.30")),
            ("aggregate", yuan("0.00"), yuan("149275.30")),
        ]
        assert decide(room, payout).decisions.get().sheet["total"] == "149275.30"

    def test_costs_stand_beside_the_limits(self):
        room = make_room(per_person=yuan("1000.00"), legal_cost_limit=yuan("300.00"))
        payout = to_complete(room, ask_injury(room, {"medical": "5000.00", "mitigation_cost": "200.00", "litigation_cost": "900.00"}))
        assert decision(payout).sheet.total == yuan("1500.00")

    def test_sent_back_it_is_decided_anew_and_the_first_version_stays(self):
        room = make_room()
        payout = decide(room, to_complete(room, ask_injury(room, LOSS)))
        payout = do(payout, "send_back", room.approver, SendBack("医疗费缺清单"))
        payout = decide(room, payout, accepted={("P1", "medical"): "0.00"})
        assert (payout.decision_version, payout.decisions.count(), payout.decided_amount) == (2, 2, yuan("127475.30"))

    def test_losses_that_changed_after_the_decision_stop_the_approval(self):
        room = make_room()
        payout = decide(room, to_complete(room, ask_injury(room, LOSS)))
        api.revise_loss(
            payout_id=payout.pk,
            people=(PersonFact("P1", "黄*芬", is_injured=True),),
            lines=(LossFact("P1", "medical", yuan("1.00")),),
            by=room.lobby.clerk,
            happened_at=timezone.now(),
        )
        assert refused_by(payout, "approve", room.approver, ApproveDecision(payout.decided_amount)) == "limits_moved"


def test_a_handler_of_another_insurer_sees_nothing():
    room, stranger = make_room(), make_actor(Role.INSURER_HANDLER)
    payout = ask_injury(room, LOSS)
    with pytest.raises(StepRefused) as refusal:
        do(payout, "register", stranger, RegisterPayout(today()))
    assert refusal.value.code == "out_of_scope"
