"""Every declared paper, issued from a case that was really walked, read back from its PDF."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from casework.models import Case
from claims.facts import AskConsent, AskedHead, CloseClaim, FileApplication, Mediate, OrderPayment, RequestDocuments, Settle, Sue
from correspondence.declarations import documents
from correspondence.models import IssuedDocument
from disputes import facts as told
from elevators.facts import RecordRescue
from policies.facts import AnswerConsent, ApproveRefusal, PayeeFact, ProvisionalPayout, RefusePayout, RequestSupplement
from policies.models import Payout
from policies.selectors import payout_position
from tests.factories import claims, disputes
from tests.factories import policies as payouts
from tests.factories.elevators import make_incident, make_lobby
from tests.factories.papers import paper

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def provisional(payout: Payout, amount: str) -> ProvisionalPayout:
    parts = payout_position(payouts.fresh(payout)).parts_for("P1", Decimal(amount))
    payee = PayeeFact("黄淑芬", "尾号 0001", bank="测试银行")
    return ProvisionalPayout("P1", Decimal(amount), "victim", payee, parts, "票据齐全，医疗费可以确定")


def test_an_entrapment_brings_its_fast_report_and_its_notice_of_loss():
    lobby = make_lobby()
    incident = make_incident(lobby, trapped=97)
    payouts.drain()

    rescue = RecordRescue(released_at=incident.started_at + timedelta(minutes=97), arrival_at=incident.started_at + timedelta(minutes=20))
    claims.do(incident, "record_rescue", lobby.clerk, rescue)
    payouts.drain()

    report, notice = paper(incident, "elevators.incident_report"), paper(incident, "elevators.loss_notice")
    assert "97分钟" in paper(incident, "elevators.rescue_record")

    assert "榕岸花园3栋1梯" in report
    assert "97分钟（1小时37分）" in report
    assert lobby.insurer.name in notice


def test_an_approved_entrapment_brings_decision_and_calculation():
    room = payouts.make_room()
    payout = payouts.approve(room, payouts.ask_entrapment(room))

    decision, sheet = paper(payout, "policies.decision_notice"), paper(payout, "policies.payout_calculation")

    assert "应付赔款人民币陆佰元整（¥600.00）" in decision
    assert "第二十三条第一款" in decision
    assert "本次应付¥600.00" in sheet


def test_heads_not_paid_bring_a_refusal_of_a_part():
    room = payouts.make_room()
    payout = payouts.ask_injury(room, {"medical": "23486.70", "lost_income": "9000.00", "mental_distress": "5000.00"})
    payout = payouts.to_decided(room, payout, share="7/10", accepted={("P1", "lost_income"): "6000.00"})

    refusal = paper(payout, "policies.refusal_notice")

    assert "部分拒绝赔付通知书" in refusal
    assert "人民币叁仟元整（¥3,000.00）" in refusal
    assert "缺少单据或者证明" in refusal
    assert "责任比例70%" in paper(payout, "policies.decision_notice")


def test_a_whole_refusal_names_reason_clause_and_remedies():
    room = payouts.make_room()
    payout = payouts.ask_injury(room, {"medical": "23486.70"})
    payout = payouts.do(payouts.register(room, payout), "check_cover", room.handler, payouts.cover_holds(payout))
    payouts.do(payout, "decide_refusal", room.handler, RefusePayout("excluded", "保险条款第六条第（二）项", "故意破坏电梯", "监控录像可见"))
    payout = payouts.do(payout, "approve_refusal", room.approver, ApproveRefusal())

    text = paper(payout, "policies.refusal_notice")

    assert "保险条款第六条第（二）项" in text
    assert "仲裁" in text


def test_a_supplement_list_is_served_once_and_whole():
    room = payouts.make_room()
    payout = payouts.register(room, payouts.ask_injury(room, {"medical": "23486.70"}))
    payout = payouts.do(payout, "request_supplement", room.handler, RequestSupplement(("住院费用清单", "诊断证明书"), payouts.today()))

    text = paper(payout, "policies.supplement_notice")

    assert "请补充下列材料（共2项）" in text
    assert "诊断证明书" in text


def test_a_provisional_payment_is_announced_in_capitals():
    room = payouts.make_room()
    payout = payouts.to_complete(room, payouts.ask_injury(room, {"medical": "23486.70"}))
    payout = payouts.do(payout, "pay_provisionally", room.handler, provisional(payout, "20000.00"))

    assert "人民币贰万元整（¥20,000.00）" in paper(payout, "policies.provisional_notice")


def test_an_injury_leaves_application_sheet_advance_settlement_and_closing_report():
    house = claims.make_house()
    claim = claims.make_injury(house, name="黄珺燊")
    heads = (AskedHead("medical", Decimal("15000.00"), 3), AskedHead("lost_income", Decimal("1200.00")))
    claims.add_evidence(claim, "transcription")
    claims.do(
        claim, "file_application", house.clerk, FileApplication("黄玥璟", "女儿", heads, True, payouts.today()), on_behalf_of="黄玥璟"
    )
    claims.do(claim, "request_documents", house.clerk, RequestDocuments(("出院小结", "误工证明")))
    advance = claims.approve(claims.propose(claim, house.clerk, "8000.00"), house.approver)
    agreed = paper(advance, "claims.advance_agreement")
    claims.pay(advance, house.cashier)
    claim = claims.assess(claims.fresh(claim), house.clerk)
    claims.do(claim, "start_negotiation", house.clerk)
    claims.add_evidence(claim, "identity", "settlement_agreement")
    terms = Settle(Decimal("13200.00"), payouts.today(), "一次性赔偿，垫付在内", mediator="榕岸街道人民调解委员会")
    claims.do(claim, "settle", house.clerk, terms)
    claims.do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("5200.00"), "黄珺燊"))
    claims.pay(claim, house.cashier, "HD-0002")
    claims.do(claim, "close", house.approver, CloseClaim("已付清，另案追偿"))

    application, asked = paper(claim, "claims.claim_application"), paper(claim, "claims.documents_request")
    sheet, voucher = paper(claim, "claims.damages_sheet"), paper(advance, "claims.advance_voucher")
    settled, closed = paper(claim, "claims.settlement"), paper(claim, "claims.closing_report")

    assert "黄玥璟" in application
    assert "人民币壹万陆仟贰佰元整（¥16,200.00）" in application
    assert "误工证明" in asked
    assert "黄珺燊" in sheet
    assert "人民币壹万叁仟贰佰元整" in sheet
    assert "不构成垫付人对事故责任的承认" in agreed
    assert "粤府办〔2018〕8号" in agreed
    assert "人民币捌仟元整" in voucher
    assert "抵扣" in voucher
    assert "追偿权" in voucher
    assert "任何一方都不因本协议放弃" in settled
    assert "尚应支付人民币伍仟贰佰元整（¥5,200.00）" in settled
    assert "榕岸街道人民调解委员会" in settled
    assert "已付清，另案追偿" in closed
    assert "HD-0002" in closed


def test_a_voluntary_advance_is_not_called_first_responsibility():
    house = claims.make_house()
    advance = claims.propose(claims.make_injury(house), house.clerk, "800.00", basis="VOLUNTARY")
    text = paper(claims.approve(advance, house.approver), "claims.advance_agreement")

    assert "自愿垫付" in text
    assert "首负责任" not in text


def test_a_lawsuit_leaves_its_response_form_and_the_record_of_each_hearing():
    house = claims.make_house()
    claim = claims.make_injury(house, name="黄珺燊")
    filed = Sue("广州市海珠区人民法院", "（2026）粤0105民初0000号", "黄珺燊", claimed=Decimal("20000.00"), served_on=payouts.today())
    claims.do(claim, "sue", house.clerk, filed)
    suit = disputes.suit_of(claim)
    claims.do(suit, "name_agent", house.clerk, told.NameAgent("罗律师", "lawyer", special_authority=True))
    heard = told.RecordHearing(payouts.today(), "审判员何某", "双方到庭", "争议焦点是误工期")
    claims.do(suit, "record_hearing", house.clerk, heard)

    form, record = paper(suit, "disputes.response_form"), paper(suit, "disputes.hearing_record")

    assert "请求给付人民币贰万元整（¥20,000.00）" in form
    assert house.lobby.manager.name in form
    assert "收到之日起15日内" in form
    assert "特别授权" in form
    assert "第一百二十八条第一款" in form
    assert "争议焦点是误工期" in record
    assert "第1次" in record


def test_a_mediation_leaves_agreement_and_joint_application():
    house = claims.make_house()
    claim = claims.assess(claims.make_injury(house, name="黄珺燊"), house.clerk)
    claims.do(claim, "start_negotiation", house.clerk)
    claims.do(claim, "mediate", house.clerk, Mediate("榕岸街道人民调解委员会", "何调解员"))
    file = Case.objects.get(parent_id=claim.pk, kind="mediation").specific
    drafted = told.DraftAgreement(Decimal("13200.00"), "甲方赔偿乙方各项损失", "七日内汇入乙方账户")
    claims.do(file, "draft_agreement", house.clerk, drafted)
    draft = paper(file, "disputes.mediation_agreement")
    claims.add_evidence(file, "mediation_agreement")
    signed = told.Agree(Decimal("13200.00"), "甲方赔偿乙方各项损失", "七日内汇入乙方账户", payouts.today(), True, True, True)
    disputes.as_court(file, "agree", house.clerk, signed)

    agreed, application = paper(file, "disputes.mediation_agreement"), paper(file, "disputes.confirmation_application")

    assert "调解协议书（待签署）" in draft
    assert "（待签署）" not in agreed
    assert "人民币壹万叁仟贰佰元整（¥13,200.00）" in agreed
    assert "都不因本协议放弃对维保、制造、安装单位等其他责任人以及保险公司的权利" in agreed
    assert "调解员（签名）何调解员" in agreed
    assert "30日内" in agreed
    assert house.lobby.manager.name in application
    assert "黄珺燊" in application
    assert "第三十三条第一款" in application


def test_every_declared_paper_is_read_back_in_some_test():
    """Here, or in the `test_papers.py` of its app; its code, class or title names it."""
    files = [
        Path(__file__),
        *Path(__file__).parents[1].glob("*/test_papers.py"),
        *Path(__file__).parents[1].glob("*/test_records_request.py"),
    ]
    told = "\n".join(file.read_text() for file in files)
    unread = {code for code, kind in documents().items() if not any(name in told for name in (f'"{code}"', kind.__name__, str(kind.title)))}
    assert {code for code in unread if not code.startswith("tests.")} == set()


def test_the_unhurt_get_a_sheet_of_their_compensation_that_nobody_typed():
    house = claims.make_house()
    claims.insure(house)
    incident = make_incident(house.lobby, started=600, trapped=52, people_count=3)
    payouts.drain()
    claim = Case.objects.get(parent_id=incident.pk, kind="claim")

    text = paper(claim, "claims.damages_sheet")

    assert "困人补偿计算书" in text
    assert "200.00元×3人" in text
    assert "系统按保险单计算" in text
    assert "主张" not in text


def test_a_settlement_is_a_draft_until_the_insurer_consents():
    house = claims.make_house()
    _policy, insurer = claims.insure(house)
    claim = claims.assess(claims.make_injury(house, name="黄珺燊"), house.clerk)
    claims.do(claim, "start_negotiation", house.clerk)
    claims.do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "一次性赔偿"))
    draft = paper(claim, "claims.settlement")
    payout = Case.objects.get(parent_id=claim.pk, kind="payout")
    claims.do(payout, "answer_consent", insurer.approver, AnswerConsent(True))
    ready = paper(claim, "claims.settlement")

    assert "和解协议书（草案）" in draft
    assert "签署以前对双方没有约束力" in draft
    assert "草案" not in ready
    assert "一式三份" in ready


def test_papers_speak_chinese_whoever_s_click_brought_them_about():
    room = payouts.make_room()
    with translation.override("en"):
        payout = payouts.approve(room, payouts.ask_entrapment(room))

    text = paper(payout, "policies.decision_notice")

    assert "年" in text and "Nov" not in text
    assert IssuedDocument.objects.filter(case_id=payout.pk, title="核定通知书").exists()
