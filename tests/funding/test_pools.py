"""A budget pool: money comes in by two people, goes out by the queue, and is never overspent, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import InternalError, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import OutboxEntry
from casework.steps import perform
from funding import facts as told
from funding import services
from funding.models import BudgetPool, SubsidyApplication
from funding.movements import account
from funding.selectors.figures import figures_of
from ledger import api as ledger
from ledger.models import Account
from ledger.verification import trial_balance
from tests.factories import funding as made


@pytest.fixture
def town(db):
    return made.make_town()


def change(kind="additional", amount="1000.00", document="海财〔2026〕7号", reason="追加"):
    return told.ProposeChange(kind, Decimal(amount), document, reason)


def test_the_first_yuan_comes_by_two_people(town):
    pool = made.make_pool(town, "0")
    assert figures_of(pool).whole == 0
    pool = made.do(pool, "propose_change", town.finance_officer, change("opening", "500000.00"))
    assert figures_of(pool).whole == 0
    with pytest.raises(StepRefused, match="预算文件"):
        made.do(pool, "confirm_change", town.second_officer)
    made.prove(pool, "budget_document")
    with pytest.raises(FactsRefused, match="请同事来复核"):
        made.do(pool, "confirm_change", town.finance_officer)

    pool = made.do(pool, "confirm_change", town.second_officer)

    assert (pool.amount, figures_of(pool).available) == (500000, 500000)


def test_who_once_proposed_may_confirm_a_later_change_of_another(town):
    pool = made.make_pool(town, "1000.00")
    pool = made.do(pool, "propose_change", town.second_officer, change())

    assert made.do(pool, "confirm_change", town.finance_officer).amount == 2000


def test_a_declined_change_moves_nothing(town):
    pool = made.make_pool(town, "1000.00")
    pool = made.do(pool, "propose_change", town.finance_officer, change())
    pool = made.do(pool, "decline_change", town.second_officer, told.Because("与文件不符"))

    assert (pool.state, figures_of(pool).available) == ("open", 1000)


@pytest.mark.parametrize(
    ("amount", "document", "reason"), [("0.00", "1号", "x"), ("1.001", "1号", "x"), ("1.00", " ", "x"), ("1.00", "1号", " ")]
)
def test_a_change_says_how_much_by_which_paper_and_why(town, amount, document, reason):
    pool = made.make_pool(town, "0")

    with pytest.raises(FactsRefused):
        made.do(pool, "propose_change", town.finance_officer, change(amount=amount, document=document, reason=reason))


def test_what_is_held_cannot_be_taken_out(town):
    pool = made.make_pool(town, "150000.00")
    made.verified(town, made.make_application(town, pool))
    pool = made.do(pool, "propose_change", town.finance_officer, change("correct_down", "50000.01"))
    made.prove(pool, "budget_document")
    with pytest.raises(StepRefused, match=r"还差 0\.01 元"):
        made.do(pool, "confirm_change", town.second_officer)
    pool = made.do(BudgetPool.objects.get(pk=pool.pk), "decline_change", town.second_officer, told.Because("超过可用"))
    pool = made.do(pool, "propose_change", town.finance_officer, change("carry_out", "50000.00"))
    pool = made.do(pool, "confirm_change", town.second_officer)

    assert (pool.amount, figures_of(pool).available, figures_of(pool).reserved) == (100000, 0, 100000)


def test_a_pool_closes_when_nothing_is_held_and_may_open_again(town):
    pool = made.make_pool(town, "150000.00")
    application = made.verified(town, made.make_application(town, pool))
    with pytest.raises(StepRefused, match="还有预留"):
        made.do(pool, "close", town.finance_officer, told.ClosePool(Decimal("50000.00"), "年度终了"))
    made.do(application, "withdraw", town.clerk, told.Because("不换了"))
    with pytest.raises(FactsRefused, match="余额"):
        made.do(pool, "close", town.finance_officer, told.ClosePool(Decimal("50000.00"), "年度终了"))

    pool = made.do(pool, "close", town.finance_officer, told.ClosePool(Decimal("150000.00"), "年度终了"))

    assert pool.is_ended and figures_of(pool).whole == 0
    assert made.do(pool, "reopen", town.second_officer, told.Because("退款")).state == "open"


def test_a_closed_pool_takes_no_application_and_funds_nobody(town):
    pool = made.make_pool(town, "0")
    waiting = made.verified(town, made.make_application(town, pool))
    made.do(pool, "close", town.finance_officer, told.ClosePool(Decimal("0.00"), "没有预算"))
    assert services.promote(pool.pk, timezone.now()) == 0
    assert SubsidyApplication.objects.get(pk=waiting.pk).state == "waitlisted"
    with pytest.raises(FactsRefused):
        made.make_application(town, pool)


def test_one_pool_for_a_scheme_and_year(town):
    made.make_pool(town, "0")

    with pytest.raises(FactsRefused, match="已经有资金池"):
        made.make_pool(town, "0")


def test_a_street_clerk_touches_no_budget(town):
    pool = made.make_pool(town, "0")

    with pytest.raises(NotPermitted):
        made.do(pool, "propose_change", town.clerk, change())


def test_the_database_refuses_an_overdrawn_budget_whoever_writes(town):
    pool = made.make_pool(town, "1000.00")

    with pytest.raises(InternalError, match="never written"), transaction.atomic():
        Account.objects.filter(key=account(pool.pk, "budget")).update(debits_posted=Decimal("1000.01"))


def test_promotion_twice_is_promotion_once(town):
    pool = made.make_pool(town, "150000.00")
    made.verified(town, made.make_application(town, pool))
    made.verified(town, made.make_application(town, pool))
    before = figures_of(pool)

    assert [services.promote(pool.pk, timezone.now()) for _ in range(3)] == [0, 0, 0]
    assert figures_of(pool) == before


@pytest.mark.django_db(transaction=True)
def test_two_hundred_reservations_at_once_never_overspend():
    """Past the queue on purpose: two hundred applications reserve on twelve connections; the pool holds seven."""
    town = made.make_town()
    pool = made.make_pool(town, "0")
    applications = [made.seen_and_not_yet_queued(town, pool) for _ in range(200)]
    OutboxEntry.objects.all().delete()
    _let_in(town, pool, "749999.99")
    barrier = Barrier(12)

    def reserve(application):
        try:
            perform(application, "reserve", by=services.QUEUE, happened_at=timezone.now(), seen=None)
        except StepRefused as refusal:
            return refusal.code
        finally:
            connections["default"].close()
        return "done"

    with ThreadPoolExecutor(12, initializer=barrier.wait) as threads:
        outcomes = list(threads.map(reserve, applications))

    assert (outcomes.count("done"), outcomes.count("limit_exhausted")) == (7, 193)
    found = figures_of(pool)
    assert (found.reserved, found.available) == (700000, Decimal("49999.99"))
    assert SubsidyApplication.objects.filter(state="reserved").count() == 7
    assert trial_balance().holds


def _let_in(town, pool, amount):
    """Money comes in and nobody has told the queue yet."""
    perform(pool, "propose_change", by=town.finance_officer, happened_at=timezone.now(), seen=None, facts=change("opening", amount))
    made.prove(pool, "budget_document")
    perform(BudgetPool.objects.get(pk=pool.pk), "confirm_change", by=town.second_officer, happened_at=timezone.now(), seen=None)


@pytest.mark.django_db(transaction=True)
def test_promotions_at_once_keep_the_order():
    town = made.make_town()
    pool = made.make_pool(town, "0")
    applications = [made.verified(town, made.make_application(town, pool)) for _ in range(8)]
    _let_in(town, pool, "500000.00")
    barrier = Barrier(8)

    def promote(_n):
        try:
            return services.promote(pool.pk, timezone.now())
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(8, initializer=barrier.wait) as threads:
        funded = sum(threads.map(promote, range(8)))

    assert funded == 5
    states = [SubsidyApplication.objects.get(pk=a.pk).state for a in applications]
    assert states == ["reserved"] * 5 + ["waitlisted"] * 3


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["in", "out", "apply", "withdraw"]), st.integers(1, 40)), min_size=3, max_size=9))
def test_whatever_happens_the_figures_add_up_and_nothing_is_overspent(town, acts):
    with transaction.atomic():
        pool = made.make_pool(town, "0", year=2100 - BudgetPool.objects.count() % 80)
        open_ones = []
        for act, size in acts:
            if act in ("in", "out"):
                kind = "additional" if act == "in" else "reduced"
                try:
                    with transaction.atomic():
                        made.change(town, pool, f"{size}0000.00", kind)
                except StepRefused as refusal:
                    assert refusal.code == "limit_exhausted" and act == "out"
            elif act == "apply":
                open_ones.append(made.verified(town, made.make_application(town, pool, stops=size)))
            elif open_ones:
                made.do(open_ones.pop(0), "withdraw", town.clerk, told.Because("不换了"))
            found = figures_of(pool)
            assert found.whole == found.reserved + found.committed + found.paid + found.available
            assert min(found.available, found.reserved, found.appropriated) >= 0
        assert trial_balance().holds
        assert ledger.balance(account(pool.pk, "budget")).is_capped or found.whole == 0
        transaction.set_rollback(True)
