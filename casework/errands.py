"""What waits for a person beside steps and tasks: a second look at something a colleague typed, ended only by that look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from access.actors import Actor


@dataclass(frozen=True)
class Errand:
    """One thing to look at: what, where it is done, of which case or person in one line."""

    says: Any
    url: str
    sub: Any = ""


Provider = Callable[["Actor"], Iterable[Errand]]
P = TypeVar("P", bound=Provider)
_providers: list[Provider] = []


def provider(function: P) -> P:
    """Register an app's errands: (actor) -> those within the actor's scope that this person may end."""
    if function not in _providers:
        _providers.append(function)
    return function


def errands(actor: Actor) -> list[Errand]:
    """Everything that waits for this person's second look."""
    return [errand for find in _providers for errand in find(actor)]
