"""Forms of rolls, ballots, notices and objections; imported whole so that each step finds its own."""

from __future__ import annotations

from consultation.forms import ballot, notices

__all__ = ["ballot", "notices"]
