"""File and targets walked at random: payments, reimbursements, collections, insolvency and shares in any order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.errors import FactsRefused, StepRefused
from ledger import api as ledger
from legislation.money import ZERO
from recovery import selectors
from recovery.facts import ProposeGivingUp, ProposeWriteOff, Refund
from recovery.models import RecoveryFile, RecoveryTarget
from tests.factories.recovery import World

pytestmark = pytest.mark.django_db(transaction=False)

PARTIES = ("maintenance", "manufacturer")
amounts = st.integers(1, 4000).map(lambda fen: f"{Decimal(fen * 1000) / 100:.2f}")
acts = st.one_of(
    st.tuples(st.just("pay"), amounts),
    st.tuples(st.just("reimburse"), amounts),
    st.tuples(st.just("collect"), st.sampled_from(PARTIES), amounts),
    st.tuples(st.just("fail"), st.sampled_from(PARTIES)),
    st.tuples(st.just("share"), st.integers(0, 9), st.sampled_from(["joint", "several"])),
    st.tuples(st.just("hand_over"), amounts),
)


def act(world: World, step) -> None:
    """One act; what the house refuses is refused and nothing else."""
    name, *rest = step
    try:
        if name == "share":
            theirs = rest[0] * 10
            world.share(rest[1], use_manager="10%", maintenance=f"{theirs}%", manufacturer=f"{90 - theirs}%")
        elif name in ("collect", "fail"):
            target = RecoveryTarget.objects.filter(party=rest[0], basis="recourse").first()
            if target is not None:
                getattr(world, name)(target, *rest[1:])
        else:
            getattr(world, name)(*rest)
    except (StepRefused, FactsRefused):
        pass


def holds(world: World) -> None:
    account = selectors.account_of(world.incident.pk)
    for file in RecoveryFile.objects.filter(parent_id=world.incident.pk):
        line = account.files[file.pk]
        assert (file.amount, file.collected, file.own_burden) == (line.left, line.collected, line.own_burden)
        kept = line.collected - line.refunds - line.hand_over
        assert file.net == file.reimbursed + kept + line.left + line.own_burden
        balance = ledger.balance(f"recovery/{file.pk}/receivable").available
        assert balance == max(file.uncovered, ZERO) or file.reimbursed > file.net - file.collected
        assert {t.case_id: t.left for t in line.targets} == {t.pk: t.amount for t in RecoveryTarget.objects.filter(parent_id=file.pk)}


def run_out(world: World) -> None:
    """From wherever it stands everything reaches an end."""
    for file in RecoveryFile.objects.filter(parent_id=world.incident.pk):
        clerk, second = (world.handler, world.insurer_second) if file.basis == "subrogation" else (world.payer.clerk, world.second)
        fresh = RecoveryFile.objects.get(pk=file.pk)
        if fresh.to_hand_over:
            world.hand_over(str(fresh.to_hand_over))
        for target in RecoveryTarget.objects.filter(parent_id=file.pk).exclude(state="closed"):
            if target.refund_due:
                facts = Refund(target.refund_due, target.happened_at.date(), "TK")
                world.act(target, "refund", clerk, facts)
            target.refresh_from_db()
            if target.amount:
                world.act(target, "propose_write_off", clerk, ProposeGivingUp("无力"))
                world.act(RecoveryTarget.objects.get(pk=target.pk), "approve_write_off", second)
            else:
                world.act(RecoveryTarget.objects.get(pk=target.pk), "close", clerk)
    for file in RecoveryFile.objects.filter(parent_id=world.incident.pk):
        clerk, second = (world.handler, world.insurer_second) if file.basis == "subrogation" else (world.payer.clerk, world.second)
        if file.amount:
            world.act(file, "propose_write_off", clerk, ProposeWriteOff("无从追偿"))
            world.act(RecoveryFile.objects.get(pk=file.pk), "confirm_write_off", second)
        else:
            world.act(file, "close", clerk)
        done = RecoveryFile.objects.get(pk=file.pk)
        assert done.is_ended and done.net - done.reimbursed - done.collected == done.borne + done.written_off


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(acts, min_size=3, max_size=4))
def test_whatever_happens_the_account_sums_and_everything_can_end(steps):
    from django.db import transaction

    with transaction.atomic():
        world = World()
        world.pay("50000.00")
        world.share("joint", use_manager="20%", maintenance="70%", manufacturer="10%")
        for step in steps:
            act(world, step)
            holds(world)
        run_out(world)
        transaction.set_rollback(True)
