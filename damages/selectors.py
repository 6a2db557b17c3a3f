"""Reads of the worksheet: frozen views, the newest version and all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from damages.models import TypedBase, Worksheet


@dataclass(frozen=True)
class LineView:
    """One head as pages and papers show it. Amounts in yuan, None where open."""

    code: str
    label: Any
    formula: str
    inputs: tuple[tuple[str, str], ...]
    provisions: tuple[str, ...]
    missing: str
    asked: Decimal | None
    assessed: Decimal | None
    agreed: Decimal | None
    bills: int
    reason: str


@dataclass(frozen=True)
class WorksheetView:
    """One version of a case's worksheet. `total` is None while something is missing; `known_total` is what stands."""

    id: int
    case_id: int
    version: int
    law_date: date
    accident_on: date
    place: str
    inputs: dict[str, Any]
    lines: tuple[LineView, ...]
    total: Decimal | None
    known_total: Decimal
    asked_total: Decimal
    agreed_total: Decimal | None
    missing: tuple[str, ...]
    reason: str
    law_release: str
    created_by: str
    created_at: datetime

    @property
    def is_complete(self) -> bool:
        return self.total is not None


@dataclass(frozen=True)
class TypedBaseView:
    """A yearly base typed by hand; it counts when confirmed."""

    id: int
    name: str
    label: Any
    amount: Decimal
    printed: str
    typed_by: str
    typed_by_id: int
    is_confirmed: bool


def view(sheet: Worksheet) -> WorksheetView:
    lines = tuple(
        LineView(
            code=line.code,
            label=line.label,
            formula=line.formula,
            inputs=tuple(sorted(line.inputs.items())),
            provisions=tuple(line.provisions),
            missing=line.missing,
            asked=line.asked,
            assessed=line.assessed,
            agreed=line.agreed,
            bills=line.bills,
            reason=line.reason,
        )
        for line in sheet.lines.all()
    )
    return WorksheetView(
        id=sheet.pk,
        case_id=sheet.case_id,
        version=sheet.version,
        law_date=sheet.law_date,
        accident_on=sheet.accident_on,
        place=sheet.place,
        inputs=sheet.inputs,
        lines=lines,
        total=sheet.total,
        known_total=sheet.known_total,
        asked_total=sheet.asked_total,
        agreed_total=sheet.agreed_total,
        missing=tuple(sheet.missing),
        reason=sheet.reason,
        law_release=sheet.law_release,
        created_by=sheet.created_by_name,
        created_at=sheet.created_at,
    )


def current(case_id: int) -> WorksheetView | None:
    """The newest version of a case's worksheet, or None."""
    sheet = Worksheet.objects.filter(case_id=case_id).prefetch_related("lines").order_by("-version").first()
    return view(sheet) if sheet else None


def version(worksheet_id: int) -> WorksheetView:
    """One version by its key. Raises Worksheet.DoesNotExist."""
    return view(Worksheet.objects.prefetch_related("lines").get(pk=worksheet_id))


def versions(case_id: int) -> tuple[WorksheetView, ...]:
    """All versions of a case, the newest first."""
    sheets = Worksheet.objects.filter(case_id=case_id).prefetch_related("lines").order_by("-version")
    return tuple(view(sheet) for sheet in sheets)


def typed_bases(case_id: int) -> tuple[TypedBaseView, ...]:
    """The living typed bases of a case, confirmed or not."""
    rows = TypedBase.objects.filter(case_id=case_id, withdrawn_at=None).select_related("typed_by").order_by("pk")
    return tuple(
        TypedBaseView(
            id=row.pk,
            name=row.name,
            label=row.get_name_display(),
            amount=row.amount,
            printed=row.printed,
            typed_by=str(row.typed_by),
            typed_by_id=row.typed_by_id,
            is_confirmed=row.confirmed_by_id is not None,
        )
        for row in rows
    )
