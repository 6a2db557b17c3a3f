"""The public calculator of recourse: JSON in, JSON out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from legislation.calculators import BadInput, calculator
from legislation.inputs import parse_money, parse_share
from legislation.money import ZERO, format_money
from legislation.payload import Reader, read_text
from recovery.calculations import Liability, RecourseCase, recourse

REQUIRED = ("loss", "paid", "shares", "claimant", "liability")
OPTIONAL = ("insolvent", "reimbursed")


@calculator("recourse")
def recourse_of_a_payer(payload: dict[str, Any]) -> dict[str, Any]:
    """追偿: who can be claimed from for how much, and what stays with the payer."""
    reader = Reader(payload, REQUIRED, OPTIONAL)
    shares = {party: parse_share(value, field) for party, value, field in reader.members("shares")}
    if sum(shares.values(), Fraction(0)) != 1:
        raise BadInput("shares", f"各方比例之和应为 1，现为 {_as_text(sum(shares.values(), Fraction(0)))}")
    paid = {party: parse_money(value, field) for party, value, field in reader.members("paid")}
    claimant = reader.text("claimant")
    if claimant not in paid:
        raise BadInput("claimant", "paid 中没有追偿人的付款，请核对名称")
    for party in paid:
        if party not in shares and party != claimant:
            raise BadInput(f"paid.{party}", "shares 中没有这一方；没有责任的付款人也请列出，比例写 0")
    insolvent = [(read_text(value, field), field) for value, field in reader.elements("insolvent")]
    for party, field in insolvent:
        if party == claimant:
            raise BadInput(field, "追偿人自己不能列为无力偿还")
        if party not in shares:
            raise BadInput(field, "shares 中没有这一方，请核对名称")
    reimbursed = reader.money_or("reimbursed", ZERO)
    if reimbursed > paid[claimant]:
        raise BadInput("reimbursed", "已受偿金额不能超过追偿人自己的付款")
    answer = recourse(
        RecourseCase(
            loss=reader.money("loss"),
            paid=paid,
            shares=shares,
            claimant=claimant,
            liability=cast(Liability, reader.choice("liability", ("joint", "several"))),
            insolvent=frozenset(party for party, _ in insolvent),
            reimbursed=reimbursed,
        )
    )
    return {
        "claimable": {party: format_money(amount) for party, amount in answer.claimable.items()},
        "own_burden": format_money(answer.own_burden),
    }


def _as_text(share_sum: Fraction) -> str:
    return str(share_sum) if share_sum.denominator > 1 else str(share_sum.numerator)
