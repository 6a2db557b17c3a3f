"""The papers of a payout and the news that goes with them; importing this package declares both."""

from __future__ import annotations

from policies.documents import letters, news, papers

__all__ = ["letters", "news", "papers"]
