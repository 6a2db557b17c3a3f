"""The words a lawsuit and a mediation are told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Procedure(TextChoices):
    """Which court proceedings the file is in."""

    FIRST = "first", _("一审")
    SECOND = "second", _("二审")
    RETRIAL = "retrial", _("再审")
    ENFORCEMENT = "enforcement", _("执行")


class Side(TextChoices):
    """Where the organisation that keeps the file stands."""

    DEFENDANT = "defendant", _("被告")
    PLAINTIFF = "plaintiff", _("原告")
    THIRD_PARTY = "third_party", _("第三人")


class Outcome(TextChoices):
    """How a lawsuit came out."""

    NONE = "", _("还没有结果")
    LIABLE = "liable", _("判令赔偿或者给付")
    NOT_LIABLE = "not_liable", _("判决不承担责任")
    COURT_SETTLEMENT = "court_settlement", _("法院调解")
    WITHDRAWN = "withdrawn", _("未经判决结束")


class Ending(TextChoices):
    """How a lawsuit ends without a judgment (民事诉讼法 146, 148, 154, 157)."""

    WITHDRAWN = "withdrawn", _("准许撤诉")
    DEEMED_WITHDRAWN = "deemed_withdrawn", _("按撤诉处理")
    REJECTED = "rejected", _("不予受理或者驳回起诉")
    DISCONTINUED = "discontinued", _("终结诉讼")


class AgentKind(TextChoices):
    """Who answers in court."""

    LAWYER = "lawyer", _("律师")
    STAFF = "staff", _("本单位工作人员")
    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人或者负责人")


class CostKind(TextChoices):
    """What a lawsuit costs beside what is awarded (保险法 66)."""

    COURT_FEE = "court_fee", _("案件受理费等诉讼费用")
    LAWYER = "lawyer", _("律师费")
    APPRAISAL = "appraisal", _("鉴定费")
    PRESERVATION = "preservation", _("保全、公证费")
    TRAVEL = "travel", _("差旅费")
    OTHER = "other", _("其他必要费用")


class Confirmation(TextChoices):
    """Where the judicial confirmation of a mediated agreement stands."""

    NONE = "", _("未申请")
    APPLIED = "applied", _("已申请，等法院裁定")
    CONFIRMED = "confirmed", _("裁定有效")
    REFUSED = "refused", _("裁定驳回申请")
