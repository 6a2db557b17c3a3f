from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from access.models import Organisation
from access.roles import UNHELD_ROLES, CaseRole, Role
from casework import audit
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.models import Case
from casework.steps import perform, steps_for
from ledger import api
from ledger.models import PaymentOrder, Transfer
from ledger.verification import trial_balance
from parties import api as parties
from tests.factories.access import make_actor, make_organisation
from tests.factories.ledger import Payer, add_voucher, make_limit, make_order, make_payer, make_root, mark_paid, release

pytestmark = pytest.mark.django_db
LIMIT = "policy/7/incident/1"


@pytest.fixture
def payer():
    return make_payer()


def limited(payer: Payer, amount: str = "200.00") -> PaymentOrder:
    make_limit(LIMIT, "1000.00")
    return make_order(payer, amount, legs=(api.Leg(LIMIT, "policy/7/used"), api.Leg(payer.bank, "claim/1/received")))


def do(order, verb, by, facts):
    return perform(order, verb, by=by, happened_at=timezone.now(), seen=None, facts=facts)


def test_an_order_holds_its_limit_and_uses_it_once_paid(payer):
    order = limited(payer)

    held = api.balance(LIMIT)
    release(order, payer.cashier)
    mark_paid(order, payer.cashier)
    used = api.balance(LIMIT)

    assert (held.credited, held.reserved, held.posted, held.available) == (1000, 200, 0, 800)
    assert (used.credited, used.reserved, used.posted, used.available) == (1000, 0, 200, 800)
    assert api.balance("claim/1/received").credited == 200
    view = api.orders_of([order.parent_id])[0]
    assert (view.state, view.voucher_number, view.amount) == ("paid", "HD-0001", Decimal("200.00"))
    assert trial_balance().holds
    assert audit.verify_case(Case.objects.get(pk=order.pk)) is None


@dataclass(frozen=True)
class Way:
    """What brings an order into a state."""

    verbs: tuple[str, ...] = ()


WAYS = {
    "proposed": (),
    "released": ("release",),
    "paid": ("release", "mark_paid"),
    "returned": ("release", "return_"),
    "cancelled": ("cancel",),
}
FACTS = {
    "release": api.ReleasePayment(account_checked=True),
    "mark_paid": api.MarkPaid("HD-0001", timezone.localdate()),
    "return_": api.ReturnPayment("户名不符，银行退票"),
    "cancel": api.CancelPayment("重复提出"),
}
DONE = {
    ("proposed", "release"): "released",
    ("released", "mark_paid"): "paid",
    ("released", "return_"): "returned",
    ("proposed", "cancel"): "cancelled",
    ("released", "cancel"): "cancelled",
}
AVAILABLE = {"proposed": 800, "released": 800, "paid": 800, "returned": 1000, "cancelled": 1000}


@pytest.mark.parametrize("verb", sorted(FACTS))
@pytest.mark.parametrize("state", sorted(WAYS))
def test_every_step_from_every_state_is_done_or_refused(payer, state, verb):
    order = limited(payer)
    add_voucher(order)
    for earlier in WAYS[state]:
        do(order, earlier, payer.cashier, FACTS[earlier])
    target = DONE.get((state, verb))

    if target is None:
        with pytest.raises(StepRefused) as refusal:
            do(order, verb, payer.cashier, FACTS[verb])
        assert refusal.value.code == f"not_from_{state}"
        target = state
    else:
        do(order, verb, payer.cashier, FACTS[verb])

    assert PaymentOrder.objects.get(pk=order.pk).state == target
    assert api.balance(LIMIT).available == AVAILABLE[target]
    assert Transfer.objects.filter(kind="post").count() == (2 if target == "paid" else 0)
    assert trial_balance().holds


OFFICERS = {Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.FINANCE_OFFICER}


def test_births_are_permitted_to_officers_and_the_system_only(payer):
    root = make_root(payer)

    for role in Role:
        if role in UNHELD_ROLES:
            continue
        officer = make_actor(role, organisation=payer.organisation)
        if role in OFFICERS:
            assert make_order(payer, parent=root, by=officer).state == "proposed"
        else:
            with pytest.raises(NotPermitted):
                make_order(payer, parent=root, by=officer)


@pytest.mark.parametrize("verb", sorted(FACTS))
@pytest.mark.parametrize("role", [r for r in Role if r not in UNHELD_ROLES])
def test_every_role_may_or_may_not_take_every_step(payer, role, verb):
    order = make_order(payer)
    if verb in ("mark_paid", "return_"):
        add_voucher(order)
        release(order, payer.cashier)
    actor = make_actor(role, organisation=payer.organisation)
    allowed = role in {Role.MANAGER_CASHIER, Role.INSURER_CASHIER, Role.FINANCE_CASHIER} | (OFFICERS if verb == "cancel" else set())

    if allowed:
        do(order, verb, actor, FACTS[verb])
    else:
        with pytest.raises(NotPermitted) as refusal:
            do(order, verb, actor, FACTS[verb])
        assert refusal.value.code == "not_this_role"


