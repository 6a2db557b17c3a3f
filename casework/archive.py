"""The file to take away (卷宗): sections that apps register, one person's request, its building in the worker, its download.

The tree of the incident as far as the asker may see it, as it stood when asked. What the asker may not see is named as
withheld with its digest. A request is its own queue row, built in one transaction: a worker killed on the way leaves it
waiting and nothing else. The format is written down in docs/archive.md.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actors import actor_for
from access.models import User
from access.roles import CaseRole
from access.scopes import in_scope
from casework import outbox
from casework.errors import OutOfScope
from casework.models import ArchiveRequest, Case, CaseEvent, CaseOrganisation, FileAccess

if TYPE_CHECKING:
    from access.actors import Actor

log = logging.getLogger(__name__)
GIVE_UP_AFTER = 5
TASK = "casework.tasks.build_archives"
#: The parts that run a matter: they read what its steps recorded, also what others did.
RUNNING_PARTS = frozenset({CaseRole.USE_MANAGER, CaseRole.INSURER, CaseRole.PAYER})


@dataclass(frozen=True)
class ArchiveFile:
    """One file of the archive. `content` is bytes, or opens a stream that is copied in pieces; None: withheld or lost.

    title: what the index calls it. sha256: of what is withheld or lost. why: the reason it is not contained.
    """

    path: str
    content: bytes | Callable[[], IO[bytes]] | None
    title: str
    sha256: str = ""
    why: str = ""


@dataclass(frozen=True)
class Reader:
    """For whom the archive is made and as of which moment. Whose facts and files may be contained is asked here."""

    actor: Actor
    as_of: datetime
    _parts: dict[int, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def parts(self, case: Case) -> frozenset[str]:
        """The parts the reader's organisation plays in a case."""
        if case.pk not in self._parts:
            rows = CaseOrganisation.objects.filter(case_id=case.pk, organisation_id=self.actor.organisation_id or 0)
            self._parts[case.pk] = frozenset(rows.values_list("role", flat=True))
        return self._parts[case.pk]

    def runs(self, case: Case) -> bool:
        """Whether the reader's organisation runs the matter, or audits it. Without a manager the street office stands in."""
        parts = self.parts(case)
        if self.actor.audits or self.actor.sees_all or parts & {str(p) for p in RUNNING_PARTS}:
            return True
        return CaseRole.STREET_OFFICE in parts and not case.parts.filter(role=CaseRole.USE_MANAGER).exists()

    def may_read(self, event: CaseEvent, case: Case) -> bool:
        """Whether the facts of an event may be contained: the reader's own records, and all of a matter they run."""
        return event.actor_organisation_id == self.actor.organisation_id or self.runs(case)


Section = Callable[[Case, Reader], Iterable[ArchiveFile]]
Summary = Callable[[list[Case], Reader], Iterable[ArchiveFile]]
S = TypeVar("S", bound=Callable[..., Iterable[ArchiveFile]])
_sections: dict[str, tuple[int, Section]] = {}
_summaries: dict[str, tuple[int, Summary]] = {}
_cover: Callable[[dict[str, Any]], bytes] | None = None


def archive_section(name: str, *, order: int = 50) -> Callable[[S], S]:
    """Register what an app adds for each case of the tree: (case as its own kind, reader) -> its files."""

    def register(section: S) -> S:
        _sections[name] = (order, section)
        return section

    return register


def archive_summary(name: str, *, order: int = 50) -> Callable[[S], S]:
    """Register what an app adds once for the whole tree: (cases, reader) -> its files."""

    def register(summary: S) -> S:
        _summaries[name] = (order, summary)
        return summary

    return register


def register_cover(render: Callable[[dict[str, Any]], bytes]) -> None:
    """Register who prints the cover with its list of contents: (index) -> PDF. Raises ValueError what it cannot draw."""
    global _cover
    _cover = render


def cover(index: dict[str, Any]) -> bytes | None:
    return _cover(index) if _cover is not None else None


def tree(case: Case, actor: Actor) -> list[Case]:
    """The incident of a case with everything below it, as far as the actor sees it, in order of birth, each as its kind."""
    root = case.lineage[0] if case.lineage else case.pk
    family = Q(pk=root) | Q(lineage__contains=[root])
    return [row.specific for row in Case.objects.filter(family, in_scope(actor)).order_by("pk")]


def files(cases: list[Case], reader: Reader) -> Iterator[ArchiveFile]:
    """Every file of the archive but index, cover and manifest, by section and case."""
    for _name, (_order, section) in sorted(_sections.items(), key=lambda item: (item[1][0], item[0])):
        for case in cases:
            yield from section(case, reader)
    for _name, (_order, summary) in sorted(_summaries.items(), key=lambda item: (item[1][0], item[0])):
        yield from summary(cases, reader)


# ---- asking and building ----


