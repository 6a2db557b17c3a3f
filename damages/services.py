"""Writes of the worksheet: compute, save a version, type a missing base and confirm it. Nothing written is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.errors import FactsRefused, NotPermitted
from casework.facts import plain
from casework.models import Case
from damages import calculations
from damages.calculations import HEADS, DamageInput, Dependant, HeadAmount
from damages.models import TypedBase, Worksheet, WorksheetLine
from legislation import lookup, release
from legislation.money import ZERO, format_money, to_fen

if TYPE_CHECKING:
    from access.actors import Actor

LARGEST_QUANTITY = 40_000
OLDEST = 130


@dataclass(frozen=True)
class HeadInput:
    """What is typed for one head: an amount proven by papers, or a rate in yuan times a quantity (days, times, months).

    asked: what the injured asks. agreed: what both sides settled on. `unit` names the quantity ("天").
    """

    code: str
    amount: Decimal | None = None
    rate: Decimal | None = None
    quantity: int | None = None
    unit: str = "天"
    asked: Decimal | None = None
    agreed: Decimal | None = None
    bills: int = 0
    reason: str = ""

    @property
    def given(self) -> Decimal | None:
        if self.rate is not None and self.quantity is not None:
            return to_fen(self.rate * self.quantity)
        return self.amount


@dataclass(frozen=True)
class DependantInput:
    """被扶养人: years still due, and how many people support this one, the victim included."""

    years: int
    supporters: int


@dataclass(frozen=True)
class WorksheetInput:
    """All that is typed for one person's worksheet. Amounts in yuan; `age` in full years when disabled or dead."""

    outcome: calculations.Outcome
    law_date: date
    accident_on: date
    place: str
    age: int | None = None
    grades: tuple[int, ...] = ()
    heads: tuple[HeadInput, ...] = ()
    dependants: tuple[DependantInput, ...] = ()
    dependant_cap: calculations.DependantCap | None = None
    residence: calculations.Residence = "urban"


@dataclass(frozen=True)
class LineDraft:
    """One computed line, not yet saved."""

    code: str
    asked: Decimal | None
    assessed: Decimal | None
    agreed: Decimal | None
    formula: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    provisions: tuple[str, ...] = ()
    missing: str = ""
    bills: int = 0
    reason: str = ""

    @property
    def label(self) -> str:
        return _label(self.code)


@dataclass(frozen=True)
class Assessment:
    """A computed worksheet, not yet saved. `total` is None while anything is missing."""

    lines: tuple[LineDraft, ...]
    total: Decimal | None
    known_total: Decimal
    asked_total: Decimal
    agreed_total: Decimal | None
    missing: tuple[str, ...]


def assess(entered: WorksheetInput, bases: Mapping[str, calculations.TypedBase] | None = None) -> Assessment:
    """Compute all heads. `bases` are confirmed typed bases by name. Raises FactsRefused naming head and field."""
    _ensure_sound(entered)
    typed = bases or {}
    law = lookup.for_case(entered.place, {"event": entered.law_date, "settlement": entered.law_date, "accident": entered.accident_on})
    heads = {h.code: h for h in entered.heads}
    given = {h.code: amount for h in entered.heads if (amount := h.given) is not None}
    computed = calculations.assess(
        law,
        DamageInput(
            outcome=entered.outcome,
            age=entered.age,
            grades=entered.grades,
            items=given,
            dependants=tuple(Dependant(d.years, d.supporters) for d in entered.dependants),
            dependant_cap=entered.dependant_cap,
            residence=entered.residence,
            income_base=typed.get("income_base"),
            consumption_base=typed.get("consumption_base"),
            wage_base=typed.get("wage_base"),
        ),
    )
    assessed = {item.code: item for item in computed.items}
    lines = tuple(_line(code, heads.get(code), assessed.get(code)) for code in HEADS if code in heads or code in assessed)
    return summed(lines)


def summed(lines: Sequence[LineDraft]) -> Assessment:
    """The totals over lines: what is missing leaves the total open, never guessed."""
    missing = tuple(f"{_label(line.code)}：{line.missing}" for line in lines if line.missing)
    known = sum((line.assessed for line in lines if line.assessed is not None), ZERO)
    agreed = [line.agreed for line in lines if line.agreed is not None]
    return Assessment(
        lines=tuple(lines),
        total=None if missing else known,
        known_total=known,
        asked_total=sum((line.asked for line in lines if line.asked is not None), ZERO),
        agreed_total=sum(agreed, ZERO) if agreed else None,
        missing=missing,
    )


def _label(code: str) -> str:
    return str(WorksheetLine(code=code).label)


def _line(code: str, head: HeadInput | None, item: HeadAmount | None) -> LineDraft:
    formula = item.formula if item else ""
    if head and head.rate is not None and head.quantity is not None:
        formula = f"{format_money(head.rate)} 元 × {head.quantity} {head.unit}"
    return LineDraft(
        code=code,
        asked=head.asked if head else None,
        assessed=item.amount if item else None,
        agreed=head.agreed if head else None,
        formula=formula,
        inputs=dict(item.inputs) if item else {},
        provisions=item.provisions if item else (),
        missing=_in_words(item.missing) if item else "",
        bills=head.bills if head else 0,
        reason=head.reason if head else "",
    )


