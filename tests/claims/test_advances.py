from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.roles import Role
from casework.audit import verify_all
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline, Task
from casework.selectors import case_page
from casework.services import finish_task
from casework.steps import perform
from claims import services
from claims.facts import ApproveAdvance, Because, RecordEstimate, RefundAdvance
from claims.forms.advance import ApproveAdvanceForm
from claims.models import Advance
from ledger import api as ledger
from ledger.facts import ReturnPayment
from recovery import api as recovery
from tests.factories.access import make_actor, make_authority
from tests.factories.claims import approve, deposit, do, follow, fresh, make_house, make_injury, notice, order_of, pay, propose
from tests.factories.ledger import release

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    return make_injury(house)


def test_a_deposit_goes_from_the_lobby_to_the_hospital_and_opens_the_recovery(house, claim):
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)

    advance.refresh_from_db()
    claim = fresh(claim)
    (file,) = recovery.files(incident_id=claim.parent_id)
    assert (advance.state, advance.voucher) == ("paid", "HD-0001")
    assert (claim.proven, claim.estimate) == (Decimal("8000.00"), Decimal("8000.00"))
    assert ledger.balance(f"claim/{claim.pk}/received").credited == Decimal("8000.00")
    assert (file.paid, file.left, file.payer_organisation_id) == (Decimal("8000.00"), Decimal("8000.00"), house.lobby.manager.pk)
    assert ledger.balance(f"recovery/{file.case_id}/receivable").available == Decimal("8000.00")
    assert list(verify_all()) == []


def test_the_unknown_person_is_enough(house, claim):
    assert claim.people[0]["name"] == "穿红衣的女士"
    assert approve(propose(claim, house.clerk), house.approver).state == "approved"


def test_who_proposed_or_changed_it_does_not_approve_it(house, claim):
    both = make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=house.lobby.manager)
    own = propose(claim, both, "100.00", "9000.00")
    others = propose(claim, house.clerk, "200.00", "9000.00")
    do(others, "amend", both, deposit("300.00"))

    for advance in (own, others):
        with pytest.raises(NotPermitted) as refusal:
            approve(Advance.objects.get(pk=advance.pk), both)
        assert refusal.value.code == "four_eyes"


def test_the_sum_of_advances_stays_within_the_latest_estimate(house, claim):
    approve(propose(claim, house.clerk, "6000.00", "10000.00"), house.approver)
    second = propose(claim, house.clerk, "4000.01", "10000.00")

    with pytest.raises(FactsRefused) as refusal:
        approve(second, house.approver)
    assert list(refusal.value.errors) == ["amount"]

    do(claim, "record_estimate", house.clerk, RecordEstimate(Decimal("12000.00"), "deposit_notice", "第二张预交款通知"))
    assert approve(second, house.approver).state == "approved"
    assert [e.amount for e in fresh(claim).estimates.all()] == [Decimal("10000.00"), Decimal("12000.00")]


@pytest.mark.parametrize("amount", ["500.01", "10000.00"])
def test_authority_fails_closed(claim, house, amount):
    nobody = make_actor(Role.MANAGER_APPROVER, organisation=make_house().lobby.manager)
    small = make_house(limit="500.00")
    there = make_injury(small)
    with pytest.raises(FactsRefused):
        approve(propose(there, small.clerk, amount), small.approver)
    assert nobody.organisation_id != house.lobby.manager.pk


def test_in_an_emergency_one_person_pays_and_a_second_confirms_within_the_hours(house, claim):
    advance = approve(propose(claim, house.clerk, "8000.00"), house.clerk, "approve_in_emergency")
    clock = Deadline.objects.get(case_id=advance.pk, rule="emergency_confirmation")
    pay(advance, house.cashier)

    assert (advance.state, advance.is_emergency, clock.count, clock.unit) == ("approved", True, 24, "hours")
    assert (advance.turn_role, advance.turn_verb) == (Role.MANAGER_APPROVER, "confirm_emergency")
    task = Task.objects.get(case_id=advance.pk, code="confirm_emergency")
    assert (task.role, task.due_at, task.done_at) == (Role.MANAGER_APPROVER, clock.due_at, None)
    with pytest.raises(NotPermitted):
        do(advance, "confirm_emergency", house.clerk)
    do(advance, "confirm_emergency", house.approver)
    task.refresh_from_db()
    assert task.done_at is not None
    assert Deadline.objects.get(pk=clock.pk).status == Deadline.Status.MET
    with pytest.raises(StepRefused) as refusal:
        do(advance, "confirm_emergency", house.approver)
    assert refusal.value.code == "no_confirmation_due"


