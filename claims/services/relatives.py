"""Whoever stands next to an injured person: written to parties, so that they may inherit, speak and be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.errors import StepRefused
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor
    from claims.models import Claim


@transaction.atomic
def add_relative(claim: Claim, key: str, data: dict[str, Any], *, by: Actor) -> int:
    """Record a relative of a person of the claim, with their account; answers the party. Raises ValidationError by field."""
    person = next(p for p in claim.people if p["key"] == key)
    if person["party_id"] is None:
        raise StepRefused("nobody_known", _("先登记本人是谁，再登记近亲属。"))
    relative = parties.register_person(data["relative_name"], id_number=data.get("relative_id_number", ""), by=by)
    parties.relate(person["party_id"], relative.id, data["relation"], by=by)
    if data.get("relative_bank") or data.get("relative_number"):
        parties.add_account(relative.id, bank=data["relative_bank"], number=data["relative_number"], by=by)
    return relative.id
