"""Claims and advances for tests, walked through real steps."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from access.actors import Actor
from access.roles import Role
from casework.models import Case, CaseEvent, Evidence, OutboxEntry
from casework.outbox import handle
from casework.steps import perform
from claims import services
from claims.facts import ApproveAdvance, ProposeAdvance, RecordEstimate
from claims.models import Advance, Claim
from claims.terms import EstimateSource, FirstPaymentBasis, PayeeKind
from damages import api as damages
from elevators import api as elevators
from ledger import api as ledger
from parties import api as parties
from policies import api as policies
from policies.facts import CheckCover, CoverAnswer, PayeeFact, ProvisionalPayout, RegisterPayout
from policies.models import Payout
from policies.selectors import payout_position
from policies.terms import CoverQuestion
from tests.factories.access import make_actor, make_authority
from tests.factories.elevators import Lobby, make_incident, make_lobby
from tests.factories.ledger import mark_paid, release


@dataclass(frozen=True)
class House:
    """A lift with its people, and the manager's cashier; the approver may decide advances and payments up to a limit."""

    lobby: Lobby
    clerk: Actor
    approver: Actor
    cashier: Actor


def make_house(*, insured: bool = False, limit: str = "500000.00", emergency: str = "20000.00") -> House:
    lobby = make_lobby(insured=insured)
    for act in ("advance.approve", "claim.order_payment"):
        make_authority(lobby.manager, Role.MANAGER_APPROVER, act, limit)
    for role in (Role.MANAGER_CLERK, Role.MANAGER_APPROVER):
        make_authority(lobby.manager, role, "advance.emergency", emergency)
    return House(lobby, lobby.clerk, lobby.approver, make_actor(Role.MANAGER_CASHIER, organisation=lobby.manager))


#: Whether papers are printed on the way; the tests of papers set it.
printing: ContextVar[bool] = ContextVar("printing", default=False)


def follow() -> None:
    """Carry out what the events gave rise to; papers only where they are what is tested."""
    pending = OutboxEntry.objects.filter(status=OutboxEntry.Status.PENDING)
    while True:
        if not printing.get():
            pending.filter(handler__contains=".documents.").update(status=OutboxEntry.Status.DONE)
        entry = pending.order_by("id").first()
        if entry is None:
            return
        with transaction.atomic():
            handle(entry)
            OutboxEntry.objects.filter(pk=entry.pk).update(status=OutboxEntry.Status.DONE)


def make_injury(house: House, *, name: str = "穿红衣的女士", started: int = 600) -> Claim:
    """An incident with one injured person, and the claim that it opened."""
    incident = make_incident(
        house.lobby,
        nature=elevators.Nature.INJURY,
        people_count=1,
        started=started,
        people=(elevators.PersonFacts(key="", name=name, harm=elevators.Harm.INJURED),),
    )
    follow()
    return Claim.objects.get(parent_id=incident.pk)


def do(case: Case, verb: str, by: Actor, facts: object | None = None, **options: object) -> CaseEvent:
    """One step now, and everything that follows from it."""
    extra = {"facts": facts} if facts is not None else {}
    event = perform(case, verb, by=by, happened_at=timezone.now(), seen=None, **extra, **options)
    follow()
    return event


def deposit(amount: str = "8000.00", **changes: object) -> ProposeAdvance:
    facts = {
        "amount": Decimal(amount),
        "basis": FirstPaymentBasis.POLICY_2018_8.value,
        "payee_kind": PayeeKind.HOSPITAL.value,
        "payee_name": "海珠区测试医院",
        "purpose": "住院预交款",
        "key": "P1",
    }
    return ProposeAdvance(**{**facts, **changes})


def notice(amount: str = "8000.00") -> RecordEstimate:
    return RecordEstimate(Decimal(amount), EstimateSource.DEPOSIT_NOTICE.value, "医院预交款通知")


def propose(claim: Claim, by: Actor, amount: str = "8000.00", estimate: str | None = None, **changes: object) -> Advance:
    event = services.propose_advance(
        claim=claim, facts=deposit(amount, **changes), by=by, happened_at=timezone.now(), estimate=notice(estimate or amount)
    )
    follow()
    return Advance.objects.get(pk=event.case_id)


def approve(advance: Advance, by: Actor, verb: str = "approve", amount: str | None = None) -> Advance:
    if verb == "approve_in_emergency" and not advance.evidence.filter(code="deposit_notice").exists():
        add_evidence(advance, "deposit_notice")
    do(advance, verb, by, ApproveAdvance(Decimal(amount) if amount else advance.amount))
    return Advance.objects.get(pk=advance.pk)


def order_of(case: Case) -> Case:
    return Case.objects.get(pk=ledger.orders_of([case.pk])[-1].id).specific


def pay(case: Case, cashier: Actor, voucher: str = "HD-0001") -> None:
    """Release and mark paid the newest order below a case."""
    order = order_of(case)
    release(order, cashier)
    mark_paid(order, cashier, voucher)
    follow()


