"""The main navigation: items that apps register, shown by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from access.actors import Actor
    from access.roles import Role


@dataclass(frozen=True)
class Item:
    """One entry: label, URL name, for which roles (empty: everybody), where in the row. `count` may number it.

    `at_hand`: one of the few that stand at the foot of a phone's screen; the others are behind the name.
    """

    label: Any
    url_name: str
    roles: frozenset[Role] = frozenset()
    order: int = 50
    count: Callable[[Actor], int] | None = None
    at_hand: bool = False


@dataclass(frozen=True)
class Link:
    label: Any
    url: str
    is_current: bool
    count: int | None
    at_hand: bool = False


_items: list[Item] = []


def register(item: Item) -> None:
    if item not in _items:
        _items.append(item)


def navigation_for(actor: Actor, path: str) -> tuple[Link, ...]:
    """The entries this actor sees, in order, the current one marked."""
    shown = sorted((i for i in _items if not i.roles or actor.has(*i.roles)), key=lambda i: i.order)
    links = [(i, reverse(i.url_name)) for i in shown]
    best = max((url for _i, url in links if (path == url if url == "/" else path.startswith(url))), key=len, default="")
    return tuple(Link(i.label, url, url == best, i.count(actor) if i.count else None, i.at_hand) for i, url in links)
