"""Public notices and objections with their sessions."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedField
from consultation.lifecycle.notice import NoticeLifecycle
from consultation.lifecycle.objection import ObjectionLifecycle
from consultation.terms import Category, NoticePurpose, Outcome


class PublicNotice(NoticeLifecycle):
    """公示: a text shown at places from a day to a day, with photographs. Its period grows, and starts anew with a new text."""

    purpose = models.CharField(_("公示什么"), max_length=20, choices=NoticePurpose)
    code = models.CharField(_("公示编号"), max_length=16, unique=True)
    heading = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("公示内容"), max_length=8000)
    text_digest = models.CharField(max_length=64)
    places = ArrayField(models.CharField(max_length=80), default=list, verbose_name=_("张贴地点"))
    contact = models.CharField(_("联系人和电话"), max_length=120, blank=True)
    displayed_from = models.DateField(_("公示起"), null=True)
    displayed_until = models.DateField(_("公示止（含当天）"), null=True)
    restarts = models.PositiveSmallIntegerField(default=0)
    is_practice = models.BooleanField(default=False)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("公示")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(displayed_until=None) | models.Q(displayed_until__gte=models.F("displayed_from")), name="notice_period"
            )
        ]


class Objection(ObjectionLifecycle):
    """异议: what somebody affected has against a notice. The person is protected: the public sees the redacted text only."""

    category = models.CharField(_("哪方面"), max_length=20, choices=Category)
    public_text = models.TextField(_("公开的摘要"), blank=True, max_length=2000)
    is_by_page = models.BooleanField(default=False)
    receipt = models.CharField(_("查询码"), max_length=12, blank=True)
    answer = models.TextField(_("答复"), blank=True, max_length=4000)
    outcome = models.CharField(_("处理结果"), max_length=20, choices=Outcome, blank=True)
    conclusion = models.CharField(_("结论"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("异议")


class Statement(models.Model):
    """What the objector said, and who they are: encrypted, never public, kept with the file."""

    RETENTION = "claim_file"

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="statement")
    event_id = models.UUIDField()
    objector = EncryptedField(_("异议人"))
    phone = EncryptedField(_("联系电话"), blank=True)
    dwelling = EncryptedField(_("房号或者住址"), blank=True)
    text = EncryptedField(_("异议内容"))

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.objection_id}"


class MediationSession(models.Model):
    """调解（协调）会议: who sat together when and where, what was said, what came of it."""

    RETENTION = "claim_file"

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="sessions")
    event_id = models.UUIDField()
    held_at = models.DateTimeField(_("时间"))
    venue = models.CharField(_("地点"), max_length=120)
    chair = models.CharField(_("主持人"), max_length=60)
    attendees = EncryptedField(_("参加人"))
    minutes = EncryptedField(_("记录"))
    outcome = models.CharField(_("结果"), max_length=300)

    class Meta:
        ordering = ["held_at", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.held_at:%Y-%m-%d}"
