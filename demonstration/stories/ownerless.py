"""An elevator that nobody manages (三无): the street office files and carries the claim; all owners answer, one of them is named."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from claims.facts import CloseClaim, RecordMinutes, RecordPayment, RecordShares, Settle
from claims.facts import PartyShare as Share
from demonstration import acts
from demonstration.stage import Stage, fresh
from elevators import api as elevators

NAME, REPRESENTATIVE = "彭阿福", "业主代表 简伟文"
ITEMS = {"medical": "6820.00", "nursing": "2400.00", "nutrition": "600.00", "transport": "180.00"}
TOTAL = "10000.00"


def play(stage: Stage) -> Iterator[str]:
    """An old man is hurt on the way out of a stopped car; there is no manager and no insurer: the owners pay among them."""
    cast = stage.cast
    incident = stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.STREET_OFFICE,
        learnt_after=25,
        description="老旧电梯停在 5 楼半，一名老人自行爬出时摔伤。小区没有物业公司，电梯没有使用管理人，也没有保险。",
        people=(elevators.PersonFacts(key="", name="戴灰帽的老伯", harm=elevators.Harm.INJURED),),
        by=cast.street_clerk,
    )
    acts.confirm_grade(stage, at=stage.at(hours=4), by=cast.street_clerk)
    (claim,) = stage.claims()
    yield "reported"
    party = claim.people[0]["party_id"]
    elevators.set_party(case_id=incident.pk, key="P1", party_id=party, name=NAME, by=cast.street_clerk, happened_at=stage.at(days=2))
    stage.settle()
    for code, title in acts.BILLS:
        stage.prove(claim, code, title, cast.street_clerk)
    acts.apply_for(stage, claim, name=NAME, asked=ITEMS, at=stage.at(days=30), by=cast.street_clerk)
    shares = RecordShares("provisional", (Share("owner", 1),), "没有约定，全体业主是使用管理人；推举简伟文为代表，按建筑面积分摊")  # type: ignore[arg-type]
    stage.do(fresh(claim), "record_shares", cast.street_clerk, stage.at(days=31), shares)
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=32), law_date=stage.day(32), by=cast.street_clerk)
    yield "assessed"
    stage.do(fresh(claim), "start_negotiation", cast.street_clerk, stage.at(days=33))
    minutes = RecordMinutes(stage.day(35), f"{NAME}、{REPRESENTATIVE}、榕岸街道办事处", "街道办召集，业主代表同意赔偿，由全体业主分摊。")
    stage.do(fresh(claim), "record_minutes", cast.street_clerk, stage.at(days=35), minutes)
    stage.prove(claim, "settlement_agreement", "Settlement agreement", cast.street_clerk)
    terms = f"全体业主一次性赔偿，由{REPRESENTATIVE}收齐后付给乙方；不放弃对第三者的权利。"
    signed = Settle(Decimal(TOTAL), stage.day(36), terms, mediator="榕岸街道人民调解委员会（演示）")
    stage.do(fresh(claim), "settle", cast.street_clerk, stage.at(days=36), signed)
    yield "settled"
    stage.prove(claim, "payment_voucher", "Receipt signed by the injured", cast.street_clerk)
    paid = RecordPayment("other", Decimal(TOTAL), stage.day(40), "SJ-0001", "P1")
    stage.do(fresh(claim), "prove_payment", cast.street_clerk, stage.at(days=40), paid)
    conclusion = "全体业主由代表付清；电梯落实使用管理人并检验合格以前停用，由街道办督促。"
    stage.do(fresh(claim), "close", cast.street_clerk, stage.at(days=45), CloseClaim(conclusion))
    stage.do(fresh(incident), "close", cast.street_clerk, stage.at(days=46), elevators.CloseIncident(conclusion))
    yield "closed"
