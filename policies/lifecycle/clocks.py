"""The clocks and the papers of a payout. The days stand in the law; a contract may agree on its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole
from casework.declarations import DeadlineRule, EvidenceRequirement, Pause
from policies.terms import Head

SUPPLEMENT = Pause(
    "request_supplement", "receive_supplement", begin_fact="arrived_on", end_fact="arrived_on", or_ends="decide_on_what_is_there",
)


def _has_head(*heads: str) -> Any:
    """Whether a payout asks for one of these heads, by what is recorded of its people and its kind."""
    return lambda payout: bool(set(heads) & set(payout.heads))


def is_not_complex(payout: Any) -> bool:
    return not payout.is_complex


def something_was_refused(payout: Any) -> bool:
    return bool(payout.refused_amount)


def has_injured(payout: Any) -> bool:
    return any(person["is_injured"] for person in payout.people)


DEADLINES = (
    DeadlineRule(
        "prompt_decision", _("及时核定（内部）"), starts=("register",), start_fact="first_received_on",
        parameter="insurance.prompt_decision_period", responsible=CaseRole.INSURER, statutory=False, pauses=(SUPPLEMENT,),
        met_by=("approve", "approve_refusal"), ends_with=("withdraw", "close_with_claim", "flag_complex"), applies=is_not_complex,
    ),
    DeadlineRule(
        "decision", _("作出核定"), starts=("register",), start_fact="first_received_on", parameter="insurance.decision_period",
        responsible=CaseRole.INSURER, pauses=(SUPPLEMENT,), met_by=("approve", "approve_refusal"),
        ends_with=("withdraw", "close_with_claim"), agreed=lambda payout: payout.decision_days,
    ),
    DeadlineRule(
        "provisional_payment", _("数额未定，先予支付"), starts=("record_documents",), start_fact="received_on",
        parameter="insurance.provisional_payment_after", responsible=CaseRole.INSURER,
        met_by=("pay_provisionally", "approve", "approve_refusal"), ends_with=("withdraw", "close_with_claim"),
    ),
    DeadlineRule(
        "supplement_answer", _("补充材料"), starts=("request_supplement",), start_fact="arrived_on",
        parameter="insurance.supplement_answer_period", responsible=CaseRole.USE_MANAGER, statutory=False,
        met_by=("receive_supplement", "decide_on_what_is_there"), ends_with=("withdraw", "close_with_claim"),
    ),
    DeadlineRule(
        "refusal_notice", _("发出拒赔通知书"), starts=("approve_refusal", "approve"), restarts=True,
        parameter="insurance.refusal_notice_period", responsible=CaseRole.INSURER, met_by=("send_refusal", "send_part_refusal"),
        ends_with=("reopen", "withdraw", "close_with_claim"), applies=something_was_refused,
    ),
    DeadlineRule(
        "payment", _("付款"), starts=("agree",), start_fact="agreed_on", restarts=True, parameter="insurance.payment_period",
        responsible=CaseRole.INSURER, pauses=(Pause("wait_for_proof", "resume_payment"),), met_by=("settle",),
        ends_with=("reopen", "withdraw", "close_with_claim"), agreed=lambda payout: payout.payment_days,
    ),
    DeadlineRule(
        "limitation", _("请求保险金的诉讼时效"), starts=("record_liability_fixed",), start_fact="fixed_on",
        parameter="insurance.limitation", responsible=CaseRole.USE_MANAGER, informs=True,
    ),
)

EVIDENCE = (
    EvidenceRequirement("payout_request", _("索赔申请书"), how=_("被保险人盖章，或者受害人签字。"), applies=has_injured),
    EvidenceRequirement(
        "medical_receipts", _("医疗票据和病历"), how=_("票据原件拍照，病历、费用清单各一份。"), applies=_has_head(Head.MEDICAL),
        sensitivity="sensitive",
    ),
    EvidenceRequirement(
        "liability_document", _("责任确定的材料"), how=_("判决书、调解书或者与受害人的协议。"), applies=has_injured,
    ),
    EvidenceRequirement("inspection_mark", _("检验标志或者检验报告"), how=_("轿厢内使用标志的照片。"), applies=has_injured),
)
