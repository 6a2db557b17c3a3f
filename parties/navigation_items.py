"""Accounts that wait for a colleague's look, among what my work shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from casework.errands import Errand, provider
from parties import api, masks, scopes
from parties.models import PayeeAccount

if TYPE_CHECKING:
    from access.actors import Actor

MOST = 20


@provider
def accounts_to_confirm(actor: Actor) -> Iterable[Errand]:
    """The newest accounts that a colleague of the same organisation added and nobody has compared with their paper yet."""
    if actor.organisation_id is None or not actor.has(*scopes.CONFIRMERS):
        return []
    later = PayeeAccount.objects.filter(party_id=OuterRef("party_id"), pk__gt=OuterRef("pk"))
    rows = PayeeAccount.objects.filter(~Exists(later), organisation_id=actor.organisation_id, confirmed_at=None)
    waiting = rows.exclude(added_by_id=actor.user_id).select_related("added_by").order_by("pk")[:MOST]
    return [
        Errand(
            _("核对收款账户：%(name)s") % {"name": masks.name(row.holder)},
            api.confirm_url(row.pk, actor=actor, back="/"),
            f"{row.bank} {masks.account(row.last4)}　{row.added_by or ''}",
        )
        for row in waiting
    ]
