"""What the steps of a recovery file are told. Frozen; never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class OpenFile:
    """立案: who paid for somebody else, and on which ground the money is claimed back."""

    payer_organisation_id: int
    basis: str = "recourse"


@dataclass(frozen=True)
class RecordPayment:
    """登记已垫付: a proven payment that may be claimed back. `source_case_id` is the advance; it counts once."""

    source_case_id: int
    amount: Decimal
    paid_on: date


@dataclass(frozen=True)
class RecordReimbursement:
    """登记已归还: an insurer or the payee gave this much back to the payer. Counts once for each source and number."""

    source_case_id: int
    amount: Decimal
    paid_on: date
    source_number: int = 0


@dataclass(frozen=True)
class Collect:
    """登记追回: money that came back, wholly or in part."""

    amount: Decimal
    from_whom: str
    received_on: date
    voucher_number: str
    note: str = ""


@dataclass(frozen=True)
class ProposeWriteOff:
    """提请核销: why the rest will not be claimed. `is_waiver`: given up, not merely unobtainable."""

    reason: str
    is_waiver: bool = False


@dataclass(frozen=True)
class Because:
    """A step that needs a reason and nothing else."""

    reason: str
