"""Ways in which the one door says no. Each carries a reason code, a sentence and a way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class StepRefused(Exception):
    """The step cannot be taken now. `code` is stable, `says` is Chinese, `citation` the article, `cure` the way out."""

    code: str
    says: Any
    citation: str = ""
    cure: Any = None
    details: dict[str, Any] = field(default_factory=dict)
    hides: bool = False  # the step makes no sense here: pages leave it out

    def __str__(self) -> str:
        return f"{self.code}: {self.says}"


class NotPermitted(StepRefused):
    """The actor may not do this verb here (403)."""


class OutOfScope(StepRefused):
    """The actor does not see this case (404)."""


@dataclass
class FactsRefused(Exception):
    """The typed facts do not hold: field name → sentences in Chinese. Shown next to the fields; nothing typed is lost."""

    errors: dict[str, list[Any]]

    def __str__(self) -> str:
        return "; ".join(f"{name}: {', '.join(map(str, says))}" for name, says in self.errors.items())


@dataclass
class MovementRefused(Exception):
    """The mover (the ledger) cannot carry out a movement: reason code and sentence."""

    code: str
    says: Any

    def __str__(self) -> str:
        return f"{self.code}: {self.says}"
