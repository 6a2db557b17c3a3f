"""Who is told what about a lawsuit or a mediation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.models import Deadline
from casework.outbox import after
from correspondence import api as correspondence
from correspondence.messages import message_kind
from correspondence.templatetags.papers import yuan
from disputes.models import Litigation, Mediation
from legislation.money import ZERO

if TYPE_CHECKING:
    from casework.models import CaseEvent

CLERK, APPROVER = (CaseRole.USE_MANAGER, Role.MANAGER_CLERK), (CaseRole.USE_MANAGER, Role.MANAGER_APPROVER)
STREET, HANDLER = (CaseRole.STREET_OFFICE, Role.STREET_CLERK), (CaseRole.INSURER, Role.INSURER_HANDLER)
EVERYBODY = ((*CLERK, "in_app"), (*STREET, "in_app"), (*HANDLER, "in_app"))

message_kind(
    "disputes.suit_opened",
    subject=_("{reference} 诉讼立案：{court}"),
    text=_("{plaintiff}诉{defendant}，{court} {number}。收到起诉状的，按期答辩；不答辩不影响审理。"),
    default=(*EVERYBODY, (*APPROVER, "in_app")),
)
message_kind(
    "disputes.hearing_scheduled",
    subject=_("{reference} {when} 开庭"),
    text=_("{court} {room}，{number}。出庭人员：{agent}。"),
    default=(*EVERYBODY, (*CLERK, "mail")),
)
message_kind(
    "disputes.judged",
    subject=_("{reference} 已判决：{outcome} {amount}"),
    text=_("{document}。{until}"),
    default=(*EVERYBODY, (*APPROVER, "in_app"), (*APPROVER, "mail")),
)
message_kind(
    "disputes.stands",
    subject=_("{reference} 裁判已生效：{outcome} {amount}"),
    text=_("{document}，{day} 生效。要给付的，请按期履行；不履行的，对方可以申请执行。"),
    default=(*EVERYBODY, (*APPROVER, "in_app")),
)
message_kind(
    "disputes.agreed",
    subject=_("{reference} 达成调解协议：{amount}"),
    text=_("{committee}主持。{until}司法确认申请书已生成，请双方签名。"),
    default=(*EVERYBODY, (*APPROVER, "in_app")),
)
message_kind(
    "disputes.mediation_failed",
    subject=_("{reference} 调解未成"),
    text=_("理由：{reason}。双方可以继续协商，也可以起诉。"),
    default=EVERYBODY,
)


def _suit(event: CaseEvent) -> Litigation:
    suit: Litigation = Litigation.objects.get(pk=event.case_id)
    return suit


def _day(moment: Any) -> str:
    local = timezone.localtime(moment) if hasattr(moment, "hour") else moment
    return now_("%(month)s月%(day)s日") % {"month": local.month, "day": local.day}


def _until(case_id: int, rule: str, says: str) -> str:
    due = Deadline.objects.filter(case_id=case_id, rule=rule, status=Deadline.Status.RUNNING).values_list("due_at", flat=True).first()
    return says % {"day": _day(due)} if due else ""


@after("disputes.litigation.open")
def tell_of_suit(event: CaseEvent) -> None:
    suit = _suit(event)
    correspondence.send(
        "disputes.suit_opened", event, court=suit.court, number=suit.number, plaintiff=suit.plaintiff, defendant=suit.defendant
    )


@after("disputes.litigation.schedule_hearing")
def tell_of_hearing(event: CaseEvent) -> None:
    suit = _suit(event)
    if suit.next_hearing_at is None:
        return
    local = timezone.localtime(suit.next_hearing_at)
    correspondence.send(
        "disputes.hearing_scheduled",
        event,
        when=f"{_day(suit.next_hearing_at)} {local:%H:%M}",
        court=suit.court,
        room=suit.next_hearing_room,
        number=suit.number,
        agent=suit.agent or now_("还没有登记"),
    )


@after("disputes.litigation.record_judgment")
def tell_of_judgment(event: CaseEvent) -> None:
    suit = _suit(event)
    until = _until(suit.pk, "appeal", now_("上诉期到 %(day)s 止。")) or now_("这是终审判决。")
    correspondence.send(
        "disputes.judged",
        event,
        outcome=suit.get_outcome_display(),
        amount=yuan(suit.awarded or ZERO),
        document=suit.document_number,
        until=until,
    )


@after("disputes.litigation.take_effect", "disputes.litigation.settle_in_court")
def tell_that_it_stands(event: CaseEvent) -> None:
    suit = _suit(event)
    if suit.effective_on is not None:
        correspondence.send(
            "disputes.stands",
            event,
            outcome=suit.get_outcome_display(),
            amount=yuan(suit.awarded or ZERO),
            document=suit.document_number,
            day=_day(suit.effective_on),
        )


@after("disputes.mediation.agree")
def tell_of_agreement(event: CaseEvent) -> None:
    file = Mediation.objects.get(pk=event.case_id)
    until = _until(file.pk, "judicial_confirmation", now_("%(day)s 以前双方可以共同申请司法确认。"))
    correspondence.send("disputes.agreed", event, amount=yuan(file.agreed_amount or ZERO), committee=file.committee, until=until)


@after("disputes.mediation.fail")
def tell_of_failure(event: CaseEvent) -> None:
    correspondence.send("disputes.mediation_failed", event, reason=(event.record.facts or {})["reason"])
