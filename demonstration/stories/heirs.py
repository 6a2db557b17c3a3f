"""A death with three heirs and two dependants: advances count, new heads, each heir is paid their own part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from casework.steps import perform
from claims.facts import CloseClaim, Heir, OrderPayment, RecordFund, RecordHeirs, Settle
from claims.selectors import ClaimPosition
from damages import api as damages
from demonstration import acts
from demonstration.stage import BANK, Stage, fresh
from elevators import api as elevators
from elevators.facts import ChangePeople
from parties import api as parties

NAME, AGE = "邹建华", 52
HOSPITAL, DEPOSIT, FUND = "海珠区榕岸医院（演示）", "30000.00", "18000.00"
FUND_NAME = "广州市医疗保障事业管理中心（演示）"
ITEMS = {"medical": "61200.00", "nursing": "1800.00", "transport": "400.00", "mental_distress": "80000.00"}
KIND = parties.RelationKind
#: Name, relation, part, account. The spouse and the two children share as they agreed before the notary.
HEIRS = (
    ("卢秀云", KIND.SPOUSE, Fraction(1, 2), "6222021000000216"),
    ("邹晓彤", KIND.CHILD, Fraction(1, 4), "6222021000000224"),
    ("邹晓峰", KIND.CHILD, Fraction(1, 4), "6222021000000232"),
)
#: A son of 12 and a mother of 78, each with the others who support them.
DEPENDANTS = (damages.DependantInput(6, 2), damages.DependantInput(5, 3))


def play(stage: Stage) -> Iterator[str]:
    """He falls into the shaft, is operated on, and dies on the ninth day; wife and children go on with the claim."""
    cast = stage.cast
    incident = stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PATROL,
        learnt_after=6,
        description="层门失效，一名住户坠入底坑，送医手术。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.SERIOUS, age=AGE),),
    )
    (claim,) = stage.claims()
    acts.pay_deposit(
        stage,
        claim,
        amount=DEPOSIT,
        hospital=HOSPITAL,
        at=stage.at(hours=1),
        approved_at=stage.at(hours=1, minutes=30),
        paid_at=stage.at(hours=2),
    )
    yield "deposit paid"
    (person,) = elevators.incident_view(incident.pk).people
    dead = elevators.PersonFacts(
        key=person.key, name=NAME, is_named=True, harm=elevators.Harm.DEAD, was_trapped=False, age=AGE, party_id=person.party_id
    )
    facts = ChangePeople(people=(dead,), people_count=1, reason="医院通知抢救无效死亡")
    perform(fresh(incident), "change_people", by=cast.clerk, happened_at=stage.at(days=9), seen=None, facts=facts)
    stage.settle()
    acts.confirm_grade(stage, at=stage.at(days=10))
    heirs = tuple(_heir(stage, person.party_id or 0, *row) for row in HEIRS)
    _papers(stage, claim)
    entitled = RecordHeirs(stage.day(9), heirs, None, "死亡证明；（2022）粤广公证内字第 0001 号继承公证书")
    stage.do(fresh(claim), "record_heirs", cast.clerk, stage.at(days=20), entitled)
    fund = RecordFund("medical_insurance", FUND_NAME, Decimal(FUND), "医保先行支付缴款通知书 0001")
    stage.do(fresh(claim), "record_fund", cast.clerk, stage.at(days=21), fund)
    yield "heirs recorded"
    acts.apply_for(stage, claim, name=HEIRS[0][0], relation="配偶", asked={**ITEMS}, at=stage.at(days=25))
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=30), law_date=stage.day(30), outcome="death", age=AGE, dependants=DEPENDANTS)
    yield "assessed"
    total = f"{fresh(claim).assessed:.2f}"
    stage.do(fresh(claim), "start_negotiation", cast.clerk, stage.at(days=32))
    _settle(stage, claim, total)
    yield "settled"
    _pay(stage, claim)
    yield "paid"
    conclusion = "三位继承人各按份额付清，医保基金先行支付的已归还；垫付部分立追偿案。"
    stage.do(fresh(claim), "close", cast.approver, stage.at(days=60), CloseClaim(conclusion))
    yield "closed"


def _heir(stage: Stage, deceased: int, name: str, kind: str, share: Fraction, number: str) -> Heir:
    known = parties.register_person(name, by=stage.cast.clerk)
    parties.relate(deceased, known.id, kind, by=stage.cast.clerk)
    account = parties.add_account(known.id, bank=BANK, number=number, by=stage.cast.clerk)
    parties.confirm_account(account.id, by=stage.cast.approver)
    return Heir(known.id, known.masked_name, str(KIND(kind).label), share)


def _papers(stage: Stage, claim: object) -> None:
    for code, title in acts.BILLS:
        stage.prove(fresh(claim), code, title, stage.cast.clerk)  # type: ignore[arg-type]


def _settle(stage: Stage, claim: object, total: str) -> None:
    case = fresh(claim)  # type: ignore[arg-type]
    stage.prove(case, "settlement_agreement", "Settlement agreement", stage.cast.clerk)
    facts = Settle(Decimal(total), stage.day(40), "一次性赔偿，垫付和基金先行支付的在内；各继承人按份额领取；不放弃对第三者的权利。")
    stage.do(case, "settle", stage.cast.clerk, stage.at(days=40), facts)


def _pay(stage: Stage, claim: object) -> None:
    """First the fund, then every heir their part; the cashier releases each."""
    for key in ("F1", "H1", "H2", "H3"):
        case = fresh(claim)  # type: ignore[arg-type]
        amount = ClaimPosition(case).part_of(key) or Decimal(0)
        heir = next((h for h in case.heirs if h["key"] == key), None)
        account = parties.party(heir["party_id"]).account if heir else None
        name = parties.ref(heir["party_id"]).display_name if heir else FUND_NAME
        facts = OrderPayment(
            key, amount, name, account.id if account else None, account.masked if account else "", account.bank if account else ""
        )
        stage.do(case, "order_payment", stage.cast.approver, stage.at(days=45), facts)
    stage.pay(fresh(claim), stage.cast.manager_cashier, stage.at(days=47))  # type: ignore[arg-type]