def test_an_emergency_above_the_organisations_limit_needs_the_approver(house, claim):
    advance = propose(claim, house.clerk, "20000.01")

    with pytest.raises(FactsRefused):
        approve(advance, house.clerk, "approve_in_emergency")
    assert approve(advance, house.approver).state == "approved"


def test_an_objection_stops_what_was_not_released(house, claim):
    advance = approve(propose(claim, house.clerk), house.clerk, "approve_in_emergency")
    order = order_of(advance)
    perform(advance, "object_to_emergency", by=house.approver, happened_at=timezone.now(), seen=None, facts=Because("没有预交款通知"))
    with pytest.raises(StepRefused) as refusal:  # before the worker cancelled the order
        release(order, house.cashier)
    assert refusal.value.code == "parent_bars_payment"

    follow()
    assert Task.objects.filter(case_id=advance.pk, code="emergency_objected").count() == 1
    assert (order_of(advance).state, Advance.objects.get(pk=advance.pk).state) == ("cancelled", "returned")
    assert ledger.balance(f"claim/{claim.pk}/received").credited == Decimal("0.00")


def test_an_objection_never_touches_what_was_paid(house, claim):
    advance = approve(propose(claim, house.clerk), house.clerk, "approve_in_emergency")
    pay(advance, house.cashier)
    do(advance, "object_to_emergency", house.approver, Because("没有预交款通知"))

    assert (order_of(advance).state, fresh(claim).proven) == ("paid", Decimal("8000.00"))


def test_a_released_order_objected_to_is_the_cashiers_to_stop(house, claim):
    advance = approve(propose(claim, house.clerk), house.clerk, "approve_in_emergency")
    release(order_of(advance), house.cashier)
    do(advance, "object_to_emergency", house.approver, Because("没有预交款通知"))

    assert order_of(advance).state == "released"
    assert Task.objects.get(case_id=advance.pk, code="stop_released_order").role == Role.MANAGER_CASHIER


def test_the_confirmation_is_a_step_and_no_tick(house, claim):
    advance = approve(propose(claim, house.clerk), house.clerk, "approve_in_emergency")
    task = Task.objects.get(case_id=advance.pk, code="confirm_emergency")

    with pytest.raises(ValidationError):
        finish_task(task, outcome="好了", by=house.approver)
    assert task_codes(advance, house.approver) == []


def task_codes(case, by):
    return [t.code for t in case_page(case=case, actor=by).tasks]


def test_splitting_gains_no_authority():
    house = make_house(limit="10000.00", emergency="5000.00")
    claim = make_injury(house)
    approve(propose(claim, house.clerk, "6000.00", "30000.00"), house.approver)
    second = propose(claim, house.clerk, "4000.01", "30000.00")

    with pytest.raises(FactsRefused) as refusal:
        approve(second, house.approver)
    assert "连同" in str(refusal.value.errors["amount"][0])

    approve(propose(claim, house.clerk, "3000.00", "30000.00"), house.clerk, "approve_in_emergency")
    third = propose(claim, house.clerk, "2000.01", "30000.00")
    with pytest.raises(FactsRefused):
        approve(third, house.clerk, "approve_in_emergency")


def test_an_advance_that_moved_its_own_ceiling_says_so(house, claim):
    raised = propose(claim, house.clerk, "8000.00", "20000.00")
    within = propose(claim, house.clerk, "2000.00", "20000.00")

    assert (raised.estimate_before, raised.estimate_raised_to) == (Decimal("0.00"), Decimal("20000.00"))
    assert (within.estimate_before, within.estimate_raised_to) == (None, None)
    with pytest.raises(StepRefused) as refusal:  # one person alone, and no paper
        do(raised, "approve_in_emergency", house.clerk, ApproveAdvance(Decimal("8000.00")))
    assert refusal.value.code == "evidence_missing"
    form = ApproveAdvanceForm({}, None, case=raised, actor=house.approver)
    (line,) = [value for label, value in form.consequences() if "估损同时上调" in str(label)]
    assert line == "0.00 → 20,000.00（没有附预交款通知）"


