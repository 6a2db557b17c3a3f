"""What broke in systems run beside ours is a test of ours. Each failure, and the tests that hold it off:

- two people take the same or conflicting steps at once: casework/test_steps `test_the_same_step_is_taken_once`,
  policies/test_limits `test_two_hundred_approvals_at_once_never_exceed_the_last_of_a_limit`, ledger/test_races (all);
  here: an advance approved and refused at once, a payout asked for twice at once, a debt collected twice at once;
- a negative quantity goes through to a negative approved amount: ledger/test_payment_orders
  `test_absurd_amounts_never_become_an_order`, damages/test_worksheets `test_bad_input_is_named_by_its_field`;
  here: every step of claim, payout and recovery that takes an amount;
- a valued case sent in again is set back: house/test_matrix (every step from every other state); here: a decided payout;
- somebody of another district reads or deletes by the id: house/test_matrix, casework/test_steps
  `test_deleting_a_case_or_touching_an_event`, claims/test_views `test_another_organisations_claim_is_not_there`;
- a failed change answers 200: casework/test_views `test_an_error_stands_beside_its_field_and_on_top_and_nothing_typed_is_lost`;
- 99,999,999.99 against 100: claims/test_no_money_twice, claims/test_advances
  `test_the_sum_of_advances_stays_within_the_latest_estimate`; here: every payment against what is owed;
- one invoice number twice: ledger/test_payment_orders `test_paying_needs_the_voucher_itself_and_a_number_that_this_payer_has_not_used`,
  ledger/test_races `test_one_voucher_number_does_not_prove_two_payments`,
  claims/test_no_money_twice `test_one_proof_from_elsewhere_counts_once`;
- HTML named .pdf, 60 MB without a word: casework/test_views `test_a_file_no_case_takes_is_refused_in_words`;
- `=HYPERLINK(...)` in a sheet: demonstration/test_stories `test_no_cell_is_taken_for_a_formula`; here: the ledger's sheet;
- a page that lists everything else: casework/test_views `test_my_work_and_the_case_page_need_a_fixed_number_of_queries`;
- a paper that fetches from its own server: correspondence/test_issuing `test_a_paper_that_asks_for_anything_from_outside_is_refused`.
"""

from __future__ import annotations

import dataclasses
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from casework.errors import FactsRefused, StepRefused
from casework.models import CaseEvent
from casework.steps import perform
from claims import facts as claimed
from claims.models import Advance, Claim
from ledger import api as ledger
from ledger.archive_sections import _safe
from ledger.verification import trial_balance
from policies import facts as told
from policies.models import Payout
from recovery.facts import Collect, HandOver
from recovery.models import RecoveryTarget
from tests.factories.claims import add_evidence, do, follow, fresh, insure, make_house, make_injury, notice, propose
from tests.factories.disputes import judge
from tests.factories.policies import ask_injury, decision, make_room, to_complete, to_decided
from tests.factories.recovery import World

TODAY = timezone.localdate()
MINUS, ABSURD = Decimal("-505.00"), Decimal("99999999.99")


def refused(case, verb, by, facts):
    before = CaseEvent.objects.filter(case_id=case.pk).count()
    with pytest.raises((FactsRefused, StepRefused)) as refusal:
        perform(case, verb, by=by, happened_at=timezone.now(), seen=None, facts=facts)
    assert CaseEvent.objects.filter(case_id=case.pk).count() == before
    return list(refusal.value.errors) if isinstance(refusal.value, FactsRefused) else refusal.value.code


