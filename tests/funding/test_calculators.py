"""The calculators of funding against the vectors and on both sides of every line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import funding.calculators  # noqa: F401 - registers them
from legislation import calculators
from legislation.money import format_money


def run(name, **question):
    answer, code = calculators.run(name, question)
    assert code == 0, answer
    return answer


def refused(name, **question):
    answer, code = calculators.run(name, question)
    assert code == 2
    return answer["error"]["field"]


def met(answer, words):
    return next(reason["met"] for reason in answer["reasons"] if words in reason["rule"])


@pytest.mark.parametrize(
    ("stops", "amount"),
    [(1, "100000.00"), (8, "100000.00"), (9, "100000.00"), (10, "150000.00"), (18, "150000.00"), (19, "200000.00"), (38, "200000.00")],
)
def test_the_tiers_of_2026_change_above_nine_and_eighteen(stops, amount):
    assert run("subsidy", scheme="NAT-2026-RENEW", stops=stops)["amount"] == amount
    assert run("subsidy", scheme="NAT-2026-RENEW", floors=stops)["amount"] == amount


def test_stops_go_before_floors():
    assert run("subsidy", scheme="NAT-2026-RENEW", stops=9, floors=20)["amount"] == "100000.00"


def test_without_stops_the_amount_of_2026_is_missing_and_the_lift_not_barred():
    answer = run("subsidy", scheme="NAT-2026-RENEW")

    assert answer["eligible"] is True and answer["amount"] is None and answer["missing"]
    assert met(answer, "分档") is None


@pytest.mark.parametrize(
    ("scheme", "line", "amount", "last_day", "first_day"),
    [
        ("NAT-2025-RENEW", "150000.00", "150000.00", "2009-12-31", "2010-01-01"),
        ("NAT-2024-RENEW", "150000.00", "150000.00", "2008-12-31", "2009-01-01"),
        ("NAT-2024-ALTER", "50000.00", "50000.00", "2008-12-31", "2009-01-01"),
    ],
)
def test_investment_exceeds_the_line_and_registration_lies_before_it(scheme, line, amount, last_day, first_day):
    above = format_money(Decimal(line) + Decimal("0.01"))

    assert run("subsidy", scheme=scheme, investment=above, registered_on=last_day) | {"reasons": 0} == {
        "eligible": True,
        "amount": amount,
        "reasons": 0,
    }
    at_the_line = run("subsidy", scheme=scheme, investment=line, registered_on=last_day)
    assert at_the_line["eligible"] is False and "amount" not in at_the_line
    assert met(at_the_line, "投资") is False and met(at_the_line, "登记") is True
    assert run("subsidy", scheme=scheme, investment=above, registered_on=first_day)["eligible"] is False


def test_a_rule_whose_input_is_missing_answers_null_and_does_not_decide():
    answer = run("subsidy", scheme="NAT-2025-RENEW", investment="150000.01")

    assert answer["eligible"] is True and answer["amount"] == "150000.00"
    assert met(answer, "登记") is None


@pytest.mark.parametrize(("day", "eligible"), [("2018-06-05", False), ("2018-06-06", True), ("2021-06-05", True), ("2021-06-06", False)])
def test_haizhu_pays_for_certificates_from_the_first_to_the_last_day(day, eligible):
    answer = run("subsidy", scheme="GZ-HAIZHU-2018", floors=7, certificate_on=day)

    assert answer["eligible"] is eligible
    assert all("海更新〔2018〕39号" in reason["source"] for reason in answer["reasons"])


@pytest.mark.parametrize(("floors", "eligible"), [(6, False), (7, True), (9, True)])
def test_haizhu_asks_for_seven_floors(floors, eligible):
    assert run("subsidy", scheme="GZ-HAIZHU-2018", floors=floors)["eligible"] is eligible


@pytest.mark.parametrize("lifts", [1, 2, 5])
def test_haizhu_pays_an_entrance_once(lifts):
    assert run("subsidy", scheme="GZ-HAIZHU-2018", certificate_on="2019-01-01", lifts_at_entrance=lifts)["amount"] == "100000.00"


def test_bad_inputs_are_refused_by_their_field():
    assert refused("subsidy", scheme="GZ-NOWHERE") == "scheme"
    assert refused("subsidy", scheme="NAT-2026-RENEW", stops=0) == "stops"
    assert refused("subsidy", scheme="NAT-2026-RENEW", stops="8") == "stops"
    assert refused("subsidy", scheme="NAT-2025-RENEW", investment=150001) == "investment"
    assert refused("subsidy", scheme="NAT-2025-RENEW", registered_on="2010-02-30") == "registered_on"
    assert refused("fund-shares", total="10.00", units=[]) == "units"
    assert refused("fund-shares", total="10.00", units=[{"id": "a", "area": "0"}]) == "units"
    assert refused("fund-shares", total="10.00", units=[{"id": "a", "area": "-1"}]) == "units[0].area"
    assert refused("fund-shares", total="10.00", units=[{"id": "a", "area": 1e30}]) == "units[0].area"
    assert refused("fund-shares", total="10.00", units=[{"id": "a", "area": "1"}, {"id": "a", "area": "1"}]) == "units[1].id"
    assert refused("closed-funding", budget="1.00", sources={"x": "0.999"}) == "sources.x"


def test_w12_three_units_share_150000_by_area():
    answer = run("fund-shares", total="150000.00", units=[{"id": n, "area": a} for n, a in enumerate_ids("88.50", "120.30", "75.20")])

    assert [share["amount"] for share in answer["shares"]] == ["46742.96", "63538.73", "39718.31"]
    assert answer["sum"] == "150000.00"


def enumerate_ids(*areas):
    return [(f"u{n}", area) for n, area in enumerate(areas)]


def test_an_area_is_read_the_same_as_number_and_as_text():
    as_text = run("fund-shares", total="100.00", units=[{"id": "a", "area": "88.5"}, {"id": "b", "area": "120.30"}])
    as_number = run("fund-shares", total="100.00", units=[{"id": "a", "area": 88.5}, {"id": "b", "area": 120.3}])

    assert as_text == as_number


@given(
    st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100),
    st.lists(st.integers(1, 10**6).map(lambda n: Decimal(n) / 100), min_size=1, max_size=40),
)
def test_shares_always_sum_to_the_total_and_larger_areas_never_pay_less(total, areas):
    units = [{"id": str(n), "area": f"{area:.2f}"} for n, area in enumerate(areas)]
    answer = run("fund-shares", total=format_money(total), units=units)

    amounts = [Decimal(share["amount"]) for share in answer["shares"]]
    assert sum(amounts) == Decimal(answer["sum"]) == total
    whole = sum(areas)
    assert all(abs(amount - total * area / whole) <= Decimal("0.01") for amount, area in zip(amounts, areas, strict=True))


def test_w24_the_owners_bring_what_is_missing():
    assert run("closed-funding", budget="300000.00", sources={"grant": "150000.00", "fund": "90000.00"}) == {
        "owners_bring": "60000.00",
        "closed": False,
    }


def test_the_owners_money_once_proven_closes_the_funding():
    sources = {"grant": "150000.00", "fund": "90000.00", "owners": "60000.00"}

    assert run("closed-funding", budget="300000.00", sources=sources) == {"owners_bring": "0.00", "closed": True}
    assert run("closed-funding", budget="300000.01", sources=sources) == {"owners_bring": "0.01", "closed": False}
    assert refused("closed-funding", budget="299999.99", sources=sources) == "sources"


def test_no_source_leaves_the_whole_budget_to_the_owners():
    assert run("closed-funding", budget="0.01", sources={}) == {"owners_bring": "0.01", "closed": False}
    assert run("closed-funding", budget="0.00", sources={}) == {"owners_bring": "0.00", "closed": True}


@given(st.integers(0, 10**10), st.lists(st.integers(0, 10**9), max_size=8))
def test_funding_is_closed_exactly_when_sources_make_the_budget(budget, sources):
    answer, code = calculators.run(
        "closed-funding",
        {"budget": format_money(Decimal(budget) / 100), "sources": {str(n): format_money(Decimal(s) / 100) for n, s in enumerate(sources)}},
    )

    if sum(sources) > budget:
        assert code == 2 and answer["error"]["field"] == "sources"
    else:
        assert answer == {"owners_bring": format_money(Decimal(budget - sum(sources)) / 100), "closed": sum(sources) == budget}
