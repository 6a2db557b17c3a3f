"""Limits of a policy: both sides of every limit, the order of the cuts, and what must hold for every accident."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.calculations import Limits, Loss, apply_limits, balance_due, pro_rata_release


def money(text):
    return None if text is None else Decimal(text)


def loss(person, medical, other="0.00"):
    return Loss(person, {"medical": money(medical), "other": money(other)})


def limits(medical=None, person=None, accident=None, aggregate=None, deductible="0.00"):
    sub_limits = {"medical": money(medical)} if medical else {}
    return Limits(sub_limits, money(person), money(accident), money(aggregate), money(deductible))


def cut(policy, *losses):
    (answer,) = apply_limits(policy, [losses]).accidents
    assert answer.total == sum(person.payable for person in answer.persons)
    return [(person.person, str(person.payable), *person.cut_by) for person in answer.persons]


def test_without_limits_everybody_gets_his_loss():
    assert cut(limits(), loss("A", "100.00", "50.00")) == [("A", "150.00")]


def test_exactly_at_each_limit_nothing_is_cut():
    policy = limits(medical="100.00", person="150.00", accident="300.00", aggregate="300.00")
    assert cut(policy, loss("A", "100.00", "50.00"), loss("B", "50.00", "100.00")) == [("A", "150.00"), ("B", "150.00")]


def test_a_fen_above_each_limit_is_cut_by_it():
    assert cut(limits(medical="100.00"), loss("A", "100.01")) == [("A", "100.00", "medical_per_person")]
    assert cut(limits(person="100.00"), loss("A", "0.00", "100.01")) == [("A", "100.00", "per_person")]
    assert cut(limits(accident="100.00"), loss("A", "0.00", "100.01")) == [("A", "100.00", "per_accident")]
    assert cut(limits(aggregate="100.00"), loss("A", "0.00", "100.01")) == [("A", "100.00", "aggregate")]
    assert cut(limits(deductible="0.01"), loss("A", "0.00", "100.01")) == [("A", "100.00", "deductible")]


def test_medical_limit_leaves_the_other_loss_alone():
    assert cut(limits(medical="80.00"), loss("A", "100.00", "50.00")) == [("A", "130.00", "medical_per_person")]


def test_deductible_falls_on_persons_and_inside_a_person_on_heads_in_proportion():
    policy = limits(medical="70.00", deductible="30.00")
    # A bears 20 (10 on medical: 90, cut to 70), B bears 10
    assert cut(policy, loss("A", "100.00", "100.00"), loss("B", "0.00", "100.00")) == [
        ("A", "160.00", "deductible", "medical_per_person"),
        ("B", "90.00", "deductible"),
    ]


def test_deductible_above_the_whole_loss_leaves_nothing_and_no_debt():
    assert cut(limits(deductible="500.00"), loss("A", "100.00"), loss("B", "0.00")) == [("A", "0.00", "deductible"), ("B", "0.00")]


def test_all_cuts_are_named_in_the_order_of_application():
    policy = limits("50.00", "80.00", "70.00", "60.00", "10.00")
    assert cut(policy, loss("A", "100.00", "100.00")) == [
        ("A", "60.00", "deductible", "medical_per_person", "per_person", "per_accident", "aggregate")
    ]


def test_accident_limit_is_shared_pro_rata_and_the_odd_fen_goes_to_the_first():
    losses = [loss(person, "0.00", "100.00") for person in "ABC"]
    assert cut(limits(accident="100.00"), *losses) == [
        ("A", "33.34", "per_accident"),
        ("B", "33.33", "per_accident"),
        ("C", "33.33", "per_accident"),
    ]


def test_who_keeps_his_fen_was_not_cut():
    kept, cut_short = cut(limits(accident="100.00"), loss("A", "0.00", "0.01"), loss("B", "0.00", "100.00"))
    assert kept == ("A", "0.01")
    assert cut_short == ("B", "99.99", "per_accident")


def test_seven_deaths_under_the_jiangsu_aggregate():
    losses = [loss(person, "0.00", "800000.00") for person in "ABCDEFG"]  # vector W22
    answer = apply_limits(limits(person="800000.00", aggregate="5000000.00"), [losses])
    assert answer.accidents[0].total == Decimal("5000000.00")
    assert answer.aggregate_left == Decimal("0.00")


def test_accidents_use_up_the_aggregate_one_after_the_other():
    answer = apply_limits(limits(aggregate="150.00"), [[loss("A", "100.00")], [loss("B", "100.00")], [loss("C", "1.00")]])
    assert [str(accident.total) for accident in answer.accidents] == ["100.00", "50.00", "0.00"]
    assert answer.accidents[2].persons[0].cut_by == ("aggregate",)
    assert answer.aggregate_left == Decimal("0.00")
    assert apply_limits(limits(), [[loss("A", "100.00")]]).aggregate_left is None


amounts = st.integers(0, 10**8).map(lambda fen: Decimal(fen) / 100)
maybe = st.none() | amounts
losses_of_an_accident = st.lists(st.tuples(amounts, amounts), max_size=6).map(
    lambda rows: [Loss(f"P{n}", {"medical": medical, "other": other}) for n, (medical, other) in enumerate(rows)]
)


@st.composite
def policies(draw):
    medical = draw(maybe)
    return Limits({} if medical is None else {"medical": medical}, draw(maybe), draw(maybe), draw(maybe), draw(amounts))


@given(policies(), st.lists(losses_of_an_accident, max_size=4))
def test_no_limit_is_ever_exceeded(policy, accidents):
    answer = apply_limits(policy, accidents)
    for accident, losses in zip(answer.accidents, accidents, strict=True):
        assert accident.total == sum(person.payable for person in accident.persons)
        assert policy.per_accident is None or accident.total <= policy.per_accident
        gross = sum(sum(each.heads.values()) for each in losses)
        assert accident.total <= max(gross - policy.deductible, 0)
        for person, each in zip(accident.persons, losses, strict=True):
            assert 0 <= person.payable <= sum(each.heads.values())
            assert policy.per_person is None or person.payable <= policy.per_person
            medical = policy.sub_limits.get("medical", each.heads["medical"])
            assert person.payable <= medical + each.heads["other"]
            assert bool(person.cut_by) == (person.payable < sum(each.heads.values()))
    paid = sum(accident.total for accident in answer.accidents)
    if policy.aggregate is not None:
        assert answer.aggregate_left == policy.aggregate - paid >= 0


@given(losses_of_an_accident, amounts, amounts)
def test_a_higher_limit_never_pays_less_in_all(losses, limit, more):
    for build in (lambda x: Limits(per_person=x), lambda x: Limits(per_accident=x), lambda x: Limits(aggregate=x)):
        low, high = (apply_limits(build(x), [losses]).accidents[0].total for x in (limit, limit + more))
        assert low <= high


def test_three_injured_and_a_limit_that_runs_short():
    estimates = {"A": money("600000.00"), "B": money("300000.00"), "C": money("100000.00")}
    first = pro_rata_release(money("500000.00"), estimates, {"A": money("50000.00"), "C": money("100000.00")})
    assert first == {"A": money("50000.00"), "C": money("50000.00")}


def test_more_is_released_as_estimates_firm():
    paid = {"C": money("50000.00")}
    estimates = {"A": money("200000.00"), "B": money("300000.00"), "C": money("100000.00")}  # A's came down
    again = pro_rata_release(money("450000.00"), estimates, {"C": money("50000.00")}, paid)
    assert again == {"C": money("33333.33")}


def test_who_was_paid_beyond_his_share_gets_nothing_and_the_rest_do_not_exceed_what_is_left():
    paid = {"A": money("90.00")}
    estimates = {"A": money("90.00"), "B": money("90.00")}
    assert pro_rata_release(money("10.00"), estimates, {"A": money("5.00"), "B": money("90.00")}, paid) == {
        "A": money("0.00"),
        "B": money("10.00"),
    }


def test_a_request_without_estimate_is_refused():
    with pytest.raises(ValueError):
        pro_rata_release(money("10.00"), {}, {"A": money("5.00")})


@given(amounts, st.dictionaries(st.sampled_from("ABCDE"), st.tuples(amounts, amounts, amounts)))
def test_releases_stay_within_limit_request_and_share(left, rows):
    estimates = {person: row[0] for person, row in rows.items()}
    requested = {person: row[1] for person, row in rows.items()}
    paid = {person: row[2] for person, row in rows.items()}
    answer = pro_rata_release(left, estimates, requested, paid)
    assert sum(answer.values()) <= left
    whole = Fraction(left + sum(paid.values()))
    for person, amount in answer.items():
        assert 0 <= amount <= requested[person]
        share = Fraction(estimates[person]) * min(whole / Fraction(sum(estimates.values()) or 1), 1)
        assert amount == 0 or Fraction(amount + paid[person]) < share + Fraction(1, 100)


def test_provisional_payments_are_deducted_and_an_excess_is_named():
    assert balance_due(money("100.00"), money("30.00")) == (money("70.00"), money("0.00"))
    assert balance_due(money("30.00"), money("100.00")) == (money("0.00"), money("70.00"))
