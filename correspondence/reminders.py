"""Reminders of clocks: one message when a deadline turns amber, one when it is past; never twice for one run of a clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.models import Deadline
from casework.templatetags.tibao import NEAR_DAYS, due_moment
from correspondence import messages
from correspondence.messages import message_kind

IN_APP = "in_app"
WORKING = (
    (CaseRole.USE_MANAGER, Role.MANAGER_CLERK, IN_APP),
    (CaseRole.INSURER, Role.INSURER_HANDLER, IN_APP),
    (CaseRole.STREET_OFFICE, Role.STREET_CLERK, IN_APP),
    (CaseRole.REGULATOR, Role.REGULATOR_OFFICER, IN_APP),
    (CaseRole.MAINTENANCE, Role.MAINTENANCE_STAFF, IN_APP),
    (CaseRole.PAYER, Role.MANAGER_CASHIER, IN_APP),
    (CaseRole.PAYER, Role.INSURER_CASHIER, IN_APP),
)
ANSWERING = ((CaseRole.USE_MANAGER, Role.MANAGER_APPROVER, IN_APP), (CaseRole.INSURER, Role.INSURER_APPROVER, IN_APP))

NEAR = message_kind(
    "deadline.near",
    subject=_("{reference} {label}：{due} 到期"),
    text=_("{title}\n{label}，由{who}办，{due} 到期。依据：{citation}。"),
    default=WORKING,
)
OVER = message_kind(
    "deadline.over",
    subject=_("{reference} {label}：已过 {due}"),
    text=_("{title}\n{label}，由{who}办，{due} 已经到期，还没有办结。依据：{citation}。"),
    default=(*WORKING, *ANSWERING),
)


def remind(now: datetime | None = None, limit: int = 500) -> int:
    """Tell whoever answers for a clock that it is about to run out, or has. Returns how many clocks were told of."""
    now = now or timezone.now()
    last_day = timezone.localtime(now).date() + timedelta(days=NEAR_DAYS)
    soon = timezone.make_aware(datetime.combine(last_day, time.max))
    running = Deadline.objects.filter(status=Deadline.Status.RUNNING, informs=False, case__closed_at=None)
    past = running.filter(due_at__lt=now).filter(Q(told_over_at=None) | Q(told_over_at__lt=F("starts_at")))
    near = running.filter(due_at__gte=now, due_at__lte=soon).filter(Q(told_near_at=None) | Q(told_near_at__lt=F("starts_at")))
    told = 0
    for kind, field, rows in ((OVER, "told_over_at", past), (NEAR, "told_near_at", near)):
        for key in list(rows.order_by("due_at").values_list("pk", flat=True)[:limit]):
            told += _tell(key, kind.code, field, now)
    return told


@transaction.atomic
def _tell(key: int, code: str, field: str, now: datetime) -> bool:
    """One clock, under its lock: two sweeps at once tell once."""
    clock = Deadline.objects.select_for_update(of=("self",), skip_locked=True).select_related("case", "start_event").filter(pk=key).first()
    told = getattr(clock, field, None)
    if clock is None or (told is not None and told >= clock.starts_at):
        return False
    event = clock.start_event
    event.case = clock.case
    values = {
        "label": clock.label,
        "who": clock.organisation.short_name if clock.organisation else clock.get_responsible_display(),
        "due": due_moment(clock),
        "citation": clock.citation,
    }
    messages.send(code, event, values, of=clock.rule, only=clock.organisation_id)
    Deadline.objects.filter(pk=key).update(**{field: now})
    return True
