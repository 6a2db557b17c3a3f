"""The nouns of a claim: the claim itself, its estimates, liability shares and proven payments, and the advance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models import Case
from claims.lifecycle import AdvanceLifecycle, ClaimLifecycle
from claims.lifecycle.fields import money
from claims.terms import CostHead, EstimateSource, Payer, ShareBasis

APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Claim(ClaimLifecycle):
    """理赔: what one injured person, or the unhurt passengers of one entrapment, may claim from the use-manager.

    `people` is a list of claims.facts.ClaimPerson as JSON. `estimate` is the newest, `owed` what the injured is to
    receive in all once liability is fixed, `proven` what was received by proof.
    """

    #: Kept as long as the claim file: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("理赔")
        constraints = [
            models.CheckConstraint(condition=Q(owed=None) | Q(owed__gte=0), name="claim_owed_not_negative"),
            models.CheckConstraint(
                condition=Q(owed=None, fixed_on=None) | Q(owed__isnull=False, fixed_on__isnull=False), name="claim_owed_once_fixed"
            ),
        ]

    @property
    def fault_share(self) -> Fraction:
        return Fraction(self.victim_fault)

    @property
    def outstanding(self) -> Decimal | None:
        """What the injured is still to receive; None while liability is not fixed."""
        return None if self.owed is None else max(self.owed - self.proven, Decimal(0))

    @property
    def excess(self) -> Decimal:
        """What was paid above what is owed; a refund is asked for it."""
        return Decimal(0) if self.owed is None else max(self.proven - self.owed, Decimal(0))

    def left_after_payment(self, amount: Decimal) -> list[tuple[Any, Any]]:
        """What the injured is still to receive once this amount has arrived."""
        return [] if self.outstanding is None else [(_("付后还欠受害人（元）"), f"{max(self.outstanding - amount, Decimal(0)):,.2f}")]


class Advance(AdvanceLifecycle):
    """垫付: money that the use-manager pays before liability is known; `amount` is what is proposed."""

    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("垫付")
        constraints = [
            models.CheckConstraint(condition=Q(approved_amount=None) | Q(approved_amount__gt=0), name="advance_positive"),
            models.CheckConstraint(condition=Q(refunded__gte=0), name="advance_refund_not_negative"),
        ]

    @property
    def bars_payment(self) -> Any:
        """Why nothing may be released for it now; "" when nothing stands against it."""
        return _("这笔紧急垫付被第二个人提出异议，不能放行。") if self.objection else ""

    def left_after_payment(self, amount: Decimal) -> list[tuple[Any, Any]]:
        """What a cashier sees beside the amount: the ceiling that stays for further advances."""
        from claims.selectors import left_of_estimate

        left = left_of_estimate(Claim.objects.get(pk=self.parent_id))
        return [] if left is None else [(_("估计以内还可以垫付（元）"), f"{left:,.2f}")]


class Estimate(models.Model):
    """估计: one estimate of what a claim may cost; the newest is the ceiling of the advances."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="estimates")
    event_id = models.UUIDField(unique=True)
    amount = money(_("金额"))
    source = models.CharField(_("来源"), max_length=20, choices=EstimateSource)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("估计")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="estimate_not_negative")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"


class LiabilityVersion(models.Model):
    """责任比例: one version of who bears which part; fractions as text that sum to one."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="liability_versions")
    event_id = models.UUIDField(unique=True)
    basis = models.CharField(_("根据"), max_length=20, choices=ShareBasis)
    shares = models.JSONField(_("比例"))
    reason = models.CharField(_("理由"), max_length=300)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("责任比例")
        ordering = ["id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.claim_id} {self.basis}"


class ClaimCost(models.Model):
    """限额外费用: what the use-manager spent beside the loss, by voucher (保险法 57, 64, 66)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="costs")
    event_id = models.UUIDField(unique=True)
    head = models.CharField(_("费用"), max_length=20, choices=CostHead)
    amount = money(_("金额"))
    paid_on = models.DateField(_("付款日"))
    voucher = models.CharField(_("票据号"), max_length=60)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("限额外费用")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="claim_cost_positive")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"


class VictimPayment(models.Model):
    """受害人已收: one proven payment to the injured, whoever paid; negative when money went back."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="victim_payments")
    event_id = models.UUIDField(unique=True)
    payer = models.CharField(_("付款方"), max_length=12, choices=Payer)
    person_key = models.CharField(max_length=20, blank=True)
    amount = money(_("金额"))
    paid_on = models.DateField(_("付款日"))
    voucher = models.CharField(_("凭证号"), max_length=60)
    source_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("受害人已收")
        ordering = ["paid_on", "id"]
        triggers = APPEND_ONLY
        constraints = [
            models.UniqueConstraint(
                fields=["source_case"], condition=Q(source_case__isnull=False, amount__gt=0), name="victim_payment_source_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="victim_payment_something"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"
