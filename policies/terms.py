"""The words a payout is told in, each with its Chinese term."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Head(TextChoices):
    """A line of loss as it comes from the worksheet, or a cost beside it."""

    MEDICAL = "medical", _("医疗费")
    LOST_INCOME = "lost_income", _("误工费")
    NURSING = "nursing", _("护理费")
    TRANSPORT = "transport", _("交通费")
    HOSPITAL_MEALS = "hospital_meals", _("住院伙食补助费")
    NUTRITION = "nutrition", _("营养费")
    DISABILITY = "disability_compensation", _("残疾赔偿金")
    ASSISTIVE_DEVICES = "assistive_devices", _("残疾辅助器具费")
    FUNERAL = "funeral", _("丧葬费")
    DEATH = "death_compensation", _("死亡赔偿金")
    DEPENDANTS = "dependants", _("被扶养人生活费")
    MENTAL_DISTRESS = "mental_distress", _("精神损害抚慰金")
    OTHER = "other", _("其他损失")
    ENTRAPMENT = "entrapment", _("困人补偿")
    MITIGATION_COST = "mitigation_cost", _("施救费用")
    INVESTIGATION_COST = "investigation_cost", _("查明原因和损失的费用")
    LITIGATION_COST = "litigation_cost", _("诉讼、仲裁等费用")


#: Borne by the insurer beside the limits (Insurance Law 57, 64, 66).
COSTS = frozenset({Head.MITIGATION_COST, Head.INVESTIGATION_COST, Head.LITIGATION_COST})
#: The person key of what the insured itself is paid for.
INSURED = "insured"


class CoverQuestion(TextChoices):
    """The lines of the cover checklist, in the order in which they are read."""

    PERIOD = "period", _("在保险期间内")
    INSPECTION = "inspection", _("检验标志有效")
    INSURED_PARTY = "insured_party", _("是被保险人")
    LISTED_EVENT = "listed_event", _("属于列明事故")
    NOTICE = "notice", _("通知及时")
    EXCLUSIONS = "exclusions", _("没有除外情形")
    RISK = "risk", _("危险未显著增加")
    THRESHOLD = "threshold", _("困人达到门槛")
    SUBROGATION = "subrogation", _("赔后能否追偿")


#: These never stand in the way of a payout: late notice alone is no ground (art 21), recourse is a later question.
NEVER_BARS = frozenset({CoverQuestion.NOTICE, CoverQuestion.SUBROGATION})


class Answer(TextChoices):
    """What the answer to a line of the checklist is."""

    HOLDS = "holds", _("符合")
    FAILS = "fails", _("不符合")
    LOOK = "look", _("要您看")
    NOT_ASKED = "not_asked", _("不涉及")


class Reason(TextChoices):
    """Why a head is not accepted, or not in full."""

    ACCEPTED = "", _("核定")
    NOT_PROVEN = "not_proven", _("缺少单据或者证明")
    NOT_CAUSED = "not_caused", _("与事故没有因果关系")
    ABOVE_STANDARD = "above_standard", _("超出法定标准的部分")
    EXCLUDED = "excluded", _("属于责任免除")
    NOT_COVERED = "not_covered", _("不属于保险责任")
    BELOW_THRESHOLD = "below_threshold", _("未达到困人门槛")
    FALSE = "false", _("虚假的部分")
    PAID_BY_OTHERS = "paid_by_others", _("第三者已经赔偿的部分")
    UNDETERMINABLE = "undeterminable", _("因迟延通知而无法确定的部分")
    REASSESSED = "reassessed", _("和解未经保险人认可，重新核定")


#: On which a whole request can be refused. Late notice is none of them (art 21).
GROUNDS = (Reason.NOT_COVERED, Reason.EXCLUDED, Reason.BELOW_THRESHOLD, Reason.FALSE)
#: Reasons that rest on a clause of the contract: the notice names it.
BY_CLAUSE = frozenset({Reason.NOT_COVERED, Reason.EXCLUDED, Reason.BELOW_THRESHOLD})


class Suspicion(TextChoices):
    """Where the look into something that may be untrue stands."""

    NONE = "", _("没有移送")
    REFERRED = "referred", _("已移送核查")
    CLEARED = "cleared", _("核查属实")
    FALSE = "false", _("核查认定虚假")


class Beside(TextChoices):
    """What an insurer pays beside the insurance money."""

    NONE = "", _("赔款")
    DELAY = "delay", _("迟延损失")
    EX_GRATIA = "ex_gratia", _("通融付款")


class PayeeKind(TextChoices):
    """Who receives a payment of the insurer."""

    VICTIM = "victim", _("直接赔给受害人")
    INSURED = "insured", _("补偿被保险人的垫付")
    HOSPITAL = "hospital", _("直接付给医院")


class Beneficiary(TextChoices):
    """In which right somebody receives what is paid for a person."""

    HEIR = "heir", _("继承人或者近亲属")
    GUARDIAN = "guardian", _("监护人")
    MEDICAL_FUND = "medical_fund", _("基本医疗保险基金")
    WORK_INJURY_FUND = "work_injury_fund", _("工伤保险基金")


#: They are paid what they spent, before anybody else.
FUNDS = frozenset({Beneficiary.MEDICAL_FUND, Beneficiary.WORK_INJURY_FUND})


class AgreedWith(TextChoices):
    """With whom the amount is agreed, or what stands in its place."""

    INSURED = "insured", _("被保险人")
    VICTIM = "victim", _("受害人")
    JUDGMENT = "judgment", _("生效判决或者裁决")
    PROGRAMME = "programme", _("按保险方案的固定金额")


class FixedBy(TextChoices):
    """How the insured's liability became certain (Judicial Interpretation IV art 14)."""

    JUDGMENT = "judgment", _("生效判决或者裁决")
    AGREEMENT = "agreement", _("与受害人的协议")
    OTHER = "other", _("其他能够确定的方式")


class Consent(TextChoices):
    """The insurer's word on a draft settlement (Judicial Interpretation IV art 19)."""

    NONE = "", _("没有征求")
    ASKED = "asked", _("等保险人答复")
    GIVEN = "given", _("同意")
    REFUSED = "refused", _("不同意")


#: The act whose authority limits govern the approval of a decision and of a provisional payment.
DECIDE = "payout.decide"
