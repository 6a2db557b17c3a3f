"""The audit chain of a case and the outbox that carries its news."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, User
from casework.models.case import Case


class CaseEvent(models.Model):
    """One link of a case's audit chain. Holds digests only; the facts stand beside it and may be erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    topic = models.CharField(max_length=120)
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    actor_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    actor_is_system = models.BooleanField(default=False)
    on_behalf_of = models.CharField(_("代录"), max_length=120, blank=True)
    link_id = models.BigIntegerField(null=True)  # the personal link by which a person without an account acted
    identified_by = models.CharField(max_length=20, blank=True)  # how strongly that link knew them, e.g. "link+code"
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    law_release = models.CharField(max_length=60)
    provisions = models.JSONField(default=list)
    facts_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number_once")]
        indexes = [
            models.Index(fields=["topic", "recorded_at"], name="event_topic"),
            models.Index(fields=["recorded_at"], name="event_recorded"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.number} {self.topic}"


class EventFacts(models.Model):
    """What an event's digest was taken over. Erasing empties it and leaves a tombstone: the digest still verifies the chain.

    The salt goes with the facts: with it, facts that can be guessed could be proved from their digest.
    """

    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="record", primary_key=True)
    facts = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    erased_at = models.DateTimeField(null=True)
    erased_because = models.CharField(max_length=200, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_erase",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.event_id <> OLD.event_id OR NEW.facts IS NOT NULL OR NEW.changes IS NOT NULL
                       OR NEW.salt <> '' OR NEW.erased_at IS NULL THEN
                        RAISE EXCEPTION 'the facts of event % may only be erased', OLD.event_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class OutboxEntry(models.Model):
    """One event for one handler. Written by perform; carried out at least once, marked in the handler's own transaction."""

    class Status(models.TextChoices):
        PENDING = "pending", _("待处理")
        DONE = "done", _("已处理")
        PARKED = "parked", _("已搁置")

    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="outbox")
    case_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    handler = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="outbox_once")]
        indexes = [
            models.Index(fields=["case_id", "number", "id"], condition=models.Q(status="pending"), name="outbox_pending"),
            models.Index(fields=["next_attempt_at"], condition=models.Q(status="pending"), name="outbox_next"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.status}"
