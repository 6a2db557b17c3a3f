"""Holds the totals of all accounts against their transfers, in one statement and so on one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

_TOTALS = """
    WITH effect AS (
        SELECT t.debit_id, t.credit_id,
               CASE t.kind WHEN 'transfer' THEN t.amount WHEN 'post' THEN t.amount WHEN 'reverse' THEN -t.amount ELSE 0 END AS posted,
               CASE WHEN t.kind = 'reserve' THEN t.amount ELSE -COALESCE(held.amount, 0) END AS pending
        FROM ledger_transfer t LEFT JOIN ledger_transfer held ON held.id = t.reservation_id
    ), recomputed AS (
        SELECT account_id, SUM(dp) dp, SUM(dh) dh, SUM(cp) cp, SUM(ch) ch FROM (
            SELECT debit_id AS account_id, posted AS dp, pending AS dh, 0 AS cp, 0 AS ch FROM effect
            UNION ALL SELECT credit_id, 0, 0, posted, pending FROM effect
        ) sides GROUP BY account_id
    )
    SELECT a.key, a.is_capped, a.debits_posted, a.debits_pending, a.credits_posted, a.credits_pending,
           COALESCE(r.dp, 0), COALESCE(r.dh, 0), COALESCE(r.cp, 0), COALESCE(r.ch, 0)
    FROM ledger_account a LEFT JOIN recomputed r ON r.account_id = a.id ORDER BY a.id
"""


@dataclass(frozen=True)
class Totals:
    """The four totals of an account, or of all of them, in CNY."""

    debits_posted: Decimal
    debits_pending: Decimal
    credits_posted: Decimal
    credits_pending: Decimal


@dataclass(frozen=True)
class Fault:
    """An account that does not hold: its totals differ from its transfers, or it is above its limit."""

    key: str
    stored: Totals
    recomputed: Totals

    def __str__(self) -> str:
        return f"{self.key}: {self.stored} against {self.recomputed}"


@dataclass(frozen=True)
class TrialBalance:
    """试算平衡: all accounts together. It holds when debits equal credits and no account has a fault."""

    accounts: int
    totals: Totals
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        t = self.totals
        return not self.faults and (t.debits_posted, t.debits_pending) == (t.credits_posted, t.credits_pending)


def trial_balance() -> TrialBalance:
    """Recompute every account from its transfers and compare."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        rows = cursor.fetchall()
    faults = []
    sums = [Decimal("0.00")] * 4
    for key, is_capped, *numbers in rows:
        stored, recomputed = Totals(*numbers[:4]), Totals(*numbers[4:])
        above = is_capped and recomputed.debits_posted + recomputed.debits_pending > recomputed.credits_posted
        if stored != recomputed or above:
            faults.append(Fault(key, stored, recomputed))
        sums = [total + number for total, number in zip(sums, numbers[4:], strict=True)]
    return TrialBalance(len(rows), Totals(*sums), tuple(faults))
