"""The evidence pack of an incident: every piece once, with where it is used; a piece is picked for a further case, not sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from access.scopes import in_scope
from casework import evidence, registry, sharing
from casework.errors import NotPermitted, OutOfScope
from casework.models import Case, Evidence, FileAccess

if TYPE_CHECKING:
    from access.actors import Actor
    from access.roles import Verdict


@dataclass(frozen=True)
class Use:
    """One place in which a piece stands."""

    case: Case
    kind_label: Any
    label: Any


@dataclass(frozen=True)
class Piece:
    """One content of the pack: its oldest row, what it is called, where it is used, whether the reader may open it."""

    row: Evidence
    label: Any
    uses: tuple[Use, ...]
    verdict: Verdict
    is_own: bool
    looks: int

    @property
    def shown_name(self) -> str:
        """The file's name, which may tell of a person, only to those who may open it."""
        return self.row.name if self.verdict.allowed else ""


def label_of(row: Evidence) -> Any:
    """What a kind of case calls this kind of evidence."""
    found = next((r.label for r in registry.kind(row.case.kind).evidence if r.code == row.code), None)
    return found or _("其他材料")


def _family(case: Case) -> Q:
    root = case.lineage[0] if case.lineage else case.pk
    return Q(case_id=root) | Q(case__lineage__contains=[root])


def pack(case: Case, actor: Actor) -> tuple[Piece, ...]:
    """The pack of the incident a case belongs to, as far as the reader sees its cases; in order of arrival."""
    rows = (
        Evidence.objects.filter(_family(case), in_scope(actor, "case"), withdrawn_at=None)
        .select_related("case", "origin", "added_by_organisation")
        .prefetch_related("consents", "origin__consents")
        .annotate(looks=Count("accesses"))
        .order_by("pk")
    )
    pieces: dict[str, list[Evidence]] = {}
    for row in rows:
        pieces.setdefault(row.sha256, []).append(row)
    return tuple(_piece(found, actor) for found in pieces.values())


def _piece(rows: list[Evidence], actor: Actor) -> Piece:
    """Of several rows the one the reader may open speaks for the piece."""
    judged = [(row, sharing.may_read(row, actor)) for row in rows]
    row, verdict = next((pair for pair in judged if pair[1].allowed), judged[0])
    uses = tuple(Use(r.case, registry.kind(r.case.kind).label, label_of(r)) for r in rows)
    return Piece(row, label_of(row), uses, verdict, sharing.is_own(row, actor), sum(r.looks for r in rows))  # type: ignore[attr-defined]


def uses(row: Evidence, actor: Actor) -> tuple[Use, ...]:
    """Where the content of a piece is used, in the cases the reader sees."""
    rows = Evidence.objects.filter(_family(row.case), in_scope(actor, "case"), sha256=row.sha256, withdrawn_at=None)
    return tuple(Use(r.case, registry.kind(r.case.kind).label, label_of(r)) for r in rows.select_related("case").order_by("pk"))


def looks(row: Evidence, actor: Actor) -> list[FileAccess]:
    """Who had a piece in hand: all of it for the organisation that brought it in and for auditors, one's own for others."""
    rows = FileAccess.objects.filter(evidence__sha256=row.sha256).filter(
        Q(evidence__in=[row.pk, row.piece.pk]) | Q(evidence__origin=row.piece)
    )
    if not (sharing.is_own(row, actor) or actor.audits):
        rows = rows.filter(organisation_id=actor.organisation_id or 0)
    return list(rows.select_related("organisation")[:100])


def attach(case: Case, *, key: int, code: str, by: Actor) -> Evidence:
    """Use a piece of the incident's pack in a further case of it. The file stays where it is; done twice it is done once.

    Raises OutOfScope for a case or piece the actor does not see or of another incident, NotPermitted for one they may not read.
    """
    row = Evidence.objects.select_related("origin", "case").filter(_family(case), in_scope(by, "case"), pk=key, withdrawn_at=None).first()
    if row is None or not Case.objects.filter(in_scope(by), pk=case.pk).exists():
        raise OutOfScope("out_of_scope", _("没有这份材料，或者不在您的范围内。"))
    verdict = sharing.may_read(row, by)
    if not verdict.allowed:
        raise NotPermitted("not_readable", verdict.reason)
    known = case.evidence.filter(code=code, sha256=row.sha256, withdrawn_at=None).first()
    if known is not None:
        return known
    stricter = max((row.piece.sensitivity, evidence.sensitivity_of(case, code)), key=Evidence.Sensitivity.values.index)
    if stricter != row.piece.sensitivity and sharing.is_own(row, by):
        Evidence.objects.filter(pk=row.piece.pk).update(sensitivity=stricter)
    return Evidence.objects.create(
        case_id=case.pk,
        code=code,
        note=row.note,
        file=row.file.name,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        origin=row.piece,
        source=row.source,
        sensitivity=stricter,
        added_by_id=by.user_id,
        added_by_organisation_id=by.organisation_id,
    )
