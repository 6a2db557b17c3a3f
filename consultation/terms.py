"""Closed vocabularies of consultation: matters, scopes, bases of area, channels, categories."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Matter(TextChoices):
    """What is voted on: it chooses the voting line (民法典 278)."""

    USE_FUND = "use_fund", _("使用维修资金")
    RAISE_FUND = "raise_fund", _("筹集维修资金")
    ALTER = "alter", _("改建、重建建筑物及其附属设施")
    RETROFIT = "retrofit", _("加装电梯")
    ORDINARY = "ordinary", _("其他共同决定的事项")


class Scope(TextChoices):
    """Who has a vote: the owners of a unit, of a building, of the whole estate."""

    UNIT = "unit", _("本单元（梯口）")
    BUILDING = "building", _("本栋")
    ESTATE = "estate", _("整个小区")


class AreaBasis(TextChoices):
    """Where the area of a unit was read, in the order of the interpretation (区分所有权解释 8)."""

    REGISTER = "register", _("不动产登记簿")
    SURVEY = "survey", _("实测面积")
    CONTRACT = "contract", _("买卖合同")


class Presence(TextChoices):
    """What is known of an owner. Whoever cannot be asked stays in the denominator."""

    ORDINARY = "", _("能联系")
    DECEASED = "deceased", _("业主已故，继承人未办登记")
    UNREACHABLE = "unreachable", _("联系不上")


class Choice(TextChoices):
    YES = "yes", _("同意")
    NO = "no", _("不同意")
    ABSTAIN = "abstain", _("弃权")


class Channel(TextChoices):
    """How a vote came in."""

    LINK = "link", _("手机链接")
    PAPER = "paper", _("纸质表决票")
    ASSISTED = "assisted", _("上门代填（本人确认）")


class SheetState(TextChoices):
    """Where a paper ballot stands between its two keyings."""

    ONCE = "once", _("等第二人录入")
    MATCHED = "matched", _("两人一致")
    MISMATCH = "mismatch", _("两人不一致")
    RESOLVED = "resolved", _("已核对")
    VOID = "void", _("作废")


class NoticePurpose(TextChoices):
    """What a public notice is for; the shortest period is the law's by purpose and place."""

    VOTE_CALL = "vote_call", _("表决公告")
    VOTE_TALLY = "vote_tally", _("初步统计公示")
    VOTE_RESULT = "vote_result", _("表决结果公告")
    RETROFIT = "retrofit", _("加装电梯批前公示")
    DESIGNATION = "designation", _("使用管理人公示")
    PLAN = "plan", _("方案公示")


class Category(TextChoices):
    """What an objection is about."""

    LIGHT = "light", _("采光、通风、日照")
    NOISE = "noise", _("噪声、隐私")
    STRUCTURE = "structure", _("结构安全、消防、管线")
    COST = "cost", _("费用分摊、补偿")
    ROLL = "roll", _("名册、面积、人数")
    BALLOT = "ballot", _("表决票、签名真伪")
    PROCESS = "process", _("程序")
    OTHER = "other", _("其他")


class Outcome(TextChoices):
    """How an objection came out, and what it does to the matter."""

    PLAN_CHANGED = "plan_changed", _("方案已修改")
    COMPENSATION = "compensation", _("协商补偿")
    EXPLAINED = "explained", _("解释后接受")
    NOT_FOUNDED = "not_founded", _("理由不成立")
    ROLL_CORRECTED = "roll_corrected", _("更正名册")
    VOTE_STRUCK = "vote_struck", _("剔除无效票")