def _in_words(text: str) -> str:
    """What is missing, with the figures called by their Chinese names and not by the calculator's fields."""
    for name in TypedBase.Name:
        text = text.replace(f" {name.value}", f"“{name.label}”")
    return text


def _ensure_sound(entered: WorksheetInput) -> None:
    errors: dict[str, list[Any]] = {}
    for head in entered.heads:
        if head.code not in HEADS:
            errors[head.code] = [_("没有这个赔偿项目。")]
        for name in ("amount", "rate", "asked", "agreed"):
            value = getattr(head, name)
            if value is not None and value < 0:
                errors[f"{head.code}-{name}"] = [_("金额不能是负数。")]
        if head.quantity is not None and not 0 <= head.quantity <= LARGEST_QUANTITY:
            errors[f"{head.code}-quantity"] = [_("数量不对，请再看一眼。")]
        if (head.rate is None) != (head.quantity is None):
            errors[f"{head.code}-rate"] = [_("单价和数量要一起填，或者直接填金额。")]
    if entered.outcome != "injury" and entered.age is None:
        errors["age"] = [_("伤残或死亡的，要填定残日或死亡时的周岁。")]
    if entered.age is not None and not 0 <= entered.age <= OLDEST:
        errors["age"] = [_("年龄不对，请再看一眼。")]
    if entered.outcome == "disability" and not entered.grades:
        errors["grades"] = [_("伤残的，要填伤残等级（1 至 10 级）。")]
    if any(not 1 <= grade <= 10 for grade in entered.grades):
        errors["grades"] = [_("伤残等级是 1 至 10 级。")]
    if entered.law_date < entered.accident_on:
        errors["law_date"] = [_("适用标准的日期早于事故日期，请看一眼哪个写反了。")]
    if len({h.code for h in entered.heads}) != len(entered.heads):
        errors["heads"] = [_("同一个项目只填一行。")]
    if errors:
        raise FactsRefused(errors)


@transaction.atomic
def save_version(
    *,
    case_id: int,
    assessment: Assessment,
    law_date: date,
    accident_on: date,
    place: str,
    by: Actor,
    entered: object = None,
    reason: str = "",
) -> Worksheet:
    """Write the next version of a case's worksheet. From the second version on a reason is required (FactsRefused)."""
    Case.objects.select_for_update(no_key=True).get(pk=case_id)
    last = Worksheet.objects.filter(case_id=case_id).aggregate(last=Max("version"))["last"] or 0
    if last and not reason.strip():
        raise FactsRefused({"reason": [_("改计算书要写明为何出新版。")]})
    sheet = Worksheet.objects.create(
        case_id=case_id,
        version=last + 1,
        law_date=law_date,
        accident_on=accident_on,
        place=place,
        inputs=plain(entered) if entered is not None else {},
        total=assessment.total,
        known_total=assessment.known_total,
        asked_total=assessment.asked_total,
        agreed_total=assessment.agreed_total,
        missing=list(assessment.missing),
        reason=reason.strip(),
        law_release=release.RELEASE,
        created_by_id=by.user_id,
        created_by_name=by.name,
    )
    WorksheetLine.objects.bulk_create(
        WorksheetLine(
            worksheet=sheet,
            position=number,
            code=line.code,
            formula=line.formula,
            inputs=dict(line.inputs),
            provisions=list(line.provisions),
            missing=line.missing,
            asked=line.asked,
            assessed=line.assessed,
            agreed=line.agreed,
            bills=line.bills,
            reason=line.reason,
        )
        for number, line in enumerate(assessment.lines, 1)
    )
    return sheet


def type_base(*, case_id: int, name: str, amount: Decimal, notice_number: str, source: str, published_on: date, by: Actor) -> TypedBase:
    """Type a yearly base that the data lacks; it counts once a second person has confirmed it. Replaces an earlier one."""
    if by.user_id is None:
        raise NotPermitted("not_a_person", _("标准要由人录入。"))
    if amount <= 0:
        raise FactsRefused({"amount": [_("金额要大于 0。")]})
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case_id)
        TypedBase.objects.filter(case_id=case_id, name=name, withdrawn_at=None).update(withdrawn_at=timezone.now())
        return TypedBase.objects.create(
            case_id=case_id,
            name=name,
            amount=to_fen(amount),
            notice_number=notice_number,
            source=source,
            published_on=published_on,
            typed_by_id=by.user_id,
        )


@transaction.atomic
def confirm_base(*, base_id: int, by: Actor) -> TypedBase:
    """A second person has read the notice. Raises NotPermitted for the one who typed it."""
    base = TypedBase.objects.select_for_update().get(pk=base_id, withdrawn_at=None)
    if by.user_id is None or base.typed_by_id == by.user_id:
        raise NotPermitted("four_eyes", _("录入和确认必须是两个人，请同事核对文件后确认。"))
    if base.confirmed_by_id is None:
        base.confirmed_by_id, base.confirmed_at = by.user_id, timezone.now()
        base.save(update_fields=["confirmed_by", "confirmed_at"])
    return base


def confirmed_bases(case_id: int) -> dict[str, calculations.TypedBase]:
    """The confirmed typed bases of a case, by name, as the calculation takes them."""
    rows = TypedBase.objects.filter(case_id=case_id, withdrawn_at=None).exclude(confirmed_by=None)
    return {row.name: calculations.TypedBase(row.amount, row.printed) for row in rows}
