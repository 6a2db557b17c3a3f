"""The transfers of the cases in the file to take away, and what each account comes to by them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.archive import ArchiveFile, Reader, archive_summary
from casework.archive_sections import as_json, local
from ledger.models import Transfer

if TYPE_CHECKING:
    from casework.models import Case

HEADINGS = ("时间", "案号", "类别", "金额（元）", "借方账户", "贷方账户", "摘要")


@archive_summary("ledger", order=30)
def ledger(cases: list[Case], reader: Reader) -> Iterator[ArchiveFile]:
    """Transfers as they were written, and the totals of every account they touch, from these transfers alone."""
    rows = list(
        Transfer.objects.filter(case_id__in=[case.pk for case in cases], at__lte=reader.as_of)
        .select_related("debit", "credit", "case", "reservation", "reverses")
        .order_by("id")
    )
    content = {"transfers": [_transfer(row) for row in rows], "balances": _balances(rows)}
    yield ArchiveFile("ledger.json", as_json(content), "收付分录和余额")
    if rows:
        yield ArchiveFile("ledger.csv", _sheet(rows), "收付分录（表格）")


def _transfer(row: Transfer) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "kind_label": str(row.get_kind_display()),
        "debit": row.debit.key,
        "debit_label": row.debit.label,
        "credit": row.credit.key,
        "credit_label": row.credit.label,
        "amount": f"{row.amount:.2f}",
        "reservation": row.reservation.key if row.reservation else "",
        "reverses": row.reverses.key if row.reverses else "",
        "case": row.case.reference if row.case else "",
        "event": str(row.event_id or ""),
        "memo": row.memo,
        "at": local(row.at),
    }


def _balances(rows: list[Transfer]) -> list[dict[str, Any]]:
    """Posted and held on both sides of each account, in yuan, two decimals; the verifier recomputes the same."""
    zero = Decimal("0.00")
    totals: dict[str, dict[str, Any]] = {}
    for row in rows:
        posted = {"transfer": row.amount, "post": row.amount, "reverse": -row.amount}.get(row.kind, zero)
        held = row.amount if row.kind == "reserve" else -row.reservation.amount if row.reservation else zero
        for side, account in (("debit", row.debit), ("credit", row.credit)):
            total = totals.setdefault(
                account.key,
                {"key": account.key, "label": account.label, "debit": zero, "credit": zero, "held_debit": zero, "held_credit": zero},
            )
            total[side] += posted
            total[f"held_{side}"] += held
    return [
        {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in totals[key].items()} for key in sorted(totals)
    ]


def _sheet(rows: list[Transfer]) -> bytes:
    """The transfers for a spreadsheet; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        cells = (local(row.at), row.case.reference if row.case else "", str(row.get_kind_display()), f"{row.amount:.2f}")
        writer.writerow([_safe(c) for c in (*cells, row.debit.label, row.credit.label, row.memo)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell[:1] else cell
