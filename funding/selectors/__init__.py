"""Reads of funding: what steps must know, pools with their queues, applications in scope."""

from __future__ import annotations

from funding.selectors.position import ApplicationPosition, PoolPosition, application_position, pool_position

__all__ = ["ApplicationPosition", "PoolPosition", "application_position", "pool_position"]
