"""Yearly figures typed by a colleague that wait for a second look, among what my work shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.scopes import in_scope
from casework.errands import Errand, provider
from casework.timeline import case_url
from damages.models import TypedBase

if TYPE_CHECKING:
    from access.actors import Actor

MOST = 20


@provider
def bases_to_confirm(actor: Actor) -> Iterable[Errand]:
    """Figures typed in the actor's own organisation on open cases in scope, not by this person."""
    rows = TypedBase.objects.filter(in_scope(actor, "case"), confirmed_at=None, withdrawn_at=None, case__closed_at=None)
    mine = rows.filter(typed_by__memberships__organisation_id=actor.organisation_id or 0).exclude(typed_by_id=actor.user_id)
    return [
        Errand(
            _("核对手工录入的标准：%(what)s") % {"what": row.get_name_display()},
            f"{case_url(row.case)}#damages",
            f"{row.case.title}　{row.notice_number}　{row.typed_by}",
        )
        for row in mine.select_related("case", "typed_by").distinct().order_by("pk")[:MOST]
    ]
