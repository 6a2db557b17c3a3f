"""The parent row of every case, and what hangs on it by plain foreign keys."""

from __future__ import annotations

from casework.models.case import Case, CaseOrganisation, Edge, ReferenceCounter
from casework.models.files import ArchiveRequest, FileAccess, SharingConsent
from casework.models.trail import CaseEvent, EventFacts, OutboxEntry
from casework.models.work import Deadline, DiaryNote, Draft, Evidence, Substitution, Task

__all__ = [
    "ArchiveRequest",
    "Case",
    "CaseEvent",
    "CaseOrganisation",
    "Deadline",
    "DiaryNote",
    "Draft",
    "Edge",
    "EventFacts",
    "Evidence",
    "FileAccess",
    "OutboxEntry",
    "ReferenceCounter",
    "SharingConsent",
    "Substitution",
    "Task",
]
