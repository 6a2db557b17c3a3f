"""Four parties answer for one accident, 20 / 70 / 10 (vectors W25) and the owners' nothing: a suit, an insolvent maker,
and every yuan found again, once jointly, once severally. Nobody insured the lift, so all of it is the manager's to recover.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial

from casework.models import Case
from claims.facts import OrderPayment, Settle
from demonstration import acts
from demonstration.stage import BANK, Stage, fresh
from disputes import api as disputes
from disputes import facts as court
from elevators import api as elevators
from recovery import facts as told
from recovery.models import RecoveryFile, RecoveryTarget

NAME, AGE, ACCOUNT = "霍志文", 39, "6222021000000218"
ITEMS = {"medical": "61500.00", "lost_income": "22800.00", "nursing": "9600.00", "transport": "1300.00", "nutrition": "4800.00"}
DEPOSIT, LOSS = "30000.00", Decimal("100000.00")
MAKER, OWNERS = "东湾电梯制造有限公司（演示）", "榕岸花园全体业主（演示）"
COURT, NUMBER, RULING = "广州市海珠区人民法院（演示）", "（2025）粤0105民初00000号（演示）", "（2025）粤01破00000号（演示）"
SHARES = {"use_manager": Fraction(1, 5), "maintenance": Fraction(7, 10), "manufacturer": Fraction(1, 10), "owner": Fraction(0)}


def play(stage: Stage, *, liability: str = "joint") -> Iterator[str]:
    """From the fall to the manager's payment, and from there through letters, plan, bankruptcy and court to the last yuan."""
    yield from _pay_the_injured(stage)
    file = RecoveryFile.objects.get(parent_id=stage.root.pk if stage.root else 0)
    _say_who_bears_what(stage, file, liability)
    yield "shares"
    _write_to_both(stage, file)
    yield "demanded"
    _maker_promises_and_fails(stage, file)
    yield "insolvent"
    _sue_the_maintainer(stage, file)
    yield "sued"
    _judge(stage, file)
    yield "judged"
    _collect(stage, file, liability)
    yield "collected"
    acts.close_everything(stage, at=stage.at(days=255), conclusion="受害人已获足额赔偿；追偿已结清。")
    yield "closed"


severally = partial(play, liability="several")


def _pay_the_injured(stage: Stage) -> Iterator[str]:
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PASSENGER,
        learnt_after=5,
        description="层门锁失效，乘客踏空跌落一层，左腿骨折。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.INJURED, age=AGE),),
    )
    (claim,) = stage.claims()
    person = claim.people[0]
    yield "reported"
    acts.pay_deposit(
        stage,
        claim,
        amount=DEPOSIT,
        hospital="海珠区木棉医院（演示）",
        at=stage.at(hours=2),
        approved_at=stage.at(hours=2, minutes=20),
        paid_at=stage.at(hours=3),
    )
    acts.confirm_grade(stage, at=stage.at(days=1))
    stage.account(person["party_id"], NAME, ACCOUNT)
    acts.bring_papers(stage, claim)
    acts.apply_for(stage, claim, name=NAME, asked=ITEMS, at=stage.at(days=60))
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=62), law_date=stage.day(62))
    stage.do(fresh(claim), "start_negotiation", cast.clerk, stage.at(days=64))
    stage.prove(claim, "settlement_agreement", "Settlement agreement", cast.clerk)
    facts = Settle(LOSS, stage.day(68), "一次性赔偿，垫付在内；不放弃对其他责任人的权利。")
    stage.do(fresh(claim), "settle", cast.clerk, stage.at(days=68), facts)
    case = fresh(claim)
    order = OrderPayment(person["key"], case.outstanding, NAME, case.people[0]["account_id"], case.people[0]["account"], BANK)
    stage.do(case, "order_payment", cast.approver, stage.at(days=69), order)
    stage.pay(case, cast.manager_cashier, stage.at(days=70))
    yield "paid"


def _target(file: Case, party: str) -> RecoveryTarget:
    found: RecoveryTarget = RecoveryTarget.objects.get(parent_id=file.pk, party=party)
    return found


def _say_who_bears_what(stage: Stage, file: RecoveryFile, liability: str) -> None:
    cast = stage.cast
    names = {"use_manager": cast.manager.name, "maintenance": cast.maintenance.name, "manufacturer": MAKER, "owner": OWNERS}
    ids = {"use_manager": cast.manager.pk, "maintenance": cast.maintenance.pk}
    lines = tuple(told.PartyShare(p, p, names[p], share, ids.get(p)) for p, share in SHARES.items())
    reason = "事故调查报告：门锁未按期维保为主因，锁钩材质不符为次因，使用管理人巡查不到位；业主没有过错。"
    facts = told.RecordShares("investigation", liability, lines, reason)
    stage.do(fresh(file), "record_shares", cast.clerk, stage.at(days=75), facts)


