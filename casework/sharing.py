"""Who may have which piece of evidence in hand, on what ground, and the record of every look (PIPL 17, 23, 28-31)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from access.roles import CaseRole, Verdict
from casework import watermark
from casework.errors import NotPermitted
from casework.models import CaseOrganisation, Evidence, FileAccess, SharingConsent
from casework.services import ensure_in_scope

if TYPE_CHECKING:
    from access.actors import Actor

log = structlog.get_logger(__name__)
MARKED_FOR = "仅供本理赔案使用"


def is_own(row: Evidence, actor: Actor) -> bool:
    """Whether the reader's organisation brought the piece in: it has the original in its hand anyway."""
    return row.piece.added_by_organisation_id == actor.organisation_id and actor.organisation_id is not None


def parts_of(row: Evidence, actor: Actor) -> frozenset[str]:
    """The parts the reader's organisation plays where the piece is used or came from."""
    held = CaseOrganisation.objects.filter(
        case_id__in={row.case_id, row.piece.case_id}, organisation_id=actor.organisation_id or 0
    ).values_list("role", flat=True)
    return frozenset(held)


def may_read(row: Evidence, actor: Actor) -> Verdict:
    """Whether somebody who sees the case may also read this piece; the reason, if not.

    Its own organisation may, an auditor may. Others only within the audience, and a piece that tells of a person only on a
    recorded ground that names their part and has not been withdrawn: withdrawing stops every further look.
    """
    piece = row.piece
    if actor.sees_all or actor.audits or is_own(row, actor):
        return Verdict(True)
    if not piece.audience and piece.sensitivity == Evidence.Sensitivity.ORDINARY:
        return Verdict(True)
    parts = parts_of(row, actor)
    if piece.audience and not parts & set(piece.audience):
        names = "、".join(str(CaseRole(part).label) for part in piece.audience)
        return Verdict(False, _("这份材料只给%(parts)s看。") % {"parts": names})
    if piece.sensitivity == Evidence.Sensitivity.ORDINARY:
        return Verdict(True)
    grounds = [c for c in piece.consents.all() if parts & set(c.recipients)]
    if any(c.withdrawn_at is None for c in grounds):
        return Verdict(True)
    if grounds:
        return Verdict(False, _("本人已经撤回同意，这份材料不再提供给您单位。"))
    return Verdict(False, _("这份材料涉及个人信息，还没有登记本人的单独同意，不能提供给您单位。请联系上传的单位。"))


def needs_purpose(row: Evidence, actor: Actor) -> bool:
    """Whether the reader must say what for before they get the piece: it tells of a person and is not theirs."""
    return row.piece.sensitivity != Evidence.Sensitivity.ORDINARY and not is_own(row, actor)


def log_access(row: Evidence, *, by: Actor, act: str, purpose: str = "") -> None:
    """Write down a look at a piece, or a refused one, for good."""
    FileAccess.objects.create(
        case=row.case,
        evidence=row,
        act=act,
        purpose=purpose[:200],
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        name=by.name,
        sha256=row.sha256,
    )
    log.info(
        "evidence.read" if act != FileAccess.Act.REFUSED else "evidence.refused", evidence=row.pk, case=row.case.reference, by=by.user_id
    )


def copy_for(row: Evidence, *, by: Actor) -> bytes | None:
    """The marked copy another organisation gets; None where the original goes out as it is.

    A piece that tells of a person and cannot be marked (protected or broken) does not go out at all: raises Unmarkable.
    """
    if is_own(row, by) or row.media_type not in watermark.MARKABLE:
        return None
    moment = timezone.localtime()
    lines = (f"{by.organisation_name} {by.name}", f"{moment:%Y-%m-%d %H:%M} {row.case.reference}", MARKED_FOR)
    try:
        with row.file.open("rb") as file:
            return watermark.marked(file.read(), row.media_type, lines)
    except watermark.Unmarkable:
        if row.piece.sensitivity == Evidence.Sensitivity.ORDINARY:
            return None
        raise


# ---- terms and grounds: the business of the organisation that brought the piece in ----


def _own_piece(row: Evidence, by: Actor) -> Evidence:
    ensure_in_scope(row.case, by)
    if not is_own(row, by):
        raise NotPermitted("not_your_evidence", _("这份材料是别的单位传的，由传的单位登记。"))
    return row.piece


def set_terms(row: Evidence, *, by: Actor, source: str, sensitivity: str, audience: Collection[str], purpose: str) -> None:
    """Say where a piece came from, whether it tells of a person, who may read it and what for. Raises ValidationError."""
    piece = _own_piece(row, by)
    if sensitivity not in Evidence.Sensitivity.values or not set(audience) <= set(CaseRole.values):
        raise ValidationError(_("请从列出的选项里选。"))
    if sensitivity != Evidence.Sensitivity.ORDINARY and not purpose.strip():
        raise ValidationError(_("涉及个人信息的，要写明使用目的。"))
    Evidence.objects.filter(pk=piece.pk).update(
        source=source.strip()[:200], sensitivity=sensitivity, audience=sorted(set(audience)), purpose=purpose.strip()[:200]
    )


def record_consent(
    row: Evidence, *, by: Actor, basis: str, given_by: str, recipients: Collection[str], purpose: str, given_on: date, proof: str
) -> SharingConsent:
    """Record on what ground a piece may go to which parts. Raises NotPermitted, ValidationError."""
    piece = _own_piece(row, by)
    consents = (SharingConsent.Basis.CONSENT, SharingConsent.Basis.GUARDIAN)
    if basis not in SharingConsent.Basis.values:
        raise ValidationError(_("还没有选依据。"))
    if not recipients or not set(recipients) <= set(CaseRole.values):
        raise ValidationError(_("还没有选提供给谁。"))
    if basis in consents and not given_by.strip():
        raise ValidationError(_("要写明是谁同意的。"))
    if not purpose.strip() or not proof.strip():
        raise ValidationError(_("要写明提供的目的，和凭什么为证（例如签字的同意书）。"))
    if given_on > timezone.localdate():
        raise ValidationError(_("同意的日子不能晚于今天。"))
    return SharingConsent.objects.create(
        evidence=piece,
        basis=basis,
        given_by=given_by.strip()[:60],
        recipients=sorted(set(recipients)),
        purpose=purpose.strip()[:200],
        given_on=given_on,
        proof=proof.strip()[:200],
        recorded_by=User.objects.get(pk=by.user_id or 0),
    )


def withdraw_consent(consent: SharingConsent, *, because: str, by: Actor) -> None:
    """The person took the consent back: from now on nobody gets the piece on it; what was done before stays lawful (PIPL 15)."""
    _own_piece(consent.evidence, by)
    SharingConsent.objects.filter(pk=consent.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_because=because.strip()[:200], withdrawn_by_id=by.user_id
    )
