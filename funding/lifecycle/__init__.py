"""How the cases of funding move: the budget pool, the application for a subsidy."""

from __future__ import annotations

from funding.lifecycle.application import SubsidyApplicationLifecycle
from funding.lifecycle.pool import BudgetPoolLifecycle

__all__ = ["BudgetPoolLifecycle", "SubsidyApplicationLifecycle"]
