"""One form per step of a payout that a person types: handling and deciding (handling), disputes (disputes), money (payment, sharing)."""

from policies.forms import disputes, handling, payment, sharing

__all__ = ["disputes", "handling", "payment", "sharing"]
