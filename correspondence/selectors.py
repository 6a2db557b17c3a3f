"""Reads for the verify page, downloads and the message list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from access.scopes import in_scope
from casework import registry
from correspondence.declarations import documents
from correspondence.models import IssuedDocument, Message

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from access.actors import Actor
    from casework.models import Case


@dataclass(frozen=True)
class Floor:
    label: Any
    mark: str


@dataclass(frozen=True)
class Verification:
    """What anybody with the paper may learn: genuine, superseded by which, and where the case stands. Nothing personal."""

    row: IssuedDocument
    superseded_by: IssuedDocument | None
    shown: list[tuple[str, str]]
    floors: list[Floor]
    state_label: Any
    is_ended: bool


def verification(*, code: str) -> Verification | None:
    """The verification of a paper by the code printed on it; hyphens, spaces and letter case do not matter."""
    cleaned = "".join(c for c in code.upper() if c.isalnum())
    row = IssuedDocument.objects.select_related("case", "issuer", "replaced_by").filter(verify_code=cleaned).first()
    if row is None:
        return None
    kind = documents().get(row.code)
    return Verification(
        row=row,
        superseded_by=getattr(row, "replaced_by", None),
        shown=kind().public(row.facts) if kind else [],
        floors=floors(row.case),
        state_label=row.case.state_label,
        is_ended=row.case.is_ended,
    )


def floors(case: Case) -> list[Floor]:
    """The life-cycle strip: each floor of the kind's path, past, here or to come."""
    spec = registry.kind(case.kind)
    path = list(spec.path)
    here = path.index(case.state) if case.state in path else None
    if here is None:
        return []
    return [
        Floor(spec.states[state], "is-past" if n < here else "is-here" if n == here else "") for n, state in enumerate(path)
    ]


def papers(*, actor: Actor) -> QuerySet[IssuedDocument]:
    """The issued papers this actor may download."""
    return IssuedDocument.objects.filter(in_scope(actor, "case")).select_related("case")


def unread(*, actor: Actor) -> int:
    return Message.objects.filter(recipient_id=actor.user_id, channel="in_app", read_at=None).count()


def inbox(*, actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(recipient_id=actor.user_id, channel="in_app").select_related("case")
