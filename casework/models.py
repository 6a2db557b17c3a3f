"""The parent row of every case, and what hangs on it by plain foreign keys."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, User, place_validator
from access.roles import CaseRole, Role
from casework.fsm import StateField, StatefulModel

if TYPE_CHECKING:
    from casework.declarations import DeadlineRule, EvidenceRequirement, Turn


class Case(StatefulModel):
    """One case of any kind. Holds the only state of the house; kinds extend it by multi-table inheritance.

    A kind sets the class attributes below. `lineage` are the keys of its ancestors from the root down; parents are born
    before their children, so ascending keys lock from root to leaf.
    """

    KIND: ClassVar[str] = ""
    KIND_LABEL: ClassVar[Any] = ""
    PREFIX: ClassVar[str] = ""
    INITIAL: ClassVar[str] = ""
    STATES: ClassVar[dict[str, Any]] = {}
    PATH: ClassVar[tuple[str, ...]] = ()
    ENDED: ClassVar[frozenset[str]] = frozenset()
    DEADLINES: ClassVar[tuple[DeadlineRule, ...]] = ()
    EVIDENCE: ClassVar[tuple[EvidenceRequirement, ...]] = ()

    kind = models.CharField(max_length=40, editable=False)
    state = StateField(max_length=40)
    reference = models.CharField(_("案号"), max_length=30, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", editable=False)
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    place = models.CharField(_("所在地"), max_length=6, validators=[place_validator])
    organisation_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"))
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    turn_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", editable=False)
    turn_role = models.CharField(max_length=30, blank=True, editable=False)
    turn_verb = models.CharField(max_length=40, blank=True, editable=False)
    turn_since = models.DateTimeField(null=True, editable=False)
    next_deadline_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_suspended = models.BooleanField(_("暂停"), default=False)
    happened_at = models.DateTimeField(_("发生时间"))
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("案件")
        indexes = [
            models.Index(fields=["turn_organisation", "turn_role", "next_deadline_at"], name="case_turn"),
            models.Index(fields=["kind", "state", "next_deadline_at"], name="case_kind_state"),
            models.Index(fields=["place", "kind"], name="case_place"),
            models.Index(fields=["parent"], name="case_parent"),
            GinIndex(fields=["organisation_ids"], name="case_organisations"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="edge",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "kind", "parent_id", "reference"),
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.kind <> OLD.kind OR NEW.reference <> OLD.reference
                           OR NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
                            RAISE EXCEPTION 'kind, reference and parent of case % never change', OLD.reference;
                        END IF;
                        IF NEW.state = OLD.state THEN RETURN NEW; END IF;
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM casework_edge
                        WHERE kind = NEW.kind AND target = NEW.state
                          AND source = CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END
                    ) THEN
                        RAISE EXCEPTION 'no edge to state % for % %', NEW.state, NEW.kind, NEW.reference;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def specific(self) -> Case:
        """This case as its own kind (one query, unless it already is)."""
        from casework import registry

        model = registry.kind(self.kind).model
        return self if isinstance(self, model) else model.objects.get(pk=self.pk)

    @property
    def state_label(self) -> Any:
        from casework import registry

        return registry.kind(self.kind).states.get(self.state, self.state)

    @property
    def is_ended(self) -> bool:
        return self.closed_at is not None

    def governing_dates(self) -> dict[str, date]:
        """The dates that choose the law beside the event's own: keys accident, receipt, settlement, application ..."""
        return {}

    def turn(self, position: Any) -> Turn | None:
        """Whose turn it is in this state; None when nobody is waited for."""
        return None


class Edge(models.Model):
    """Every permitted change of state, written from the declarations after each migration; the trigger reads it."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source", "target"], name="edge_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source} → {self.target}"


class ReferenceCounter(models.Model):
    """The last number given, per prefix and year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last}"


class CaseOrganisation(models.Model):
    """An organisation's part in a case: what brings the case into its scope."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=30, choices=CaseRole)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "organisation", "role"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.organisation_id} {self.role}"


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
        indexes = [models.Index(fields=["topic", "recorded_at"], name="event_topic")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.number} {self.topic}"


class EventFacts(models.Model):
    """What an event's digest was taken over. Erasing empties it and leaves a tombstone: the digest still verifies the chain."""

    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="record", primary_key=True)
    facts = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    salt = models.CharField(max_length=32)
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
                       OR NEW.erased_at IS NULL THEN
                        RAISE EXCEPTION 'the facts of event % may only be erased', OLD.event_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class Deadline(models.Model):
    """A clock of a case as computed from its events; recomputed, never edited."""

    class Status(models.TextChoices):
        RUNNING = "running", _("计时中")
        PAUSED = "paused", _("计时已停")
        MET = "met", _("已办")
        VOID = "void", _("不再适用")

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    rule = models.CharField(max_length=60)
    start_event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    responsible = models.CharField(max_length=30, choices=CaseRole)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    count = models.IntegerField()
    unit = models.CharField(max_length=20)
    paused_days = models.IntegerField(default=0)
    moved_days = models.IntegerField(default=0)
    is_provisional = models.BooleanField(default=False)
    is_statutory = models.BooleanField(default=True)
    informs = models.BooleanField(default=False)
    parameter = models.CharField(max_length=120)
    citation = models.CharField(max_length=200)
    explanation = models.JSONField(default=list)
    law_release = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status)
    met_at = models.DateTimeField(null=True)
    was_late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rule"], name="deadline_once")]
        indexes = [models.Index(fields=["status", "due_at"], name="deadline_due")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rule} {self.due_at}"

    @property
    def label(self) -> Any:
        from casework import registry

        rules = {r.name: r for r in registry.kind(self.case.kind).deadlines}
        return rules[self.rule].label if self.rule in rules else self.rule


class Evidence(models.Model):
    """A file that proves something in a case. Never deleted; a wrong one is marked withdrawn with a reason."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    code = models.CharField(_("证据种类"), max_length=60)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_by_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["added_at", "id"]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        indexes = [models.Index(fields=["sha256"], name="evidence_hash")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """Something a role of an organisation must do beside the steps, e.g. a refund or a coordination."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=30, choices=Role)
    code = models.CharField(max_length=60)
    says = models.CharField(max_length=300)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "role", "done_at", "due_at"], name="task_open")]
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "organisation"], condition=models.Q(done_at=None), name="task_open_once")
        ]

    def __str__(self) -> str:
        return self.says


class DiaryNote(models.Model):
    """A note of a colleague on a case, seen inside one organisation only. Append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("记事"), max_length=2000)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-written_at"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:40]


class Substitution(models.Model):
    """While someone is away a colleague of the same role sees their cases as their own."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    absent = models.ForeignKey(User, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="substitution_order"),
            models.CheckConstraint(condition=~models.Q(absent=models.F("substitute")), name="substitution_other"),
        ]

    def __str__(self) -> str:
        return f"{self.absent} → {self.substitute}"


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


class Draft(models.Model):
    """What somebody has typed and not yet submitted: nothing typed is ever lost."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.key
