"""Policies and payouts for tests, all through the real door. All names invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.actors import Actor, system_actor
from access.roles import Role
from casework.declarations import NO_FACTS
from casework.errors import FactsRefused, StepRefused
from casework.evidence import add
from casework.models import Case
from casework.outbox import drain
from casework.steps import perform
from elevators.models import Incident
from ledger import api as ledger
from ledger.models import PaymentOrder
from parties import api as parties
from policies import api, services
from policies.facts import AgreeAmount, ApproveDecision, CheckCover, CoverAnswer, DecidedLine, LossFact, PersonFact, RegisterPayout
from policies.models import Payout, Policy
from policies.selectors import payout_position
from tests.factories.access import make_actor, make_authority
from tests.factories.elevators import Lobby, make_incident, make_lobby

_number = count(1)
CLAIMS = system_actor("claims")  # tells what the claim's own event made certain
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


#: What one injured person usually asks, by head.
INJURY = {"medical": "22000.00", "disability_compensation": "127475.30"}


def yuan(text: str) -> Decimal:
    return Decimal(text)


@dataclass
class Room:
    """An elevator under a policy, and the insurer's people."""

    lobby: Lobby
    policy: Policy
    handler: Actor
    colleague: Actor
    approver: Actor
    cashier: Actor
    accounts: dict[str, int] = field(default_factory=dict)

    @property
    def bank(self) -> str:
        return ledger.paid_by(self.policy.insurer_id)


def make_room(*, handler_limit: str = "100000.00", approver_limit: str = "5000000.00", **terms: Any) -> Room:
    """A policy around today with usual limits; `terms` replace its fields."""
    lobby = make_lobby(insured=False)
    handler = make_actor(Role.INSURER_HANDLER, organisation=lobby.insurer)
    make_authority(lobby.insurer, Role.INSURER_HANDLER, "payout.decide", handler_limit)
    make_authority(lobby.insurer, Role.INSURER_APPROVER, "payout.decide", approver_limit)
    policy = make_policy(lobby, **terms)
    return Room(
        lobby,
        policy,
        handler,
        colleague=make_actor(Role.INSURER_HANDLER, organisation=lobby.insurer),
        approver=make_actor(Role.INSURER_APPROVER, organisation=lobby.insurer),
        cashier=make_actor(Role.INSURER_CASHIER, organisation=lobby.insurer),
    )


def make_policy(lobby: Lobby, **terms: Any) -> Policy:
    now = timezone.localtime()
    fields: dict[str, Any] = {
        "number": f"NYCX-{next(_number):06d}",
        "insurer": lobby.insurer,
        "policyholder": lobby.manager,
        "since": now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=365),
        "until": now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=400),
        "medical_per_person": yuan("50000.00"),
        "per_person": yuan("1000000.00"),
        "per_accident": yuan("3000000.00"),
        "aggregate": yuan("10000000.00"),
        "entrapment_minutes": 40,
        "entrapment_amount": yuan("200.00"),
        "exclusions_explained_on": date(2025, 1, 1),
        "exclusions_proof": "TS-0001",
    }
    return services.issue_policy(insured=[(lobby.manager.pk, "use_manager")], elevator_ids=[lobby.elevator.pk], **{**fields, **terms})


def make_account(room: Room, name: str) -> int:
    """A person with a confirmed payee account at the insurer."""
    person = parties.register_person(name, by=room.handler)
    account = parties.add_account(person.id, bank="招商银行广州分行", number=f"62148300{next(_number):08d}", by=room.handler)
    parties.confirm_account(account.id, by=room.colleague)
    return account.id


def make_people(room: Room, names: tuple[str, ...], *, injured: bool = False) -> tuple[PersonFact, ...]:
    return tuple(
        PersonFact(f"P{n}", f"{name[0]}*{name[-1]}", injured, account_id=make_account(room, name)) for n, name in enumerate(names, 1)
    )


def ask(
    room: Room, incident: Case, people: tuple[PersonFact, ...], lines: tuple[LossFact, ...], *, at: datetime | None = None, **more: Any
) -> Payout:
    """A payout requested by the manager, with everything the system does by itself done."""
    case = api.open_payout(
        claim_case=incident,
        policy_id=room.policy.pk,
        incident_id=incident.pk,
        people=people,
        lines=lines,
        requested_by=room.lobby.manager.pk,
        by=room.lobby.clerk,
        happened_at=at or timezone.now(),
        **more,
    )
    drain()
    return fresh(case)


def ask_entrapment(room: Room, *, trapped: int = 52, names: tuple[str, ...] = ("李国强", "陈子轩", "黄淑芬"), **more: Any) -> Payout:
    """A small entrapment with complete evidence."""
    incident = make_incident(room.lobby, trapped=trapped, people_count=len(names))
    people = make_people(room, names)
    lines = api.entrapment_lines(policy_id=room.policy.pk, incident_id=incident.pk, keys=[p.key for p in people])
    return ask(room, incident, people, lines, **{"is_complete": True, **more})


