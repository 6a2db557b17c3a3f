"""Heads of damage for personal injury: facts and law in, a worksheet with formulas and provisions out.

Pure arithmetic; never a query, a clock or a figure of the law. Civil Code 1179-1183 and the Supreme Court's
interpretation on personal injury (人身损害赔偿解释) 6-24.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal

from legislation.lookup import Law, place_name
from legislation.money import ZERO, format_money, to_fen
from legislation.units import NotInForce, Provision

Outcome = Literal["injury", "disability", "death"]
DependantCap = Literal["literal", "shares_first"]
Residence = Literal["urban", "rural"]

HEADS = {
    "medical": "医疗费",
    "lost_income": "误工费",
    "nursing": "护理费",
    "transport": "交通费",
    "hospital_meals": "住院伙食补助费",
    "nutrition": "营养费",
    "disability_compensation": "残疾赔偿金",
    "assistive_devices": "残疾辅助器具费",
    "funeral": "丧葬费",
    "death_compensation": "死亡赔偿金",
    "dependants": "被扶养人生活费",
    "mental_distress": "精神损害抚慰金",
    "other": "其他损失",
}
PROVEN_BY = {
    "medical": "按票据",
    "lost_income": "按误工证明",
    "nursing": "按护理凭证",
    "transport": "按票据",
    "nutrition": "按医疗机构意见",
    "assistive_devices": "按配制机构意见",
    "mental_distress": "酌定",
    "other": "按票据",
}
GIVEN = "按给定金额"
WHOLE = Fraction(1)
MONTHS_PER_YEAR = 12
NATION = "000000"


@dataclass(frozen=True)
class TypedBase:
    """A yearly base typed by hand where the data has none; `source` is its notice, printed beside it."""

    amount: Decimal
    source: str = ""


@dataclass(frozen=True)
class Dependant:
    """被扶养人: years of maintenance still due, and how many people support this one (the victim included)."""

    years: int
    supporters: int


@dataclass(frozen=True)
class DamageInput:
    """One person's harm. `items` are amounts proven by papers, in yuan by head; they stand above what is computed.

    `age` in full years on the day of the disability assessment or of death; `grades` 1 (worst) to 10. `residence`
    matters only where the law of the accident's day tells town from country. `dependant_cap` None: the law's default.
    """

    outcome: Outcome
    age: int | None = None
    grades: tuple[int, ...] = ()
    items: Mapping[str, Decimal] = field(default_factory=dict)
    dependants: tuple[Dependant, ...] = ()
    dependant_cap: DependantCap | None = None
    residence: Residence = "urban"
    income_base: TypedBase | None = None
    consumption_base: TypedBase | None = None
    wage_base: TypedBase | None = None

    def __post_init__(self) -> None:
        unknown = sorted(set(self.items) - set(HEADS))
        if unknown or any(amount < 0 for amount in self.items.values()):
            raise ValueError(f"items are known heads and never negative: {unknown or dict(self.items)}")


@dataclass(frozen=True)
class HeadAmount:
    """One head of damage and what it `rests_on`. `amount` is None when something is `missing`."""

    code: str
    amount: Decimal | None
    formula: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    rests_on: tuple[Provision, ...] = ()
    missing: str = ""

    @property
    def provisions(self) -> tuple[str, ...]:
        """The citations to print beside the amount, each once."""
        return tuple(dict.fromkeys(provision.citation for provision in self.rests_on))


@dataclass(frozen=True)
class Worksheet:
    """All heads in the order of HEADS. `total` is None while anything is missing; `known_total` sums the rest."""

    items: tuple[HeadAmount, ...]
    total: Decimal | None
    known_total: Decimal
    missing: tuple[str, ...]


class _Missing(Exception):
    """Something that a head needs is not known; the text says what, and how to supply it."""


@dataclass(frozen=True)
class _Factor:
    """One factor of a formula: its exact value, how it is printed, what it rests on."""

    value: Fraction
    printed: str
    provisions: tuple[Provision, ...] = ()


def assess(law: Law, case: DamageInput) -> Worksheet:
    """Assess all heads: those given as amounts, and those that follow from the outcome by law.

    `law` knows the settlement or the end of the hearing (it picks the yearly table) and the accident's own day (it
    picks old or new law). A figure that the data lacks makes its head `missing`; NotInForce is never raised.
    """
    heads = {code: _given(law, code, amount) for code, amount in case.items.items()}
    for code, compute in _following(case).items():
        if code not in heads:
            heads[code] = _computed(law, case, code, compute)
    items = tuple(heads[code] for code in HEADS if code in heads)
    known = sum((item.amount for item in items if item.amount is not None), ZERO)
    missing = tuple(f"{HEADS[item.code]}：{item.missing}" for item in items if item.missing)
    return Worksheet(items, None if missing else known, known, missing)


Compute = Callable[[Law, DamageInput], HeadAmount]


def _following(case: DamageInput) -> dict[str, Compute]:
    """What follows from the outcome by law: disability, death and funeral, dependants of either."""
    following: dict[str, Compute] = {}
    if case.outcome == "disability":
        following["disability_compensation"] = _disability_compensation
    if case.outcome == "death":
        following |= {"funeral": _funeral, "death_compensation": _death_compensation}
    if case.dependants and case.outcome != "injury":
        following["dependants"] = _dependants
    return following


def _given(law: Law, code: str, amount: Decimal) -> HeadAmount:
    written = format_money(amount)
    return HeadAmount(code, to_fen(amount), f"{PROVEN_BY.get(code, GIVEN)} {written} 元", {"amount": written}, _basis(law, code))


def _computed(law: Law, case: DamageInput, code: str, compute: Compute) -> HeadAmount:
    try:
        return compute(law, case)
    except (_Missing, NotInForce) as gap:
        return HeadAmount(code, None, "", {}, _basis(law, code), str(gap))


def _basis(law: Law, code: str) -> tuple[Provision, ...]:
    """The article of a head; none for an accident before the first text that the data holds."""
    name = f"damages.head.{code}"
    return (law.provision(name),) if law.has(name) else ()


def _disability_compensation(law: Law, case: DamageInput) -> HeadAmount:
    base, years = _income(law, case), _years(law, case, "damages.disability_years")
    factors = {"base": base, "years": years, "coefficient": _coefficient(law, case)}
    return _product(law, "disability_compensation", factors)


def _death_compensation(law: Law, case: DamageInput) -> HeadAmount:
    base, years = _income(law, case), _years(law, case, "damages.death_years")
    return _product(law, "death_compensation", {"base": base, "years": years})


def _funeral(law: Law, case: DamageInput) -> HeadAmount:
    wage = _base(law, case.wage_base, "damages.funeral_wage", "wage_base", "职工年平均工资")
    months = law.months("damages.funeral_months")
    amount = to_fen(wage.value * months.value / MONTHS_PER_YEAR)
    return HeadAmount(
        "funeral",
        amount,
        _equals(f"{wage.printed} ÷ {MONTHS_PER_YEAR} × {months.value}", amount),
        {"base": format_money(to_fen(wage.value)), "months": str(months.value)},
        (months, *wage.provisions),
    )


def _product(law: Law, code: str, factors: Mapping[str, _Factor]) -> HeadAmount:
    value = WHOLE
    for factor in factors.values():
        value *= factor.value
    amount = to_fen(value)
    return HeadAmount(
        code,
        amount,
        _equals(_times(factor.printed for factor in factors.values()), amount),
        {name: str(factor.value) for name, factor in factors.items()},
        (*_basis(law, code), *(provision for factor in factors.values() for provision in factor.provisions)),
    )


def _equals(formula: str, amount: Decimal) -> str:
    return f"{formula} = {format_money(amount)} 元".replace("） ", "）")


def _times(printed: Iterable[str]) -> str:
    return " × ".join(printed).replace("） ", "）").replace(" （", "（")  # full-width brackets bring their own space


def _income(law: Law, case: DamageInput) -> _Factor:
    return _standard(law, case, case.income_base, "income_base", "居民人均可支配收入")


def _standard(law: Law, case: DamageInput, typed: TypedBase | None, name: str, title: str) -> _Factor:
    """The yearly base of the place. Since 2022-05-01 the urban one for everybody; before, by residence (解释 24)."""
    split = law.has("damages.urban_rural_split") and law.flag("damages.urban_rural_split").value
    rural = split and case.residence == "rural"
    kind = "农村" if rural else "城镇"
    base = _base(law, typed, f"damages.{'rural_' if rural else ''}{name}", name, f"{kind}{title}")
    if not split or typed is not None:
        return base
    return _Factor(base.value, f"{base.printed}（{kind}标准，事故适用旧法）", base.provisions)


def _base(law: Law, typed: TypedBase | None, parameter: str, field_name: str, title: str) -> _Factor:
    if typed is not None:
        mark = f"手工录入：{typed.source}" if typed.source else "手工录入"
        return _Factor(Fraction(typed.amount), f"{format_money(typed.amount)} 元（{mark}）")
    try:
        found = law.money(parameter)
    except NotInForce as gap:
        raise _Missing(f"{_where(gap.place)}没有 {gap.on} 可用的{title}，请按通知录入 {field_name}，并注明文号、来源和日期") from None
    return _Factor(Fraction(found.value), f"{format_money(found.value)} 元", (found,))


def _where(place: str) -> str:
    name = place_name(place)
    return f"{name}（{place}）" if name != place_name(NATION) else f"区划代码 {place} 的地区"


def years_at(age: int, rule: Mapping[str, int]) -> int:
    """Years of compensation at an age (解释 12, 15): full below the first age, one less per year, then a floor."""
    if age >= rule["floor_from_age"]:
        return rule["floor_years"]
    return rule["full_years"] - max(age - rule["reduced_from_age"], 0)


def _years(law: Law, case: DamageInput, parameter: str) -> _Factor:
    if case.age is None:
        raise _Missing("缺少年龄（定残日或死亡时的周岁），请录入 age")
    rule = law.table(parameter)
    years = years_at(case.age, rule.value)
    return _Factor(Fraction(years), f"{years} 年", (rule,))


def _coefficient(law: Law, case: DamageInput) -> _Factor:
    """The worst grade's coefficient plus the extra index of each further one, both capped."""
    if not case.grades:
        raise _Missing("缺少伤残等级，请录入 grades（1 至 10 级）")
    table = law.table("damages.grade_coefficient")
    worst, *others = sorted(case.grades)
    value = table.value[worst]
    if not others:
        return _Factor(value, percent(value), (table,))
    index, ceiling = law.table("damages.extra_index"), law.share("damages.extra_index_limit")
    whole = law.share("damages.coefficient_limit")
    known = [index.value[grade] for grade in others if index.value[grade] is not None]
    extra = min(sum(known, Fraction(0)), ceiling.value)
    unknown = [grade for grade in others if index.value[grade] is None]
    if unknown and extra < ceiling.value and value + extra < whole.value:
        grades = "、".join(f"{grade} 级" for grade in unknown)
        raise _Missing(f"{grades}伤残没有有据可查的附加指数，请人工确定残疾赔偿金并录入 items")
    printed = _printed_sum(value, known, extra, whole.value)
    provisions = (table, index, ceiling, whole)
    return _Factor(min(value + extra, whole.value), printed, provisions)


