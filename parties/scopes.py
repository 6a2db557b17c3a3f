"""Who may come to an account's page: colleagues of the organisation that recorded it, and who was sent from a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing

from access.roles import Role

if TYPE_CHECKING:
    from access.actors import Actor
    from parties.models import PayeeAccount

SALT = "parties.account"
PASS_SECONDS = 24 * 3600

CONFIRMERS = frozenset(
    {
        Role.MANAGER_CLERK,
        Role.MANAGER_APPROVER,
        Role.MANAGER_CASHIER,
        Role.INSURER_HANDLER,
        Role.INSURER_APPROVER,
        Role.INSURER_CASHIER,
        Role.STREET_CLERK,
        Role.STREET_LEADER,
        Role.HOUSING_OFFICER,
        Role.FINANCE_OFFICER,
        Role.FINANCE_CASHIER,
    }
)


def pass_for(account_id: int, actor: Actor) -> str:
    """A pass for one person to one account, given by a page that has checked the scope of its case."""
    return signing.dumps([account_id, actor.user_id], salt=SALT)


def may_confirm(account: PayeeAccount, actor: Actor, carried: str) -> bool:
    if not actor.has(*CONFIRMERS):
        return False
    if account.organisation_id is not None and account.organisation_id == actor.organisation_id:
        return True
    try:
        return bool(signing.loads(carried, salt=SALT, max_age=PASS_SECONDS) == [account.pk, actor.user_id])
    except signing.BadSignature:
        return False
