"""The full matrix: every state and every step is either its way on or refused with its reason; every role and every step."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from access.actors import system_actor
from access.roles import Role
from casework import registry
from casework.errors import NotPermitted, StepRefused
from casework.steps import may, perform
from policies.facts import ApproveRefusal, Because, Dispute, RefusePayout, RequestSupplement, SendRefusal
from policies.permissions import MAY
from tests.factories.access import make_actor, make_organisation
from tests.factories.policies import ask_injury, decide, do, make_room, pay_all, register, to_agreed, to_complete, to_decided, today

pytestmark = pytest.mark.django_db
SPEC = registry.kind("payout")
LOSS = {"medical": "1000.00"}
NOT_COVERED = RefusePayout("not_covered", "条款第四条", "不属于列明事故", "监控显示为人为撬门")


def refusal(room, payout):
    return do(to_complete(room, payout), "decide_refusal", room.handler, NOT_COVERED)


def refused(room, payout):
    return do(refusal(room, payout), "approve_refusal", room.approver, ApproveRefusal())


WAYS = {
    "requested": lambda room, p: p,
    "registered": register,
    "supplement": lambda room, p: do(register(room, p), "request_supplement", room.handler, RequestSupplement(("病历",), today())),
    "complete": to_complete,
    "proposed": lambda room, p: decide(room, to_complete(room, p)),
    "refusal_proposed": refusal,
    "decided": to_decided,
    "refused": refused,
    "refusal_sent": lambda room, p: do(refused(room, p), "send_refusal", room.handler, SendRefusal(today())),
    "agreed": to_agreed,
    "paid": lambda room, p: pay_all(room, to_agreed(room, p)),
    "disputed": lambda room, p: do(to_decided(room, p), "dispute", room.lobby.clerk, Dispute("使用管理人", "数额不符")),
    "withdrawn": lambda room, p: do(p, "withdraw", room.lobby.clerk, Because("不再请求")),
    "closed": lambda room, p: do(pay_all(room, to_agreed(room, p)), "close", room.handler, Because("付清")),
}


def test_every_state_is_walked_to():
    assert set(WAYS) == set(SPEC.states)


def somebody(room, verb):
    roles = MAY[f"payout.{verb}"].roles
    if Role.SYSTEM in roles:
        return system_actor("test")
    return room.approver if Role.INSURER_APPROVER in roles else room.handler if Role.INSURER_HANDLER in roles else room.lobby.clerk


@pytest.mark.parametrize("state", sorted(SPEC.states))
def test_every_step_leaves_from_its_own_states_and_from_no_other(state):
    room = make_room()
    payout = WAYS[state](room, ask_injury(room, LOSS))
    assert payout.state == state

    for verb, step in SPEC.steps.items():
        if step.is_birth or state in step.sources:
            continue
        with transaction.atomic(), pytest.raises(StepRefused) as stopped:
            perform(payout, verb, by=somebody(room, verb), happened_at=timezone.now(), seen=None)
        assert stopped.value.code in (f"not_from_{state}", "four_eyes"), verb
        assert str(stopped.value.says)


def test_every_role_may_exactly_what_is_listed():
    room = make_room()
    payout = ask_injury(room, LOSS)
    cast = {
        Role.MANAGER_CLERK: room.lobby.clerk,
        Role.MANAGER_APPROVER: room.lobby.approver,
        Role.INSURER_HANDLER: room.colleague,
        Role.INSURER_APPROVER: room.approver,
        Role.INSURER_CASHIER: room.cashier,
        Role.MANAGER_CASHIER: make_actor(Role.MANAGER_CASHIER, organisation=room.lobby.manager),
        Role.SYSTEM: system_actor("test"),
        Role.STREET_CLERK: room.lobby.street_clerk,
        Role.REGULATOR_OFFICER: room.lobby.officer,
    }
    for verb, step in SPEC.steps.items():
        if step.is_birth:
            continue
        row = MAY[f"payout.{verb}"]
        for role, actor in cast.items():
            assert may(payout, verb, actor).allowed == (role in row.roles), (verb, role)


def test_a_role_in_another_organisation_is_a_stranger():
    room = make_room()
    payout = ask_injury(room, LOSS)
    stranger = make_actor(Role.INSURER_HANDLER, organisation=make_organisation("insurer"))
    for verb, step in SPEC.steps.items():
        if not step.is_birth:
            assert not may(payout, verb, stranger).allowed, verb


def test_the_manager_cannot_play_the_insurers_part():
    room = make_room()
    payout = register(room, ask_injury(room, LOSS))
    both = make_actor(Role.INSURER_HANDLER, organisation=room.lobby.manager)
    with pytest.raises(NotPermitted) as stopped:
        do(payout, "accept_documents", both)
    assert stopped.value.code == "not_this_part"


def test_whoever_answered_the_checklist_cannot_approve():
    room = make_room()
    payout = decide(room, to_complete(room, ask_injury(room, LOSS)))
    assert not may(payout, "approve", room.handler).allowed
    assert may(payout, "approve", room.colleague).allowed
