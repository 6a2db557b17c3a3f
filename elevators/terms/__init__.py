"""The words an incident is told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Nature(TextChoices):
    """What happened."""

    ENTRAPMENT = "entrapment", _("有人被困")
    INJURY = "injury", _("有人受伤")
    FAULT = "fault", _("故障，没有人受影响")


class Source(TextChoices):
    """Who told of it first."""

    RESCUE_LINE = "96333", _("96333 来电")
    PASSENGER = "passenger", _("乘客")
    PATROL = "patrol", _("巡查发现")
    MAINTENANCE = "maintenance", _("维保单位")
    STREET_OFFICE = "street_office", _("街道办")
    REGULATOR = "regulator", _("市场监管部门")


class Harm(TextChoices):
    """How badly somebody was hurt; counts of deaths and serious injuries follow from it."""

    UNHURT = "unhurt", _("没有受伤")
    INJURED = "injured", _("受伤")
    SERIOUS = "serious", _("重伤")
    DEAD = "dead", _("死亡")


class Grade(TextChoices):
    """Grades of 特种设备安全监察条例 61-64; `none` is a fault record."""

    NONE = "none", _("未达到事故等级")
    ORDINARY = "ordinary", _("一般事故")
    LARGER = "larger", _("较大事故")
    MAJOR = "major", _("重大事故")
    EXTRAORDINARY = "extraordinary", _("特别重大事故")


class ExclusionReason(TextChoices):
    """Art. 3 of the accident-report rules: not an accident for the regulator. Liability and cover stay untouched."""

    EXEMPT_EQUIPMENT = "exempt_equipment", _("法律另有规定的设备")
    OUTSIDE_CAUSE = "outside_cause", _("自然灾害、交通事故、火灾等外部因素")
    DELIBERATE = "deliberate", _("故意破坏或者违法犯罪")
    NOT_IN_SERVICE = "not_in_service", _("尚未投用，或者正在拆除、报废、移装")
    LABOUR_PROTECTION = "labour_protection", _("作业、检验人员劳动保护措施缺失")
