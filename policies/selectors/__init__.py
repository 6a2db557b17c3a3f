"""Reads of policies and payouts: the position that guards judge (position), what the pages list (desk)."""

from policies.selectors.position import AskedLine, PayoutPosition, limits_of, payments_of, payout_position

__all__ = ["AskedLine", "PayoutPosition", "limits_of", "payments_of", "payout_position"]