@transaction.atomic
def ask(case: Case, *, by: Actor, purpose: str, note: str = "") -> ArchiveRequest:
    """Ask for the file of a case as it stands now. A request that still waits is answered again, not doubled.

    Raises OutOfScope, or ValidationError for a purpose that is none.
    """
    if by.user_id is None or by.organisation_id is None or not Case.objects.filter(in_scope(by), pk=case.pk).exists():
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    if purpose not in ArchiveRequest.Purpose.values:
        raise ValidationError(_("还没有选卷宗的用途。"))
    now = timezone.now()
    row, created = ArchiveRequest.objects.get_or_create(
        case_id=case.pk,
        asked_by_id=by.user_id,
        status=ArchiveRequest.Status.WAITING,
        defaults={
            "organisation_id": by.organisation_id,
            "purpose": purpose,
            "note": note.strip()[:200],
            "as_of": now,
            "next_attempt_at": now,
        },
    )
    if created:
        transaction.on_commit(lambda: outbox.ring(TASK), robust=True)
    return row


def build_waiting(limit: int = 20) -> int:
    """Build what waits, the oldest first, each in its own transaction. Returns how many became ready."""
    done = 0
    for _n in range(limit):
        with transaction.atomic():
            row = (
                ArchiveRequest.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("case", "asked_by")
                .filter(status=ArchiveRequest.Status.WAITING, next_attempt_at__lte=timezone.now())
                .order_by("next_attempt_at")
                .first()
            )
            if row is None:
                return done
            done += _build_or_put_back(row)
    return done


def _build_or_put_back(row: ArchiveRequest) -> int:
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            build(row)
    except Exception as error:
        log.exception("archive: %s could not be built", row.pk)
        row.attempts += 1
        row.last_error = f"{type(error).__name__}: {error}"[:300]
        row.next_attempt_at = timezone.now() + timedelta(seconds=10 * 2**row.attempts)
        if row.attempts >= GIVE_UP_AFTER or isinstance(error, OutOfScope):
            row.status = ArchiveRequest.Status.FAILED
        row.save(update_fields=["attempts", "last_error", "next_attempt_at", "status"])
        return 0
    return 1


def build(row: ArchiveRequest) -> None:
    """Build one archive, and only then say that it is ready. The same case and moment give the same bytes.

    What a killed worker left in the store lies under the same name and is written anew.
    """
    from casework.archive_zip import write

    user = User.objects.get(pk=row.asked_by_id)
    actor = actor_for(user, row.organisation_id)
    cases = tree(row.case, actor) if actor.organisation_id == row.organisation_id else []
    if row.case_id not in {case.pk for case in cases}:
        raise OutOfScope("out_of_scope", _("没有这个案件，或者不在您的范围内。"))
    name = f"archives/{row.pk}.zip"
    with tempfile.TemporaryFile() as target:
        written = write(target, row=row, cases=cases, reader=Reader(actor, row.as_of))
        target.seek(0)
        row.file.storage.delete(name)
        row.file.name = row.file.storage.save(name, File(target))
    row.size, row.entries, row.withheld = written.size, written.entries, written.withheld
    row.sha256, row.manifest_sha256 = written.sha256, written.manifest_sha256
    row.status, row.ready_at, row.last_error = ArchiveRequest.Status.READY, timezone.now(), ""
    row.save()


def forget() -> int:
    """Delete archives kept long enough: they hold personal data twice. What was asked and downloaded stays on record."""
    old = timezone.now() - timedelta(days=settings.ARCHIVE_KEEP_DAYS)
    count = 0
    for row in ArchiveRequest.objects.filter(status=ArchiveRequest.Status.READY, ready_at__lt=old):
        row.file.storage.delete(row.file.name)
        row.file, row.status = "", ArchiveRequest.Status.FORGOTTEN
        row.save(update_fields=["file", "status"])
        count += 1
    return count


# ---- taking away ----


def archives_of(case: Case, *, actor: Actor) -> list[ArchiveRequest]:
    """What this person asked for on this case, newest first."""
    return list(ArchiveRequest.objects.filter(case_id=case.pk, asked_by_id=actor.user_id or 0)[:5])


def take(key: Any, *, by: Actor) -> ArchiveRequest:
    """The ready archive for the person who asked for it, logged as downloaded. Raises OutOfScope.

    It was made for this person in this organisation: nobody else gets it, nor they themselves once the case left their scope.
    """
    rows = ArchiveRequest.objects.select_related("case").filter(in_scope(by, "case"), asked_by_id=by.user_id or 0)
    row = rows.filter(pk=key, organisation_id=by.organisation_id or 0, status=ArchiveRequest.Status.READY).first()
    if row is None:
        raise OutOfScope("out_of_scope", _("没有这份卷宗，或者不是您申请的。"))
    FileAccess.objects.create(
        case=row.case,
        archive=row,
        act=FileAccess.Act.DOWNLOAD,
        purpose=str(row.get_purpose_display()) + (f"：{row.note}" if row.note else ""),
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        name=by.name,
        sha256=row.sha256,
    )
    return row
