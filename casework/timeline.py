"""Lines of a timeline, read from the audit chain: of one case, of many, or what a stale page missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from casework import registry
from casework.models import Case, CaseEvent

PERSON_NAME_MAX = 4  # a longer name of somebody without an account is an office's or a firm's
OFFICES = ("局", "办", "处", "院", "所", "委", "会", "站", "队", "社", "厂", "店", "司", "物业", "保险")
LATE_MINUTES = 60  # what is typed in later than this carries both moments
#: Facts that say why, by the names steps give them; the first that is there is shown.
SAID = ("reason", "note", "because", "explanation")


def case_url(case: Case) -> str:
    return reverse("casework:case", args=[case.reference])


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a timeline."""

    number: int
    label: Any
    who: str
    organisation: str
    is_system: bool
    on_behalf_of: str
    by_link: bool
    happened_at: datetime
    recorded_at: datetime
    recorded_late: bool
    citations: tuple[str, ...]
    says: str
    case_title: str = ""
    case_url: str = ""


def masked(name: str) -> str:
    """The name of somebody without an account as every reader of the case may see it: 曾*嫦. Offices and firms stay whole."""
    if len(name) < 2 or len(name) > PERSON_NAME_MAX or name.endswith(OFFICES):
        return name
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"


def entry(event: CaseEvent, *, with_case: bool = False) -> TimelineEntry:
    case = event.case
    record = getattr(event, "record", None)
    facts = (record.facts if record else None) or {}
    says = next((str(facts[name]) for name in SAID if facts.get(name)), "")
    if record is not None and record.erased_at:
        says = _("内容已依法删除：%(why)s") % {"why": record.erased_because}
    return TimelineEntry(
        number=event.number,
        label=registry.label_of(case.kind, event.verb),
        who=_("系统") if event.actor_is_system else event.actor_name,
        organisation=event.actor_organisation.short_name if event.actor_organisation else "",
        is_system=event.actor_is_system,
        # In a list of many cases a person without an account stays without a name.
        on_behalf_of=_("（姓名略）") if with_case and event.on_behalf_of else event.on_behalf_of,
        by_link=event.link_id is not None,
        happened_at=event.recorded_at if with_case else event.happened_at,
        recorded_at=event.recorded_at,
        recorded_late=not with_case and event.recorded_at - event.happened_at > timedelta(minutes=LATE_MINUTES),
        citations=() if with_case else tuple(event.provisions),
        says=says,
        case_title=case.title if with_case else "",
        case_url=case_url(case) if with_case else "",
    )


def missed(*, case: Case, seen: int) -> tuple[TimelineEntry, ...]:
    """What happened in a case after event number `seen`."""
    rows = case.events.filter(number__gt=seen).select_related("record", "actor_organisation").order_by("number")
    entries = []
    for event in rows:
        event.case = case
        entries.append(entry(event))
    return tuple(entries)
