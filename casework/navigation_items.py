"""Entries of the main navigation that every house has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework import selectors
from casework.navigation import Item, register

if TYPE_CHECKING:
    from access.actors import Actor


def waiting(actor: Actor) -> int:
    return selectors.waiting_count(actor=actor)


register(Item(_("我的待办"), "casework:my_work", order=10, count=waiting, at_hand=True))
register(Item(_("运维"), "casework:operator", roles=frozenset({Role.OPERATOR}), order=90))
