"""The words a claim is told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What is claimed for: the harm of one person, or the time that several were held unhurt."""

    INJURY = "injury", _("人身损害")
    ENTRAPMENT = "entrapment", _("被困补偿")


class FirstPaymentBasis(TextChoices):
    """垫付依据. "依法承担首负责任" may be printed only with a basis that cites a law."""

    POLICY_2018_8 = "POLICY_2018_8", _("粤府办〔2018〕8号（电梯使用管理人首负责任）")
    CONTRACT = "CONTRACT", _("合同约定")
    VOLUNTARY = "VOLUNTARY", _("自愿垫付")
    COURT_ORDER = "COURT_ORDER", _("法院裁定")
    CITY_RULE = "CITY_RULE", _("地方规定")


#: These need their contract, order or rule to be named.
NAMED_BASES = frozenset({FirstPaymentBasis.CONTRACT, FirstPaymentBasis.COURT_ORDER, FirstPaymentBasis.CITY_RULE})


class PayeeKind(TextChoices):
    """Who receives an advance."""

    HOSPITAL = "hospital", _("医院")
    INJURED = "injured", _("受害人本人")
    FAMILY = "family", _("近亲属或代理人")
    RESCUER = "rescuer", _("施救人或施救单位")
    UNDERTAKER = "undertaker", _("殡葬机构")


class EstimateSource(TextChoices):
    """What an estimate rests on."""

    DEPOSIT_NOTICE = "deposit_notice", _("医院预交款通知")
    BILLS = "bills", _("已有票据")
    WORKSHEET = "worksheet", _("赔偿计算书")
    OPINION = "opinion", _("鉴定或医疗机构意见")
    CLERK = "clerk", _("经办人估计")
    DECIDED = "decided", _("协议、裁判或方案确定的金额")


class ShareBasis(TextChoices):
    """What a version of the liability shares rests on; a later kind replaces an earlier one without erasing it."""

    PROVISIONAL = "provisional", _("暂定")
    INVESTIGATION = "investigation", _("事故调查")
    MEDIATION = "mediation", _("调解")
    JUDGMENT = "judgment", _("裁判")


class LiableParty(TextChoices):
    """Who may bear a share of the liability."""

    USE_MANAGER = "use_manager", _("使用管理人")
    MAINTENANCE = "maintenance", _("维保单位")
    MANUFACTURER = "manufacturer", _("制造、安装单位")
    OWNER = "owner", _("业主")
    VICTIM = "victim", _("受害人本人")
    OTHER = "other", _("其他人")


class Consent(TextChoices):
    """Where the insurer's consent to a settlement stands."""

    NOT_ASKED = "", _("未征求")
    ASKED = "asked", _("等保险人答复")
    GRANTED = "granted", _("保险人同意")
    REFUSED = "refused", _("保险人不同意")
    OWN_RISK = "own_risk", _("未获同意，自担风险继续")


class FixedBy(TextChoices):
    """How liability is fixed (保险法解释四 14)."""

    JUDGMENT = "judgment", _("生效裁判")
    AGREEMENT = "agreement", _("与受害人的协议")
    OTHER = "other", _("其他能够确定的情形")


class CostHead(TextChoices):
    """What is spent beside the loss; the insurer bears it outside the limits (保险法 57, 64, 66)."""

    MITIGATION = "mitigation_cost", _("施救、减损费用")
    INVESTIGATION = "investigation_cost", _("查明原因和损失的费用")
    LITIGATION = "litigation_cost", _("诉讼、仲裁等费用")


class Fund(TextChoices):
    """A public fund that pays first where the liable party does not, and is repaid what it paid (社会保险法 30, 42)."""

    MEDICAL_INSURANCE = "medical_insurance", _("基本医疗保险基金")
    WORK_INJURY = "work_injury", _("工伤保险基金")


class Word(TextChoices):
    """What the injured says to those who carry the claim."""

    QUESTION = "question", _("提问")
    OBJECTION = "objection", _("提异议")


class Payer(TextChoices):
    """Who paid the injured."""

    MANAGER = "manager", _("使用管理人")
    INSURER = "insurer", _("保险人")
    OTHER = "other", _("其他人")
