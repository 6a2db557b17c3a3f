"""One form per step of a payout that a person types: handling and deciding (handling), proposing money (payment)."""

from policies.forms import handling, payment

__all__ = ["handling", "payment"]
