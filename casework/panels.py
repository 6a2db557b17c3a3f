"""What a case page is built from: panels that apps register for a kind, in the main or the side column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case

OPERATOR = "operator page"  # not a kind of case
Context = dict[str, Any] | None
F = TypeVar("F", bound=Callable[..., Context])


@dataclass(frozen=True)
class Panel:
    """One sheet of a page. `context` answers what its template needs, or None to leave it out.

    It is asked with (case, actor), on the operator's page with (actor) alone.
    """

    name: str
    template: str
    column: Literal["main", "side"]
    order: int
    context: Callable[..., Context]


_panels: dict[str, list[Panel]] = {}


def panel(kind: str, *, template: str, column: Literal["main", "side"] = "main", order: int = 50) -> Callable[[F], F]:
    """Register a panel for a kind of case ("*" for all kinds)."""

    def register(context: F) -> F:
        row = _panels.setdefault(kind, [])
        if all(p.name != context.__name__ for p in row):
            row.append(Panel(context.__name__, template, column, order, context))
        return context

    return register


def panels_for(case: Case, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """The panels of a case by column, in order, each with its template and context."""
    shown: dict[str, list[dict[str, Any]]] = {"main": [], "side": []}
    rows = [*_panels.get("*", ()), *_panels.get(case.kind, ())]
    for row in sorted(rows, key=lambda p: p.order):
        context = row.context(case, actor)
        if context is not None:
            shown[row.column].append({"name": row.name, "template": row.template, "context": context})
    return shown


def operator_panel(*, template: str, order: int = 50) -> Callable[[F], F]:
    """Register a sheet of the operator's page: (actor) -> context or None."""
    rows = _panels.setdefault(OPERATOR, [])

    def register(context: F) -> F:
        if all(p.name != context.__name__ for p in rows):
            rows.append(Panel(context.__name__, template, "main", order, context))
        return context

    return register


def operator_panels(actor: Actor) -> tuple[dict[str, Any], ...]:
    """What apps add to the operator's page, in order."""
    rows = sorted(_panels.get(OPERATOR, ()), key=lambda p: p.order)
    shown = [(row, row.context(actor)) for row in rows]
    return tuple({"name": row.name, "template": row.template, "context": context} for row, context in shown if context is not None)
