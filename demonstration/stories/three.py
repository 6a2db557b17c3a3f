"""Three injured in one accident under an accident limit that will not do: each gets their pro-rata share, the manager the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from claims.facts import OrderPayment
from demonstration import acts
from demonstration.stage import BANK, Stage, fresh
from elevators import api as elevators
from policies import api as policies

PER_PERSON, PER_ACCIDENT = Decimal("200000.00"), Decimal("300000.00")


@dataclass(frozen=True)
class Hurt:
    """One injured person: losses by head, and what the limits leave of them."""

    name: str
    age: int
    account: str
    items: dict[str, str]
    payable: Decimal

    @property
    def loss(self) -> Decimal:
        return sum(map(Decimal, self.items.values()), Decimal(0))


#: 240,000 is cut to the person's 200,000; then 200,000 + 150,000 + 50,000 share 300,000.
PEOPLE = (
    Hurt(
        "何玉冰", 44, "6222021000000051", {"medical": "150000.00", "lost_income": "60000.00", "nursing": "30000.00"}, Decimal("150000.00")
    ),
    Hurt("冯志远", 37, "6222021000000069", {"medical": "90000.00", "lost_income": "50000.00", "nursing": "10000.00"}, Decimal("112500.00")),
    Hurt("曾丽嫦", 58, "6222021000000077", {"medical": "40000.00", "lost_income": "8000.00", "transport": "2000.00"}, Decimal("37500.00")),
)


def play(stage: Stage) -> Iterator[str]:
    """The car falls into the pit; three claims, three payouts, one accident limit; what is left is the manager's."""
    yield from insured(stage, PEOPLE, "轿厢蹲底，三名乘客受伤，均已送医。")
    for claim, person in zip(stage.claims(), PEOPLE, strict=True):
        _manager_pays_the_rest(stage, claim, person)
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=95), conclusion="三名伤者全部付清；超出保险限额的部分由使用管理人支付。")
    yield "closed"


def insured(stage: Stage, people: tuple[Hurt, ...], happened: str) -> Iterator[str]:
    """Several hurt in one accident, from the report to the insurer's last payment: one claim and one payout a person."""
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=len(people),
        source=elevators.Source.RESCUE_LINE,
        learnt_after=4,
        description=happened,
        people=tuple(elevators.PersonFacts(key="", name=p.name, is_named=True, harm=elevators.Harm.INJURED, age=p.age) for p in people),
    )
    claims = stage.claims()
    yield "reported"
    for claim, person in zip(claims, people, strict=True):
        stage.account(claim.people[0]["party_id"], person.name, person.account)
        acts.bring_papers(stage, claim)
        acts.apply_for(stage, claim, name=person.name, asked=person.items, at=stage.at(days=60))
        acts.assess(stage, claim, items=person.items, at=stage.at(days=62), law_date=stage.day(62))
    acts.confirm_grade(stage, at=stage.at(days=2))
    yield "assessed"
    for claim, person in zip(claims, people, strict=True):
        acts.ask_consent(stage, claim, amount=f"{person.loss:.2f}", at=stage.at(days=65), minutes="各名伤者的损失按计算书商定。")
        acts.settle(
            stage,
            claim,
            amount=f"{person.loss:.2f}",
            consented_at=stage.at(days=67),
            signed_at=stage.at(days=68),
            mediator="榕岸街道人民调解委员会（演示）",
        )
    yield "settled"
    payouts = [acts.payout_of(claim) for claim in claims]
    for payout in payouts:
        acts.register(stage, payout, at=stage.at(days=66))
        acts.look_at_cover(stage, payout, at=stage.at(days=69))
    for payout in payouts:
        acts.decide(stage, payout, at=stage.at(days=75), approved_at=stage.at(days=76))
        acts.agree(stage, payout, at=stage.at(days=77), agreed_with=policies.AgreedWith.VICTIM)
    yield "agreed"
    for payout in payouts:
        stage.pay(payout, cast.insurer_cashier, stage.at(days=80))
    yield "paid by the insurer"


def _manager_pays_the_rest(stage: Stage, claim: object, person: Hurt) -> None:
    case = fresh(claim)  # type: ignore[arg-type]
    who = case.people[0]
    facts = OrderPayment(who["key"], case.outstanding, person.name, who["account_id"], who["account"], BANK)
    stage.do(case, "order_payment", stage.cast.approver, stage.at(days=85), facts)
    stage.pay(case, stage.cast.manager_cashier, stage.at(days=86))
