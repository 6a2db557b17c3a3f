"""Refusals in whole or in part, settlement drafts answered, withdrawal."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.actors import system_actor
from access.models import AuthorityLimit
from casework.errors import FactsRefused, StepRefused
from casework.evidence import add
from casework.models import Deadline, Task
from casework.outbox import drain
from policies import api
from policies.facts import AnswerConsent, ApproveRefusal, Because, Dispute, LiabilityFixed, RefusePayout, SendRefusal
from recovery.models import PayoutProspect
from tests.factories.elevators import make_incident
from tests.factories.policies import INJURY as LOSS
from tests.factories.policies import (
    PDF,
    approve,
    ask_injury,
    decide,
    do,
    fresh,
    make_room,
    pay_all,
    refused_by,
    register,
    to_agreed,
    to_complete,
    to_decided,
    today,
    yuan,
)

pytestmark = pytest.mark.django_db


class TestRefusal:
    def refuse(self, room, payout, **facts):
        given = {"reason": "not_covered", "clause": "条款第四条", "note": "不属于列明事故", "found": "监控显示为人为撬门", **facts}
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
        payout = do(self.ask(room), "answer_consent", room.approver, AnswerConsent(consents=True))
        assert payout.consent == "given"
        assert refused_by(payout, "answer_consent", room.approver, AnswerConsent(consents=True)) == "consent_not_asked"


def test_withdrawn_it_gives_the_limits_back_and_can_be_reopened():
    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    payout = do(payout, "withdraw", room.lobby.clerk, Because("已经由责任方赔清"))
    left = [x.reserved for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)]
    assert payout.state == "withdrawn" and set(left) == {yuan("0.00")}
    assert do(payout, "reopen", room.handler, Because("请求人撤销撤回")).state == "complete"


class TestAuthorityOverConsent:
    def ask(self, room, amount):
        payout = register(room, ask_injury(room, LOSS))
        api.ask_settlement_consent(
            payout_id=payout.pk, amount=yuan(amount), person="P1", draft="HJ-1", by=room.lobby.clerk, happened_at=timezone.now()
        )
        return fresh(payout)

    def test_nobody_consents_beyond_the_own_limit(self):
        room = make_room()
        payout = self.ask(room, "140000.00")
        assert refused_by(payout, "answer_consent", room.handler, AnswerConsent(consents=True)) == ["consents"]
        assert do(payout, "answer_consent", room.approver, AnswerConsent(consents=True)).consent == "given"

    def test_without_a_limit_nobody_consents(self):
        room = make_room()
        payout = self.ask(room, "1.00")
        AuthorityLimit.objects.all().delete()
        for by in (room.handler, room.approver):
            assert refused_by(payout, "answer_consent", by, AnswerConsent(consents=True)) == ["consents"]
        assert do(payout, "answer_consent", room.handler, AnswerConsent(consents=False, reason="偏高")).consent == "refused"


class TestLiabilityPaper:
    def facts(self, document="（2026）粤0105民初1号"):
        return LiabilityFixed("judgment", today(), yuan("100.00"), "P1", document)

    def test_the_insured_s_word_alone_fixes_nothing(self):
        room = make_room()
        payout = register(room, ask_injury(room, LOSS))
        for by in (room.lobby.clerk, room.handler):
            assert refused_by(payout, "record_liability_fixed", by, self.facts()) == ["document"]

        add(payout, code="liability_document", file=SimpleUploadedFile("judgment.pdf", PDF), by=room.lobby.clerk)

        assert refused_by(payout, "record_liability_fixed", room.lobby.clerk, self.facts("")) == ["document"]
        assert do(payout, "record_liability_fixed", room.lobby.clerk, self.facts()).liability_fixed_by == "judgment"


class TestTheClaimIsLeft:
    def leave(self, room, payout):
        return api.close_with_claim(claim_id=payout.parent_id, reason="重复立案", by=system_actor("claims"), happened_at=timezone.now())

    def test_its_payout_ends_with_it_and_gives_the_limits_back(self):
        room = make_room()
        payout = to_decided(room, ask_injury(room, LOSS))
        assert self.leave(room, payout) == (payout.reference,)
        payout = fresh(payout)
        left = {x.reserved for x in api.limits_view(policy_id=room.policy.pk, incident_id=payout.incident_id)}
        assert (payout.state, payout.ended_because, left) == ("closed", "重复立案", {yuan("0.00")})

    def test_not_while_money_is_on_its_way(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, LOSS))
        with pytest.raises(StepRefused) as refusal:
            self.leave(room, payout)
        assert refusal.value.code == "payment_orders_open"
        assert fresh(payout).state == "agreed"

    def test_money_that_went_out_is_looked_at(self):
        room = make_room()
        payout = pay_all(room, to_agreed(room, ask_injury(room, LOSS)))
        self.leave(room, payout)
        drain()
        assert Task.objects.get(case=payout, code="paid_for_a_left_claim").role == "insurer_handler"


def test_a_second_payout_of_the_accident_does_not_weaken_what_recovery_was_told():
    room = make_room()
    incident = make_incident(room.lobby, trapped=52)
    to_decided(room, ask_injury(room, LOSS, incident=incident))
    assert PayoutProspect.objects.get(incident=incident).prospect == "open"

    second = ask_injury(room, {"medical": "10.00"}, incident=incident, key="P2")

    assert PayoutProspect.objects.get(incident=incident).prospect == "open"
    do(second, "withdraw", room.lobby.clerk, Because("不再请求"))
    assert PayoutProspect.objects.get(incident=incident).prospect == "open"


def test_opened_again_a_payout_stands_in_the_way_of_waivers_again():
    room = make_room()
    payout = do(ask_injury(room, LOSS), "withdraw", room.lobby.clerk, Because("不再请求"))
    assert PayoutProspect.objects.get(incident=payout.incident_id).prospect == "over"
    do(payout, "reopen", room.handler, Because("请求人撤销撤回"))
    assert PayoutProspect.objects.get(incident=payout.incident_id).prospect == "possible"
