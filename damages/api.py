"""The door of damages: compute a worksheet, save its next version, read it. Cases by their key, actors as they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from damages import selectors, services
from damages.calculations import HEADS
from damages.models import ENTRAPMENT, ENTRAPMENT_LABEL, TypedBase
from damages.selectors import LineView, TypedBaseView, WorksheetView
from damages.services import Assessment, DependantInput, HeadInput, LineDraft, WorksheetInput
from legislation.money import format_money, to_fen

if TYPE_CHECKING:
    from access.actors import Actor

__all__ = [
    "ENTRAPMENT",
    "HEADS",
    "Assessment",
    "DependantInput",
    "HeadInput",
    "LineDraft",
    "LineView",
    "TypedBaseView",
    "WorksheetInput",
    "WorksheetView",
    "compute",
    "confirm_base",
    "current",
    "label",
    "save",
    "save_entrapment",
    "type_base",
    "typed_bases",
    "version",
    "versions",
]


def label(code: str) -> Any:
    """The Chinese name of a head of damage. KeyError for none."""
    return ENTRAPMENT_LABEL if code == ENTRAPMENT else HEADS[code]


def compute(*, case_id: int, entered: WorksheetInput) -> Assessment:
    """Compute without saving, with the case's confirmed typed bases. Raises FactsRefused by field."""
    return services.assess(entered, services.confirmed_bases(case_id))


def save(*, case_id: int, entered: WorksheetInput, by: Actor, reason: str = "") -> WorksheetView:
    """Compute and write the next version. Raises FactsRefused; from version 2 on `reason` is required."""
    sheet = services.save_version(
        case_id=case_id,
        assessment=compute(case_id=case_id, entered=entered),
        law_date=entered.law_date,
        accident_on=entered.accident_on,
        place=entered.place,
        by=by,
        entered=entered,
        reason=reason,
    )
    return selectors.version(sheet.pk)


def save_entrapment(
    *,
    case_id: int,
    per_person: Decimal,
    people: int,
    total: Decimal,
    provisions: tuple[str, ...],
    inputs: dict[str, str],
    accident_on: date,
    place: str,
    by: Actor,
    reason: str = "",
) -> WorksheetView:
    """Write a worksheet of one head, entrapment money: so much per person by the programme's table and the policy."""
    formula = f"{format_money(per_person)} 元 × {people} 人"
    if total != to_fen(per_person * people):
        formula += f"，按每次事故上限计 {format_money(total)} 元"
    line = LineDraft(code=ENTRAPMENT, asked=None, assessed=total, agreed=None, formula=formula, inputs=inputs, provisions=provisions)
    sheet = services.save_version(
        case_id=case_id,
        assessment=services.summed([line]),
        law_date=accident_on,
        accident_on=accident_on,
        place=place,
        by=by,
        entered=inputs,
        reason=reason,
    )
    return selectors.version(sheet.pk)


def current(case_id: int) -> WorksheetView | None:
    """The newest version of a case's worksheet, or None."""
    return selectors.current(case_id)


def version(worksheet_id: int) -> WorksheetView:
    """One version by its key."""
    return selectors.version(worksheet_id)


def versions(case_id: int) -> tuple[WorksheetView, ...]:
    """All versions of a case, the newest first."""
    return selectors.versions(case_id)


def type_base(*, case_id: int, name: str, amount: Decimal, notice_number: str, source: str, published_on: date, by: Actor) -> int:
    """Type a yearly base that the data lacks ("income_base", "consumption_base", "wage_base"); answers its key."""
    return services.type_base(
        case_id=case_id, name=name, amount=amount, notice_number=notice_number, source=source, published_on=published_on, by=by
    ).pk


def confirm_base(*, base_id: int, by: Actor) -> None:
    """A second person confirms a typed base. Raises NotPermitted for the one who typed it."""
    services.confirm_base(base_id=base_id, by=by)


def base_names() -> list[tuple[str, Any]]:
    """The yearly figures that may be typed: code and Chinese name."""
    return list(TypedBase.Name.choices)


def typed_bases(case_id: int) -> tuple[TypedBaseView, ...]:
    """The living typed bases of a case, confirmed or not."""
    return selectors.typed_bases(case_id)
