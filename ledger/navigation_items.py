"""The cashier's list in the main navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register
from ledger.permissions import CASHIERS
from ledger.selectors import waiting_orders

if TYPE_CHECKING:
    from access.actors import Actor


def waiting(actor: Actor) -> int:
    return waiting_orders(actor=actor)


register(Item(_("付款"), "ledger:payments", roles=CASHIERS, order=40, count=waiting, at_hand=True))
register(Item(_("付款"), "ledger:payments", roles=frozenset({Role.AUDITOR}), order=40))
