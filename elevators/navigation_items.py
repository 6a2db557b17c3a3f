"""Elevators and incidents in the navigation, and among what the search box finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.roles import UNHELD_ROLES, Role
from casework.navigation import Item, register
from casework.search import Hit, provider
from elevators.permissions import MAY
from elevators.selectors import lists

if TYPE_CHECKING:
    from access.actors import Actor

EVERYBODY = frozenset(Role) - {Role.OPERATOR} - UNHELD_ROLES

REPORTERS = frozenset(MAY["incident.report"].roles - UNHELD_ROLES)
register(Item(label=_("报事件"), url_name="elevators:file", roles=REPORTERS, order=20, at_hand=True))
register(Item(label=_("事故"), url_name="elevators:incidents", roles=EVERYBODY, order=30))
register(Item(label=_("电梯"), url_name="elevators:elevators", roles=EVERYBODY, order=60))


@provider
def elevators(words: str, actor: Actor) -> Iterable[Hit]:
    """Elevators in the actor's scope by name, address or code."""
    page = lists.elevators_page(actor=actor, words=words)
    return [Hit(r.elevator.name, reverse("elevators:elevator", args=[r.elevator.code]), r.elevator.address) for r in page.rows[:8]]
