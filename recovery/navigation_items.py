"""The recovery desk in the main navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register

READERS = frozenset(
    {
        Role.MANAGER_CLERK,
        Role.MANAGER_APPROVER,
        Role.MANAGER_CASHIER,
        Role.INSURER_HANDLER,
        Role.INSURER_APPROVER,
        Role.INSURER_CASHIER,
        Role.AUDITOR,
    }
)

register(Item(_("追偿"), "recovery:desk", roles=READERS, order=45))
