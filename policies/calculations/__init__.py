"""Pure arithmetic of policies: limits and entrapment money (limits), the sheet of a payout and its payees (worksheet)."""

from policies.calculations.limits import (
    AccidentPayable,
    EntrapmentMoney,
    LimitedPayout,
    Limits,
    Loss,
    Payable,
    apply_limits,
    balance_due,
    entrapment_money,
    pro_rata_release,
)

__all__ = [
    "AccidentPayable",
    "EntrapmentMoney",
    "LimitedPayout",
    "Limits",
    "Loss",
    "Payable",
    "apply_limits",
    "balance_due",
    "entrapment_money",
    "pro_rata_release",
]
