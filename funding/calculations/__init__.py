"""Arithmetic of funding: what a scheme grants, who bears how much by area, whether sources meet a budget. No query, no clock."""

from __future__ import annotations

from funding.calculations.schemes import Answer, Facts, Finding, Scheme, judge, scheme, schemes
from funding.calculations.shares import Closing, close_funding, share_by_area

__all__ = ["Answer", "Closing", "Facts", "Finding", "Scheme", "close_funding", "judge", "scheme", "schemes", "share_by_area"]
