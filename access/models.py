"""People, the organisations they act for, and the roles they hold there."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.roles import UNHELD_ROLES, Role

place_validator = RegexValidator(r"^\d{6}$", _("行政区划代码是 6 位数字，例如 440105。"))


class Organisation(models.Model):
    """An organisation whose people sign in. `place` is its six-digit region; for offices and regulators also their district."""

    class Kind(models.TextChoices):
        PROPERTY_COMPANY = "property_company", _("物业服务企业")
        INSURER = "insurer", _("保险公司")
        STREET_OFFICE = "street_office", _("街道办事处")
        MARKET_REGULATOR = "market_regulator", _("市场监管部门")
        HOUSING_AUTHORITY = "housing_authority", _("住房城乡建设部门")
        FINANCE_BUREAU = "finance_bureau", _("财政部门")
        MAINTENANCE_CONTRACTOR = "maintenance_contractor", _("维保单位")
        OWNERS_COMMITTEE = "owners_committee", _("业主委员会（筹备组）")
        AUDITOR = "auditor", _("审计机构")
        OPERATOR = "operator", _("系统运维单位")

    kind = models.CharField(_("类别"), max_length=30, choices=Kind)
    name = models.CharField(_("全称"), max_length=120, unique=True)
    short_name = models.CharField(_("简称"), max_length=40)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    place = models.CharField(_("所在地"), max_length=6, validators=[place_validator])
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    settings = models.JSONField(_("本单位设定"), default=dict, blank=True)

    class Meta:
        verbose_name = _("单位")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.short_name


class User(AbstractUser):
    """A person who signs in."""

    display_name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("手机"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.display_name or self.username


class Membership(models.Model):
    """A role that a person holds in an organisation, from a day and perhaps until one."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=30, choices=[(r.value, r.label) for r in Role if r not in UNHELD_ROLES])
    since = models.DateField(_("起"), auto_now_add=True)
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], condition=Q(until=None), name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.get_role_display()}"


class AuthorityLimit(models.Model):
    """Up to which amount a role of an organisation may decide alone. No row means no authority (fail closed)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="authority_limits")
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    act = models.CharField(_("事项"), max_length=60)
    amount = models.DecimalField(_("金额上限（元）"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("授权额度")
        constraints = [models.UniqueConstraint(fields=["organisation", "role", "act"], name="authority_once")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()} {self.act} {self.amount}"
