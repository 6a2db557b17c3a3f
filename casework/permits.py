"""Who may: role, part in the case, scope, four eyes. Says nothing about the case's facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.roles import UNHELD_ROLES, CaseRole, Role
from access.scopes import sees
from casework import registry, sql, transcription
from casework.errors import NotPermitted, OutOfScope
from casework.models import Case, CaseEvent

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.declarations import StepSpec

WITHIN = "_standing"
STANDING = """
    SELECT id, organisation_id, role, NULL::varchar, NULL::boolean, NULL::timestamptz
    FROM casework_caseorganisation WHERE case_id = %s
    UNION ALL
    SELECT id, NULL, rule, status, informs, due_at FROM casework_deadline WHERE case_id = %s
    ORDER BY 1
"""


@dataclass(frozen=True)
class Clock:
    """A clock of the case as its last event left it."""

    rule: str
    status: str
    informs: bool
    due_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """The organisations of a case by their part, oldest first, and its clocks: read once per step and asked many times."""

    parts: tuple[tuple[int, str], ...]
    clocks: tuple[Clock, ...] = ()

    def first(self, part: CaseRole | str) -> int | None:
        return next((organisation for organisation, held in self.parts if held == str(part)), None)

    def held_by(self, organisation_id: int | None) -> set[str]:
        return {held for organisation, held in self.parts if organisation == organisation_id}


def standing_of(case: Case, parts: Sequence[tuple[int, CaseRole]] | None = None) -> Standing:
    """The standing of a stored case (one query), or of one about to be born with these parts."""
    if parts is not None:
        return Standing(tuple((organisation, str(part)) for organisation, part in parts))
    rows = sql.rows(STANDING, (case.pk, case.pk))
    return Standing(
        tuple((organisation, name) for _pk, organisation, name, _status, _informs, _due in rows if organisation is not None),
        tuple(Clock(name, status, informs, due) for _pk, organisation, name, status, informs, due in rows if organisation is None),
    )


def standing_within(case: Case) -> Standing:
    """The standing that the step under way read after its lock; outside a step, a fresh one."""
    return case.__dict__.get(WITHIN) or standing_of(case)


def ensure_in_scope(case: Case, by: Actor) -> None:
    """Raises OutOfScope (404) for a case the actor does not see."""
    if case.pk and not sees(by, case.pk, case.organisation_ids, case.place, is_open_by_place=case.is_open_by_place):
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))


def ensure_permitted(case: Case, step: StepSpec, by: Actor, on_behalf_of: str, standing: Standing) -> None:
    """Raises OutOfScope or NotPermitted, with whom to ask instead."""
    ensure_in_scope(case, by)
    row = registry.may(case.kind, step.verb)
    if row is None:
        raise NotPermitted("not_listed", _("这一步没有授权任何角色办理。"))
    roles = row.transcribe if on_behalf_of else row.roles
    if not by.has(*roles):
        wanted = "、".join(str(Role(r).label) for r in sorted(row.roles | row.transcribe) if r not in UNHELD_ROLES) or _("系统")
        raise NotPermitted("not_this_role", _("这一步由%(roles)s办理。") % {"roles": wanted})
    if on_behalf_of:
        transcription.ensure_no_account(row, by, standing)
    if by.link is not None and row.purposes and by.link.purpose not in row.purposes:
        raise NotPermitted("not_this_link", _("您的链接办不了这一步。"))
    if row.as_ and not by.is_system and by.link is None and not standing.held_by(by.organisation_id) & {str(p) for p in row.as_}:
        wanted = "、".join(str(CaseRole(p).label) for p in row.as_)
        raise NotPermitted("not_this_part", _("这一步由本案的%(parts)s办理。") % {"parts": wanted})
    if row.not_by and by.user_id and case.pk:
        did = CaseEvent.objects.filter(case_id=case.pk, verb__in=row.not_by, actor_user_id=by.user_id)
        if did.exists():
            raise NotPermitted("four_eyes", _("经办和复核必须是两个人：前一步是您办的，请同事来办这一步。"))
