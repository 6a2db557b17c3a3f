"""The lawsuits in the main navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register

READERS = frozenset(
    {Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.STREET_CLERK, Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.AUDITOR}
)

register(Item(_("纠纷"), "disputes:lawsuits", roles=READERS, order=38))
