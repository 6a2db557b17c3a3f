"""Forms of the claim, the advance and the worksheet."""

from claims.forms import advance, claim, people, worksheet

__all__ = ["advance", "claim", "people", "worksheet"]
