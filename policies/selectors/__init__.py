"""Reads of policies and payouts: the position that guards judge (position), what the pages list (desk)."""

from policies.selectors.position import AskedLine, PayoutPosition, limits_of, names_under, payments_of, payout_position
from policies.selectors.prospect import prospect_of

__all__ = ["AskedLine", "PayoutPosition", "limits_of", "names_under", "payments_of", "payout_position", "prospect_of"]
