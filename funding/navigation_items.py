"""Public money in the main navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register
from funding.selectors.lists import waiting_applications

if TYPE_CHECKING:
    from access.actors import Actor

OFFICERS = frozenset({Role.STREET_CLERK, Role.STREET_LEADER, Role.HOUSING_OFFICER, Role.FINANCE_OFFICER})
READERS = frozenset({*OFFICERS, Role.FINANCE_CASHIER, Role.AUDITOR})


def waiting(actor: Actor) -> int:
    return waiting_applications(actor=actor)


register(Item(_("补助"), "funding:applications", roles=OFFICERS, order=37, count=waiting))
register(Item(_("补助"), "funding:applications", roles=frozenset({Role.FINANCE_CASHIER, Role.AUDITOR}), order=37))
register(Item(_("资金池"), "funding:pools", roles=READERS, order=38))
