"""调取资料函: the dated request for records as a letter, and the news around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.outbox import after
from correspondence import api
from correspondence.declarations import Document
from correspondence.messages import message_kind
from correspondence.models import RecordsRequest

if TYPE_CHECKING:
    from casework.models import CaseEvent


@dataclass(frozen=True)
class LetterFacts:
    """What the letter says."""

    addressee: str
    subject: str
    reference: str
    what: str
    since: date
    until: date
    due_on: date
    purpose: str
    asked_by: str


class RecordsLetter(Document):
    """调取资料函: which records of which days, until when, on what ground (rulebook 1.8)."""

    title = _("调取资料函")
    template = "correspondence/documents/records_letter.html"
    prefix = "DZ"
    provisions = ("elevator.maintenance_interval", "elevator.maintenance_records_kept")

    def facts(self, event: CaseEvent) -> LetterFacts:
        row = RecordsRequest.objects.select_related("addressee", "parent").get(pk=event.case_id)
        return LetterFacts(
            addressee=row.asked_of,
            subject=row.parent.title if row.parent else row.title,
            reference=row.parent.reference if row.parent else row.reference,
            what=row.what,
            since=row.since,
            until=row.until,
            due_on=row.due_on,
            purpose=row.purpose,
            asked_by=event.actor_name,
        )

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [(str(_("收函单位")), facts["addressee"]), (str(_("提供期限")), facts["due_on"])]


message_kind(
    "correspondence.records_asked",
    subject=_("请提供资料：{title}"),
    text=_("请在 {due_on} 以前提供：{what}（{since} 至 {until}）。案号 {reference}，函件在案件页面。"),
    default=((CaseRole.MAINTENANCE, Role.MAINTENANCE_STAFF, "in_app"), (CaseRole.MAINTENANCE, Role.MAINTENANCE_STAFF, "mail")),
)
message_kind(
    "correspondence.records_came",
    subject=_("调取资料有了答复：{title}"),
    text=_("{asked_of}：{said}。案号 {reference}。"),
    default=((CaseRole.USE_MANAGER, Role.MANAGER_CLERK, "in_app"), (CaseRole.INSURER, Role.INSURER_HANDLER, "in_app")),
)


@after("correspondence.records_request.ask")
def send_letter(event: CaseEvent) -> None:
    api.issue(RecordsLetter, event)
    row = RecordsRequest.objects.get(pk=event.case_id)
    words = {"due_on": str(row.due_on), "what": row.what, "since": str(row.since), "until": str(row.until)}
    api.send("correspondence.records_asked", event, **words)


@after("correspondence.records_request.answer_request", "correspondence.records_request.refuse")
def tell_askers(event: CaseEvent) -> None:
    row = RecordsRequest.objects.select_related("addressee").get(pk=event.case_id)
    api.send("correspondence.records_came", event, asked_of=row.asked_of, said=str(row.state_label))
