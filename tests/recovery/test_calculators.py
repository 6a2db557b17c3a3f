"""Recourse: the worked example both ways, the ceiling, insolvency and the sums that must always hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from recovery.calculations import RecourseCase, recourse


def money(text):
    return Decimal(text)


SHARES = {"UM": Fraction("0.2"), "MNT": Fraction("0.7"), "MFR": Fraction("0.1")}


def w25(**changes):
    facts = {"loss": money("100000.00"), "paid": {"UM": money("100000.00")}, "shares": SHARES, "claimant": "UM", "liability": "joint"}
    return recourse(RecourseCase(**{**facts, **changes}))


def test_each_party_owes_its_own_share():
    answer = w25()
    assert answer.claimable == {"MNT": money("70000.00"), "MFR": money("10000.00")}
    assert answer.own_burden == money("20000.00")


def test_insolvent_joint_debtor_is_shared_by_the_others_the_claimant_included():
    answer = w25(insolvent=frozenset({"MFR"}))
    assert answer.claimable == {"MNT": money("77777.78"), "MFR": money("0.00")}
    assert answer.own_burden == money("22222.22")


def test_several_liability_moves_nothing():
    answer = w25(liability="several", insolvent=frozenset({"MFR"}))
    assert answer.claimable == {"MNT": money("70000.00"), "MFR": money("10000.00")}
    assert answer.own_burden == money("20000.00")


def test_insolvent_party_keeps_what_it_paid_and_only_the_rest_is_shared():
    answer = w25(paid={"UM": money("96400.00"), "MFR": money("1000.00")}, insolvent=frozenset({"MFR"}))
    assert answer.claimable == {"MNT": money("76400.00"), "MFR": money("0.00")}  # 70000 + 7000 = 77000, cut at 76400
    assert answer.own_burden == money("20000.00")


def test_what_a_party_paid_is_deducted_and_never_turns_into_a_debt_to_it():
    answer = w25(paid={"UM": money("15000.00"), "MNT": money("85000.00")})
    assert answer.claimable == {"MNT": money("0.00"), "MFR": money("0.00")}
    assert answer.own_burden == money("15000.00")


def test_the_sum_is_cut_pro_rata_at_what_was_paid_beyond_the_own_share():
    answer = w25(paid={"UM": money("60000.00")})
    assert answer.claimable == {"MNT": money("35000.00"), "MFR": money("5000.00")}
    assert answer.own_burden == money("20000.00")


def test_reimbursement_lowers_the_ceiling():
    answer = w25(reimbursed=money("40000.00"))
    assert answer.claimable == {"MNT": money("35000.00"), "MFR": money("5000.00")}
    assert answer.own_burden == money("20000.00")


def test_a_payer_without_a_share_recovers_everything():
    answer = w25(claimant="INS", paid={"INS": money("100000.00")})
    assert sum(answer.claimable.values()) == money("100000.00")
    assert answer.own_burden == money("0.00")


def test_nobody_solvent_is_left():
    answer = w25(shares={"UM": Fraction(0), "MNT": Fraction(1)}, insolvent=frozenset({"MNT"}))
    assert answer.claimable == {"MNT": money("0.00")}
    assert answer.own_burden == money("100000.00")


amounts = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)
PARTIES = ("UM", "MNT", "MFR", "INSP")


@st.composite
def cases(draw):
    weights = draw(st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any))
    spent = draw(amounts)
    return RecourseCase(
        loss=draw(amounts),
        paid={"UM": spent, **draw(st.dictionaries(st.sampled_from(PARTIES[1:]), amounts))},
        shares={party: Fraction(weight, sum(weights)) for party, weight in zip(PARTIES, weights, strict=True)},
        claimant="UM",
        liability=draw(st.sampled_from(["joint", "several"])),
        insolvent=draw(st.frozensets(st.sampled_from(PARTIES[1:]))),
        reimbursed=min(spent, draw(amounts)),
    )


@given(cases())
def test_claims_and_burden_sum_to_what_was_spent(case):
    answer = recourse(case)
    assert sum(answer.claimable.values()) == case.paid["UM"] - case.reimbursed - answer.own_burden
    assert all(amount >= 0 for amount in answer.claimable.values())
    assert list(answer.claimable) == list(PARTIES[1:])


@given(cases())
def test_nothing_is_recovered_beyond_the_claimants_outlay_or_by_an_insolvent_joint_debtor(case):
    answer = recourse(case)
    outlay = Fraction(case.paid["UM"] - case.reimbursed) - case.shares["UM"] * Fraction(case.loss)
    assert Fraction(sum(answer.claimable.values())) <= max(outlay, 0) + Fraction(1, 200)
    if case.liability == "joint":
        assert all(answer.claimable[party] == 0 for party in case.insolvent)


@given(cases())
def test_several_debtors_never_answer_for_each_other(case):
    answer = recourse(case)
    if case.liability == "several":
        for party, amount in answer.claimable.items():
            own = case.shares[party] * Fraction(case.loss) - Fraction(case.paid.get(party, 0))
            assert Fraction(amount) <= max(own, 0) + Fraction(1, 100)
