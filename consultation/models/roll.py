"""The roll of owners: units, who owns them, their area; frozen when a ballot opens on it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.encryption import EncryptedField
from access.models import Organisation, User, place_validator
from consultation.terms import AreaBasis, Presence, Scope

FROZEN = """
    IF EXISTS (SELECT 1 FROM consultation_roll WHERE id = %s AND frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'roll %% is frozen', %s;
    END IF;
    RETURN %s;
"""


class Roll(models.Model):
    """业主名册: the owners of one scope as one organisation keeps them. Frozen, it never changes; a later state is a new roll."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("编制单位"))
    name = models.CharField(_("名称"), max_length=120)
    place = models.CharField(_("所在地"), max_length=6, validators=[place_validator])
    scope = models.CharField(_("表决范围"), max_length=10, choices=Scope)
    scope_reason = models.CharField(_("为什么是这个范围"), max_length=300)
    is_practice = models.BooleanField(_("演练"), default=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued_by")
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(_("名册校验值"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("业主名册")
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(frozen_at=None) | ~Q(digest=""), name="frozen_roll_has_digest")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update, condition=pgtrigger.Q(old__frozen_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class RollUnit(models.Model):
    """One unit of a roll. `owner_key` tells owners apart without naming them (keyed digests)."""

    #: Owners' names stand here as long as the file of the decision.
    RETENTION = "claim_file"

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="units")
    number = models.PositiveIntegerField()
    unit = models.CharField(_("房号"), max_length=40)
    owners = EncryptedField(_("业主"), blank=True)
    owner_key = models.CharField(max_length=400, blank=True)
    area = models.DecimalField(_("专有部分面积"), max_digits=12, decimal_places=2)
    area_basis = models.CharField(_("面积依据"), max_length=10, choices=AreaBasis)
    is_developer_unsold = models.BooleanField(_("开发商未售未交付"), default=False)
    presence = models.CharField(_("联系情况"), max_length=20, choices=Presence, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["roll", "unit"], name="roll_unit_once"),
            models.CheckConstraint(condition=Q(area__gt=0), name="roll_unit_has_area"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=FROZEN % ("NEW.roll_id", "NEW.roll_id", "NEW"),
            ),
            pgtrigger.Trigger(
                name="frozen_delete", when=pgtrigger.Before, operation=pgtrigger.Delete, func=FROZEN % ("OLD.roll_id", "OLD.roll_id", "OLD")
            ),
        ]

    def __str__(self) -> str:
        return self.unit

    @property
    def owner_keys(self) -> frozenset[str]:
        return frozenset(self.owner_key.split()) if self.owner_key else frozenset()


class RollDispute(models.Model):
    """An owner says the roll is wrong; answered with a reason before the roll is frozen."""

    RETENTION = "claim_file"

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="disputes")
    unit = models.CharField(_("房号"), max_length=40)
    said_by = EncryptedField(_("提出人"))
    text = models.CharField(_("哪里不对"), max_length=500)
    raised_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("处理结果"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.roll_id} {self.unit}"


class OwnershipChange(models.Model):
    """What was changed in a unit of a roll before it was frozen: before, after, since when, on which paper."""

    RETENTION = "claim_file"

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="changes")
    unit = models.CharField(_("房号"), max_length=40)
    before = EncryptedField(blank=True)
    after = EncryptedField(blank=True)
    since = models.DateField(_("从哪天起"))
    document = models.CharField(_("凭据"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.roll_id} {self.unit}"
