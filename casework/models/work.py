"""What people and clocks leave on a case: deadlines, evidence, tasks, notes, substitutes, drafts."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedJSONField
from access.models import Organisation, User
from access.roles import CaseRole, Role
from casework.models.case import Case
from casework.models.trail import CaseEvent


class Deadline(models.Model):
    """A clock of a case as computed from its events; recomputed, never edited."""

    class Status(models.TextChoices):
        RUNNING = "running", _("计时中")
        PAUSED = "paused", _("计时已停")
        MET = "met", _("已办")
        VOID = "void", _("不再适用")
        NO_RULE = "no_rule", _("没有适用的规定")

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
    told_near_at = models.DateTimeField(null=True)
    told_over_at = models.DateTimeField(null=True)

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
    """A file that proves something in a case. Never deleted; a wrong one is marked withdrawn with a reason.

    `origin`: this row is a further use of a piece that stands elsewhere in the incident's pack; the file is stored once, and
    the terms below are those of the origin. `audience`: the parts that may read it, empty for everybody in the case.
    """

    class Sensitivity(models.TextChoices):
        ORDINARY = "ordinary", _("不涉及")
        PERSONAL = "personal", _("个人信息")
        SENSITIVE = "sensitive", _("敏感个人信息")

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    code = models.CharField(_("证据种类"), max_length=60)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="uses", editable=False)
    source = models.CharField(_("从哪里来的"), max_length=200, blank=True)
    sensitivity = models.CharField(_("个人信息"), max_length=10, choices=Sensitivity, default=Sensitivity.ORDINARY)
    audience = ArrayField(models.CharField(max_length=30, choices=CaseRole), default=list, blank=True)
    purpose = models.CharField(_("使用目的"), max_length=200, blank=True)
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

    @property
    def piece(self) -> Evidence:
        """The row that holds the terms: its own, or the origin's."""
        return self.origin or self


class Task(models.Model):
    """Something a role of an organisation must do beside the steps, e.g. a refund or a coordination.

    A task whose code is the verb of a step of its case only reminds of that step, which alone ends it.
    """

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

    @property
    def is_a_step(self) -> bool:
        from casework import registry

        return self.code in registry.kind(self.case.kind).steps


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


class Draft(models.Model):
    """What somebody has typed and not yet submitted: nothing typed is ever lost."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)
    data = EncryptedJSONField(default=dict)  # account numbers and telephones are typed here like anything else
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.key