def _printed_sum(value: Fraction, known: list[Fraction], extra: Fraction, whole: Fraction) -> str:
    if value + extra >= whole:
        return f"{percent(whole)}（多处伤残，以 {percent(whole)} 为限）"
    if sum(known) > extra:
        return f"（{percent(value)} + 附加指数以 {percent(extra)} 为限）"
    return f"（{' + '.join(percent(part) for part in (value, *known))}）"


def _dependants(law: Law, case: DamageInput) -> HeadAmount:
    base = _standard(law, case, case.consumption_base, "consumption_base", "居民人均消费支出")
    coefficient = _coefficient(law, case) if case.outcome == "disability" else _Factor(WHOLE, "")
    periods, capped = _periods(law, case, coefficient.value)
    amount = to_fen(base.value * sum((years * rate for years, rate in periods), Fraction(0)))
    if len(case.dependants) == 1:
        (only,) = case.dependants
        share = [f"1/{only.supporters}"] if only.supporters > 1 else []
        factors = [base.printed, f"{only.years} 年", *share, *([coefficient.printed] if coefficient.printed else [])]
        formula = _times(factors)
    else:
        sums = " + ".join(f"{years} 年 × {percent(rate)}" for years, rate in periods) or "0 年"
        formula = _times([base.printed, f"（{sums}）"])
    return HeadAmount(
        "dependants",
        amount,
        f"{_equals(formula, amount)}{'（年赔偿总额以一年标准为限）' if capped else ''}",
        {"base": str(base.value), "coefficient": str(coefficient.value)}
        | {f"dependant_{n}": f"{one.years} 年，扶养人 {one.supporters} 人" for n, one in enumerate(case.dependants, 1)},
        (*_basis(law, "dependants"), *coefficient.provisions, *base.provisions),
    )


