"""Limits: the minute of loss, the arithmetic's invariants, several injured, and many people at the last of a limit."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import StepRefused
from casework.steps import perform
from ledger import api as ledger
from legislation.money import ZERO
from policies import api, movements
from policies.calculations.worksheet import OtherPerson, Terms, compute, payees
from policies.facts import ApproveDecision, Because, CheckCover, DecidedLine, LossFact, PersonFact, RegisterPayout
from policies.models import Payout
from policies.services import cover
from tests.factories.elevators import make_incident
from tests.factories.policies import (
    agree,
    approve,
    ask,
    ask_entrapment,
    ask_injury,
    cover_holds,
    decide,
    decision,
    do,
    fix_liability,
    fresh,
    make_policy,
    make_room,
    orders,
    pay_all,
    register,
    to_decided,
    today,
    yuan,
)

# -- cover at the minute of loss ----------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestMinuteOfLoss:
    def test_the_first_minute_is_covered_and_the_last_is_the_one_before_the_end(self):
        room = make_room()
        policy, lift = room.policy, room.lobby.elevator.pk
        minute = timedelta(minutes=1)

        found = {
            name: api.policy_for(lift, moment)
            for name, moment in {
                "before": policy.since - minute,
                "first": policy.since,
                "last": policy.until - minute,
                "after": policy.until,
            }.items()
        }

        assert {name for name, view in found.items() if view} == {"first", "last"}
        assert found["first"].number == policy.number

    def test_an_elevator_that_joined_later_is_covered_from_its_own_minute(self):
        room = make_room()
        other = make_policy(room.lobby)
        other.elevators.all().delete()
        joined = other.since + timedelta(days=3)
        api.cover_elevator(other, room.lobby.elevator.pk, since=joined)
        room.policy.elevators.all().delete()

        assert api.policy_for(room.lobby.elevator.pk, joined - timedelta(minutes=1)) is None
        assert api.policy_for(room.lobby.elevator.pk, joined).id == other.pk

    def test_a_lapsed_policy_fails_the_checklist_and_stops_acceptance(self):
        ended = timezone.now() - timedelta(days=30)
        room = make_room(until=ended)
        incident = make_incident(room.lobby, trapped=52)
        payout = ask(room, incident, (PersonFact("P1", "李*强"),), (LossFact("P1", "entrapment", yuan("200.00")),), is_complete=True)

        verdicts = {line.code: line.verdict for line in payout.cover_lines.all()}

        assert (payout.state, verdicts["period"]) == ("registered", "fails")
        payout = do(payout, "accept_documents", room.handler)
        with pytest.raises(StepRefused) as refusal:
            decide(room, payout)
        assert refusal.value.code == "cover_question_open"

    def test_an_inspection_mark_that_ran_out_before_the_day_fails(self):
        room = make_room()
        payout = ask_injury(room, {"medical": "1.00"})
        type(room.lobby.elevator).objects.filter(pk=room.lobby.elevator.pk).update(inspection_valid_until=today() - timedelta(days=2))
        room.lobby.elevator.inspections.update(valid_until=today() - timedelta(days=2))

        answers = {a.code: a.verdict for a in cover.cover_answers(payout)}

        assert answers["inspection"] == "fails"

    def test_a_manager_who_is_not_insured_fails(self):
        room = make_room()
        room.policy.insured.all().delete()
        assert {a.code: a.verdict for a in cover.cover_answers(ask_injury(room, {"medical": "1.00"}))}["insured_party"] == "fails"

    def test_subrogation_against_an_insured_is_left_to_a_person_and_never_bars(self):
        room = make_room()
        room.policy.insured.create(organisation_id=room.lobby.maintainer.organisation_id, capacity="maintenance_contractor")
        payout = ask_injury(room, {"medical": "1.00"})
        assert {a.code: a.verdict for a in cover.cover_answers(payout)}["subrogation"] == "look"
        payout = do(
            register(room, payout),
            "check_cover",
            room.handler,
            CheckCover(
                tuple(
                    a if a.code != "subrogation" else type(a)(a.code, a.fact, a.source, "look", a.law) for a in cover_holds(payout).answers
                )
            ),
        )
        assert decide(room, do(payout, "accept_documents", room.handler)).state == "proposed"


# -- several injured and a limit that will not do -----------------------------------------------------------------------


@pytest.mark.django_db
class TestSeveralInjured:
    def three(self, room):
        incident = make_incident(room.lobby, trapped=52)
        return [
            ask_injury(room, {"disability_compensation": amount}, incident=incident, key=key)
            for key, amount in (("P1", "200000.00"), ("P2", "200000.00"), ("P3", "400000.00"))
        ]

    def test_each_is_paid_a_share_by_current_estimates_and_more_is_released_as_they_firm(self):
        room = make_room(per_accident=yuan("400000.00"))
        first, second, third = self.three(room)

        first = to_decided(room, first)
        assert first.decided_amount == yuan("100000.00")
        assert first.sheet["persons"][0]["cut_by"] == ["per_accident"]
        third = to_decided(room, third, accepted={("P3", "disability_compensation"): "100000.00"})
        assert third.decided_amount == yuan("80000.00")  # 400,000 by 200,000 : 200,000 : 100,000

        first = do(first, "reopen", room.handler, Because("第三人损失已经确定，限额有余"))
        first = approve(room, decide(room, first))

        assert first.decided_amount == yuan("160000.00")
        second = to_decided(room, second)
        assert second.decided_amount == yuan("160000.00")
        (accident,) = [x for x in api.limits_view(policy_id=room.policy.pk, incident_id=first.incident_id) if x.limit == "accident"]
        assert (accident.reserved, accident.left) == (yuan("400000.00"), ZERO)

    def test_the_deductible_of_the_accident_is_borne_once_and_shared(self):
        room = make_room(deductible=yuan("800.00"))
        first, second, third = self.three(room)
        decided = [to_decided(room, payout) for payout in (first, second, third)]
        assert [p.decided_amount for p in decided] == [yuan("199800.00"), yuan("199800.00"), yuan("399600.00")]

    def test_later_bills_of_the_same_person_are_a_further_request_under_the_same_limit(self):
        room = make_room(medical_per_person=yuan("1000.00"))
        incident = make_incident(room.lobby, trapped=52)
        first = to_decided(room, ask_injury(room, {"medical": "700.00"}, incident=incident))
        further = ask_injury(room, {"medical": "700.00"}, incident=incident)
        further = to_decided(room, further)
        assert (first.decided_amount, further.decided_amount) == (yuan("700.00"), yuan("300.00"))
        assert further.supplement_requested_on is None


@pytest.mark.django_db
def test_without_a_limit_per_accident_the_aggregate_alone_is_shared_and_used_up():
    room = make_room(per_accident=None, per_person=None, medical_per_person=None, aggregate=yuan("9000.00"))
    incident = make_incident(room.lobby, trapped=52)
    payouts = [ask_injury(room, {"medical": "6000.00"}, incident=incident, key=key) for key in ("P1", "P2", "P3")]
    assert [to_decided(room, payout).decided_amount for payout in payouts] == [yuan("3000.00")] * 3


@pytest.mark.django_db
def test_aggregate_used_before_counts_and_cuts():
    room = make_room(aggregate=yuan("1000.00"), aggregate_used=yuan("900.00"))
    payout = to_decided(room, ask_injury(room, {"medical": "700.00"}))
    assert payout.decided_amount == yuan("100.00")
    (aggregate,) = [x for x in api.limits_view(policy_id=room.policy.pk) if x.limit == "aggregate"]
    assert (aggregate.used, aggregate.reserved, aggregate.left) == (yuan("900.00"), yuan("100.00"), ZERO)


@pytest.mark.django_db
def test_paying_uses_what_was_held_and_gives_back_nothing_twice():
    room = make_room()
    payout = agree(room, fix_liability(room, to_decided(room, ask_injury(room, {"medical": "600.00", "lost_income": "400.00"}))))
    payout = pay_all(room, payout)
    left = {x.limit: (x.used, x.reserved) for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)}
    assert left == {
        "aggregate": (yuan("1000.00"), ZERO),
        "accident": (yuan("1000.00"), ZERO),
        "person": (yuan("1000.00"), ZERO),
        "medical": (yuan("600.00"), ZERO),
    }
    assert [o.state for o in orders(payout)] == ["paid"]


# -- many at once -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hundred_approvals_at_once_never_exceed_the_last_of_a_limit():
    room = make_room(aggregate=yuan("1000.00"), aggregate_used=yuan("0.00"))
    now = timezone.now()
    payouts = []
    for _ in range(25):
        incident = make_incident(room.lobby, trapped=52)
        case = api.open_payout(
            claim_case=incident,
            policy_id=room.policy.pk,
            incident_id=incident.pk,
            people=(PersonFact("P1", "李*强", is_injured=True),),
            lines=(LossFact("P1", "medical", yuan("300.00")),),
            requested_by=room.lobby.manager.pk,
            by=room.lobby.clerk,
            happened_at=now,
        )
        for verb, facts in (("register", RegisterPayout(today())), ("check_cover", cover_holds(case)), ("accept_documents", None)):
            do(case, verb, room.handler, *([facts] if facts else []), drained=False)
        payouts.append(case.pk)
        do(case, "decide", room.handler, decision(case), drained=False)
    codes: list[str] = []

    def attempt(pk: int) -> None:
        try:
            payout = Payout.objects.get(pk=pk)
            perform(
                payout, "approve", by=room.approver, happened_at=timezone.now(), seen=None, facts=ApproveDecision(payout.decided_amount)
            )
            codes.append("approved")
        except StepRefused as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(pk,)) for pk in payouts * 8]
    for start in range(0, len(threads), 20):
        for thread in threads[start : start + 20]:
            thread.start()
        for thread in threads[start : start + 20]:
            thread.join()

    aggregate = ledger.balance(movements.limit_account(room.policy.pk, 0, "", movements.AGGREGATE))
    assert len(codes) == 200
    assert codes.count("approved") == 3
    assert aggregate.reserved == yuan("900.00") <= aggregate.credited
    assert set(codes) <= {"approved", "limits_moved", "limit_exhausted", "not_from_decided"}


# -- invariants of the arithmetic -----------------------------------------------------------------------------------------

amounts = st.integers(0, 50_000_000).map(lambda fen: Decimal(fen).scaleb(-2))
maybe = st.none() | amounts
shares = st.fractions(0, 1, max_denominator=20)
heads = st.sampled_from(["medical", "lost_income", "disability_compensation", "entrapment", "litigation_cost"])


@st.composite
def decided_lines(draw):
    keys = draw(st.lists(st.tuples(st.sampled_from(["P1", "P2", "P3"]), heads), min_size=1, max_size=8, unique=True))
    lines = []
    for person, head in keys:
        asked = draw(amounts)
        accepted = min(asked, draw(amounts))
        lines.append(DecidedLine(person, head, asked, asked, accepted, "" if accepted == asked else "not_proven"))
    return lines


@given(
    decided_lines(),
    shares,
    st.booleans(),
    maybe,
    maybe,
    maybe,
    maybe,
    amounts,
    st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=2),
)
def test_the_sheet_keeps_every_limit_and_adds_up(lines, share, is_joint, medical, person, accident, aggregate, deductible, neighbours):
    others = [OtherPerson(f"X{n}", m, o, m + o, (m + o) if taken else ZERO) for n, (m, o, taken) in enumerate(neighbours)]
    terms = Terms(
        medical=medical,
        person=person,
        deductible=deductible,
        accident_left=accident,
        aggregate_left=aggregate,
        limits=tuple(name for name, x in zip(movements.LIMITS, (medical, person, accident, aggregate), strict=True) if x is not None),
    )

    sheet = compute(lines, Fraction(share), is_joint, terms, others)

    within = [p.payable - p.costs for p in sheet.persons]
    assert sheet.total == sum((p.payable for p in sheet.persons), ZERO) == sheet.steps[-1].balance
    assert all(p.payable >= 0 and 0 <= p.medical <= p.payable - p.costs - p.entrapment for p in sheet.persons)
    assert all(p.payable - p.costs - p.entrapment <= p.capped <= p.liable <= p.loss for p in sheet.persons)
    if accident is not None:
        assert sum(within, ZERO) <= accident
    if aggregate is not None:
        assert sum(within, ZERO) <= aggregate
    for p in sheet.persons:
        if medical is not None:
            assert p.medical <= medical
        if person is not None:
            assert p.payable - p.costs - p.entrapment <= person
    assert sheet.refused == sum((x.asked - x.accepted for x in lines), ZERO)


@given(amounts, amounts, amounts, st.booleans(), st.booleans())
def test_the_insured_never_gets_more_than_it_proved_and_nothing_is_lost(payable, due, proven, named, to_manager):
    lines = payees("P1", payable, due, proven, {}, victim_named=named, to_manager=to_manager)

    ready_for_insured = sum((x.amount for x in lines if x.payee_kind == "insured" and not x.waits_for), ZERO)
    to_victim = sum((x.amount for x in lines if x.payee_kind == "victim"), ZERO)
    assert ready_for_insured <= proven
    assert to_victim <= max(due - proven, ZERO)
    assert sum((x.amount for x in lines), ZERO) == payable


@given(st.lists(st.tuples(st.sampled_from(["hold", "draw", "release"]), st.integers(0, 500)), max_size=12))
def test_holds_and_what_is_used_always_follow_from_the_movements(acts):
    """A model ledger carries out what move_limits asks; reservations are settled once and what is held is what the case says."""

    class Case:
        pk, policy_id, incident_id, reference = 9, 7, 3, "PF-1"

        def __init__(self):
            self.holds, self.posted = {}, {}

    case, open_reservations, used = Case(), {}, ZERO
    key = ("P1", movements.ACCIDENT)
    for act, number in acts:
        amount = Decimal(number)
        held = movements.held(case, *key)
        drawn = {key: min(amount, held)} if act == "draw" else {}
        target = {"hold": amount, "draw": held - drawn.get(key, ZERO), "release": ZERO}[act]
        case.holds = movements.renewed(case, {key: target}, drawn)
        for move in movements.move_limits(case, None, None):
            if move.action == "reserve":
                assert move.reservation not in open_reservations
                open_reservations[move.reservation] = move.amount
            else:
                whole = open_reservations.pop(move.reservation)
                used += move.amount if move.action == "post" else ZERO
                assert move.action == "void" or ZERO < move.amount <= whole
        case.posted = movements.posted_after(case, "P1", amount, drawn)
        assert sum(open_reservations.values(), ZERO) == movements.held(case, *key)
        assert used == movements.posted(case, *key)


@pytest.mark.django_db
def test_entrapment_money_never_takes_the_deductible():
    room = make_room(deductible=yuan("500.00"))
    assert ask_entrapment(room).decided_amount == yuan("600.00")
    assert fresh(ask_entrapment(room)).sheet["persons"][0]["deductible"] == "0.00"
