"""The nouns of a dispute: the lawsuit with its hearings and costs, the mediation with its sessions."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disputes.lifecycle import LitigationLifecycle, MediationLifecycle
from disputes.lifecycle.fields import money
from disputes.terms import CostKind, Procedure

APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Litigation(LitigationLifecycle):
    """诉讼: one lawsuit over another case, through all its instances. `amount` is what is claimed, later what is awarded."""

    #: Kept as long as the claim file: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("诉讼")
        constraints = [
            models.CheckConstraint(condition=Q(awarded=None) | Q(awarded__gte=0), name="litigation_award_not_negative"),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="litigation_once_per_source"),
        ]


class Mediation(MediationLifecycle):
    """人民调解: one mediation by a people's committee over another case. `first` and `second` are disputes.facts.DisputeParty."""

    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("人民调解")
        constraints = [
            models.CheckConstraint(condition=Q(agreed_amount=None) | Q(agreed_amount__gte=0), name="mediation_amount_not_negative"),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="mediation_once_per_source"),
        ]


class Hearing(models.Model):
    """庭审: one hearing as this side noted it."""

    RETENTION = "claim_file"
    litigation = models.ForeignKey(Litigation, models.PROTECT, related_name="hearings")
    event_id = models.UUIDField(unique=True)
    procedure = models.CharField(_("程序"), max_length=12, choices=Procedure)
    held_on = models.DateField(_("开庭日期"))
    judge = models.CharField(_("审判人员"), max_length=120, blank=True)
    present = models.CharField(_("到庭人员"), max_length=300)
    summary = models.TextField(_("庭审要点"), max_length=4000)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("庭审")
        ordering = ["id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.litigation_id} {self.held_on}"


class LitigationCost(models.Model):
    """诉讼费用: outside the limit of liability (保险法 66)."""

    litigation = models.ForeignKey(Litigation, models.PROTECT, related_name="costs")
    event_id = models.UUIDField(unique=True)
    kind = models.CharField(_("费用"), max_length=16, choices=CostKind)
    amount = money(_("金额"))
    paid_on = models.DateField(_("付款日"))
    voucher = models.CharField(_("票据号"), max_length=60)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("诉讼费用")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="litigation_cost_positive")]

    def __str__(self) -> str:
        return f"{self.litigation_id} {self.amount}"


class MediationSession(models.Model):
    """调解会议."""

    RETENTION = "claim_file"
    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="sessions")
    event_id = models.UUIDField(unique=True)
    held_on = models.DateField(_("日期"))
    present = models.CharField(_("在场人员"), max_length=300)
    text = models.TextField(_("记录"), max_length=4000)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("调解会议")
        ordering = ["id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.held_on}"