def _periods(law: Law, case: DamageInput, coefficient: Fraction) -> tuple[list[tuple[int, Fraction]], bool]:
    """Runs of years with the part of the base due in each of them, and whether the yearly cap bit (解释 17).

    Literally the cap is on the amount payable; the other reading caps the sum of shares and then takes the coefficient.
    """
    cap = law.flag("damages.dependant_annual_cap").value
    reading = case.dependant_cap or law.text("damages.dependant_cap_reading").value
    rates, capped = [], False
    for year in range(max(one.years for one in case.dependants)):
        shares = sum((Fraction(1, one.supporters) for one in case.dependants if one.years > year), Fraction(0))
        limited = min(shares, WHOLE) * coefficient if reading == "shares_first" else min(shares * coefficient, WHOLE)
        rate = limited if cap else shares * coefficient
        capped = capped or rate < shares * coefficient
        rates.append(rate)
    return [(len(list(run)), rate) for rate, run in groupby(rates)], capped


def percent(share: Fraction) -> str:
    """A share as people write it: 20%, 2.5%, and 1/3 where no percentage is exact."""
    hundredfold = share * 100
    if hundredfold.denominator == 1:
        return f"{hundredfold}%"
    decimals = Decimal(hundredfold.numerator) / Decimal(hundredfold.denominator)
    return f"{decimals.normalize():f}%" if Fraction(round(decimals, 4)) == hundredfold else str(share)
