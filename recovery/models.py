"""The nouns of recovery: the file of one payer, its targets, payments, shares in versions, receipts, instalments."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import Case
from recovery.lifecycle import RecoveryFileLifecycle, RecoveryTargetLifecycle
from recovery.terms import Basis, Capacity, Liability, Outcome, Proposal, Prospect, Referral, ShareBasis

APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def money(label: Any, **more: Any) -> Any:
    return models.DecimalField(label, max_digits=16, decimal_places=2, **more)


class RecoveryFile(RecoveryFileLifecycle):
    """追偿案: what one payer paid for others in one incident, and what came back. `amount` is what is left to claim."""

    payer_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("付款单位"))
    basis = models.CharField(_("性质"), max_length=20, choices=Basis, default=Basis.RECOURSE)
    paid = money(_("已付"), default=0)
    returned = money(_("收款人已退回"), default=0)
    reimbursed = money(_("保险已归还"), default=0)
    collected = money(_("已追回"), default=0)
    own_burden = money(_("自行承担"), default=0)
    to_hand_over = money(_("应移交保险人"), default=0)
    borne = money(_("结案时自行承担"), default=0)
    written_off = money(_("已核销"), default=0)
    restored = money(_("恢复追偿的金额"), default=0)
    shares_number = models.PositiveIntegerField(_("责任份额版次"), default=0)
    insured = models.JSONField(_("同一保单的被保险人"), default=list)
    write_off_reason = models.CharField(_("核销理由"), max_length=300, blank=True)
    is_waiver = models.BooleanField(_("放弃追偿"), default=False)

    class Meta:
        verbose_name = _("追偿案")
        constraints = [
            models.CheckConstraint(condition=Q(paid__gte=F("returned")), name="recovery_returned_within_paid"),
            models.CheckConstraint(condition=Q(written_off__gte=0, borne__gte=0), name="recovery_borne_not_negative"),
        ]

    @property
    def net(self) -> Decimal:
        """Paid and not returned by the payee."""
        net: Decimal = self.paid - self.returned
        return net

    @property
    def uncovered(self) -> Decimal:
        """Neither given back nor collected yet; below zero when more came back than went out."""
        uncovered: Decimal = self.net - self.reimbursed - self.collected
        return uncovered


class RecoveryTarget(RecoveryTargetLifecycle):
    """追偿对象: one party from whom one file claims. `amount` is what is left to collect."""

    RETENTION = "claim_file"

    party = models.CharField(_("责任方"), max_length=40)
    basis = models.CharField(_("性质"), max_length=20, choices=Basis)
    capacity = models.CharField(_("身份"), max_length=20, choices=Capacity)
    name = models.CharField(_("名称"), max_length=120)
    address = models.CharField(_("送达地址"), max_length=200, blank=True)
    contact = models.CharField(_("联系人和电话"), max_length=80, blank=True)
    ground = models.CharField(_("追偿根据"), max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    claimed = money(_("应承担"), default=0)
    fixed = money(_("和解或者裁判确定的金额"), null=True)
    collected = money(_("已追回"), default=0)
    refund_due = money(_("应退还"), default=0)
    shares_number = models.PositiveIntegerField(_("责任份额版次"), default=0)
    demanded = money(_("最近一次函件的金额"), null=True)
    demanded_on = models.DateField(_("最近一次发函"), null=True)
    accepted_amount = money(_("对方承认"), null=True)
    answer = models.CharField(_("对方答复"), max_length=500, blank=True)
    planned_from = money(_("签还款协议时已收"), default=0)
    proposal = models.CharField(_("提请"), max_length=20, choices=Proposal, blank=True)
    proposed = money(_("提请金额"), null=True)
    proposal_reason = models.CharField(_("提请理由"), max_length=300, blank=True)
    is_insolvent = models.BooleanField(_("无力偿还"), default=False)
    insolvency = models.CharField(_("无力偿还的根据"), max_length=300, blank=True)
    referral = models.CharField(_("同一保单的研判"), max_length=10, choices=Referral, blank=True)
    referral_reason = models.CharField(_("研判理由"), max_length=300, blank=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome, blank=True)
    ruling = models.CharField(_("裁判文书"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("追偿对象")
        constraints = [models.CheckConstraint(condition=Q(fixed=None) | Q(fixed__gte=0), name="target_fixed_not_negative")]


class PayoutProspect(models.Model):
    """Whether a payout under a policy may still come for an incident; told by the insurer's room."""

    incident = models.OneToOneField(Case, models.PROTECT, related_name="payout_prospect")
    prospect = models.CharField(max_length=10, choices=Prospect)
    recorded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.prospect}"


class Loss(models.Model):
    """损失: what the liable owe for one claim, as the claim last told; without a row what was paid for it."""

    incident = models.ForeignKey(Case, models.PROTECT, related_name="recovery_losses")
    claim_id = models.BigIntegerField(unique=True)
    amount = money(_("金额"))
    recorded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"


class Outlay(models.Model):
    """付款: one proven payment of a file; negative when the payee gave it back."""

    file = models.ForeignKey(RecoveryFile, models.PROTECT, related_name="outlays")
    event_id = models.UUIDField(unique=True)
    claim_id = models.BigIntegerField(default=0)
    amount = money(_("金额"))
    on = models.DateField(_("日期"))
    is_moved = models.BooleanField(_("归还被保险人的"), default=False)

    class Meta:
        ordering = ["on", "id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.file_id} {self.amount}"


class ShareVersion(models.Model):
    """责任份额: one version for the whole incident; fractions as text that sum to one. Old letters keep their version."""

    incident = models.ForeignKey(Case, models.PROTECT, related_name="share_versions")
    event_id = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(_("版次"))
    basis = models.CharField(_("根据"), max_length=20, choices=ShareBasis)
    liability = models.CharField(_("责任形式"), max_length=10, choices=Liability)
    shares = models.JSONField(_("份额"))
    reason = models.CharField(_("理由"), max_length=300)
    claim_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("责任份额")
        ordering = ["number"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="share_version_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} v{self.number}"

    @property
    def fractions(self) -> dict[str, Fraction]:
        return {line["party"]: Fraction(line["share"]) for line in self.shares}


class Receipt(models.Model):
    """追回: money that came from a party, or went back to it or on to the insurer (negative)."""

    class Way(models.TextChoices):
        MONEY = "money", _("收到款项")
        SET_OFF = "set_off", _("抵销")
        REFUND = "refund", _("退还")
        HAND_OVER = "hand_over", _("移交")

    file = models.ForeignKey(RecoveryFile, models.PROTECT, related_name="receipts")
    party = models.CharField(max_length=40)
    event_id = models.UUIDField()
    way = models.CharField(_("方式"), max_length=12, choices=Way)
    amount = money(_("金额"))
    on = models.DateField(_("日期"))
    voucher = models.CharField(_("凭证号"), max_length=60)

    class Meta:
        ordering = ["on", "id"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["event_id", "party"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.party} {self.amount}"


class Instalment(models.Model):
    """分期: one instalment of a plan; the rows of the newest plan are in force."""

    target = models.ForeignKey(RecoveryTarget, models.PROTECT, related_name="instalments")
    event_id = models.UUIDField()
    number = models.PositiveIntegerField(_("期"))
    due_on = models.DateField(_("应付日"))
    amount = money(_("金额"))

    class Meta:
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["event_id", "number"], name="instalment_once")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.due_on} {self.amount}"
