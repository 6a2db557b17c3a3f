"""A deposit at night for somebody whom nobody knows: paid at once, confirmed within the day, known by name a week later."""

from __future__ import annotations

from collections.abc import Iterator

from claims.facts import ApproveAdvance, RefundAdvance
from demonstration import acts
from demonstration.stage import Stage, fresh
from elevators import api as elevators
from policies import api as policies
from policies.facts import ApproveDecision

PERSON = ("穿红衣的女士", "黄淑芬", "6222021000000085")
HOSPITAL = "海珠区榕岸医院（演示）"
DEPOSIT, REFUND, MEDICAL = "8000.00", "1650.00", "6350.00"
ITEMS = {"medical": MEDICAL, "lost_income": "2400.00", "transport": "150.00"}
TOTAL = "8900.00"


def play(stage: Stage, person: tuple[str, str, str] = PERSON) -> Iterator[str]:
    """Near midnight the hospital asks for 8,000 before it admits her. The identity comes later.

    person: how somebody described her, her name, her account.
    """
    cast, (described, name, account) = stage.cast, person
    incident = stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PATROL,
        learnt_after=9,
        description="层门夹人，一名乘客倒地昏迷，120 送医；身上没有证件。",
        people=(elevators.PersonFacts(key="", name=described, harm=elevators.Harm.INJURED),),
    )
    (claim,) = stage.claims()
    yield "reported"
    advance = acts.propose_deposit(stage, claim, amount=DEPOSIT, hospital=HOSPITAL, at=stage.at(minutes=35))
    yield "deposit proposed"
    stage.do(advance, "approve_in_emergency", cast.clerk, stage.at(minutes=40), ApproveAdvance(acts.yuan(DEPOSIT)))
    yield "deposit approved"
    stage.pay(advance, cast.manager_cashier, stage.at(minutes=70))
    yield "deposit paid"
    stage.do(fresh(advance), "confirm_emergency", cast.approver, stage.at(hours=9))
    acts.confirm_grade(stage, at=stage.at(hours=10))
    yield "confirmed"
    party = claim.people[0]["party_id"]
    stage.account(party, name, account)
    elevators.set_party(case_id=incident.pk, key="P1", party_id=party, name=name, by=cast.clerk, happened_at=stage.at(days=6))
    stage.settle()
    yield "identified"
    stage.do(
        fresh(advance), "record_refund", cast.manager_cashier, stage.at(days=12), RefundAdvance(acts.yuan(REFUND), stage.day(12), "TK-0001")
    )
    acts.bring_papers(stage, claim)
    acts.apply_for(stage, claim, name=name, asked=ITEMS, at=stage.at(days=20))
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=22), law_date=stage.day(22))
    yield "assessed"
    acts.ask_consent(stage, claim, amount=TOTAL, at=stage.at(days=25), minutes="按计算书一次了结，预交款抵扣。")
    yield "consent asked"
    acts.settle(stage, claim, amount=TOTAL, consented_at=stage.at(days=27), signed_at=stage.at(days=28))
    payout = acts.payout_of(claim)
    acts.register(stage, payout, at=stage.at(days=28, hours=2))
    acts.look_at_cover(stage, payout, at=stage.at(days=29))
    yield "registered"
    decided = acts.decide(stage, payout, at=stage.at(days=31), approved_at=None)
    yield "payout proposed"
    stage.do(fresh(payout), "approve", cast.insurer_approver, stage.at(days=32), ApproveDecision(decided))
    acts.agree(stage, payout, at=stage.at(days=33), agreed_with=policies.AgreedWith.VICTIM)
    yield "agreed"
    stage.pay(payout, cast.insurer_cashier, stage.at(days=35))
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=40), conclusion="受害人已获赔，垫付由保险归还，追偿转由保险人代位。")
    yield "closed"
