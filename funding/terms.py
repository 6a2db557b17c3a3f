"""Choices of funding: how a budget changes, who applies, what a hazard is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """How a budget pool changes. The last three take money out."""

    OPENING = "opening", _("年初预算")
    ADDITIONAL = "additional", _("追加预算")
    CARRY_IN = "carry_in", _("上年结转")
    CORRECT_UP = "correct_up", _("更正，调增")
    CORRECT_DOWN = "correct_down", _("更正，调减")
    CARRY_OUT = "carry_out", _("结转下年")
    REDUCED = "reduced", _("预算调减")

    @property
    def adds(self) -> bool:
        return self not in (ChangeKind.CORRECT_DOWN, ChangeKind.CARRY_OUT, ChangeKind.REDUCED)


class ApplicantKind(models.TextChoices):
    """Who applies for a subsidy."""

    OWNERS = "owners", _("业主代表")
    COMMITTEE = "committee", _("业主委员会")
    MANAGER = "manager", _("使用管理人")
    STREET = "street", _("街道办事处代办")


class DeclineGround(models.TextChoices):
    """Why an application is not accepted or a grant refused."""

    NOT_ELIGIBLE = "not_eligible", _("不符合补助条件")
    FUNDED_ELSEWHERE = "funded_elsewhere", _("同一台电梯、同一费用已有补助")
    PAPERS_MISSING = "papers_missing", _("逾期没有补齐材料")
    FALSE_PAPERS = "false_papers", _("材料不实")
    OBJECTION_UPHELD = "objection_upheld", _("异议成立")
    OTHER = "other", _("其他")


class ClawBackGround(models.TextChoices):
    """Why a grant that was paid is claimed back."""

    FALSE_PAPERS = "false_papers", _("以不实材料取得")
    NOT_COMPLETED = "not_completed", _("没有按期完工")
    NOT_REGISTERED = "not_registered", _("没有办理使用登记")
    DOUBLE = "double", _("同一费用重复取得补助")
    OTHER = "other", _("其他")
