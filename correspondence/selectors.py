"""Reads for the verify page, downloads and the message list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from access.scopes import in_scope
from casework import registry
from casework.models import Deadline
from casework.selectors import Floor, life, nearest
from correspondence.declarations import documents
from correspondence.models import IssuedDocument, Message, RecordsRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from access.actors import Actor
    from casework.models import Case


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


@dataclass(frozen=True)
class RecordsPosition:
    """What the steps of a request for records are judged by: the legal day."""

    today: date


@registry.position_for("records_request")
def records_position(case: RecordsRequest) -> RecordsPosition:
    return RecordsPosition(timezone.localdate())


def records_requests(*, case: Case, actor: Actor) -> list[RecordsRequest]:
    """The requests for records below a case, newest first, in the reader's scope."""
    rows = RecordsRequest.objects.filter(in_scope(actor), parent_id=case.pk).select_related("addressee")
    return list(rows.order_by("-pk"))
