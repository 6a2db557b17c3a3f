"""The papers of lawsuits and mediations and the news that goes with them; importing this package declares both."""

from __future__ import annotations

from disputes.documents import news, papers

__all__ = ["news", "papers"]
