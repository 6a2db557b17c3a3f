"""Arithmetic of funding: what a scheme grants, who bears how much by area, whether sources meet a budget. No query, no clock."""

from __future__ import annotations

from funding.calculations.schemes import RULES, Answer, Facts, Finding, Scheme, judge, needs_of, scheme, schemes
from funding.calculations.shares import Closing, close_funding, share_by_area

__all__ = [
    "RULES",
    "Answer",
    "Closing",
    "Facts",
    "Finding",
    "Scheme",
    "close_funding",
    "judge",
    "needs_of",
    "scheme",
    "schemes",
    "share_by_area",
]