@pytest.mark.django_db
class TestNoAmountIsNegativeOrAbsurd:
    @pytest.fixture
    def judged(self):
        house = make_house()
        claim = make_injury(house)
        do(claim, "sue", house.clerk, claimed.Sue("法院", "案号", "黄女士"))
        judge(claim, house.clerk, "100.00")
        add_evidence(claim, "payment_voucher")
        return house, fresh(claim)

    @pytest.mark.parametrize("amount", [MINUS, Decimal("0.00"), ABSURD])
    def test_a_claim_pays_neither_less_than_nothing_nor_more_than_is_owed(self, judged, amount):
        house, claim = judged
        assert refused(claim, "order_payment", house.approver, claimed.OrderPayment("P1", amount, "黄女士")) == ["amount"]
        if amount != ABSURD:  # what was paid elsewhere is a fact, and asked back: recorded, never barred
            facts = claimed.RecordPayment("other", amount, TODAY, "收据 1")
            assert refused(claim, "prove_payment", house.clerk, facts) == ["amount"]
            assert refused(claim, "record_cost", house.clerk, claimed.RecordCost("mitigation_cost", amount, TODAY, "1")) == ["amount"]

    @pytest.mark.parametrize("amount", ["-505.00", "0.00"])
    def test_an_advance_of_nothing_is_not_proposed(self, amount):
        house = make_house()
        claim = make_injury(house)
        with pytest.raises(FactsRefused):
            propose(claim, house.clerk, amount)
        assert not Advance.objects.exists()

    def test_a_negative_loss_or_decision_stops_at_the_insurers_door(self):
        room = make_room()
        with pytest.raises(FactsRefused):
            ask_injury(room, {"medical": "-505.00"})
        payout = to_complete(room, ask_injury(room, {"medical": "100.00"}))
        facts = decision(payout)
        for granted in (MINUS, ABSURD):
            lines = tuple(dataclasses.replace(line, accepted=granted) for line in facts.lines)
            assert "lines" in refused(payout, "decide", room.handler, dataclasses.replace(facts, lines=lines))
        assert Payout.objects.get(pk=payout.pk).decided_amount is None

    def test_recovery_collects_and_hands_over_no_such_amounts(self):
        world = World()
        world.pay("100.00")
        world.share(use_manager="20%", maintenance="80%")
        target = world.target("maintenance")
        world.prove(target, "receipt")
        for amount in (MINUS, Decimal("0.00"), Decimal("80.01"), ABSURD):
            assert refused(target, "collect", world.payer.clerk, Collect(amount, TODAY, "SK-1")) == ["amount"]
        assert refused(world.file, "hand_over", world.payer.clerk, HandOver(MINUS, TODAY, "YJ-1")) == "nothing_to_hand_over"
        assert trial_balance().holds


@pytest.mark.django_db
def test_a_decided_payout_sent_in_again_is_not_set_back():
    room = make_room()
    payout = to_decided(room, ask_injury(room, {"medical": "100.00"}))
    for verb, facts in (("register", told.RegisterPayout(TODAY)), ("decide", decision(payout))):
        assert refused(payout, verb, room.handler, facts) == "not_from_decided"
    again = Payout.objects.get(pk=payout.pk)
    assert (again.state, again.decided_amount) == ("decided", Decimal("100.00"))


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://example.org")', "+1", "-1", "@x", "\t=1"])
def test_no_cell_of_the_ledgers_sheet_is_a_formula(cell):
    assert _safe(cell) == f"'{cell}"


def at_once(*acts):
    """Run them in threads of their own; what each came to, sorted."""
    outcomes, barrier = [], threading.Barrier(len(acts))

    def work(act):
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except StepRefused as refusal:
            outcomes.append(refusal.code)
        except FactsRefused as refusal:
            outcomes.append(",".join(refusal.errors))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def taking(case, verb, by, facts=None):
    extra = {"facts": facts} if facts is not None else {}
    return lambda: perform(case, verb, by=by, happened_at=timezone.now(), seen=None, **extra)


@pytest.mark.django_db(transaction=True)
def test_conflicting_steps_at_once_one_wins_and_pays_once():
    house = make_house()
    insure(house)
    claim = make_injury(house)
    advance = propose(claim, house.clerk, "8000.00")
    approve, refuse = claimed.ApproveAdvance(advance.amount), claimed.Because("不急")
    acts = [taking(advance, "approve", house.approver, approve) for _n in range(4)] + [taking(advance, "refuse", house.approver, refuse)]
    assert at_once(*acts).count("done") == 1
    follow()
    state = Advance.objects.get(pk=advance.pk).state
    assert len(ledger.orders_of([advance.pk])) == (1 if state == "approved" else 0)

    do(Claim.objects.get(pk=claim.pk), "record_estimate", house.clerk, notice("9000.00"))
    outcome = at_once(*[taking(claim, "request_payout", house.clerk) for _n in range(4)])
    follow()
    assert (outcome.count("done"), Payout.objects.filter(parent_id=claim.pk).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_debt_is_collected_once_however_many_enter_it():
    with transaction.atomic():
        world = World()
        world.pay("100.00")
        world.share(use_manager="20%", maintenance="80%")
        target = world.target("maintenance")
        world.prove(target, "receipt")
    acts = [taking(target, "collect", world.payer.clerk, Collect(Decimal("80.00"), TODAY, f"SK-{n}")) for n in range(4)]
    assert at_once(*acts).count("done") == 1
    world.settle()
    assert (RecoveryTarget.objects.get(pk=target.pk).collected, world.file.collected) == (Decimal("80.00"), Decimal("80.00"))
    assert trial_balance().holds
