"""Forms of funding, one per step that takes typed facts."""

from __future__ import annotations

from funding.forms import application, outcomes, pool

__all__ = ["application", "outcomes", "pool"]
