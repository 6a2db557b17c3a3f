"""One list of missing papers, and the clocks that run, rest and end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from casework.models import Deadline
from casework.steps import steps_for
from policies.facts import DecideOnWhatIsThere, Dispute, FlagComplex, ReceiveSupplement, RegisterPayout, RequestSupplement, SendRefusal
from tests.factories.elevators import make_incident
from tests.factories.policies import INJURY as LOSS
from tests.factories.policies import (
    approve,
    ask_injury,
    cover_holds,
    decide,
    do,
    fix_liability,
    make_room,
    refused_by,
    register,
    to_agreed,
    to_decided,
    today,
)

pytestmark = pytest.mark.django_db


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


def test_register_refuses_impossible_days():
    room = make_room()
    payout = ask_injury(room, LOSS)
    assert refused_by(payout, "register", room.handler, RegisterPayout(today() - timedelta(days=400), proof="收件章")) == [
        "first_received_on"
    ]
    assert refused_by(payout, "register", room.handler, RegisterPayout(today() + timedelta(days=1))) == ["first_received_on"]


class TestFirstReceipt:
    def test_it_never_lies_after_the_request_that_the_system_recorded(self):
        room = make_room()
        asked = timezone.now() - timedelta(days=2)
        incident = make_incident(room.lobby, trapped=52, started=5 * 24 * 60)
        payout = ask_injury(room, LOSS, incident=incident, at=asked)
        later = timezone.localdate(asked) + timedelta(days=1)
        assert refused_by(payout, "register", room.handler, RegisterPayout(later, proof="收件章")) == ["first_received_on"]
        assert register(room, payout, received=timezone.localdate(asked)).first_received_proof == ""

    def test_an_earlier_day_needs_its_paper_and_keeps_it(self):
        room = make_room()
        asked = timezone.now() - timedelta(days=2)
        incident = make_incident(room.lobby, trapped=52, started=9 * 24 * 60)
        payout = ask_injury(room, LOSS, incident=incident, at=asked)
        earlier = timezone.localdate(asked) - timedelta(days=3)
        assert refused_by(payout, "register", room.handler, RegisterPayout(earlier)) == ["proof"]
        payout = do(payout, "register", room.handler, RegisterPayout(earlier, proof="收件章 20-118"))
        assert (payout.first_received_on, payout.first_received_proof) == (earlier, "收件章 20-118")


def test_a_dispute_voids_no_clock_that_runs():
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS), accepted={("P1", "medical"): "20000.00"})
    payout = do(payout, "dispute", room.lobby.clerk, Dispute("使用管理人", "护理费应当全赔"))
    assert Deadline.objects.get(case=payout, rule="refusal_notice").status == "running"

    payout = do(payout, "send_part_refusal", room.handler, SendRefusal(today()))

    assert Deadline.objects.get(case=payout, rule="refusal_notice").status == "met"
    assert refused_by(payout, "send_part_refusal", room.handler, SendRefusal(today())) == "refusal_is_sent"


def test_a_dispute_after_agreement_leaves_the_ten_days_running():
    room = make_room()
    payout = to_agreed(room, ask_injury(room, LOSS))
    do(payout, "dispute", room.handler, Dispute("保险人", "票据重复"))
    assert Deadline.objects.get(case=payout, rule="payment").status == "running"


def test_the_refusal_is_not_sent_before_it_is_decided_nor_tomorrow():
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS), accepted={("P1", "medical"): "20000.00"})
    for day in (today() - timedelta(days=1), today() + timedelta(days=1)):
        assert refused_by(payout, "send_part_refusal", room.handler, SendRefusal(day)) == ["sent_on"]
