"""The public calculator of votes: JSON in, JSON out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from consultation.calculations import CHOICES, DEVELOPER_UNSOLD, LINES, Dwelling, Outcome, Stage, Tally, line_from, outcome, owners_of
from consultation.calculations import tally as count
from legislation import lookup
from legislation.calculators import BadInput, calculator
from legislation.inputs import choice as read_choice
from legislation.money import format_money
from legislation.payload import Reader, read_text

REQUIRED = ("line", "place", "law_date")
TOTALS = ("persons", "area", "participating_persons", "participating_area", "agreeing_persons", "agreeing_area")
LARGEST_COUNT = 1_000_000


@calculator("vote")
def vote(payload: dict[str, Any]) -> dict[str, Any]:
    """表决: whether the owners have decided, by persons and by area, and what is missing."""
    reader = Reader(payload, REQUIRED, ("roll", "ballots", "totals", *TOTALS))
    name = reader.choice("line", LINES)
    law = lookup.at(reader.day("law_date"), reader.place("place"))
    rule = law.table(f"consultation.line.{name}")
    provisions = [rule.citation]
    if reader.has("roll"):
        stray = next((key for key in ("totals", *TOTALS) if reader.has(key)), None)
        if stray:
            raise BadInput(stray, "名册和合计只填一种")
        counted = _from_roll(reader)
        provisions += [law.provision(f"consultation.{one}").citation for one in ("area_basis", "heads") if law.has(f"consultation.{one}")]
    else:
        if reader.has("ballots"):
            raise BadInput("roll", "写了各户的选择，就要写名册")
        counted = _from_totals(reader)
    return answer(outcome(counted, line_from(rule.value)), provisions)


def answer(found: Outcome, provisions: list[str]) -> dict[str, Any]:
    """An outcome as the calculator prints it: fractions as "part/whole", not reduced."""
    return {
        "persons": found.tally.persons,
        "area": format_money(found.tally.area),
        "participation": _stage(found.participation),
        "assent": _stage(found.assent),
        "passed": found.passed,
        "missing": {"participation": _missing(found.participation), "assent": _missing(found.assent)},
        "provisions": provisions,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "persons": f"{stage.persons}/{stage.of_persons}",
        "area": f"{format_money(stage.area)}/{format_money(stage.of_area)}",
        "reached": stage.reached,
    }


def _missing(stage: Stage) -> dict[str, Any]:
    return {"persons": stage.missing_persons, "area": format_money(stage.missing_area)}


def _from_totals(reader: Reader) -> Tally:
    if reader.has("totals"):
        stray = next((key for key in TOTALS if reader.has(key)), None)
        if stray:
            raise BadInput(stray, "合计已经写在 totals 里")
        reader = Reader(reader.values["totals"], TOTALS, path="totals")
    for key in TOTALS:
        if not reader.has(key):
            raise BadInput(reader.name(key), "必填，请补上；或者写名册 roll 和 ballots")
    persons = [reader.integer(key, 0, LARGEST_COUNT) for key in TOTALS[::2]]
    areas = [reader.money(key) for key in TOTALS[1::2]]
    if persons[0] == 0:
        raise BadInput(reader.name("persons"), "不能为零")
    if areas[0] == 0:
        raise BadInput(reader.name("area"), "不能为零")
    for n, words in ((1, "参与的不能多于全体"), (2, "同意的不能多于参与的")):
        if persons[n] > persons[n - 1]:
            raise BadInput(reader.name(TOTALS[2 * n]), words)
        if areas[n] > areas[n - 1]:
            raise BadInput(reader.name(TOTALS[2 * n + 1]), words)
    return Tally(persons[0], areas[0], persons[1], areas[1], persons[2], areas[2])


def _from_roll(reader: Reader) -> Tally:
    rows: dict[str, Dwelling] = {}
    for value, field in reader.elements("roll"):
        row = _row(value, field)
        before = rows.get(row.unit)
        if before is None:
            rows[row.unit] = row
        elif before.area != row.area or before.is_developer_unsold != row.is_developer_unsold:
            raise BadInput(f"{field}.area", f"{row.unit} 上面已经列过，共有人的面积应当相同")
        else:
            rows[row.unit] = Dwelling(row.unit, before.owners | row.owners, row.area, row.is_developer_unsold)
    if not rows:
        raise BadInput("roll", "名册里还没有一户")
    choices = {unit: read_choice({field: value}, field, CHOICES) for unit, value, field in reader.members("ballots")}
    try:
        return count(list(rows.values()), choices)
    except KeyError as unknown:
        raise BadInput(f"ballots.{unknown.args[0]}", "名册里没有这一户") from None
    except ValueError as split:
        unit, other = split.args
        raise BadInput(f"ballots.{unit}", f"和 {other} 是同一人，只有一票，两户写得不一样") from None


def _row(value: object, field: str) -> Dwelling:
    row = Reader(value, ("unit", "area"), ("owner", "kind"), path=field)
    is_unsold = row.has("kind") and row.choice("kind", (DEVELOPER_UNSOLD,)) == DEVELOPER_UNSOLD
    if not row.has("owner") and not is_unsold:
        raise BadInput(f"{field}.owner", "必填，请补上")
    owner = read_text(row.values["owner"], f"{field}.owner") if row.has("owner") else ""
    owners = owners_of(owner) or frozenset({owner})
    area = row.money("area")
    if area <= Decimal(0):
        raise BadInput(f"{field}.area", "面积要大于 0")
    return Dwelling(row.text("unit").strip(), owners if owner else frozenset(), area, is_unsold)