def add_evidence(case: Case, *codes: str) -> None:
    """Papers as rows only: the files themselves are casework's concern."""
    for code in codes:
        Evidence.objects.create(
            case_id=case.pk,
            code=code,
            name=f"{code}.pdf",
            file=f"evidence/{code}.pdf",
            media_type="application/pdf",
            size=1,
            sha256=code.ljust(64, "0")[:64],
        )


def worksheet(claim: Claim, by: Actor, medical: str = "12000.00", asked: str = "15000.00", reason: str = "") -> damages.WorksheetView:
    accident = timezone.localtime(claim.accident_at).date()
    entered = damages.WorksheetInput(
        outcome="injury",
        law_date=max(accident, date(2026, 1, 1)),
        accident_on=accident,
        place=claim.place,
        heads=(
            damages.HeadInput("medical", amount=Decimal(medical), asked=Decimal(asked), bills=3),
            damages.HeadInput("lost_income", rate=Decimal("120.00"), quantity=10, asked=Decimal("1200.00")),
        ),
    )
    return services.save_worksheet(claim=claim, entered=entered, by=by, reason=reason)


def assess(claim: Claim, by: Actor, medical: str = "12000.00", reason: str = "") -> Claim:
    worksheet(claim, by, medical, reason=reason)
    services.assess_from_worksheet(claim=claim, by=by, happened_at=timezone.now(), seen=None, reason=reason)
    follow()
    return fresh(claim)


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


@dataclass(frozen=True)
class Insurer:
    """The insurer's people; the approver may decide up to a limit."""

    handler: Actor
    approver: Actor
    cashier: Actor


def insure(house: House, *, programme: str = "", amount: str = "200.00", minutes: int | None = 40, **terms: object) -> tuple[int, Insurer]:
    """A policy over the house's lift; its own threshold and amount unless a programme is named."""
    lobby, now = house.lobby, timezone.now()
    facts = {
        "number": f"NY44-TEST-{lobby.elevator.pk:05d}",
        "insurer": lobby.insurer,
        "policyholder": lobby.manager,
        "since": now - timedelta(days=200),
        "until": now + timedelta(days=165),
        "entrapment_amount": Decimal(amount),
        "entrapment_minutes": minutes,
        "per_person": Decimal("1000000.00"),
        "medical_per_person": Decimal("50000.00"),
        "per_accident": Decimal("4000000.00"),
        "aggregate": Decimal("10000000.00"),
        "exclusions_explained_on": date(2026, 1, 1),
        "exclusions_proof": "投保人声明书",
    }
    policy = policies.issue_policy(
        insured=[(lobby.manager.pk, policies.Capacity.USE_MANAGER)],
        elevator_ids=[lobby.elevator.pk],
        programme=programme,
        **{**facts, **terms},
    )
    people = Insurer(
        lobby.handler,
        make_actor(Role.INSURER_APPROVER, organisation=lobby.insurer),
        make_actor(Role.INSURER_CASHIER, organisation=lobby.insurer),
    )
    for role in (Role.INSURER_HANDLER, Role.INSURER_APPROVER):
        make_authority(lobby.insurer, role, "payout.decide", "1000000.00")
    return policy.pk, people


def name_accounts(claim: Claim, house: House) -> None:
    """Everybody of a claim has a payee account that two people have seen."""
    for person, name in zip(claim.people, ("李秀英", "陈国强", "黄桂芬", "梁家辉"), strict=False):
        parties.identify(person["party_id"], name=name, by=house.clerk)
        account = parties.add_account(
            person["party_id"], bank="测试银行广州分行", number=f"622202{person['party_id']:013d}", by=house.clerk
        )
        parties.confirm_account(account.id, by=house.approver)


def pay_order(order_id: int, cashier: Actor, voucher: str) -> None:
    order = Case.objects.get(pk=order_id).specific
    release(order, cashier)
    mark_paid(order, cashier, voucher)
    follow()


def pay_provisionally(house: House, claim: Claim, insurer: Insurer, amount: str, kind: str) -> ledger.OrderView:
    """The insurer's provisional payment to the victim or to the insured; answers its order."""
    if not policies.payouts_of(claim_id=claim.pk):
        do(claim, "request_payout", house.clerk)
    payout = Payout.objects.get(parent_id=claim.pk)
    do(payout, "register", insurer.handler, RegisterPayout(timezone.localdate(), has_documents=True))
    answers = tuple(CoverAnswer(str(code), "已核对", "经办人核对", "holds") for code in CoverQuestion.values)
    do(Payout.objects.get(pk=payout.pk), "check_cover", insurer.handler, CheckCover(answers))
    parts = payout_position(Payout.objects.get(pk=payout.pk)).parts_for("P1", Decimal(amount))
    facts = ProvisionalPayout("P1", Decimal(amount), kind, PayeeFact("收款人"), parts, "数额已定的部分")
    do(Payout.objects.get(pk=payout.pk), "pay_provisionally", insurer.approver, facts)
    return ledger.orders_of([payout.pk])[-1]
