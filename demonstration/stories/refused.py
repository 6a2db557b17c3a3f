"""An insurer refuses, the manager pays and sues, the court turns the refusal: decided anew, paid, costs and all on the file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from casework.models import Case
from claims.facts import OrderPayment, SettleAtOwnRisk
from demonstration import acts
from demonstration.stage import Stage, fresh
from disputes import facts as told
from elevators import api as elevators
from policies import api as policies
from policies.facts import AnswerConsent, ApproveRefusal, RecordSuit, RefusePayout, SendRefusal

NAME, ACCOUNT = "纪文山", "6222021000000218"
ITEMS = {"medical": "42310.00", "lost_income": "15600.00", "nursing": "6300.00", "transport": "480.00"}
TOTAL = Decimal("64690.00")
COURT, NUMBER = "广州市越秀区人民法院（演示）", "（2025）粤0104民初00000号（演示）"


def play(stage: Stage) -> Iterator[str]:
    """The insurer holds that the passenger forced the door; the recordings say otherwise."""
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PASSENGER,
        learnt_after=7,
        description="轿门未关到位即启动，乘客被带倒，左肩骨折。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.INJURED, age=38),),
    )
    (claim,) = stage.claims()
    acts.confirm_grade(stage, at=stage.at(days=1))
    stage.account(claim.people[0]["party_id"], NAME, ACCOUNT)
    acts.bring_papers(stage, claim)
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=15), law_date=stage.day(15))
    payout = acts.request_payout(stage, claim, at=stage.at(days=16))
    acts.register(stage, payout, at=stage.at(days=17))
    acts.look_at_cover(stage, payout, at=stage.at(days=18))
    _refuse(stage, payout)
    yield "refused"
    _settle_and_pay(stage, claim)
    yield "paid by the manager"
    suit = _sue(stage, payout)
    yield "sued"
    acts.hear(stage, suit, at=stage.at(days=75), points="被告称乘客扒门；原告当庭播放轿厢录像，启动前乘客没有接触轿门。", by=cast.handler)
    acts.judge(stage, suit, amount=TOTAL, number=NUMBER, at=stage.at(days=90), by=cast.handler)
    yield "judged"
    acts.stand(stage, suit, at=stage.at(days=110), by=cast.handler)
    yield "turned"
    acts.decide(stage, payout, at=stage.at(days=112), approved_at=stage.at(days=113))
    acts.agree(stage, payout, at=stage.at(days=114), agreed_with=policies.AgreedWith.JUDGMENT)
    stage.pay(payout, cast.insurer_cashier, stage.at(days=116))
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=125), conclusion="使用管理人先行付清，保险人按生效判决归还，追偿转由保险人代位。")
    yield "closed"


def _refuse(stage: Stage, payout: Case) -> None:
    """With clause, facts and proof of explanation; the notice within three days of the decision (保险法 24, 17)."""
    cast = stage.cast
    facts = RefusePayout("excluded", "保险条款第六条第（三）项（演示）", "乘客扒门，属于责任免除", "维修人员口头称乘客扒门；没有调取录像")
    stage.do(fresh(payout), "decide_refusal", cast.handler, stage.at(days=20), facts)
    stage.do(fresh(payout), "approve_refusal", cast.insurer_approver, stage.at(days=21), ApproveRefusal())
    stage.do(fresh(payout), "send_refusal", cast.handler, stage.at(days=22), SendRefusal(stage.day(22)))


def _settle_and_pay(stage: Stage, claim: Case) -> None:
    """The injured does not wait for the quarrel: settled without the insurer's consent, paid in full by the manager."""
    cast, total = stage.cast, f"{TOTAL:.2f}"
    acts.ask_consent(stage, claim, amount=total, at=stage.at(days=25), minutes="保险人拒赔，受害人急用钱，使用管理人先付。")  # type: ignore[arg-type]
    answer = AnswerConsent(consents=False, reason="不属于保险责任")
    stage.do(acts.payout_of(claim), "answer_consent", cast.insurer_approver, stage.at(days=26), answer)  # type: ignore[arg-type]
    stage.prove(claim, "settlement_agreement", "Settlement agreement", cast.clerk)
    settled = SettleAtOwnRisk(TOTAL, stage.day(28), "一次性赔偿；不放弃对保险人和其他责任人的权利。", "受害人急需后续治疗费")
    stage.do(fresh(claim), "settle_at_own_risk", cast.approver, stage.at(days=28), settled)
    paid = OrderPayment("P1", TOTAL, NAME)
    stage.do(fresh(claim), "order_payment", cast.approver, stage.at(days=29), paid)
    stage.pay(claim, cast.manager_cashier, stage.at(days=30))


def _sue(stage: Stage, payout: Case) -> Case:
    """The manager sues under the contract; the insurer keeps the file and answers."""
    cast = stage.cast
    filed = RecordSuit(COURT, NUMBER, cast.manager.name, cast.insurer.name, stage.day(40), TOTAL)
    stage.do(fresh(payout), "record_suit", cast.handler, stage.at(days=45), filed)
    suit = acts.suit_over(payout)
    stage.do(suit, "record_service", cast.handler, stage.at(days=46), told.RecordService(stage.day(44)))
    acts.answer_in_court(stage, suit, agent="贺律师（演示）", at=stage.at(days=55), hearing_at=stage.at(days=75), by=cast.handler)
    return suit
