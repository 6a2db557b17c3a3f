"""赔款计算: from accepted losses to what each person is paid, step by step (rulebook 2.6). Pure; never a query or a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from legislation.money import ZERO, format_money, split, to_fen
from policies.calculations.limits import Limits, Loss, apply_limits, pro_rata_release
from policies.facts import DecidedLine, PayoutSheet, SheetPerson, SheetStep
from policies.terms import COSTS, INSURED, Head

MEDICAL, OTHER = "medical", "other"


@dataclass(frozen=True)
class OtherPerson:
    """Somebody else hurt in the same accident, under another payout of the same policy.

    medical, other: current estimates after the liability share, to share the deductible with (both zero once decided).
    estimate: what they are owed in all under the limits by now; taken: what is held or used of the accident's limit.
    """

    person: str
    medical: Decimal
    other: Decimal
    estimate: Decimal
    taken: Decimal


@dataclass(frozen=True)
class Terms:
    """What the contract and the limits allow at this moment, in yuan; None is no limit.

    person_left, accident_left, aggregate_left: what this payout may take in all (its own holds and payments included).
    legal_costs, mitigation: how much of these costs is borne beside the limits, each up to its own (66, 57).
    fixed: what the insured owes the person as judged or agreed; never more is borne (Insurance Law 65).
    contribution: the part this insurer bears beside others that cover the same liability (56).
    deductible: what is left of the accident's. entrapment_cap: for everybody in the accident together.
    """

    medical: Decimal | None = None
    person: Decimal | None = None
    deductible: Decimal = ZERO
    entrapment_cap: Decimal | None = None
    legal_costs: Decimal | None = None
    mitigation: Decimal | None = None
    fixed: Decimal | None = None
    contribution: Fraction = Fraction(1)
    person_left: Mapping[str, Decimal] = field(default_factory=dict)
    medical_left: Mapping[str, Decimal] = field(default_factory=dict)
    accident_left: Decimal | None = None
    aggregate_left: Decimal | None = None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Own:
    person: str
    loss: Decimal
    liable: Decimal
    medical: Decimal
    other: Decimal
    entrapment: Decimal
    costs: Decimal


def compute(lines: Sequence[DecidedLine], share: Fraction, is_joint: bool, terms: Terms, others: Sequence[OtherPerson] = ()) -> PayoutSheet:
    """Compute 赔款计算 for the people of one payout, beside whoever else was hurt in the accident."""
    factor = Fraction(1) if is_joint else share
    own = _own_losses(lines, factor, terms)
    injured = [o for o in own if o.medical or o.other]
    pool = [Loss(o.person, {MEDICAL: o.medical, OTHER: o.other}) for o in injured]
    pool += [Loss(f"/{o.person}", {MEDICAL: o.medical, OTHER: o.other}) for o in others if o.medical or o.other]
    after_deductible, _cut = _stage(pool, Limits(deductible=terms.deductible))
    medical_sub = {} if terms.medical is None else {MEDICAL: terms.medical}
    after_sub, _cut = _stage(pool, Limits(sub_limits=medical_sub, deductible=terms.deductible))
    capped, cut_by = _stage(pool, Limits(sub_limits=medical_sub, per_person=terms.person, deductible=terms.deductible))
    medical_part, _cut = _stage(pool, Limits(sub_limits={**medical_sub, OTHER: ZERO}, deductible=terms.deductible))
    for o in injured:  # what earlier requests of the same person took of its limits
        person, cuts = o.person, list(cut_by[o.person])
        medical = min(medical_part[person], terms.medical_left.get(person, medical_part[person]))
        after_sub[person] -= medical_part[person] - medical
        within = min(capped[person], after_sub[person], terms.person_left.get(person, capped[person]))
        cuts += ["medical_per_person"] if medical < medical_part[person] and "medical_per_person" not in cuts else []
        cuts += ["per_person"] if within < min(capped[person], after_sub[person]) and "per_person" not in cuts else []
        capped[person], medical_part[person], cut_by[person] = within, min(medical, within), tuple(cuts)
    asked = {o.person: capped.get(o.person, ZERO) + o.entrapment for o in own}
    estimates = {**asked, **{f"/{o.person}": o.estimate for o in others}}
    taken = {f"/{o.person}": o.taken for o in others}
    by_accident = _released(terms.accident_left, estimates, asked, taken)
    by_aggregate = _released(terms.aggregate_left, estimates, by_accident, taken)
    persons = []
    for o in own:
        cuts = list(cut_by.get(o.person, ()))
        cuts += ["per_accident"] if by_accident[o.person] < asked[o.person] else []
        cuts += ["aggregate"] if by_aggregate[o.person] < by_accident[o.person] else []
        within = by_aggregate[o.person]
        entrapment = min(o.entrapment, within)
        damages = within - entrapment
        persons.append(
            SheetPerson(
                person=o.person,
                loss=o.loss,
                liable=o.liable,
                deductible=o.medical + o.other - after_deductible.get(o.person, ZERO),
                capped=capped.get(o.person, ZERO),
                medical=min(medical_part.get(o.person, ZERO), damages),
                entrapment=entrapment,
                costs=o.costs,
                payable=within + o.costs,
                cut_by=tuple(cuts),
            )
        )
    figures = _Figures(
        loss=sum((o.loss for o in own), ZERO),
        by_share=sum((to_fen(Fraction(o.loss) * factor) for o in own), ZERO),
        liable=sum((o.liable for o in own), ZERO),
        borne=sum((o.medical + o.other for o in own), ZERO),
        after_deductible=sum((after_deductible[o.person] for o in injured), ZERO),
        after_sub=sum((after_sub[o.person] for o in injured), ZERO),
        capped=sum((capped[o.person] for o in injured), ZERO),
        entrapment=sum((o.entrapment for o in own), ZERO),
        by_accident=sum(by_accident.values(), ZERO),
        by_aggregate=sum(by_aggregate.values(), ZERO),
        costs=sum((o.costs for o in own), ZERO),
    )
    refused = sum((max(line.asked - line.accepted, ZERO) for line in lines), ZERO)
    return PayoutSheet(
        steps=_steps(figures, factor, terms, lines),
        persons=tuple(persons),
        total=sum((p.payable for p in persons), ZERO),
        refused=refused,
        limits=terms.limits,
    )


def _own_losses(lines: Sequence[DecidedLine], factor: Fraction, terms: Terms) -> list[_Own]:
    people = list(dict.fromkeys(line.person for line in lines))
    held = {p: sum((x.accepted for x in lines if x.person == p and x.head == Head.ENTRAPMENT), ZERO) for p in people}
    entrapped = sum(held.values(), ZERO)
    if terms.entrapment_cap is not None and entrapped > terms.entrapment_cap:
        held = dict(zip(people, split(terms.entrapment_cap, list(held.values())), strict=True))
    costs_left, mitigation_left = terms.legal_costs, terms.mitigation
    own = []
    for person in people:
        mine = [x for x in lines if x.person == person]
        medical = sum((x.accepted for x in mine if x.head == Head.MEDICAL), ZERO)
        loss = sum((x.accepted for x in mine if x.head not in COSTS and x.head != Head.ENTRAPMENT), ZERO)
        liable = to_fen(Fraction(loss) * factor)
        if terms.fixed is not None and person != INSURED:
            liable = min(liable, terms.fixed)
        borne = to_fen(Fraction(liable) * terms.contribution)
        medical_part, other_part = split(borne, [medical, loss - medical]) if loss else (ZERO, ZERO)
        costs = sum((x.accepted for x in mine if x.head == Head.INVESTIGATION_COST), ZERO)
        mitigation = sum((x.accepted for x in mine if x.head == Head.MITIGATION_COST), ZERO)
        if mitigation_left is not None:
            mitigation = min(mitigation, mitigation_left)
            mitigation_left -= mitigation
        legal = sum((x.accepted for x in mine if x.head == Head.LITIGATION_COST), ZERO)
        if costs_left is not None:
            legal = min(legal, costs_left)
            costs_left -= legal
        own.append(_Own(person, loss, liable, medical_part, other_part, held[person], costs + mitigation + legal))
    return own


def _stage(pool: Sequence[Loss], limits: Limits) -> tuple[dict[str, Decimal], dict[str, tuple[str, ...]]]:
    (accident,) = apply_limits(limits, [pool]).accidents
    return ({p.person: p.payable for p in accident.persons}, {p.person: p.cut_by for p in accident.persons})


def _released(
    left: Decimal | None, estimates: Mapping[str, Decimal], requested: Mapping[str, Decimal], taken: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    if left is None:
        return dict(requested)
    return pro_rata_release(max(left, ZERO), estimates, requested, taken)


@dataclass(frozen=True)
class _Figures:
    loss: Decimal
    by_share: Decimal
    liable: Decimal
    borne: Decimal
    after_deductible: Decimal
    after_sub: Decimal
    capped: Decimal
    entrapment: Decimal
    by_accident: Decimal
    by_aggregate: Decimal
    costs: Decimal


def _steps(f: _Figures, factor: Fraction, terms: Terms, lines: Sequence[DecidedLine]) -> tuple[SheetStep, ...]:
    rows: list[SheetStep] = []

    def row(code: str, basis: str, amount: Decimal) -> None:
        rows.append(SheetStep(code, basis, amount, (rows[-1].balance if rows else ZERO) + amount))

    counted = [x for x in lines if x.head not in COSTS and x.head != Head.ENTRAPMENT]
    if counted:
        row("loss", str(len(counted)), f.loss)
        row("share", f"{factor.numerator}/{factor.denominator}", f.by_share - f.loss)
        if f.liable != f.by_share:
            row("fixed", format_money(terms.fixed or ZERO), f.liable - f.by_share)
        if terms.contribution != 1:
            row("contribution", f"{terms.contribution.numerator}/{terms.contribution.denominator}", f.borne - f.liable)
        row("deductible", format_money(terms.deductible), f.after_deductible - f.borne)
        row("sub_limit", "" if terms.medical is None else format_money(terms.medical), f.after_sub - f.after_deductible)
        row("per_person", "" if terms.person is None else format_money(terms.person), f.capped - f.after_sub)
    if f.entrapment:
        row("entrapment", str(sum(1 for x in lines if x.head == Head.ENTRAPMENT and x.accepted)), f.entrapment)
    row("per_accident", "" if terms.accident_left is None else format_money(terms.accident_left), f.by_accident - f.capped - f.entrapment)
    row("aggregate", "" if terms.aggregate_left is None else format_money(terms.aggregate_left), f.by_aggregate - f.by_accident)
    if f.costs:
        row("costs", "", f.costs)
    return tuple(rows)


@dataclass(frozen=True)
class PayeeLine:
    """One row of 付给谁: payable to this payee in all, what is already proposed or paid, what may be proposed now."""

    person: str
    payee_kind: str
    amount: Decimal
    committed: Decimal
    waits_for: str = ""

    @property
    def open(self) -> Decimal:
        return max(self.amount - self.committed, ZERO)


def payees(
    person: str,
    payable: Decimal,
    due: Decimal,
    proven: Decimal,
    committed: Mapping[str, Decimal],
    costs: Decimal = ZERO,
    *,
    victim_named: bool = True,
    to_manager: bool = False,
) -> tuple[PayeeLine, ...]:
    """Divide what one person's loss is paid with between the person and the insured (Insurance Law art 65).

    due: what the insured owes the person in all; proven: what it proved to have paid. The person comes first; the
    insured gets back at most what it proved to have paid; what is left waits for proof. Costs go to the insured.
    """
    if person == INSURED:
        return (PayeeLine(person, "insured", payable, committed.get("insured", ZERO)),)
    damages = payable - costs
    direct_done = committed.get("victim", ZERO) + committed.get("hospital", ZERO)
    outstanding = ZERO if to_manager else max(due - proven, ZERO)
    direct = min(damages, max(outstanding, direct_done))
    back = min(damages - direct, proven)
    lines = []
    if direct:
        waits = "" if victim_named or direct <= direct_done else "account"
        lines.append(PayeeLine(person, "victim", direct, direct_done, waits))
    if back + costs:
        lines.append(PayeeLine(person, "insured", back + costs, committed.get("insured", ZERO)))
    rest = damages - direct - back
    if rest:
        lines.append(PayeeLine(person, "insured", rest, ZERO, "proof"))
    return tuple(lines)
