"""Public notices and objections: born from a case, posted, objected to by anybody affected."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actors import system_actor
from access.encryption import encrypt
from access.roles import CaseRole
from casework.models import Case, CaseOrganisation
from casework.steps import begin
from consultation.facts import DraftNotice, ReceiveObjection
from consultation.models import Objection, PublicNotice
from consultation.services.ballots import SYSTEM, _office, code
from consultation.terms import Category, NoticePurpose

if TYPE_CHECKING:
    from access.actors import Actor

#: Objections that one address may send through the page within an hour.
HOURLY, HOUR = 5, 3600


def text_digest(heading: str, text: str) -> str:
    return hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()


def open_notice(
    *,
    parent: Case | None,
    purpose: str,
    heading: str,
    text: str,
    place: str,
    organiser_id: int,
    by: Actor,
    happened_at: datetime,
    contact: str = "",
    is_practice: bool = False,
) -> PublicNotice:
    """A notice in draft; it counts from the day it is posted with a photograph."""
    facts = DraftNotice(
        purpose=NoticePurpose(purpose),
        code=code(10),
        heading=heading.strip(),
        text=text.strip(),
        text_digest=text_digest(heading.strip(), text.strip()),
        contact=contact,
        is_practice=is_practice,
    )
    event = begin(
        PublicNotice,
        "draft",
        parent=parent,
        by=by,
        happened_at=happened_at,
        place=place,
        title=heading,
        parts=((organiser_id, CaseRole.ORGANISER), *_office(organiser_id)),
        facts=facts,
    )
    made: PublicNotice = PublicNotice.objects.get(pk=event.case_id)
    return made


def object_to(
    notice: PublicNotice,
    *,
    category: str,
    name: str,
    text: str,
    phone: str = "",
    dwelling: str = "",
    by: Actor | None = None,
    happened_at: datetime | None = None,
) -> Objection:
    """An objection to a notice: through its page (by None), or recorded by the organiser. The person stays protected."""
    if not text.strip() or not name.strip():
        raise ValidationError({"text": _("写上您的姓名和意见。")})
    facts = ReceiveObjection(
        category=Category(category),
        sealed_name=encrypt(name.strip()[:60]),
        sealed_phone=encrypt(phone.strip()[:40]) if phone.strip() else "",
        sealed_dwelling=encrypt(dwelling.strip()[:80]) if dwelling.strip() else "",
        sealed_text=encrypt(text.strip()[:4000]),
        is_by_page=by is None,
        receipt=code(8),
    )
    held_by = CaseOrganisation.objects.filter(case_id=notice.pk).order_by("pk").values_list("organisation_id", "role")
    event = begin(
        Objection,
        "receive",
        parent=notice,
        by=by or system_actor(SYSTEM),
        happened_at=happened_at or timezone.now(),
        place=notice.place,
        title=_("对《%(heading)s》的异议") % {"heading": notice.heading},
        parts=tuple((organisation, CaseRole(role)) for organisation, role in held_by),
        facts=facts,
    )
    made: Objection = Objection.objects.get(pk=event.case_id)
    return made


def is_throttled(address: str, notice: PublicNotice) -> bool:
    """Whether this address has sent as many objections to this notice as an hour allows; counts this one."""
    key = f"objection:{notice.pk}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    cache.add(key, 0, HOUR)
    try:
        return int(cache.incr(key)) > HOURLY
    except ValueError:
        return False
