"""The papers of claims and advances and the news that goes with them; importing this package declares both."""

from __future__ import annotations

from claims.documents import news, papers

__all__ = ["news", "papers"]
