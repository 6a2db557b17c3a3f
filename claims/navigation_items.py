"""The claims list in the main navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register

READERS = frozenset(
    {
        Role.MANAGER_CLERK,
        Role.MANAGER_APPROVER,
        Role.MANAGER_CASHIER,
        Role.STREET_CLERK,
        Role.INSURER_HANDLER,
        Role.INSURER_APPROVER,
        Role.AUDITOR,
    }
)

register(Item(_("理赔"), "claims:claims", roles=READERS, order=35, at_hand=True))
