"""Held in the car and unhurt: from the report to the passengers' money, by the programme's table and the policy."""

from __future__ import annotations

from collections.abc import Iterator

from casework.models import Case
from claims.facts import CloseClaim
from demonstration.stage import Stage, fresh
from elevators import api as elevators
from policies import api as policies
from policies.facts import ApproveDecision

PEOPLE = (("黄桂芬", "6222021000000010"), ("陈子轩", "6222021000000028"), ("李国强", "6222021000000036"))
MINUTES = 52


def play(stage: Stage, minutes: int = MINUTES, people: tuple[tuple[str, str], ...] = PEOPLE) -> Iterator[str]:
    """Three passengers, 52 minutes: the system computes, people only confirm, approve and pay."""
    cast = stage.cast
    incident = stage.report(
        nature=elevators.Nature.ENTRAPMENT,
        count=len(people),
        source=elevators.Source.RESCUE_LINE,
        learnt_after=3,
        description="电梯在两层之间停住，轿厢内有人被困，安抚后由维保人员松闸放人。",
        people=tuple(elevators.PersonFacts(key="", name=name, is_named=True, was_trapped=True) for name, _number in people),
        arrived_after=24,
        released_after=minutes,
    )
    yield "reported"
    stage.do(incident, "confirm_grade", cast.clerk, stage.at(hours=2), elevators.ConfirmGrade())
    for person, (name, number) in zip(elevators.incident_view(incident.pk).people, people, strict=True):
        if person.party_id is not None:
            stage.account(person.party_id, name, number)
    (claim,) = stage.claims()
    yield "assessed"
    stage.do(claim, "confirm_entrapment", cast.approver, stage.at(days=1, hours=2))
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    yield "proposed"
    case = Case.objects.get(pk=payout.id)
    stage.do(case, "approve", cast.insurer_approver, stage.at(days=1, hours=5), ApproveDecision(payout.decided or payout.requested))
    yield "agreed"
    stage.pay(case, cast.insurer_cashier, stage.at(days=2, hours=3))
    yield "paid"
    conclusion = f"{len(people)} 名乘客均已收到困人补偿，没有垫付，不用追偿。"
    stage.do(fresh(claim), "close", cast.approver, stage.at(days=3), CloseClaim(conclusion))
    stage.do(
        fresh(incident), "close", cast.clerk, stage.at(days=3, hours=1), elevators.CloseIncident("乘客平安，补偿付清，门锁触点已更换。")
    )
    yield "closed"
