"""Reads for the verify page, downloads and the message list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from access.scopes import in_scope
from casework.models import Deadline
from casework.selectors import Floor, life, nearest
from correspondence.declarations import documents
from correspondence.models import IssuedDocument, Message

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from access.actors import Actor


@dataclass(frozen=True)
class Verification:
    """What anybody with the paper may learn: genuine, superseded by which, and where the case stands. Nothing personal."""

    row: IssuedDocument
    superseded_by: IssuedDocument | None
    shown: list[tuple[str, str]]
    life: tuple[Floor, ...]
    due: Deadline | None
    is_ended: bool


def verification(*, code: str) -> Verification | None:
    """The verification of a paper by the code printed on it; hyphens, spaces and letter case do not matter."""
    cleaned = "".join(c for c in code.upper() if c.isalnum())
    row = IssuedDocument.objects.select_related("case", "issuer", "replaced_by", "replaces").filter(verify_code=cleaned).first()
    if row is None:
        return None
    kind, case = documents().get(row.code), row.case.specific
    running = [d for d in case.deadlines.all() if d.status == Deadline.Status.RUNNING and d.is_statutory]
    return Verification(
        row=row,
        superseded_by=getattr(row, "replaced_by", None),
        shown=kind().public(row.facts) if kind else [],
        life=life(case, list(case.events.order_by("number"))),
        due=None if case.is_ended else nearest(running),
        is_ended=case.is_ended,
    )


def papers(*, actor: Actor) -> QuerySet[IssuedDocument]:
    """The issued papers this actor may download."""
    return IssuedDocument.objects.filter(in_scope(actor, "case")).select_related("case")


def unread(*, actor: Actor) -> int:
    return Message.objects.filter(recipient_id=actor.user_id, channel="in_app", read_at=None).count()


def inbox(*, actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(recipient_id=actor.user_id, channel="in_app").select_related("case")
