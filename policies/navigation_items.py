"""Payouts and policies in the main navigation, and among what the search box finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.roles import Role
from casework.navigation import Item, register
from casework.search import Hit, provider
from policies.selectors import desk

if TYPE_CHECKING:
    from access.actors import Actor

OFFICERS = frozenset({Role.INSURER_HANDLER, Role.INSURER_APPROVER})
READERS = frozenset(
    {
        Role.INSURER_HANDLER,
        Role.INSURER_APPROVER,
        Role.INSURER_CASHIER,
        Role.MANAGER_CLERK,
        Role.MANAGER_APPROVER,
        Role.MAINTENANCE_STAFF,
        Role.STREET_CLERK,
        Role.REGULATOR_OFFICER,
        Role.AUDITOR,
    }
)

register(Item(_("赔付案件"), "policies:payouts", roles=OFFICERS, order=25, count=desk.waiting))
register(Item(_("赔付案件"), "policies:payouts", roles=frozenset({Role.AUDITOR}), order=25))
register(Item(_("保单"), "policies:policies", roles=READERS, order=55))


@provider
def policies(words: str, actor: Actor) -> Iterable[Hit]:
    """Policies in the actor's scope by number or holder."""
    page = desk.policies_page(actor=actor, words=words)
    return [Hit(str(p.number), reverse("policies:policy", args=[p.number]), p.policyholder.short_name) for p in page.object_list[:5]]