def test_a_typed_estimate_without_its_paper_is_the_clerks_own_word(house, claim):
    facts = deposit("9000.00")
    for paper, source in ((None, "clerk"), (SimpleUploadedFile("n.pdf", b"%PDF-1.4\n%%EOF\n"), "deposit_notice")):
        services.propose_from_page(
            claim=fresh(claim), facts=facts, account=None, deposit=None, notice=paper, by=house.clerk, happened_at=timezone.now()
        )
        assert fresh(claim).estimate_source == source
        follow()
        facts = deposit("12000.00")


def test_a_returned_order_leads_back_to_a_changed_proposal(house, claim):
    advance = approve(propose(claim, house.clerk), house.approver)
    order = order_of(advance)
    release(order, house.cashier)
    do(order, "return_", house.cashier, ReturnPayment("账号有误"))
    advance = Advance.objects.get(pk=advance.pk)
    assert (advance.state, advance.left_because, fresh(claim).proven) == ("returned", "账号有误", Decimal("0.00"))

    do(advance, "amend", house.clerk, deposit("8000.00", payee_name="海珠区第二测试医院"))
    approve(Advance.objects.get(pk=advance.pk), house.approver)
    pay(advance, house.cashier, "HD-0002")

    assert Advance.objects.get(pk=advance.pk).state == "paid"
    assert fresh(claim).proven == Decimal("8000.00")


def test_while_an_order_runs_the_advance_is_not_withdrawn(house, claim):
    advance = approve(propose(claim, house.clerk), house.approver)

    with pytest.raises(StepRefused) as refusal:
        do(advance, "withdraw", house.clerk, Because("不用了"))

    assert refusal.value.code == "order_is_running"


def test_what_the_hospital_gives_back_was_not_received(house, claim):
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("1500.00"), timezone.localdate(), "TK-1"))
    do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("500.00"), timezone.localdate(), "TK-2"))

    (file,) = recovery.files(incident_id=claim.parent_id)
    assert fresh(claim).proven == Decimal("6000.00")
    assert ledger.balance(f"claim/{claim.pk}/received").available == Decimal("6000.00")
    assert file.left == Decimal("6000.00")
    with pytest.raises(FactsRefused):
        do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("6000.01"), timezone.localdate(), "TK-3"))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("amount", {"amount": Decimal("0.00")}),
        ("payee_name", {"payee_name": " "}),
        ("basis_document", {"basis": "CONTRACT"}),
        ("basis_document", {"basis": "CITY_RULE"}),
    ],
)
def test_a_proposal_names_amount_payee_and_basis(house, claim, field, changes):
    with pytest.raises(FactsRefused) as refusal:
        propose(claim, house.clerk, **{"estimate": "9000.00", **changes}) if "amount" not in changes else _bare(claim, house, changes)
    assert list(refusal.value.errors) == [field]


def _bare(claim, house, changes):
    from django.utils import timezone

    from claims import services

    services.propose_advance(
        claim=claim,
        facts=deposit(**{k: v for k, v in changes.items() if k != "amount"}, amount="0.00"),
        by=house.clerk,
        happened_at=timezone.now(),
        estimate=notice("9000.00"),
    )


def test_a_street_clerk_or_stranger_does_not_spend_the_managers_money(house, claim):
    stranger = make_actor(Role.MANAGER_CLERK)
    make_authority(house.lobby.manager, Role.MANAGER_CLERK, "x", "1.00")

    for by in (house.lobby.street_clerk, stranger, house.lobby.handler):
        with pytest.raises(StepRefused):
            propose(claim, by)
    assert Advance.objects.count() == 0


@pytest.mark.parametrize(("verb", "facts"), [("withdraw", Because("撤回")), ("decide_not_covered", Because("与电梯无关"))])
def test_a_claim_is_not_left_while_money_is_on_its_way(house, claim, verb, facts):
    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    by = house.approver if verb == "decide_not_covered" else house.clerk

    with pytest.raises(StepRefused) as refusal:
        do(claim, verb, by, facts)
    assert refusal.value.code == "money_on_its_way"

    pay(advance, house.cashier)
    do(fresh(claim), verb, by, facts)
    assert fresh(claim).state in ("withdrawn", "not_covered")
