"""The clocks of an application and the papers it needs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.declarations import DeadlineRule, EvidenceRequirement

STREET = CaseRole.STREET_OFFICE
DEADLINES = (
    DeadlineRule(
        "acceptance", _("受理或者一次告知补正"), starts=("submit", "complete", "overturn"), parameter="subsidy.correction_period",
        responsible=STREET, met_by=("accept", "request_correction", "decline"), ends_with=("withdraw",), restarts=True, statutory=False,
    ),
    DeadlineRule(
        "verification", _("现场核实"), starts=("accept",), parameter="subsidy.verification_period", responsible=STREET,
        met_by=("verify", "deny"), ends_with=("withdraw",), restarts=True, statutory=False,
    ),
    DeadlineRule(
        "review", _("申请行政复议"), starts=("decline", "deny"), parameter="subsidy.reconsideration_period", responsible=STREET,
        met_by=("request_review",), restarts=True, informs=True,
    ),
    DeadlineRule(
        "suit", _("提起行政诉讼"), starts=("decline", "deny"), parameter="subsidy.suit_period", responsible=STREET, restarts=True, informs=True,
    ),
    DeadlineRule(
        "repayment", _("退回补助"), starts=("claw_back",), parameter="subsidy.repayment_period", responsible=CaseRole.FINANCE,
        met_by=("settle_clawback", "waive_clawback"), restarts=True, statutory=False,
    ),
)  # fmt: skip


def _asked(code: str) -> Any:
    return lambda case: code in case.required_documents


EVIDENCE = (
    EvidenceRequirement(
        "power_of_attorney", _("委托书"), how=_("全体业主签字，委托一人办理和收款。"), needed_by=("accept",),
        applies=_asked("power_of_attorney"),
    ),
    EvidenceRequirement("applicant_identity", _("申请人身份证明"), needed_by=("accept",), applies=_asked("applicant_identity")),
    EvidenceRequirement("property_proof", _("产权证明"), needed_by=("accept",), applies=_asked("property_proof")),
    EvidenceRequirement(
        "use_registration", _("使用登记证"), how=_("正面照片，日期要看得清。"), needed_by=("accept",), applies=_asked("use_registration")
    ),
    EvidenceRequirement("plan", _("更新方案和预算"), needed_by=("accept",), applies=_asked("plan")),
    EvidenceRequirement(
        "vote_record", _("业主表决记录"), how=_("业主委员会和街道办盖章；形不成决议的附安全评估报告。"), needed_by=("accept",),
        applies=_asked("vote_record"),
    ),
    EvidenceRequirement(
        "funding_plan", _("资金平衡表"), how=_("各项来源合计等于预算。"), needed_by=("accept",), applies=_asked("funding_plan")
    ),
    EvidenceRequirement("site_photo", _("现场照片"), how=_("看得见电梯和楼栋号。"), needed_by=("verify",)),
    EvidenceRequirement("publication_photo", _("公示照片"), how=_("公示栏全景和近景各一张，看得见日期。"), needed_by=("publish",)),
    EvidenceRequirement("repayment_voucher", _("退款凭证"), needed_by=("record_repayment",), applies=lambda case: case.state == "clawback"),
)  # fmt: skip
