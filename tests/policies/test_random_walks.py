"""Payouts walked at random through the door: whatever people try in whatever order, the invariants stand after every step."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from casework.audit import verify_case
from casework.errors import FactsRefused, StepRefused
from casework.evidence import add
from casework.models import CaseEvent
from casework.outbox import drain
from casework.steps import perform
from ledger import api as ledger
from legislation.money import ZERO
from policies import facts as told
from policies import movements
from policies.selectors import payout_position
from tests.factories.elevators import make_incident
from tests.factories.policies import PDF, ask_injury, cover_holds, decision, fresh, make_room, orders, pay, register, today, yuan

pytestmark = pytest.mark.django_db
STEPS = 60


def attempt(room, payout, chance):
    """One random try: verb, person and facts as somebody might type them, sensible or not."""
    amount = yuan(f"{chance.randint(1, 900)}.{chance.randint(0, 99):02d}")
    payee = told.PayeeFact(chance.choice(["黄淑芬", "测试物业", ""]))
    position = payout_position(payout)
    tries = {
        "check_cover": lambda: cover_holds(payout),
        "request_supplement": lambda: told.RequestSupplement(("病历",), today()),
        "receive_supplement": lambda: told.ReceiveSupplement(today()),
        "accept_documents": None,
        "decide": lambda: decision(payout, chance.choice(["1", "7/10"]), accepted={("P1", "medical"): f"{chance.randint(0, 700)}.00"}),
        "decide_refusal": lambda: told.RefusePayout("not_covered", "条款第四条", "不属于列明事故", "监控显示为人为撬门"),
        "approve": lambda: told.ApproveDecision(payout.decided_amount or amount),
        "approve_refusal": lambda: told.ApproveRefusal(),
        "send_back": lambda: told.SendBack("再核"),
        "send_refusal": lambda: told.SendRefusal(today()),
        "record_liability_fixed": lambda: told.LiabilityFixed("agreement", today(), amount, "P1", "XY-1"),
        "agree": lambda: told.AgreeAmount("insured", today(), payout.decided_amount or amount),
        "record_victim_payment": lambda: told.VictimPaid("P1", amount, today(), f"YJ-{chance.randint(1, 4)}"),
        "pay_victim": lambda: told.ProposePayout("P1", amount, payee),
        "reimburse_insured": lambda: told.ProposePayout("P1", amount, payee),
        "pay_provisionally": lambda: told.ProvisionalPayout(
            "P1", amount, chance.choice(["victim", "insured", "hospital"]), payee, position.parts_for("P1", amount), "先付"
        ),
        "dispute": lambda: told.Dispute("使用管理人", "数额不符"),
        "reopen": lambda: told.Because("重新核定"),
        "close": lambda: told.Because("结案"),
    }
    verb = chance.choice([*tries, "decide", "approve", "agree", "pay"])
    if verb == "pay":
        waiting = [o for o in orders(payout) if o.state == "proposed"]
        if waiting:
            pay(room, chance.choice(waiting))
        return
    facts = tries[verb]
    by = chance.choice([room.handler, room.colleague, room.approver, room.lobby.clerk])
    with transaction.atomic():
        perform(payout, verb, by=by, happened_at=timezone.now(), seen=None, **({"facts": facts()} if facts else {}))


def assert_invariants(room, payout):
    payout = fresh(payout)
    position = payout_position(payout)
    for limit in movements.LIMITS:
        account = ledger.balance(movements.limit_account(room.policy.pk, payout.incident_id, "P1", limit))
        assert account.posted + account.reserved <= account.credited
        assert account.reserved == movements.held(payout, "P1", limit)
        assert account.posted == movements.posted(payout, "P1", limit)
    back = sum((p.amount for p in position.payments if p.counts and p.payee_kind == "insured"), ZERO)
    assert back <= position.proven_for("P1")
    assert CaseEvent.objects.filter(case_id=payout.pk, verb="request_supplement").count() <= 1
    approvals = CaseEvent.objects.filter(case_id=payout.pk, verb="approve").values_list("actor_user_id", flat=True)
    makers = set(CaseEvent.objects.filter(case_id=payout.pk, verb__in=("decide", "check_cover")).values_list("actor_user_id", flat=True))
    assert not set(approvals) & (makers - {None})
    assert payout.paid_amount == sum((p.amount for p in position.payments if p.status == "paid"), Decimal("0.00"))
    assert verify_case(payout) is None


@pytest.mark.parametrize("seed", range(4))
def test_invariants_stand_after_every_random_step(seed):
    chance = random.Random(seed)
    room = make_room(medical_per_person=yuan("400.00"), per_person=yuan("600.00"), deductible=yuan("20.00"))
    incident = make_incident(room.lobby, trapped=52)
    payout = register(room, ask_injury(room, {"medical": "700.00", "lost_income": "300.00"}, incident=incident))
    add(payout, code="liability_document", file=SimpleUploadedFile("agreement.pdf", PDF), by=room.lobby.clerk)
    taken = 0

    for _ in range(STEPS):
        try:
            attempt(room, fresh(payout), chance)
            taken += 1
        except (StepRefused, FactsRefused):
            continue
        finally:
            drain()
        assert_invariants(room, payout)

    assert taken > 2
