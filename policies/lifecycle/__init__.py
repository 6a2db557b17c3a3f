"""How a payout moves (payout) and which clocks and papers hang on it (clocks)."""

from policies.lifecycle.payout import PayoutLifecycle

__all__ = ["PayoutLifecycle"]
