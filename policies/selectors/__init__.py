"""Reads of policies and payouts: the position that guards judge (position), what the pages list (desk)."""

from policies.selectors.limits import contribution_of, is_further, limits_of, names_under, other_policies_of, policies_at
from policies.selectors.position import AskedLine, PayoutPosition, payments_of, payout_position
from policies.selectors.prospect import is_small, prospect_of

__all__ = [
    "AskedLine",
    "PayoutPosition",
    "contribution_of",
    "is_further",
    "is_small",
    "limits_of",
    "names_under",
    "other_policies_of",
    "payments_of",
    "payout_position",
    "policies_at",
    "prospect_of",
]
