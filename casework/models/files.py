"""Files that leave the house: the file of a case as it was asked for, and every look at a file, for good."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, User
from access.roles import CaseRole
from casework.models.case import Case
from casework.models.work import Evidence


class ArchiveRequest(models.Model):
    """卷宗: one person asks for the whole file of a case as it stood at one moment; the worker builds it."""

    class Purpose(models.TextChoices):
        COURT = "court", _("诉讼、仲裁、调解举证")
        AUDIT = "audit", _("审计、检查")
        SUPERVISION = "supervision", _("监管部门调阅")
        FILING = "filing", _("本单位归档")
        OTHER = "other", _("其他")

    class Status(models.TextChoices):
        WAITING = "waiting", _("正在生成")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没有生成")
        FORGOTTEN = "forgotten", _("已过保留期，文件已删")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="archives")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(_("用途"), max_length=20, choices=Purpose)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    as_of = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    file = models.FileField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-as_of"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=models.Q(status="waiting"), name="archive_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["case", "asked_by"], condition=models.Q(status="waiting"), name="archive_waiting_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.as_of:%Y-%m-%d %H:%M}"


class FileAccess(models.Model):
    """Who had which file in hand, when and what for. Append-only; outlives the file itself."""

    class Act(models.TextChoices):
        VIEW = "view", _("查看")
        DOWNLOAD = "download", _("下载")
        REFUSED = "refused", _("未获许可")

    case = models.ForeignKey(Case, models.PROTECT, related_name="file_accesses")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="accesses")
    archive = models.ForeignKey(ArchiveRequest, models.PROTECT, null=True, related_name="accesses")
    act = models.CharField(max_length=10, choices=Act)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} {self.act} {self.at:%Y-%m-%d %H:%M}"


class SharingConsent(models.Model):
    """On what ground a piece with somebody's personal data goes to another organisation (PIPL 23, 29). Withdrawn, never deleted."""

    RETENTION = "claim_file"

    class Basis(models.TextChoices):
        CONSENT = "consent", _("本人单独同意")
        GUARDIAN = "guardian", _("监护人单独同意")
        DUTY = "duty", _("履行法定职责或者法定义务所必需")
        EMERGENCY = "emergency", _("紧急情况下保护生命健康所必需")

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="consents")
    basis = models.CharField(_("依据"), max_length=20, choices=Basis)
    given_by = models.CharField(_("谁同意的"), max_length=60, blank=True)
    recipients = ArrayField(models.CharField(max_length=30, choices=CaseRole))
    purpose = models.CharField(_("提供的目的"), max_length=200)
    given_on = models.DateField(_("同意的日子"))
    proof = models.CharField(_("凭什么为证"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="said_once", fields=["evidence", "basis", "given_by", "recipients", "purpose", "given_on", "proof", "recorded_by"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_by} {self.given_on}"
