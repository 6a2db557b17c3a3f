"""The roll as the count sees it: persons with their units and area, the digest that anybody can recompute."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from casework.facts import canonical, digest
from consultation.calculations import Dwelling, groups
from consultation.models import Roll, RollUnit

if TYPE_CHECKING:
    from access.actors import Actor


@dataclass(frozen=True)
class Group:
    """One person of the count. `commitment` binds units and owners without naming them."""

    units: tuple[str, ...]
    name: str
    area: Decimal
    presence: str
    note: str
    commitment: str
    is_developer: bool


def rolls_in_scope(actor: Actor) -> QuerySet[Roll]:
    """The rolls of the actor's own organisation; an office of the place reads those of its district."""
    own = Q(organisation_id=actor.organisation_id or 0)
    if actor.place_prefix:
        own |= Q(place__startswith=actor.place_prefix)
    rows: QuerySet[Roll] = Roll.objects.filter(own).select_related("organisation")
    return rows


def units_of(roll: Roll) -> list[RollUnit]:
    return list(RollUnit.objects.filter(roll_id=roll.pk))


def dwellings(units: list[RollUnit]) -> list[Dwelling]:
    return [Dwelling(row.unit, row.owner_keys, row.area, row.is_developer_unsold) for row in units]


def groups_of(roll: Roll) -> tuple[Group, ...]:
    """The persons of a roll in its order (区分所有权解释 9)."""
    rows = units_of(roll)
    by_unit = {row.unit: row for row in rows}
    found = []
    for names in groups(dwellings(rows)).values():
        held = [by_unit[name] for name in names]
        owners = "、".join(sorted({key for row in held for key in row.owner_keys}))
        found.append(
            Group(
                units=names,
                name=held[0].owners or "建设单位",
                area=sum((row.area for row in held), Decimal("0.00")),
                presence=next((row.presence for row in held if row.presence), ""),
                note="；".join(row.note for row in held if row.note)[:200],
                commitment=digest(roll.salt, "、".join(names), owners),
                is_developer=held[0].is_developer_unsold,
            )
        )
    return tuple(found)


def digest_of(groups_: tuple[Group, ...]) -> str:
    """The digest printed in the announcement: over number, commitment and area of each person. Anybody with the recount file
    computes the same."""
    rows = [[number, group.commitment, f"{group.area:.2f}"] for number, group in enumerate(groups_, 1)]
    return digest(canonical(rows))


def base_of(roll: Roll) -> tuple[int, Decimal]:
    """Persons and square metres."""
    found = groups_of(roll)
    return len(found), sum((group.area for group in found), Decimal("0.00"))


def same_names(roll: Roll) -> list[str]:
    """Units that were counted as one person only because their owners' names are the same and nothing tells them apart."""
    return ["、".join(group.units) for group in groups_of(roll) if len(group.units) > 1 and not group.is_developer]
