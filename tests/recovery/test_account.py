"""The account of one incident: W25 both ways, and whatever happens the sums meet to the fen and nothing is claimed twice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from legislation.money import ZERO
from recovery.calculations import AccountCase, FileSums, reckon

W25 = {"um": Fraction(1, 5), "mnt": Fraction(7, 10), "mfr": Fraction(1, 10)}
LOSS = Decimal("100000.00")
money = st.integers(0, 3 * 10**6).map(lambda fen: Decimal(fen) / 100)


def yuan(text):
    return Decimal(text)


def test_w25_jointly_with_an_insolvent_maker():
    case = AccountCase(LOSS, W25, "joint", (FileSums(1, "um", False, LOSS),), frozenset({"mfr"}))
    share = reckon(case).files[1]
    assert (share.left["mnt"], share.left["mfr"], share.own_burden) == (yuan("77777.78"), ZERO, yuan("22222.22"))


def test_w25_severally_the_others_owe_no_more():
    case = AccountCase(LOSS, W25, "several", (FileSums(1, "um", False, LOSS),), frozenset({"mfr"}))
    share = reckon(case).files[1]
    assert (share.left["mnt"], share.left["mfr"], share.own_burden) == (yuan("70000.00"), yuan("10000.00"), yuan("20000.00"))


def test_what_the_insolvent_did_pay_relieves_the_others():
    files = (FileSums(1, "um", False, LOSS, ZERO, {"mfr": yuan("3000.00")}),)
    share = reckon(AccountCase(LOSS, W25, "joint", files, frozenset({"mfr"}))).files[1]
    assert (share.left["mnt"], share.own_burden) == (yuan("75444.44"), yuan("21555.56"))


def test_what_was_given_back_is_the_insurer_s_to_claim_and_what_came_before_is_handed_on():
    files = (FileSums(1, "um", False, LOSS, yuan("60000.00"), {"mnt": yuan("70000.00")}), FileSums(2, "um", True, yuan("60000.00")))
    account = reckon(AccountCase(LOSS, W25, "several", files))
    assert (account.files[1].hand_over, account.files[1].own_burden) == (yuan("50000.00"), yuan("20000.00"))
    assert (account.files[2].claimable, account.files[2].left["mfr"]) == (yuan("60000.00"), yuan("10000.00"))


@st.composite
def accounts(draw):
    """Any account: two to four parties, a payer with or without an insurer, another payer, collections of any size."""
    parties = ["um", "mnt", "mfr", "own"][: draw(st.integers(2, 4))]
    weights = [draw(st.integers(0, 10)) for _ in parties]
    weights[0] += not sum(weights)
    shares = {p: Fraction(w, sum(weights)) for p, w in zip(parties, weights, strict=True)} if draw(st.integers(0, 3)) else {}
    paid = draw(money)
    back = min(draw(money), paid) if draw(st.booleans()) else ZERO
    direct = draw(money) if draw(st.booleans()) else ZERO

    def came(payer):
        return {p: draw(money) for p in parties if p != payer and draw(st.booleans())}

    files = [FileSums(1, "um", False, paid, back, came("um"))]
    if back or direct:
        files.append(FileSums(2, "um", True, back + direct, ZERO, came("um")))
    if draw(st.booleans()):
        files.append(FileSums(3, "mnt", False, draw(money), ZERO, came("mnt")))
    failing = frozenset(p for p in parties[1:] if draw(st.integers(0, 3)) == 0)
    return AccountCase(draw(money), shares, draw(st.sampled_from(["joint", "several"])), tuple(files), failing)


@settings(max_examples=400, deadline=None)
@given(accounts())
def test_every_account_sums_and_claims_nothing_twice(case):
    account = reckon(case)
    for file in case.files:
        share = account.files[file.key]
        assert share.claimable + share.own_burden == file.paid - file.reimbursed
        kept = file.got - sum(share.refunds.values(), ZERO) - share.hand_over
        assert ZERO <= kept + sum(share.left.values(), ZERO) <= share.claimable
        assert min([share.claimable, share.hand_over, *share.left.values(), *share.refunds.values()]) >= 0
    for payer in {f.payer for f in case.files}:
        group = [f for f in case.files if f.payer == payer]
        claimed = sum((account.files[f.key].claimable for f in group), ZERO)
        spent = sum((f.net for f in group), ZERO)
        own = case.shares.get(payer, Fraction(0)) * Fraction(case.loss)
        assert Fraction(claimed) <= max(Fraction(spent) - own, Fraction(0)) + Fraction(1, 100) or case.insolvent
        assert claimed <= spent
        still = sum((f.got - sum(account.files[f.key].refunds.values(), ZERO) for f in group), ZERO)
        assert still + sum((sum(account.files[f.key].left.values(), ZERO) for f in group), ZERO) == claimed
