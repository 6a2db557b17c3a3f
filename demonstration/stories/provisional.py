"""A manager without money and a loss that is not certain by day 60: the insurer pays first what is certain, the rest later."""

from __future__ import annotations

from collections.abc import Iterator

from casework.models import Case
from demonstration import acts
from demonstration.stage import Stage, fresh
from elevators import api as elevators
from policies import api as policies
from policies.facts import FlagComplex, ProvisionalPayout
from policies.selectors import payout_position
from policies.services import payee_of

NAME, ACCOUNT, AGE, GRADES = "伍思敏", "6222021000000093", 46, (10,)
CERTAIN = {"medical": "86400.00"}
LATER = {"medical": "86400.00", "lost_income": "27000.00", "nursing": "9600.00", "hospital_meals": "2800.00", "transport": "600.00"}
PROVISIONAL = "86400.00"


def play(stage: Stage) -> Iterator[str]:
    """Documents came on day 4; on day 64 the disability is still not assessed: 保险法 25."""
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.STREET_OFFICE,
        learnt_after=15,
        description="轿门反复开合撞倒乘客，左髋骨折。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.INJURED, age=AGE),),
    )
    (claim,) = stage.claims()
    acts.confirm_grade(stage, at=stage.at(days=1))
    stage.account(claim.people[0]["party_id"], NAME, ACCOUNT)
    acts.bring_papers(stage, claim)
    acts.assess(stage, claim, items=CERTAIN, at=stage.at(days=4), law_date=stage.day(4))
    yield "assessed"
    payout = acts.request_payout(stage, claim, at=stage.at(days=4, hours=3))
    acts.register(stage, payout, at=stage.at(days=5))
    acts.look_at_cover(stage, payout, at=stage.at(days=9))
    stage.do(fresh(payout), "flag_complex", cast.handler, stage.at(days=10), FlagComplex("伤残等级要等治疗终结后鉴定"))
    yield "waiting"
    _pay_provisionally(stage, payout)
    yield "paid provisionally"
    acts.assess(
        stage,
        claim,
        items=LATER,
        at=stage.at(days=120),
        law_date=stage.day(120),
        outcome="disability",
        age=AGE,
        grades=GRADES,
        reason="伤残鉴定意见已出具",
    )
    total = f"{fresh(claim).assessed:.2f}"
    acts.ask_consent(stage, claim, amount=total, at=stage.at(days=122), minutes="使用管理人账户被冻结，无力支付，请保险人直接赔给伤者。")
    acts.settle(stage, claim, amount=total, consented_at=stage.at(days=124), signed_at=stage.at(days=126))
    acts.decide(stage, payout, at=stage.at(days=128), approved_at=stage.at(days=129))
    acts.agree(stage, payout, at=stage.at(days=130), agreed_with=policies.AgreedWith.VICTIM)
    yield "agreed"
    stage.pay(payout, cast.insurer_cashier, stage.at(days=134))
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=140), conclusion="先予支付和余款都由保险人直接付给伤者；使用管理人没有付款，不立追偿。")
    yield "closed"


def _pay_provisionally(stage: Stage, payout: Case) -> None:
    """Day 60 after the documents: what is certain by now, straight to the injured (65(1))."""
    case, amount = fresh(payout), acts.yuan(PROVISIONAL)
    payee = payee_of(case, "P1")
    if payee is None:
        raise RuntimeError("the injured has no account")
    facts = ProvisionalPayout(
        "P1", amount, policies.PayeeKind.VICTIM.value, payee, payout_position(case).parts_for("P1", amount), "医疗费票据齐全，可以确定"
    )
    stage.do(case, "pay_provisionally", stage.cast.insurer_approver, stage.at(days=64), facts)
    stage.pay(payout, stage.cast.insurer_cashier, stage.at(days=65))
