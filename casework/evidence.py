"""What proves a case: required pieces with their meter, and the taking-in of files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from casework import registry
from casework.declarations import Cure, EvidenceRequirement, StepSpec
from casework.errors import OutOfScope, StepRefused
from casework.models import Case, Evidence

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from access.actors import Actor

#: What an office really sends, by the file's own content and never by its name.
ACCEPTED = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
}


@dataclass(frozen=True)
class EvidenceLine:
    """One required piece: what it is, whether it is there, how to get it."""

    code: str
    label: Any
    how: Any
    files: tuple[Evidence, ...]
    needed_by: tuple[str, ...]
    is_extra: bool = False

    @property
    def is_there(self) -> bool:
        return bool(self.files)


def requirements(case: Case) -> list[EvidenceRequirement]:
    return [r for r in registry.kind(case.kind).evidence if r.applies is None or r.applies(case)]


def meter(case: Case) -> list[EvidenceLine]:
    """Every required piece of a case, the missing ones first; then whatever else was added."""
    case = case.specific
    files: dict[str, list[Evidence]] = {}
    for file in case.evidence.filter(withdrawn_at=None).select_related("origin"):
        files.setdefault(file.code, []).append(file)
    lines = [EvidenceLine(r.code, r.label, r.how, tuple(files.pop(r.code, ())), r.needed_by) for r in requirements(case)]
    extra = [EvidenceLine(code, _("其他材料"), "", tuple(found), (), is_extra=True) for code, found in files.items()]
    return sorted(lines, key=lambda line: line.is_there) + extra


def missing(case: Case, codes: tuple[str, ...] | set[str] | None = None) -> list[EvidenceRequirement]:
    """Required pieces that are not there; only those named, if named."""
    there = set(case.evidence.filter(withdrawn_at=None).values_list("code", flat=True))
    return [r for r in requirements(case) if r.code not in there and (codes is None or r.code in codes)]


def wanted(case: Case, step: StepSpec) -> set[str]:
    """The codes of what a step requires."""
    return {r.code for r in requirements(case) if step.verb in r.needed_by} | set(step.evidence)


def ensure_complete(case: Case, step: StepSpec) -> None:
    """Refuse a step whose evidence is not all there, naming what is missing."""
    codes = wanted(case, step)
    if not codes:
        return
    lacking = missing(case, codes)
    if lacking:
        raise StepRefused(
            "evidence_missing",
            _("还缺材料：%(labels)s。") % {"labels": "、".join(str(r.label) for r in lacking)},
            cure=Cure(_("去补材料"), anchor="evidence"),
            details={"codes": [r.code for r in lacking]},
        )


def inspect(file: UploadedFile) -> str:
    """The media type of an upload by its content. Raises ValidationError in Chinese for what no case takes."""
    size = file.size or 0
    if size == 0:
        raise ValidationError(_("这个文件是空的，请重新选一次。"), code="empty")
    if size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
        raise ValidationError(_("文件超过 %(limit)s MB，请压缩后再传，或分成几份。") % {"limit": limit}, code="too_large")
    head = file.read(8192)
    file.seek(0)
    media_type = _media_type(head)
    if media_type is None:
        raise ValidationError(_("只收照片（JPG、PNG）、PDF 和视频（MP4）。这个文件的内容不是其中一种，改后缀名没有用。"), code="type")
    return media_type


def _media_type(head: bytes) -> str | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        if match.extension in ACCEPTED and head.lstrip()[:1] != b"<":
            return ACCEPTED[match.extension]
    return None


def add(case: Case, *, code: str, file: UploadedFile, by: Actor, note: str = "") -> Evidence:
    """Attach a file to a case. The same content under the same code is kept once.

    Raises OutOfScope, or ValidationError when the content is not acceptable.
    """
    from access.scopes import in_scope

    if not Case.objects.filter(in_scope(by), pk=case.pk).exists():
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    media_type = inspect(file)
    running = hashlib.sha256()
    for chunk in file.chunks():
        running.update(chunk)
    file.seek(0)
    sha256 = running.hexdigest()
    known = case.evidence.filter(code=code, sha256=sha256, withdrawn_at=None).first()
    if known:
        return known
    stored = stored_in(case, sha256)
    name = (file.name or "file").replace("\\", "/").rsplit("/", 1)[-1][:200]
    extension = next(e for e, kind in ACCEPTED.items() if kind == media_type)
    evidence = Evidence(
        case_id=case.pk,
        code=code,
        note=note,
        name=name,
        media_type=media_type,
        size=file.size or 0,
        sha256=sha256,
        sensitivity=sensitivity_of(case, code),
        added_by_id=by.user_id,
        added_by_organisation_id=by.organisation_id,
    )
    if stored:
        evidence.file.name = stored
    else:
        evidence.file.save(f"{sha256[:20]}{extension}", file, save=False)
    evidence.save()
    return evidence


def stored_in(case: Case, sha256: str) -> str:
    """Where this content lies already, if anybody gave it to a case of the same incident; empty if nobody did."""
    root = case.lineage[0] if case.lineage else case.pk
    family = Q(case_id=root) | Q(case__lineage__contains=[root])
    return Evidence.objects.filter(family, sha256=sha256).values_list("file", flat=True).first() or ""


def sensitivity_of(case: Case, code: str) -> str:
    """What the kind of evidence tells of a person, unless somebody says otherwise."""
    return next((r.sensitivity for r in registry.kind(case.kind).evidence if r.code == code), Evidence.Sensitivity.ORDINARY)
