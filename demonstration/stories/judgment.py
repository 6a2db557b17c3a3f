"""The nine items of a Shenzhen judgment (vectors V01), played as an accident of 2025 with invented people.

The judgment's own base is typed, for Shenzhen has no published one of that year in the data, and confirmed by a second
person. No number of the judgment is law here: they are the facts of this one case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from claims.facts import Sue
from damages import api as damages
from demonstration import acts
from demonstration.stage import Stage, fresh
from elevators import api as elevators
from policies import api as policies
from policies.facts import ApproveDecision, ReceiveSupplement, RequestSupplement

#: Proven by papers; the tenth line, disability compensation, is computed: 44653 × 18 years × 20 %.
ITEMS = {
    "medical": "48105.75",
    "lost_income": "24558.62",
    "nursing": "5000.00",
    "transport": "200.00",
    "hospital_meals": "1000.00",
    "nutrition": "1000.00",
    "mental_distress": "30000.00",
    "other": "2500.00",
}
AGE, GRADES, BASE = 62, (9,), Decimal("44653.00")
TOTAL = Decimal("273115.17")
DEPOSIT = "30000.00"
NAME, ACCOUNT = "钟惠兰", "6222021000000044"
COURT, NUMBER = "深圳市福田区人民法院（演示）", "（2025）粤0304民初00000号（演示）"
HOSPITAL = "福田区木棉医院（演示）"


def play(stage: Stage) -> Iterator[str]:
    """From the fall at the misaligned landing to the judgment, and from there to the insurer's money."""
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PASSENGER,
        learnt_after=6,
        description="电梯平层误差约 20 厘米，乘客出轿厢时绊倒，右腕骨折。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.INJURED, age=AGE),),
    )
    (claim,) = stage.claims()
    person = claim.people[0]
    yield "reported"
    acts.pay_deposit(
        stage,
        claim,
        amount=DEPOSIT,
        hospital=HOSPITAL,
        at=stage.at(hours=2),
        approved_at=stage.at(hours=2, minutes=40),
        paid_at=stage.at(hours=3),
    )
    acts.confirm_grade(stage, at=stage.at(days=1))
    stage.account(person["party_id"], NAME, ACCOUNT)
    acts.bring_papers(stage, claim)
    acts.apply_for(stage, claim, name=NAME, asked={**ITEMS, "disability_compensation": "160750.80"}, at=stage.at(days=125))
    yield "applied"
    _type_base(stage, claim.pk)
    hearing = stage.day(160)
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=130), law_date=hearing, outcome="disability", age=AGE, grades=GRADES)
    yield "assessed"
    stage.do(fresh(claim), "start_negotiation", cast.clerk, stage.at(days=135))
    filed = Sue(COURT, NUMBER, NAME, claimed=TOTAL, filed_on=stage.day(138), served_on=stage.day(140))
    stage.do(fresh(claim), "sue", cast.clerk, stage.at(days=140), filed)
    suit = acts.suit_over(claim)
    acts.answer_in_court(stage, suit, agent="罗律师（演示）", at=stage.at(days=145), hearing_at=stage.begins + timedelta(days=160))
    yield "sued"
    acts.hear(stage, suit, at=stage.at(days=160, hours=3), points="双方对误工期和残疾等级各执一词；法庭要求补交误工收入证明。")
    heads = {**ITEMS, "disability_compensation": str(TOTAL - sum(map(Decimal, ITEMS.values())))}
    acts.judge(stage, suit, amount=TOTAL, heads=heads, number=NUMBER, at=stage.at(days=168))
    acts.stand(stage, suit, at=stage.at(days=185))
    yield "judged"
    payout = acts.request_payout(stage, claim, at=stage.at(days=187))
    acts.register(stage, payout, at=stage.at(days=188))
    acts.look_at_cover(stage, payout, at=stage.at(days=190))
    stage.do(
        fresh(payout),
        "request_supplement",
        cast.handler,
        stage.at(days=191),
        RequestSupplement(("裁判文书生效证明", "误工期间的收入证明"), stage.day(191)),
    )
    yield "supplement"
    stage.do(fresh(payout), "receive_supplement", cast.handler, stage.at(days=198), ReceiveSupplement(stage.day(198)))
    acts.decide(stage, payout, at=stage.at(days=205), approved_at=None)
    yield "proposed"
    amount = fresh(payout).decided_amount
    stage.do(fresh(payout), "approve", cast.insurer_approver, stage.at(days=206), ApproveDecision(amount))
    acts.agree(stage, payout, at=stage.at(days=207), agreed_with=policies.AgreedWith.JUDGMENT)
    yield "agreed"
    stage.pay(payout, cast.insurer_cashier, stage.at(days=210))
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=220), conclusion="判决金额全部付清；垫付的部分已由保险归还，转由保险人代位求偿。")
    yield "closed"


def _type_base(stage: Stage, case_id: int) -> None:
    base = damages.type_base(
        case_id=case_id,
        name="income_base",
        amount=BASE,
        notice_number="（2014）深中法民终字第3008号判决所用标准",
        source="深圳市 2013 年度城镇居民人均可支配收入，判决取整元；公布日未查到，按当年 7 月 1 日",
        published_on=date(2014, 7, 1),
        by=stage.cast.clerk,
    )
    damages.confirm_base(base_id=base, by=stage.cast.approver)
