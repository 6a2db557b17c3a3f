"""How a claim and an advance move."""

from claims.lifecycle.advance import AdvanceLifecycle
from claims.lifecycle.claim import ClaimLifecycle

__all__ = ["AdvanceLifecycle", "ClaimLifecycle"]
