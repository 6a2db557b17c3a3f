"""Messages: a kind has words, a table says who is told and how, each delivery is a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from access.models import Membership
from access.roles import CaseRole, Role
from casework.models import CaseOrganisation
from correspondence.models import Message, MessageRule

if TYPE_CHECKING:
    from casework.models import CaseEvent

GIVE_UP_AFTER = 8


@dataclass(frozen=True)
class MessageKind:
    """Words of one kind of message (str.format fields from the values given, plus reference and title), and who is told
    unless the table says otherwise: (part, role, channel)."""

    code: str
    subject: Any
    text: Any
    default: tuple[tuple[CaseRole, Role, str], ...]


_kinds: dict[str, MessageKind] = {}


def message_kind(code: str, *, subject: Any, text: Any, default: tuple[tuple[CaseRole, Role, str], ...]) -> MessageKind:
    """Declare a kind of message."""
    kind = MessageKind(code, subject, text, default)
    _kinds[code] = kind
    return kind


def kinds() -> dict[str, MessageKind]:
    return dict(_kinds)


def _rules(kind: MessageKind) -> list[tuple[str, str, str]]:
    stored = list(MessageRule.objects.filter(kind=kind.code).values_list("part", "role", "channel", "is_active"))
    if stored:
        return [(part, role, channel) for part, role, channel, is_active in stored if is_active]
    return [(str(part), str(role), channel) for part, role, channel in kind.default]


def send(code: str, event: CaseEvent, values: dict[str, Any], *, of: str = "", only: int | None = None) -> int:
    """Write the messages of one kind for one event; those already written stay as they are.

    of: what else tells two messages of one event apart (a clock). only: tell people of this organisation alone.
    """
    kind, case = _kinds[code], event.case
    words = {"reference": case.reference, "title": case.title, **values}
    subject, text = kind.subject.format(**words), kind.text.format(**words)
    parts = CaseOrganisation.objects.filter(case_id=case.pk).values_list("role", "organisation_id")
    rows = []
    for part, role, channel in _rules(kind):
        organisations = [organisation for held, organisation in parts if held == part and only in (None, organisation)]
        for member in Membership.objects.filter(organisation_id__in=organisations, role=role, until=None):
            is_in_app = channel == MessageRule.Channel.IN_APP
            rows.append(
                Message(
                    case_id=case.pk,
                    event=event,
                    kind=f"{code}:{of}"[:60] if of else code,
                    recipient_id=member.user_id,
                    channel=channel,
                    organisation_id=member.organisation_id,
                    subject=subject[:200],
                    text=text,
                    status=Message.Status.SENT if is_in_app else Message.Status.PENDING,
                    sent_at=timezone.now() if is_in_app else None,
                )
            )
    return len(Message.objects.bulk_create(rows, ignore_conflicts=True))


def deliver_mail(limit: int = 100) -> int:
    """Send the mail that waits; a failure is logged on its row and tried again with growing pauses. Returns how many went out."""
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            row = (
                Message.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("recipient")
                .filter(status=Message.Status.PENDING, next_attempt_at__lte=timezone.now())
                .order_by("id")
                .first()
            )
            if row is None:
                return sent
            sent += _deliver(row)
    return sent


def _deliver(row: Message) -> int:
    row.attempts += 1
    try:
        if not row.recipient.email:
            raise ValueError("no mail address")
        send_mail(row.subject, f"{row.text}\n\n{settings.PUBLIC_ADDRESS}/cases/{row.case.reference}/", None, [row.recipient.email])
    except Exception as error:
        row.last_error = f"{type(error).__name__}: {error}"[:300]
        row.next_attempt_at = timezone.now() + timedelta(seconds=min(60 * 2**row.attempts, 6 * 3600))
        hopeless = isinstance(error, ValueError) or row.attempts >= GIVE_UP_AFTER
        row.status = Message.Status.FAILED if hopeless else Message.Status.PENDING
        row.save(update_fields=["attempts", "last_error", "next_attempt_at", "status"])
        return 0
    row.status, row.sent_at = Message.Status.SENT, timezone.now()
    row.save(update_fields=["attempts", "status", "sent_at"])
    return 1


def try_again(key: int) -> bool:
    """An operator sends a failed message once more; False when it is not one that failed."""
    return bool(
        Message.objects.filter(pk=key, status=Message.Status.FAILED).update(
            status=Message.Status.PENDING, attempts=0, next_attempt_at=timezone.now()
        )
    )
