"""Reads for the pages of this floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from access import second_factor
from access.models import Membership, Organisation
from access.roles import MONEY_ROLES, Role

if TYPE_CHECKING:
    from access.models import User


@dataclass(frozen=True)
class InventedAccount:
    """An account of the demonstration as its sign-in page offers it. `code` is the second factor's code of this moment."""

    role: Role
    username: str
    name: str
    organisation: str
    code: str


def invented_accounts() -> list[InventedAccount]:
    """One account per role, the first that has it, with the current code where the role needs one."""
    first: dict[str, Membership] = {}
    rows = Membership.objects.filter(until=None).select_related("user", "organisation").order_by("role", "id").distinct("role")
    for row in rows:
        first[row.role] = row
    accounts = []
    for role in Role:
        membership = first.get(role)
        if membership is None:
            continue
        code = second_factor.current_code(membership.user) if role in MONEY_ROLES else ""
        accounts.append(InventedAccount(role, membership.user.username, str(membership.user), membership.organisation.short_name, code))
    return accounts


def organisations_of(*, user: User) -> list[tuple[Organisation, tuple[str, ...]]]:
    """The organisations a person acts for, each with the roles held there."""
    rows = Membership.objects.filter(user=user, until=None).select_related("organisation").order_by("id")
    found: dict[int, tuple[Organisation, list[str]]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, (row.organisation, []))[1].append(str(row.get_role_display()))
    return [(organisation, tuple(roles)) for organisation, roles in found.values()]
