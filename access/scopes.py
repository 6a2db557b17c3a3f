"""Which rows an actor may see: one filter for lists, pages, files and REST. Outside it everything answers 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Sequence

    from access.actors import Actor

NOTHING = Q(pk__in=[])


def in_scope(actor: Actor, case_path: str = "") -> Q:
    """The filter over cases (or over rows that hang on a case: case_path="case") that the actor may see.

    An organisation sees the cases it takes part in; an office also those of its district whose kind is open by place
    (an incident is, a claim with its medical papers is not); an auditor the whole district; a system actor all.
    The operator tends the machine and sees no case. A person by link sees the link's one case.
    """
    prefix = f"{case_path}__" if case_path else ""
    if actor.sees_all:
        return Q()
    if actor.link is not None:
        return Q(**{f"{prefix}pk": actor.link.case_id})
    if actor.organisation_id is None or not actor.roles:
        return NOTHING
    scope = Q(**{f"{prefix}organisation_ids__contains": [actor.organisation_id]})
    if actor.place_prefix:
        district = Q(**{f"{prefix}place__startswith": actor.place_prefix})
        scope |= district if actor.audits else district & Q(**{f"{prefix}is_open_by_place": True})
    return scope


def sees(actor: Actor, case_id: int, organisation_ids: Sequence[int], place: str, *, is_open_by_place: bool) -> bool:
    """The same answer as `in_scope`, for one row already read."""
    if actor.sees_all:
        return True
    if actor.link is not None:
        return actor.link.case_id == case_id
    if actor.organisation_id is None or not actor.roles:
        return False
    in_district = bool(actor.place_prefix and place.startswith(actor.place_prefix))
    return actor.organisation_id in organisation_ids or (in_district and (actor.audits or is_open_by_place))
