"""People and organisations for tests: plain functions, every name invented."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from access.actors import Actor, actor_for
from access.models import AuthorityLimit, Membership, Organisation, User
from access.roles import Role

PLACE = "440105"
_number = count(1)

#: The kind of organisation in which a role is at home.
HOME = {
    Role.MANAGER_CLERK: Organisation.Kind.PROPERTY_COMPANY,
    Role.MANAGER_APPROVER: Organisation.Kind.PROPERTY_COMPANY,
    Role.MANAGER_CASHIER: Organisation.Kind.PROPERTY_COMPANY,
    Role.INSURER_HANDLER: Organisation.Kind.INSURER,
    Role.INSURER_APPROVER: Organisation.Kind.INSURER,
    Role.INSURER_CASHIER: Organisation.Kind.INSURER,
    Role.STREET_CLERK: Organisation.Kind.STREET_OFFICE,
    Role.STREET_LEADER: Organisation.Kind.STREET_OFFICE,
    Role.HOUSING_OFFICER: Organisation.Kind.HOUSING_AUTHORITY,
    Role.FINANCE_OFFICER: Organisation.Kind.FINANCE_BUREAU,
    Role.FINANCE_CASHIER: Organisation.Kind.FINANCE_BUREAU,
    Role.REGULATOR_OFFICER: Organisation.Kind.MARKET_REGULATOR,
    Role.MAINTENANCE_STAFF: Organisation.Kind.MAINTENANCE_CONTRACTOR,
    Role.OWNERS_OFFICER: Organisation.Kind.OWNERS_COMMITTEE,
    Role.AUDITOR: Organisation.Kind.AUDITOR,
    Role.OPERATOR: Organisation.Kind.OPERATOR,
}


def make_organisation(kind: str = Organisation.Kind.PROPERTY_COMPANY, place: str = PLACE, name: str = "", **fields: object) -> Organisation:
    """An organisation of one kind, with a name of its own."""
    number = next(_number)
    label = Organisation.Kind(kind).label
    name = name or f"测试{label}{number}"
    return Organisation.objects.create(kind=kind, place=place, name=name, short_name=name[:40], **fields)


def make_user(organisation: Organisation | None, *roles: Role, name: str = "") -> User:
    """A person with these roles in one organisation (None: a person without a membership)."""
    number = next(_number)
    user = User.objects.create_user(f"user{number}", password="a-long-test-password", display_name=name or f"测试员{number}")
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_authority(organisation: Organisation, role: Role, act: str, amount: str) -> AuthorityLimit:
    """Up to `amount` CNY this role decides the act alone."""
    return AuthorityLimit.objects.create(organisation=organisation, role=role, act=act, amount=Decimal(amount))


def make_actor(*roles: Role, organisation: Organisation | None = None, place: str = PLACE, name: str = "") -> Actor:
    """A new person acting in these roles; their organisation is made to fit the first role if none is given."""
    organisation = organisation or make_organisation(HOME[roles[0]], place)
    return actor_for(make_user(organisation, *roles, name=name), organisation.pk)
