"""The acting person: who, for which organisation, in which roles. Background work acts as a named system actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from access.models import AuthorityLimit, Membership, Organisation
from access.roles import Role

if TYPE_CHECKING:
    from decimal import Decimal

    from access.models import User

#: Kinds of organisation that look after a place, whoever else takes part in a case.
PLACE_KINDS = frozenset(
    {Organisation.Kind.STREET_OFFICE, Organisation.Kind.MARKET_REGULATOR, Organisation.Kind.HOUSING_AUTHORITY, Organisation.Kind.AUDITOR}
)


class ByLink(Protocol):
    """What a personal link says of the person who came by it."""

    @property
    def id(self) -> int: ...
    @property
    def case_id(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def strength(self) -> str: ...


@dataclass(frozen=True)
class Link:
    """The personal link by which somebody acts: to one case, for one purpose, identified so strongly ("link+code")."""

    id: int
    case_id: int
    purpose: str
    strength: str


@dataclass(frozen=True)
class Actor:
    """Who acts. `place_prefix` is the region an office looks after ("" for none, "44" for the province);
    `audits` opens every case of it, not only the kinds that are open by place. `link` is set for a person without an
    account: their scope is its one case."""

    name: str
    roles: frozenset[Role]
    user_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    place_prefix: str = ""
    sees_all: bool = False
    audits: bool = False
    link: Link | None = None

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


def system_actor(name: str) -> Actor:
    """A named system actor, e.g. system_actor("outbox"); checked against MAY like any other."""
    return Actor(name=name, roles=frozenset({Role.SYSTEM}), sees_all=True)


def link_actor(link: ByLink) -> Actor:
    """The actor a person without an account is who came by a personal link: their scope is exactly that link's case."""
    held = Link(link.id, link.case_id, link.purpose, link.strength)
    return Actor(name=link.actor_name[:60], roles=frozenset({Role.BY_LINK}), link=held)


def actor_for(user: User, organisation_id: int | None = None) -> Actor:
    """The actor a signed-in user is: their roles in one organisation (the chosen one, else the first).

    A user without a membership has no roles and sees nothing.
    """
    rows = list(Membership.objects.filter(user=user, until=None).select_related("organisation").order_by("id"))
    if not rows:
        return Actor(name=str(user), roles=frozenset(), user_id=user.pk)
    organisation = next((r.organisation for r in rows if r.organisation_id == organisation_id), rows[0].organisation)
    roles = frozenset(Role(r.role) for r in rows if r.organisation_id == organisation.pk)
    return Actor(
        name=str(user),
        roles=roles,
        user_id=user.pk,
        organisation_id=organisation.pk,
        organisation_name=organisation.short_name,
        place_prefix=_district(organisation) if organisation.kind in PLACE_KINDS else "",
        audits=organisation.kind == Organisation.Kind.AUDITOR,
    )


def _district(organisation: Organisation) -> str:
    """440000 looks after 44, 440100 after 4401, 440105 after 440105: trailing zero pairs mean the whole region."""
    place = organisation.place
    while place.endswith("00"):
        place = place[:-2]
    return place


def authority_of(actor: Actor, act: str) -> Decimal | None:
    """The highest amount in CNY the actor may decide alone for an act; None when no row grants any (then nothing is allowed)."""
    return authority_of_roles(actor.organisation_id or 0, actor.roles, act)


def authority_of_roles(organisation_id: int, roles: Iterable[Role], act: str) -> Decimal | None:
    """The highest amount in CNY that these roles of an organisation may decide alone; None when no row grants any."""
    rows = AuthorityLimit.objects.filter(organisation_id=organisation_id, role__in=[str(r) for r in roles], act=act)
    return max(rows.values_list("amount", flat=True), default=None)
