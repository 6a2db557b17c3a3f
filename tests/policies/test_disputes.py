"""Disputes on a payout: clause, facts and explanation of a refusal, referral, judgment, what binds the next decision."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.models import AuthorityLimit
from casework.errors import StepRefused
from casework.evidence import add
from casework.models import Case, Deadline, Task
from casework.outbox import drain
from casework.steps import perform
from disputes import api as disputes
from disputes.facts import RecordJudgment
from policies import api, services
from policies.facts import (
    AgreeAmount,
    AnswerConsent,
    ApproveRefusal,
    Because,
    ConcludeSuspicion,
    DecidedLine,
    Dispute,
    RecordAward,
    RecordSuit,
    ReferSuspicion,
    RefusePayout,
    SendRefusal,
)
from policies.selectors import payout_position
from tests.factories.policies import (
    PDF,
    approve,
    ask_injury,
    decide,
    do,
    fix_liability,
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
LOSS = {"medical": "8000.00", "lost_income": "2000.00"}


def cut(payout, accepted, reason, *, note="", clause="", head="lost_income", is_joint=False, about=""):
    """A decision that pays less of one head, for one reason."""
    lines = []
    for line in payout_position(fresh(payout)).lines:
        less = line.head == head
        granted = yuan(accepted) if less else line.asked
        lines.append(
            DecidedLine(line.person, line.head, line.asked, line.asked, granted, reason if less else "", note, clause if less else "")
        )
    return services.decision(fresh(payout), lines, "1", is_joint=is_joint, note=about)


def refuse(room, payout, **facts):
    given = {"reason": "not_covered", "clause": "条款第四条", "note": "不属于列明事故", "found": "监控显示为人为撬门", **facts}
    return do(payout, "decide_refusal", room.handler, RefusePayout(**given))


def refused_and_sent(room, payout):
    payout = do(refuse(room, to_complete(room, payout)), "approve_refusal", room.approver, ApproveRefusal())
    return do(payout, "send_refusal", room.handler, SendRefusal(today()))


class TestGrounds:
    def test_a_refusal_names_ground_clause_and_facts(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        whole = RefusePayout("not_covered", "条款第四条", "不属于列明事故", " ")
        assert refused_by(payout, "decide_refusal", room.handler, whole) == ["found"]
        payout = refuse(room, payout)
        assert (payout.refusal_ground, payout.refusal_found) == ("not_covered", "监控显示为人为撬门")

    @pytest.mark.parametrize("reason", ["undeterminable", "reassessed", "not_proven", "撬门"])
    def test_only_a_ground_refuses_everything(self, reason):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        facts = RefusePayout(reason, "条款第四条", "x", "y")
        assert refused_by(payout, "decide_refusal", room.handler, facts) == ["reason"]

    def test_a_head_refused_by_a_clause_names_it(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "decide", room.handler, cut(payout, "0.00", "excluded")) == ["lines"]
        payout = approve(room, do(payout, "decide", room.handler, cut(payout, "0.00", "excluded", clause="条款第六条")))
        assert (payout.refused_amount, Deadline.objects.get(case=payout, rule="refusal_notice").status) == (yuan("2000.00"), "running")

    def test_an_exclusion_nobody_explained_cuts_no_head_either(self):
        room = make_room(exclusions_proof="", exclusions_explained_on=None)
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "decide", room.handler, cut(payout, "0.00", "excluded", clause="条款第六条")) == ["lines"]

    def test_late_notice_costs_only_what_cannot_be_determined_and_says_why(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "decide", room.handler, cut(payout, "500.00", "undeterminable")) == ["lines"]
        facts = cut(payout, "500.00", "undeterminable", note="两月后才通知，当时的误工天数无法核实")
        assert do(payout, "decide", room.handler, facts).decided_amount == yuan("8500.00")

    def test_late_notice_never_takes_everything(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, {"lost_income": "2000.00"}))
        facts = cut(payout, "0.00", "undeterminable", note="两月后才通知")
        assert refused_by(payout, "decide", room.handler, facts) == ["lines"]


class TestSuspicion:
    def test_it_is_referred_with_a_reason_stops_no_clock_and_refuses_nothing(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        assert refused_by(payout, "refer_suspicion", room.handler, ReferSuspicion("发票连号", "")) == ["found"]

        payout = do(payout, "refer_suspicion", room.handler, ReferSuspicion("发票连号", "三张发票号码相连，开票日是休息日"))

        assert payout.state == "complete" and Deadline.objects.get(case=payout, rule="decision").status == "running"
        assert Task.objects.get(case=payout, code="suspicion").role == "insurer_approver"
        facts = cut(payout, "0.00", "false", note="虚开")
        assert refused_by(payout, "decide", room.handler, facts) == ["lines"]
        whole = RefusePayout("false", "条款第九条", "虚构", "发票连号")
        assert refused_by(payout, "decide_refusal", room.handler, whole) == ["reason"]

    def test_somebody_else_finds_it_false_and_only_that_part_is_refused(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS))
        payout = do(payout, "refer_suspicion", room.approver, ReferSuspicion("发票连号", "三张发票号码相连"))
        assert refused_by(payout, "conclude_suspicion", room.approver, ConcludeSuspicion(True, "税务查询无此票")) == "four_eyes"
        payout = do(to_complete(room, ask_injury(room, LOSS)), "refer_suspicion", room.handler, ReferSuspicion("发票连号", "号码相连"))

        payout = do(payout, "conclude_suspicion", room.approver, ConcludeSuspicion(True, "税务查询无此票"))

        assert not Task.objects.filter(case=payout, code="suspicion", done_at=None).exists()
        payout = do(payout, "decide", room.handler, cut(payout, "0.00", "false", note="误工证明系伪造"))
        assert payout.decided_amount == yuan("8000.00")

    def test_cleared_it_is_no_reason(self):
        room = make_room()
        payout = do(to_complete(room, ask_injury(room, LOSS)), "refer_suspicion", room.handler, ReferSuspicion("发票连号", "号码相连"))
        payout = do(payout, "conclude_suspicion", room.approver, ConcludeSuspicion(False, "医院补开，属实"))
        assert refused_by(payout, "decide", room.handler, cut(payout, "0.00", "false", note="x")) == ["lines"]


class TestWhatBinds:
    def consented(self, room, amount, consents=True):
        payout = register(room, ask_injury(room, LOSS))
        api.ask_settlement_consent(
            payout_id=payout.pk, amount=yuan(amount), person="P1", draft="HJ-1", by=room.lobby.clerk, happened_at=timezone.now()
        )
        return do(payout, "answer_consent", room.approver, AnswerConsent(consents, "" if consents else "误工过高"))

    def complete(self, room, payout):
        from tests.factories.policies import cover_holds

        return do(do(payout, "check_cover", room.handler, cover_holds(payout)), "accept_documents", room.handler)

    def test_an_approved_settlement_binds_the_decision(self):
        room = make_room()
        payout = self.complete(room, self.consented(room, "9500.00"))
        assert refused_by(payout, "decide", room.handler, cut(payout, "1000.00", "reassessed", note="偏高")) == ["lines"]
        assert do(payout, "decide", room.handler, cut(payout, "1500.00", "not_proven")).decided_amount == yuan("9500.00")

    def test_an_unapproved_one_is_assessed_again(self):
        room = make_room()
        payout = self.complete(room, self.consented(room, "9500.00", consents=False))
        facts = cut(payout, "1000.00", "reassessed", note="误工按行业平均")
        assert do(payout, "decide", room.handler, facts).decided_amount == yuan("9000.00")

    def test_joint_liability_is_not_cut_to_the_own_share_without_a_judgment(self):
        room = make_room()
        payout = to_complete(room, ask_injury(room, LOSS, is_joint=True, liability_share="1/5"))
        several = services.decision(payout, services.accepted_as_asked(payout_position(payout).lines), "1/5", is_joint=False)
        assert refused_by(payout, "decide", room.handler, several) == ["is_joint"]
        assert decide(room, payout, share="1/5", is_joint=True).decided_amount == yuan("10000.00")


SUIT = RecordSuit("广州市海珠区人民法院（演示）", "（2026）粤0105民初8号", "黄淑芬", "南粤财险", today(), None)


class TestCourt:
    def sued(self, room, payout):
        payout = do(payout, "record_suit", room.handler, SUIT)
        (suit,) = disputes.of_case(payout.pk)
        return payout, Case.objects.get(pk=suit.id)

    def judge(self, room, suit, outcome, amount):
        facts = RecordJudgment(outcome, yuan(amount), "（2026）粤0105民初8号", today(), today(), is_final=True)
        add(suit, code="judgment", file=SimpleUploadedFile("judgment.pdf", PDF), by=room.handler)
        perform(suit, "record_judgment", by=room.handler, happened_at=timezone.now(), seen=None, facts=facts, on_behalf_of="法院")
        drain()

    def test_a_court_turns_the_refusal_and_the_judgment_is_followed_and_paid(self):
        room = make_room()
        payout, suit = self.sued(room, refused_and_sent(room, ask_injury(room, LOSS)))
        assert payout.state == "disputed"
        assert refused_by(payout, "uphold_refusal", room.approver, Because("等判决")) == "dispute_is_open"

        self.judge(room, suit, "liable", "9000.00")

        payout = fresh(payout)
        assert (payout.award_amount, payout.state) == (yuan("9000.00"), "disputed")
        assert refused_by(payout, "uphold_refusal", room.approver, Because("不服")) == "judged_otherwise"
        assert refused_by(payout, "decide", room.handler, cut(payout, "500.00", "not_proven")) == ["sheet"]
        payout = approve(room, do(payout, "decide", room.handler, cut(payout, "1000.00", "not_proven")))
        payout = fix_liability(room, payout)
        payout = do(payout, "agree", room.handler, AgreeAmount("judgment", today(), payout.decided_amount))
        payout = pay_all(room, payout)
        drain()
        assert (payout.state, payout.paid_amount, disputes.open_of(payout.pk)) == ("paid", yuan("9000.00"), ())
        assert do(payout, "close", room.handler, Because("按判决付清")).state == "closed"

    def test_not_liable_upholds_the_refusal(self):
        room = make_room()
        payout, suit = self.sued(room, refused_and_sent(room, ask_injury(room, LOSS)))
        self.judge(room, suit, "not_liable", "0.00")
        payout = do(payout, "uphold_refusal", room.approver, Because("判决驳回诉讼请求"))
        assert do(payout, "close", room.handler, Because("判决驳回")).state == "closed"

    def test_an_award_of_arbitrators_is_recorded_with_its_paper(self):
        room = make_room()
        payout = do(refused_and_sent(room, ask_injury(room, LOSS)), "dispute", room.lobby.clerk, Dispute("使用管理人", "属于意外移动"))
        facts = RecordAward("广州仲裁委员会（演示）", "", today(), yuan("10000.00"), is_arbitration=True)
        assert refused_by(payout, "record_award", room.handler, facts) == ["document"]
        facts = RecordAward("广州仲裁委员会（演示）", "（2026）穗仲案字第1号", today(), yuan("10000.00"), is_arbitration=True)
        payout = do(payout, "record_award", room.handler, facts)
        assert approve(room, decide(room, payout)).decided_amount == yuan("10000.00")


class TestUpheld:
    def test_an_objection_that_fails_leaves_the_decision_to_be_performed(self):
        room = make_room()
        payout = to_agreed(room, ask_injury(room, LOSS))
        payout = do(payout, "dispute", room.lobby.clerk, Dispute("使用管理人", "还应赔交通费"))
        payout = do(payout, "uphold", room.approver, Because("交通费没有票据"))
        assert (payout.state, payout.decided_amount) == ("decided", yuan("10000.00"))

    def test_nobody_upholds_a_refusal_that_was_never_sent(self):
        room = make_room()
        payout = do(refuse(room, to_complete(room, ask_injury(room, LOSS))), "approve_refusal", room.approver, ApproveRefusal())
        payout = do(payout, "dispute", room.lobby.clerk, Dispute("使用管理人", "x"))
        assert refused_by(payout, "uphold_refusal", room.approver, Because("维持")) == "refusal_not_sent"
        assert refused_by(payout, "uphold", room.approver, Because("维持")) == "nothing_was_accepted"


def test_a_payout_is_not_closed_over_an_open_lawsuit():
    room = make_room()
    payout = pay_all(room, to_agreed(room, ask_injury(room, LOSS)))
    disputes.open_litigation(
        parent=payout,
        facts=disputes.OpenLitigation("法院（演示）", "（2026）1号", "黄淑芬", "南粤财险", led_by="insurer"),
        by=room.handler,
        happened_at=timezone.now(),
    )
    with pytest.raises(StepRefused) as refusal:
        do(payout, "close", room.handler, Because("付清"))
    assert refusal.value.code == "dispute_is_open" and "LT" in str(refusal.value.says)


def test_without_authority_nobody_pays_beside():
    from policies.facts import PayBeside, PayeeFact

    room = make_room()
    payout = to_decided(room, ask_injury(room, LOSS))
    AuthorityLimit.objects.all().delete()
    facts = PayBeside("ex_gratia", yuan("1.00"), PayeeFact("黄淑芬"), "慰问")
    assert refused_by(payout, "pay_beside", room.approver, facts) == ["amount"]
