"""The recovery file of one incident and payer, and whether a payout may still come."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import Case
from recovery.lifecycle import RecoveryFileLifecycle
from recovery.terms import Basis, Prospect


class RecoveryFile(RecoveryFileLifecycle):
    """追偿案: what one payer paid for others in one incident, and what came back. `amount` is what is left to claim."""

    payer_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("垫付单位"))
    basis = models.CharField(_("性质"), max_length=20, choices=Basis, default=Basis.RECOURSE)
    paid = models.DecimalField(_("已垫付"), max_digits=16, decimal_places=2, default=0)
    reimbursed = models.DecimalField(_("保险已归还"), max_digits=16, decimal_places=2, default=0)
    collected = models.DecimalField(_("已追回"), max_digits=16, decimal_places=2, default=0)
    written_off = models.DecimalField(_("已核销"), max_digits=16, decimal_places=2, default=0)
    restored = models.DecimalField(_("恢复追偿的金额"), max_digits=16, decimal_places=2, default=0)
    write_off_reason = models.CharField(_("核销理由"), max_length=300, blank=True)
    is_waiver = models.BooleanField(_("放弃追偿"), default=False)

    class Meta:
        verbose_name = _("追偿案")
        constraints = [
            models.CheckConstraint(
                condition=Q(paid__gte=F("reimbursed") + F("collected") + F("written_off")), name="recovery_never_above_paid"
            )
        ]


class PayoutProspect(models.Model):
    """Whether a payout under a policy may still come for an incident; told by the insurer's room."""

    incident = models.OneToOneField(Case, models.PROTECT, related_name="payout_prospect")
    prospect = models.CharField(max_length=10, choices=Prospect)
    recorded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.prospect}"