def _write_to_both(stage: Stage, file: RecoveryFile) -> None:
    cast = stage.cast
    for party, address in (("maintenance", "广州市天河区测试大道 8 号"), ("manufacturer", "东莞市东湾工业园 3 号")):
        target = _target(file, party)
        identity = told.IdentifyTarget(target.name, address, ground="recourse.ground.joint")
        stage.do(target, "identify", cast.clerk, stage.at(days=76), identity)
        stage.do(fresh(target), "demand", cast.clerk, stage.at(days=77), told.SendDemand(stage.day(77), "邮政特快专递"))


def _maker_promises_and_fails(stage: Stage, file: RecoveryFile) -> None:
    """It acknowledges and signs for two instalments, pays none, is reminded, and a court opens its bankruptcy."""
    cast, maker = stage.cast, _target(file, "manufacturer")
    accept = told.Accept(Decimal("10000.00"), stage.day(85), "资金周转困难，分两期付。")
    stage.prove(maker, "transcription", "Answer of the maker", cast.clerk)
    stage.do(maker, "accept", cast.clerk, stage.at(days=85), accept, on_behalf_of="东湾电梯法务，回函")
    half = Decimal("5000.00")
    plan = told.AgreePlan(stage.day(88), (told.Instalment(stage.day(110), half), told.Instalment(stage.day(140), half)))
    stage.do(fresh(maker), "agree_plan", cast.clerk, stage.at(days=88), plan)
    stage.do(fresh(maker), "declare_default", cast.clerk, stage.at(days=115), told.Because("首期到期没有付。"))
    stage.do(fresh(maker), "remind", cast.clerk, stage.at(days=116), told.SendDemand(stage.day(116), "邮政特快专递"))
    stage.prove(maker, "insolvency", "Bankruptcy ruling", cast.clerk)
    insolvent = told.DeclareInsolvent(stage.day(130), RULING, "管理人答复：普通债权没有可分配财产。")
    stage.do(fresh(maker), "declare_insolvent", cast.clerk, stage.at(days=130), insolvent)


def _sue_the_maintainer(stage: Stage, file: RecoveryFile) -> None:
    cast, target = stage.cast, _target(file, "maintenance")
    contest = told.Contest(stage.day(90), "认为按期维保过，份额应低于 70%。")
    stage.prove(target, "transcription", "Answer of the maintenance firm", cast.clerk)
    stage.do(target, "contest", cast.clerk, stage.at(days=131), contest, on_behalf_of="迅梯机电法务，回函")
    target = fresh(target)
    facts = told.Sue(COURT, NUMBER, stage.day(135), target.amount)
    stage.do(target, "sue", cast.clerk, stage.at(days=135), facts)


def _judge(stage: Stage, file: RecoveryFile) -> None:
    target = _target(file, "maintenance")
    (view,) = disputes.of_case(target.pk)
    suit = Case.objects.get(pk=view.id)
    stage.prove(suit, "judgment", "Judgment in force", stage.cast.clerk)
    facts = court.RecordJudgment("liable", target.amount or Decimal(0), NUMBER, stage.day(190), stage.day(192), is_final=True)
    stage.do(fresh(suit), "record_judgment", stage.cast.clerk, stage.at(days=192), facts, on_behalf_of=COURT)
    if fresh(suit).state == "judged":
        effect = court.TakeEffect(stage.day(192), stage.day(202))
        stage.do(fresh(suit), "take_effect", stage.cast.clerk, stage.at(days=192), effect)


def _collect(stage: Stage, file: RecoveryFile, liability: str) -> None:
    """Two transfers from the maintainer; what the maker cannot pay is the others' (jointly) or the manager's own (severally)."""
    cast, target = stage.cast, _target(file, "maintenance")
    first = Decimal("40000.00")
    for days, amount in ((200, first), (220, (target.amount or first) - first)):
        stage.prove(target, "receipt", f"Bank receipt {days}", cast.manager_cashier)
        facts = told.Collect(amount, stage.day(days), f"SK{days}")
        stage.do(fresh(target), "collect", cast.manager_cashier, stage.at(days=days), facts)
    stage.do(fresh(target), "close", cast.clerk, stage.at(days=230))
    maker = fresh(_target(file, "manufacturer"))
    if liability == "several":
        stage.do(maker, "propose_write_off", cast.clerk, stage.at(days=240), told.ProposeGivingUp("破产，普通债权没有可分配财产。"))
        stage.do(fresh(maker), "approve_write_off", cast.approver, stage.at(days=241))
    else:
        stage.do(maker, "close", cast.clerk, stage.at(days=241))
