"""The worksheet of damages in versions: a version once written is never changed, a new one says why."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import User, place_validator
from casework.models import Case
from damages.calculations import HEADS

#: Money for the unhurt who were held in the car: no head of the Civil Code, a term of the insurance programme.
ENTRAPMENT = "entrapment"
ENTRAPMENT_LABEL = _("困人补偿")


class Worksheet(models.Model):
    """赔偿计算书: one version of what a case's people lost. `law_date` is the settlement or the end of the hearing."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="worksheets")
    version = models.PositiveIntegerField(_("版次"))
    law_date = models.DateField(_("适用标准的日期"))
    accident_on = models.DateField(_("事故日期"))
    place = models.CharField(_("适用标准的地区"), max_length=6, validators=[place_validator])
    inputs = models.JSONField(_("计算所用的事实"), default=dict)
    total = models.DecimalField(_("核算合计"), max_digits=16, decimal_places=2, null=True)
    known_total = models.DecimalField(_("已能确定的合计"), max_digits=16, decimal_places=2)
    asked_total = models.DecimalField(_("主张合计"), max_digits=16, decimal_places=2)
    agreed_total = models.DecimalField(_("商定合计"), max_digits=16, decimal_places=2, null=True)
    missing = models.JSONField(_("还缺的数据"), default=list)
    reason = models.CharField(_("为何出这一版"), max_length=300, blank=True)
    law_release = models.CharField(max_length=60)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("赔偿计算书")
        ordering = ["case_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="worksheet_version_once"),
            models.CheckConstraint(condition=Q(known_total__gte=0, asked_total__gte=0), name="worksheet_not_negative"),
            models.CheckConstraint(condition=Q(total=None) | Q(total=F("known_total")), name="worksheet_total_is_known"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"


class WorksheetLine(models.Model):
    """One head of damage: asked by the injured, assessed by law, agreed between the parties; with formula and provisions."""

    worksheet = models.ForeignKey(Worksheet, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("项目"), max_length=40)
    formula = models.CharField(_("算式"), max_length=400, blank=True)
    inputs = models.JSONField(_("算式中的数"), default=dict)
    provisions = models.JSONField(_("依据"), default=list)
    missing = models.CharField(_("还缺"), max_length=300, blank=True)
    asked = models.DecimalField(_("主张"), max_digits=16, decimal_places=2, null=True)
    assessed = models.DecimalField(_("核算"), max_digits=16, decimal_places=2, null=True)
    agreed = models.DecimalField(_("商定"), max_digits=16, decimal_places=2, null=True)
    bills = models.PositiveSmallIntegerField(_("票据张数"), default=0)
    reason = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("赔偿项目")
        ordering = ["worksheet_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "code"], name="worksheet_head_once"),
            models.CheckConstraint(condition=Q(assessed__gte=0) | Q(assessed=None), name="head_assessed_not_negative"),
            models.CheckConstraint(condition=Q(asked__gte=0) | Q(asked=None), name="head_asked_not_negative"),
            models.CheckConstraint(condition=Q(agreed__gte=0) | Q(agreed=None), name="head_agreed_not_negative"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.worksheet_id} {self.code}"

    @property
    def label(self) -> Any:
        return ENTRAPMENT_LABEL if self.code == ENTRAPMENT else HEADS[self.code]


class TypedBase(models.Model):
    """A yearly figure that the law's data lacks, typed from its notice and confirmed by a second person (rulebook 9.0)."""

    class Name(models.TextChoices):
        INCOME = "income_base", _("城镇居民人均可支配收入（元/年）")
        CONSUMPTION = "consumption_base", _("城镇居民人均消费支出（元/年）")
        WAGE = "wage_base", _("在岗职工年平均工资（元/年）")

    case = models.ForeignKey(Case, models.PROTECT, related_name="typed_bases")
    name = models.CharField(_("标准"), max_length=20, choices=Name)
    amount = models.DecimalField(_("金额（元/年）"), max_digits=16, decimal_places=2)
    notice_number = models.CharField(_("文号"), max_length=100)
    source = models.CharField(_("出处"), max_length=200)
    published_on = models.DateField(_("发布日期"))
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    typed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("手工录入的标准")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="typed_base_positive"),
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("typed_by")), name="typed_base_two_people"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="typed_base_confirmed_whole",
            ),
            models.UniqueConstraint(fields=["case", "name"], condition=Q(withdrawn_at=None), name="typed_base_one_alive"),
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name} {self.amount}"

    @property
    def printed(self) -> str:
        """How the sheet names it: notice, source and publication day."""
        return f"{self.notice_number}（{self.source}，{self.published_on:%Y年%-m月%-d日}）"
