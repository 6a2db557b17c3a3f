"""Who hears of what, in a case that is really walked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.facts import AskConsent, Because, RequestDocuments
from correspondence.models import Message
from policies.facts import ApproveRefusal, RefusePayout, RequestSupplement
from tests.factories import claims
from tests.factories import policies as payouts
from tests.factories.elevators import make_incident, make_lobby

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def heard(kind: str, actor) -> list[str]:
    rows = Message.objects.filter(kind=kind, recipient_id=actor.user_id, channel="in_app").order_by("id")
    return [row.subject for row in rows]


def test_an_incident_reaches_approver_insurer_regulator_and_street_at_once():
    lobby = make_lobby()
    make_incident(lobby, trapped=52)
    payouts.drain()

    for actor in (lobby.approver, lobby.handler, lobby.officer, lobby.street_clerk):
        assert heard("elevators.incident_reported", actor), actor.name
    assert not heard("elevators.incident_reported", lobby.maintainer)
    assert Message.objects.get(kind="elevators.incident_reported", channel="mail").recipient_id == lobby.approver.user_id


def test_an_advance_reaches_who_must_approve_and_then_who_asked():
    house = claims.make_house()
    claim = claims.make_injury(house)
    advance = claims.propose(claim, house.clerk, "8000.00")
    assert heard("claims.advance_waiting", house.approver) == ["垫付待批准：海珠区测试医院 ¥8,000.00"]

    claims.pay(claims.approve(advance, house.approver), house.cashier)
    assert heard("claims.advance_paid", house.clerk) == ["垫付已付：海珠区测试医院 ¥8,000.00"]

    second = claims.propose(claim, house.clerk, "500.00", estimate="9000.00")
    claims.do(second, "refuse", house.approver, Because("与事故无关"))
    assert heard("claims.advance_refused", house.clerk)


def test_an_emergency_advance_asks_for_the_second_person():
    house = claims.make_house()
    claims.approve(claims.propose(claims.make_injury(house), house.clerk, "3000.00"), house.clerk, "approve_in_emergency")

    assert heard("claims.emergency_advance", house.approver)


def test_missing_papers_and_a_draft_reach_their_readers():
    house = claims.make_house()
    _policy, insurer = claims.insure(house)
    claim = claims.make_injury(house)
    claims.do(claim, "request_documents", house.clerk, RequestDocuments(("出院小结", "误工证明")))
    assert heard("claims.papers_missing", house.clerk) == [f"{claim.reference} 还缺 2 项材料"]

    claim = claims.assess(claims.fresh(claim), house.clerk)
    claims.do(claim, "start_negotiation", house.clerk)
    claims.do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "草案"))
    assert heard("claims.consent_asked", insurer.handler) == ["和解草案等您答复：¥13,200.00"]


def test_a_payout_tells_when_to_decide_who_reviews_and_what_was_paid():
    room = payouts.make_room()
    payout = payouts.ask_entrapment(room)
    assert not heard("policies.decision_due", room.handler)  # nobody has to decide what the programme fixes
    assert heard("policies.review_due", room.approver) == [f"待复核：{payout.reference}，¥600.00"]

    payouts.pay_all(room, payouts.approve(room, payout))
    assert len(heard("policies.paid", room.lobby.clerk)) == 3


def test_a_supplement_and_a_refusal_reach_the_manager():
    room = payouts.make_room()
    payout = payouts.register(room, payouts.ask_injury(room, {"medical": "23486.70"}))
    assert heard("policies.decision_due", room.handler)
    payout = payouts.do(payout, "request_supplement", room.handler, RequestSupplement(("住院费用清单",), payouts.today()))
    assert heard("policies.supplement_asked", room.lobby.clerk)

    other = payouts.register(room, payouts.ask_injury(room, {"medical": "100.00"}))
    other = payouts.do(other, "check_cover", room.handler, payouts.cover_holds(other))
    payouts.do(other, "decide_refusal", room.handler, RefusePayout("excluded", "保险条款第六条", "故意破坏电梯", "监控录像可见"))
    payouts.do(other, "approve_refusal", room.approver, ApproveRefusal())
    assert heard("policies.refused", room.lobby.approver)


def test_words_are_filled_and_nothing_is_left_in_braces():
    house = claims.make_house()
    claims.pay(claims.approve(claims.propose(claims.make_injury(house), house.clerk), house.approver), house.cashier)

    rows = list(Message.objects.all())
    assert rows
    for row in rows:
        assert "{" not in row.subject + row.text