def ask_injury(
    room: Room,
    amounts: dict[str, str],
    *,
    incident: Incident | None = None,
    key: str = "P1",
    estimate: dict[str, str] | None = None,
    **more: Any,
) -> Payout:
    """A payout for one injured person; amounts by head."""
    incident = incident or make_incident(room.lobby, trapped=52)
    person = PersonFact(key, "黄*芬", is_injured=True, account_id=make_account(room, "黄淑芬"))
    lines = tuple(LossFact(key, head, yuan(amount), yuan((estimate or {}).get(head, amount))) for head, amount in amounts.items())
    return ask(room, incident, (person,), lines, **more)


def fresh(case: Case) -> Payout:
    return Payout.objects.get(pk=case.pk)


def do(payout: Case, verb: str, by: Actor, facts: Any = NO_FACTS, *, at: datetime | None = None, drained: bool = True) -> Payout:
    """Take a step as it stands now, and everything that follows."""
    perform(fresh(payout), verb, by=by, happened_at=at or timezone.now(), seen=None, facts=facts)
    if drained:
        drain()
    return fresh(payout)


def refused_by(payout: Case, verb: str, by: Actor, facts: Any = NO_FACTS) -> str | list[str]:
    """The code of a refused step, or the fields that its facts were refused for."""
    with pytest.raises((StepRefused, FactsRefused)) as refusal:
        do(payout, verb, by, facts)
    error = refusal.value
    return error.code if isinstance(error, StepRefused) else sorted(error.errors)


def today() -> date:
    return timezone.localdate()


def cover_holds(payout: Payout) -> CheckCover:
    """The checklist with every line answered in favour, as a handler would after looking."""
    from policies.terms import CoverQuestion

    return CheckCover(tuple(CoverAnswer(str(code), "已核对原件", "经办人核对", "holds") for code in CoverQuestion.values))


def register(room: Room, payout: Payout, *, received: date | None = None, documents: bool = True, at: datetime | None = None) -> Payout:
    return do(payout, "register", room.handler, RegisterPayout(received or today(), documents), at=at)


def to_complete(room: Room, payout: Payout) -> Payout:
    """Registered, covered, papers complete."""
    payout = do(register(room, payout), "check_cover", room.handler, cover_holds(payout))
    return do(payout, "accept_documents", room.handler)


def decision(payout: Payout, share: str = "1", *, is_joint: bool = False, accepted: dict[tuple[str, str], str] | None = None) -> Any:
    lines = []
    for line in payout_position(fresh(payout)).lines:
        granted = yuan((accepted or {}).get((line.person, line.head), str(line.asked)))
        lines.append(DecidedLine(line.person, line.head, line.asked, line.asked, granted, "" if granted == line.asked else "not_proven"))
    return services.decision(fresh(payout), lines, share, is_joint=is_joint)


def decide(room: Room, payout: Payout, **more: Any) -> Payout:
    return do(payout, "decide", room.handler, decision(payout, **more))


def approve(room: Room, payout: Payout) -> Payout:
    return do(payout, "approve", room.approver, ApproveDecision(payout.decided_amount or yuan("0.00")))


def to_decided(room: Room, payout: Payout, **more: Any) -> Payout:
    return approve(room, decide(room, to_complete(room, payout), **more))


def fix_liability(room: Room, payout: Payout, person: str = "P1") -> Payout:
    api.record_liability_fixed(
        payout_id=payout.pk,
        fixed_by="agreement",
        fixed_on=today(),
        amount=payout.requested_amount,
        person=person,
        by=CLAIMS,
        happened_at=timezone.now(),
    )
    drain()
    return fresh(payout)


def agree(room: Room, payout: Payout) -> Payout:
    return do(payout, "agree", room.handler, AgreeAmount("insured", today(), payout.decided_amount or yuan("0.00")))


def to_agreed(room: Room, payout: Payout, **more: Any) -> Payout:
    return agree(room, fix_liability(room, to_decided(room, payout, **more)))


def orders(payout: Case) -> list[PaymentOrder]:
    return list(PaymentOrder.objects.filter(parent_id=payout.pk).order_by("pk"))


def release(room: Room, order: PaymentOrder) -> None:
    perform(order, "release", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.ReleasePayment(account_checked=True))


def pay(room: Room, order: PaymentOrder) -> None:
    """Released and marked paid with its voucher."""
    release(room, order)
    order = PaymentOrder.objects.get(pk=order.pk)
    add(order, code="voucher", file=SimpleUploadedFile(f"voucher{next(_number)}.pdf", PDF), by=room.cashier)
    perform(
        order, "mark_paid", by=room.cashier, happened_at=timezone.now(), seen=None, facts=ledger.MarkPaid(f"V{next(_number):06d}", today())
    )
    drain()


def pay_all(room: Room, payout: Case) -> Payout:
    for order in orders(payout):
        if order.state == "proposed":
            pay(room, order)
    return fresh(payout)