def test_who_proposed_or_prepared_the_payment_does_not_release_it(payer):
    order = make_order(payer)
    both = make_actor(Role.MANAGER_APPROVER, Role.MANAGER_CASHIER, organisation=payer.organisation)
    own = make_order(payer, by=both)
    parent_is_theirs = make_order(payer, parent=make_root(Payer(payer.organisation, both, both, both)))

    with pytest.raises(NotPermitted) as four_eyes:
        release(own, both)
    with pytest.raises(FactsRefused) as three_people:
        release(parent_is_theirs, both)
    release(order, both)

    assert four_eyes.value.code == "four_eyes"
    assert "经办或审批" in str(three_people.value)


def test_a_cashiers_own_step_on_the_parent_prepares_nothing(payer):
    parent = make_order(payer)
    release(parent, payer.cashier)
    order = make_order(payer, parent=parent)

    release(order, payer.cashier)

    assert PaymentOrder.objects.get(pk=order.pk).state == "released"


def test_strangers_do_not_see_an_order_and_other_parts_do_not_release_it(payer):
    insurer = make_organisation(Organisation.Kind.INSURER)
    insurers_cashier = make_actor(Role.INSURER_CASHIER, organisation=insurer)
    order = api.open_payment_order(
        parent=make_root(payer),
        purpose="ADVANCE",
        payer_organisation_id=payer.organisation.pk,
        payee=parties.Payee("李秀英"),
        amount=Decimal("5.00"),
        moves=(api.Leg(payer.bank, "claim/1/received"),),
        by=payer.clerk,
        happened_at=timezone.now(),
        parts=[(insurer.pk, CaseRole.INSURER), (payer.organisation.pk, CaseRole.PAYER)],
    )

    with pytest.raises(NotPermitted) as part:
        release(order, insurers_cashier)
    with pytest.raises(OutOfScope):
        release(order, make_actor(Role.MANAGER_CASHIER))

    assert part.value.code == "not_this_part"


def test_it_is_the_cashiers_turn_of_the_payers_kind(payer):
    order = make_order(payer)
    insurer = make_organisation(Organisation.Kind.INSURER)
    theirs = make_order(Payer(insurer, *(make_actor(Role.INSURER_HANDLER, organisation=insurer) for _ in range(3))))

    assert (order.turn_organisation_id, order.turn_role, order.turn_verb) == (payer.organisation.pk, Role.MANAGER_CASHIER, "release")
    assert (theirs.turn_organisation_id, theirs.turn_role) == (insurer.pk, Role.INSURER_CASHIER)
    release(order, payer.cashier)
    assert PaymentOrder.objects.get(pk=order.pk).turn_verb == "mark_paid"


def test_an_account_not_looked_at_by_a_second_person_or_replaced_holds_the_release_back(payer):
    injured = parties.register_person("李秀英")
    account = parties.add_account(injured.id, bank="招商银行", number="6225881234564417", by=payer.clerk)
    order = make_order(payer, payee=parties.payee(account.id))
    other = make_order(payer, payee=parties.payee(account.id))

    refused = next(s for s in steps_for(order, payer.cashier) if s.verb == "release")
    parties.confirm_account(account.id, by=payer.approver)
    release(order, payer.cashier)
    parties.add_account(injured.id, bank="工商银行", number="6222020000000086", by=payer.clerk)
    with pytest.raises(StepRefused) as replaced:
        release(other, payer.cashier)

    assert (refused.allowed, refused.code, refused.cure.anchor) == (False, "payee_account_not_confirmed", "payee")
    assert (replaced.value.code, replaced.value.cure.verb) == ("payee_account_replaced", "cancel")


def test_an_account_that_nobody_registered_is_never_paid_to(payer):
    order = make_order(payer, payee=parties.Payee("李秀英", account_masked="尾号 4417"))

    with pytest.raises(StepRefused) as refusal:
        release(order, payer.cashier)

    assert refusal.value.code == "payee_account_not_confirmed"


