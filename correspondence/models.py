"""Issued papers, sent messages, personal links. A paper is never rendered again; a message keeps the log of its delivery."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedField
from access.models import Organisation, User
from access.roles import CaseRole, Role
from casework.models import Case, CaseEvent
from correspondence.lifecycle import RecordsRequestLifecycle


class IssuedDocument(models.Model):
    """One paper as it left the house: facts, template, law release, bytes. Replaced only by another that names it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="documents")
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    serial = models.CharField(_("编号"), max_length=30, unique=True)
    verify_code = models.CharField(_("核验码"), max_length=16, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    issuer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField()
    provisions = models.JSONField(default=list)
    template_sha256 = models.CharField(max_length=64)
    law_release = models.CharField(max_length=60)
    file = models.FileField(upload_to="documents/", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["event", "code"], name="document_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.serial} {self.title}"

    @property
    def is_superseded(self) -> bool:
        return hasattr(self, "replaced_by")


class MessageRule(models.Model):
    """Who is told of what, and how: data an office may change without a release."""

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("站内")
        MAIL = "mail", _("邮件")

    kind = models.CharField(max_length=60)
    part = models.CharField(max_length=30, choices=CaseRole)
    role = models.CharField(max_length=30, choices=Role)
    channel = models.CharField(max_length=10, choices=Channel)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "part", "role", "channel"], name="message_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.part}/{self.role} ({self.channel})"


class Message(models.Model):
    """One message to one person by one channel, with its delivery."""

    class Status(models.TextChoices):
        PENDING = "pending", _("待发送")
        SENT = "sent", _("已送达")
        FAILED = "failed", _("发送失败")

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=MessageRule.Channel)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["event", "kind", "recipient", "channel"], name="message_once")]
        indexes = [models.Index(fields=["recipient", "channel", "read_at"], name="message_unread")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class PersonalLink(models.Model):
    """A way in for one person without an account: to one case, for one purpose, until a moment. Token and code stand nowhere."""

    #: The label names a person; it goes with the case's file.
    RETENTION = "claim_file"

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=60)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+")
    label = EncryptedField()
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "purpose", "party"], condition=models.Q(revoked_at=None), nulls_distinct=False, name="link_once"
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("issued_at")), name="link_expires_later"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="same_door",
                operation=pgtrigger.UpdateOf("case_id", "purpose", "party_id", "token_digest", "code_digest", "expires_at"),  # type: ignore[no-untyped-call]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.case_id}"


class LinkUse(models.Model):
    """One thing that happened with a personal link: made, opened, tried in vain, a page read, something sent, taken back."""

    class What(models.TextChoices):
        ISSUED = "issued", _("发出")
        OPENED = "opened", _("验证码对")
        REFUSED = "refused", _("验证码错")
        LOCKED = "locked", _("锁住")
        READ = "read", _("看过")
        SENT = "sent", _("提交")
        REVOKED = "revoked", _("收回")

    link = models.ForeignKey(PersonalLink, models.PROTECT, related_name="uses")
    what = models.CharField(max_length=10, choices=What)
    page = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["link", "what", "at"], name="link_use")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.link_id} {self.what}"


class RecordsRequest(RecordsRequestLifecycle):
    """调取资料: papers of certain days, asked of who holds them, below the case that needs them."""

    RETENTION = "claim_file"

    addressee = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("向谁调取"))
    addressee_name = models.CharField(_("没有账号的单位或人"), max_length=120, blank=True)
    what = models.TextField(_("要哪些资料"), max_length=1000)
    since = models.DateField(_("从哪天的"))
    until = models.DateField(_("到哪天的"))
    asked_on = models.DateField(_("发函日"))
    due_on = models.DateField(_("什么时候以前提供"))
    purpose = models.CharField(_("做什么用"), max_length=200)
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    lacking = models.CharField(_("没有的"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("调取资料")

    @property
    def asked_of(self) -> str:
        return self.addressee.name if self.addressee is not None else self.addressee_name
