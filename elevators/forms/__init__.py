"""Forms of the register: one per step of an incident, and the pages of filing."""

from __future__ import annotations

from elevators.forms import steps

__all__ = ["steps"]