def test_paying_needs_the_voucher_itself_and_a_number_that_this_payer_has_not_used(payer):
    first, second, elsewhere = make_order(payer), make_order(payer), make_order(other := make_payer())
    release(first, payer.cashier)
    release(second, payer.cashier)
    release(elsewhere, other.cashier)

    with pytest.raises(StepRefused) as missing:
        do(first, "mark_paid", payer.cashier, FACTS["mark_paid"])
    mark_paid(first, payer.cashier, "HD-0001")
    with pytest.raises(FactsRefused) as used:
        mark_paid(second, payer.cashier, " HD-0001 ")
    mark_paid(elsewhere, other.cashier, "HD-0001")

    assert missing.value.code == "evidence_missing"
    assert set(used.value.errors) == {"voucher_number"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (api.MarkPaid(" ", timezone.localdate()), "voucher_number"),
        (api.MarkPaid("HD-1", timezone.localdate() + timedelta(days=1)), "paid_on"),
        (api.MarkPaid("HD-1", timezone.localdate() - timedelta(days=1)), "paid_on"),
        (api.MarkPaid("HD-" + "1" * 60, timezone.localdate()), "voucher_number"),
    ],
)
def test_a_wrong_voucher_is_refused_by_its_field(payer, facts, field):
    order = make_order(payer)
    release(order, payer.cashier)
    add_voucher(order)

    with pytest.raises(FactsRefused) as refusal:
        do(order, "mark_paid", payer.cashier, facts)

    assert set(refusal.value.errors) == {field}
    assert api.balance(payer.bank).posted == 0


@pytest.mark.parametrize(
    ("verb", "facts", "field"),
    [("release", api.ReleasePayment(account_checked=False), "account_checked"), ("cancel", api.CancelPayment("  "), "reason")],
)
def test_release_needs_a_look_and_cancelling_a_reason(payer, verb, facts, field):
    order = make_order(payer)

    with pytest.raises(FactsRefused) as refusal:
        do(order, verb, payer.cashier, facts)

    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize("amount", ["0.00", "-505.00", "0.005", "1000000000000.00", "NaN"])
def test_absurd_amounts_never_become_an_order(payer, amount):
    root = make_root(payer)

    with pytest.raises(FactsRefused) as refusal:
        make_order(payer, amount, parent=root)

    assert "amount" in refusal.value.errors
    assert PaymentOrder.objects.count() == 1


def test_an_order_above_the_limit_is_refused_whole(payer):
    root = make_root(payer)
    make_limit(LIMIT, "100.00", "每次事故责任限额")

    with pytest.raises(StepRefused) as refusal:
        make_order(payer, "99999999.99", parent=root, legs=(api.Leg(LIMIT, "policy/7/used"),))

    assert (refusal.value.code, refusal.value.cure.anchor) == ("limit_exhausted", "money")
    assert "每次事故责任限额" in refusal.value.says
    assert PaymentOrder.objects.filter(parent=root).count() == 0
    assert api.balance(LIMIT).available == 100


def test_a_leg_may_use_a_part_of_the_order(payer):
    make_limit(LIMIT, "1000.00")
    medical = make_limit("policy/7/incident/1/person/a/medical", "50.00")
    order = make_order(
        payer,
        "200.00",
        legs=(
            api.Leg(LIMIT, "policy/7/used"),
            api.Leg(medical, "policy/7/used", Decimal("50.00")),
            api.Leg(payer.bank, "claim/1/received"),
        ),
    )
    release(order, payer.cashier)
    mark_paid(order, payer.cashier)

    assert (api.balance(LIMIT).posted, api.balance(medical).posted, api.balance("policy/7/used").credited) == (200, 50, 250)


def test_what_the_cashier_released_only_the_cashier_stops(payer):
    """The money may have left the bank: an officer who cancels it could have it paid a second time."""
    order = limited(payer)
    release(order, payer.cashier)

    with pytest.raises(FactsRefused) as refusal:
        do(order, "cancel", payer.approver, api.CancelPayment("重复提出"))
    assert list(refusal.value.errors) == ["reason"]

    do(order, "cancel", payer.cashier, api.CancelPayment("银行没有付出"))
    assert PaymentOrder.objects.get(pk=order.pk).state == "cancelled"


def test_nobody_begins_a_payment_below_a_case_that_they_do_not_see(payer):
    root = make_root(payer)

    with pytest.raises(OutOfScope):
        make_order(payer, parent=root, by=make_actor(Role.MANAGER_APPROVER))

    assert not PaymentOrder.objects.filter(parent_id=root.pk).exists()


def test_higher_floors_read_entries_and_withdraw_what_was_not_paid(payer):
    order = limited(payer)

    api.cancel_payment_order(order.pk, by=payer.approver, happened_at=timezone.now(), reason="受害人已由保险公司直赔")
    with pytest.raises(StepRefused):
        api.cancel_payment_order(order.pk, by=payer.approver, happened_at=timezone.now(), reason="再来一次")

    entries = api.entries_for([order.pk])
    assert [(e.kind, e.amount) for e in entries] == [("reserve", 200), ("reserve", 200), ("void", -200), ("void", -200)]
    assert {e.case_reference for e in entries} == {order.reference}
    assert api.balance(LIMIT).available == 1000
