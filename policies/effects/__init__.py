"""What follows from the steps of a payout, from its payment orders (payout),
from the lawsuits below it (disputes) and where several insurers or requests meet (sharing)."""

from policies.effects import disputes, payout, sharing

__all__ = ["disputes", "payout", "sharing"]
