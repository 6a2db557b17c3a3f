"""The insurer's payout of an injury: papers, decision by two people, payees, provisional payment, way back and way out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from access.roles import Role
from casework.declarations import NO_FACTS
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline, Task
from casework.outbox import drain
from casework.steps import perform, steps_for
from ledger import api as ledger
from policies import api, services
from policies.facts import (
    AgreeAmount,
    AnswerConsent,
    ApproveDecision,
    ApproveRefusal,
    Because,
    CheckCover,
    CoverAnswer,
    DecideOnWhatIsThere,
    Dispute,
    FlagComplex,
    LossFact,
    PayeeFact,
    PersonFact,
    ProposePayout,
    ProvisionalPayout,
    ReceiveSupplement,
    RefusePayout,
    RegisterPayout,
    RequestSupplement,
    SendBack,
    SendRefusal,
    VictimPaid,
)
from policies.selectors import payout_position
from tests.factories.access import make_actor, make_authority
from tests.factories.elevators import make_incident
from tests.factories.policies import (
    agree,
    approve,
    ask_entrapment,
    ask_injury,
    cover_holds,
    decide,
    decision,
    do,
    fix_liability,
    fresh,
    make_room,
    orders,
    pay_all,
    register,
    to_agreed,
    to_complete,
    to_decided,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db
LOSS = {"medical": "22000.00", "disability_compensation": "127475.30"}


def refused_by(payout, verb, by, facts):
    with pytest.raises((StepRefused, FactsRefused)) as refusal:
        do(payout, verb, by, facts)
    error = refusal.value
    return error.code if isinstance(error, StepRefused) else sorted(error.errors)


# -- papers and clocks ------------------------------------------------------------------------------------------------


class TestSupplement:
    def test_one_list_and_the_second_is_refused_for_the_same_request(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        payout = do(payout, "request_supplement", room.handler, RequestSupplement(("出院小结",), today()))
        payout = do(payout, "receive_supplement", room.handler, ReceiveSupplement(today()))
        assert payout.state == "complete"

        view = next(s for s in steps_for(payout, room.handler) if s.verb == "request_supplement")

        assert (view.allowed, view.code) == (False, "supplement_asked_before")
        assert "第二十二条" in view.citation

    def test_unanswered_it_opens_the_decision_only_after_the_set_days(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        payout = do(payout, "request_supplement", room.handler, RequestSupplement(("出院小结",), today()))

        assert refused_by(payout, "decide_on_what_is_there", room.handler, DecideOnWhatIsThere("按现有票据")) == "supplement_still_due"

    def test_a_list_must_name_what_is_missing(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        assert refused_by(payout, "request_supplement", room.handler, RequestSupplement((), today())) == ["items"]


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


class TestClocks:
    """Against the prototype's picture: received 26 October, notice 5 November, papers 12 November, due 2 December 2026 (in 2025's dates)."""

    def past(self, room, received: date):
        """A payout whose accident lies before the day of receipt."""
        days = (timezone.localdate() - received).days + 10
        incident = make_incident(room.lobby, trapped=52, started=days * 24 * 60)
        return ask_injury(room, LOSS, incident=incident, at=at(received))

    def test_thirty_days_rest_from_the_notice_to_the_papers(self):
        room = make_room()
        received = date(2026, 3, 2)
        payout = register(room, self.past(room, received), received=received, at=at(received))
        due = Deadline.objects.get(case=payout, rule="decision")
        assert timezone.localdate(due.due_at) == date(2026, 4, 1)

        payout = do(payout, "request_supplement", room.handler, RequestSupplement(("病历",), date(2026, 3, 9)), at=at(date(2026, 3, 9)))
        assert Deadline.objects.get(case=payout, rule="decision").status == "paused"
        payout = do(payout, "receive_supplement", room.handler, ReceiveSupplement(date(2026, 3, 16)), at=at(date(2026, 3, 16)))

        due = Deadline.objects.get(case=payout, rule="decision")
        assert (timezone.localdate(due.due_at), due.paused_days, due.status) == (date(2026, 4, 8), 7, "running")

    def test_an_unanswered_notice_lets_the_clock_run_on_from_the_day_it_was_given_up(self):
        room = make_room()
        received, given_up = date(2026, 3, 2), date(2026, 4, 10)
        payout = register(room, self.past(room, received), received=received, at=at(received))
        payout = do(payout, "request_supplement", room.handler, RequestSupplement(("病历",), date(2026, 3, 9)), at=at(date(2026, 3, 9)))

        payout = do(payout, "decide_on_what_is_there", room.handler, DecideOnWhatIsThere("按现有票据核定"), at=at(given_up))

        due = Deadline.objects.get(case=payout, rule="decision")
        assert (due.status, due.paused_days) == ("running", (given_up - date(2026, 3, 9)).days)

    def test_the_contract_may_agree_on_other_days(self):
        room = make_room(decision_days=20, payment_days=5)
        received = date(2026, 3, 2)
        payout = register(room, self.past(room, received), received=received, at=at(received))
        due = Deadline.objects.get(case=payout, rule="decision")
        assert (due.count, timezone.localdate(due.due_at)) == (20, date(2026, 3, 23))

    def test_sixty_days_run_from_the_papers_and_not_from_the_claim(self):
        room = make_room()
        received = date(2026, 3, 2)
        payout = register(room, self.past(room, received), received=received, documents=False, at=at(received))
        assert not Deadline.objects.filter(case=payout, rule="provisional_payment").exists()

        payout = do(payout, "request_supplement", room.handler, RequestSupplement(("全部材料",), date(2026, 3, 3)), at=at(date(2026, 3, 3)))
        payout = do(payout, "receive_supplement", room.handler, ReceiveSupplement(date(2026, 3, 10)), at=at(date(2026, 3, 10)))

        due = Deadline.objects.get(case=payout, rule="provisional_payment")
        assert timezone.localdate(due.starts_at) == date(2026, 3, 10)
        assert timezone.localdate(due.due_at) == date(2026, 5, 9)

    def test_a_complex_case_has_no_prompt_clock(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        assert Deadline.objects.get(case=payout, rule="prompt_decision").status == "running"

        payout = do(payout, "flag_complex", room.handler, FlagComplex("伤残等级待鉴定"))

        assert Deadline.objects.get(case=payout, rule="prompt_decision").status == "void"
        assert payout.is_complex and payout.complex_reason == "伤残等级待鉴定"

    def test_lateness_is_recorded_and_not_decided(self):
        room = make_room()
        received = date(2026, 3, 2)
        payout = self.past(room, received)
        payout = register(room, payout, received=received, at=at(received))
        payout = do(payout, "check_cover", room.handler, cover_holds(payout))
        payout = approve(room, decide(room, do(payout, "accept_documents", room.handler)))

        late = Deadline.objects.get(case=payout, rule="decision")
        assert (late.status, late.was_late, payout.state) == ("met", True, "decided")

    def test_limitation_starts_when_liability_is_fixed_and_only_informs(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        assert not Deadline.objects.filter(case=payout, rule="limitation").exists()

        payout = fix_liability(room, payout)

        due = Deadline.objects.get(case=payout, rule="limitation")
        assert due.informs and timezone.localdate(due.starts_at) == today()


# -- the decision -----------------------------------------------------------------------------------------------------


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


class TestRefusal:
    def refuse(self, room, payout, **facts):
        given = {"reason": "not_covered", "clause": "条款第四条", "note": "不属于列明事故", **facts}
        return do(payout, "decide_refusal", room.handler, RefusePayout(**given))

    def test_refused_by_two_people_with_a_three_day_clock(self):
        room = make_room()
        payout = self.refuse(room, to_complete(room, ask_injury(room, {"medical": "100.00"})))
        payout = do(payout, "approve_refusal", room.approver, ApproveRefusal())
        clock = Deadline.objects.get(case=payout, rule="refusal_notice")
        assert (payout.state, clock.count, clock.status) == ("refused", 3, "running")
        payout = do(payout, "send_refusal", room.handler, SendRefusal(today()))
        payout = do(payout, "close", room.handler, Because("当事人没有异议"))
        assert (payout.state, Deadline.objects.get(case=payout, rule="refusal_notice").status) == ("closed", "met")

    def test_an_exclusion_nobody_explained_has_no_effect(self):
        room = make_room(exclusions_proof="", exclusions_explained_on=None)
        payout = to_complete(room, ask_injury(room, {"medical": "100.00"}))
        with pytest.raises(FactsRefused) as refusal:
            self.refuse(room, payout, reason="excluded")
        assert list(refusal.value.errors) == ["clause"]

    def test_late_notice_alone_is_no_ground(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"medical": "100.00"}))
        with pytest.raises(FactsRefused) as refusal:
            self.refuse(room, payout, reason="notice")
        assert list(refusal.value.errors) == ["reason"]

    def test_disputed_it_is_decided_again(self):
        room = make_room()
        payout = self.refuse(room, to_complete(room, ask_injury(room, {"medical": "100.00"})))
        payout = do(payout, "approve_refusal", room.approver, ApproveRefusal())
        payout = do(payout, "dispute", room.lobby.clerk, Dispute("使用管理人", "属于意外移动"))
        payout = approve(room, decide(room, payout))
        assert (payout.state, payout.decided_amount) == ("decided", yuan("100.00"))


# -- payees -----------------------------------------------------------------------------------------------------------


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


# -- provisional payment ----------------------------------------------------------------------------------------------


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


# -- settlement consent, withdrawal, reopening ------------------------------------------------------------------------


class TestConsent:
    def ask(self, room):
        payout = register(room, ask_injury(room, LOSS))
        api.ask_settlement_consent(
            payout_id=payout.pk, amount=yuan("140000.00"), person="P1", draft="HJ-1", by=room.lobby.clerk, happened_at=timezone.now()
        )
        return fresh(payout)

    def test_the_insurer_answers_with_a_reason_when_it_says_no(self):
        room = make_room()
        payout = self.ask(room)
        assert refused_by(payout, "answer_consent", room.handler, AnswerConsent(consents=False)) == ["reason"]
        assert do(payout, "answer_consent", room.handler, AnswerConsent(consents=False, reason="护理费过高")).consent == "refused"

    def test_it_is_answered_once(self):
        room = make_room()
        payout = do(self.ask(room), "answer_consent", room.handler, AnswerConsent(consents=True))
        assert payout.consent == "given"
        assert refused_by(payout, "answer_consent", room.handler, AnswerConsent(consents=True)) == "consent_not_asked"


def test_withdrawn_it_gives_the_limits_back_and_can_be_reopened():
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    payout = do(payout, "withdraw", room.lobby.clerk, Because("已经由责任方赔清"))
    left = [x.reserved for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)]
    assert payout.state == "withdrawn" and set(left) == {yuan("0.00")}
    assert do(payout, "reopen", room.handler, Because("请求人撤销撤回")).state == "complete"


def test_register_refuses_impossible_days():
    room = make_room()
    payout = ask_injury(room, LOSS)
    assert refused_by(payout, "register", room.handler, RegisterPayout(today() - timedelta(days=400))) == ["first_received_on"]
    assert refused_by(payout, "register", room.handler, RegisterPayout(today() + timedelta(days=1))) == ["first_received_on"]


def test_a_handler_of_another_insurer_sees_nothing():
    room, stranger = make_room(), make_actor(Role.INSURER_HANDLER)
    payout = ask_injury(room, LOSS)
    with pytest.raises(StepRefused) as refusal:
        do(payout, "register", stranger, RegisterPayout(today()))
    assert refusal.value.code == "out_of_scope"


def test_what_the_victim_got_twice_becomes_a_task_and_never_a_bar():
    room = make_room()
    payout = pay_all(room, to_agreed(room, ask_injury(room, {"medical": "1000.00", "lost_income": "1.00"})))
    assert payout.state == "paid"
    other = to_agreed(room, ask_injury(room, {"medical": "1000.00"}))
    other = do(other, "record_victim_payment", room.handler, VictimPaid("P1", yuan("300.00"), today(), "YJ-9"))
    other = pay_all(room, other)
    assert (other.state, other.paid_amount) == ("paid", yuan("1000.00"))
    assert Task.objects.filter(case=other, code="refund_excess").count() == 1
