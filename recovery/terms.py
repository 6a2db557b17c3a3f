"""The words a recovery is told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Basis(TextChoices):
    """Two kinds of recovery, never one: the manager's recourse and the insurer's subrogation."""

    RECOURSE = "recourse", _("追偿（垫付人）")
    SUBROGATION = "subrogation", _("代位求偿（保险人）")


class Prospect(TextChoices):
    """Whether a payout under a policy may still come: while it may, nothing is waived (Insurance Law 61)."""

    NONE = "none", _("没有保险赔付")
    POSSIBLE = "possible", _("可能有保险赔付")
    OPEN = "open", _("保险赔付办理中")
    OVER = "over", _("保险赔付已了结")


class Capacity(TextChoices):
    """As what a party may bear a share of the liability."""

    USE_MANAGER = "use_manager", _("使用管理人")
    MAINTENANCE = "maintenance", _("维保单位")
    MANUFACTURER = "manufacturer", _("制造、安装单位")
    OWNER = "owner", _("业主")
    INSPECTION = "inspection", _("检验机构")
    OTHER = "other", _("其他人")


class ShareBasis(TextChoices):
    """What a version of the shares rests on; a later one replaces an earlier one without erasing it."""

    PROVISIONAL = "provisional", _("暂定")
    INVESTIGATION = "investigation", _("事故调查")
    MEDIATION = "mediation", _("调解")
    AGREEMENT = "agreement", _("各方协议")
    JUDGMENT = "judgment", _("裁判")
    EQUAL = "equal", _("份额难以确定，平均承担")


class Liability(TextChoices):
    """Whether the liable answer for each other: only then is what one cannot pay borne by the others (CC 519(3))."""

    SEVERAL = "several", _("按份责任：各付各的")
    JOINT = "joint", _("连带责任：一方付不出，其余各方按比例分担")


class Way(TextChoices):
    """How a debt was paid."""

    MONEY = "money", _("收到款项")
    SET_OFF = "set_off", _("抵销")


class Proposal(TextChoices):
    """What one person proposed and a second has to approve: claims given up in part or in whole."""

    SETTLEMENT = "settlement", _("低于应收和解")
    WRITE_OFF = "write_off", _("核销：收不回")
    WAIVER = "waiver", _("放弃：不再追")


class Outcome(TextChoices):
    """How the claim against one target ended."""

    COLLECTED = "collected", _("已收齐")
    INSOLVENT = "insolvent", _("无力偿还，份额由其余各方分担")
    SETTLED = "settled", _("和解款已收齐")
    DISMISSED = "dismissed", _("法院未支持")
    WRITTEN_OFF = "written_off", _("已核销")
    WAIVED = "waived", _("已放弃")
    NOT_PURSUED = "not_pursued", _("同一保单的被保险人，不追")
    NOTHING_OWED = "nothing_owed", _("按现有份额无须承担")


class Referral(TextChoices):
    """The insurer against an insured of its own policy: looked at by a second person with a reason, never barred by itself."""

    NONE = "", _("不涉及")
    OPEN = "open", _("待研判")
    PURSUE = "pursue", _("研判后继续追")
    DROP = "drop", _("研判后不追")
