"""Reads of rolls, ballots, notices and objections."""

from __future__ import annotations

from consultation.selectors import positions

__all__ = ["positions"]
