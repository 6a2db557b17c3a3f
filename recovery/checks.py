"""What the typed facts of a recovery step must satisfy; each names its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from recovery.terms import Prospect

if TYPE_CHECKING:
    from recovery.selectors import RecoveryPosition


@check("amount", reason="not_positive", says=_("金额要大于 0。"))
def amount_is_positive(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount > 0)


@check("amount", reason="above_receivable", says=_("登记的金额超过应收未收的追偿款，请核对。"))
def within_receivable(case: Any, law: Any, position: RecoveryPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount <= position.receivable)


@check("reason", reason="no_reason", says=_("请写明理由。"))
def reason_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.reason.strip())


@check(
    "is_waiver",
    reason="waiver_before_payout",
    law="insurance.waiver_before_payment_frees_insurer",
    says=_("保险赔付前放弃追偿的，保险人不承担赔偿责任；赔付后未经保险人同意放弃的无效。保险赔付有望或正在办理时不能放弃。"),
)
def no_waiver_while_payout_is_possible(case: Any, law: Any, position: RecoveryPosition, facts: Any, by: Any) -> bool:
    return not facts.is_waiver or position.prospect in (Prospect.NONE, Prospect.OVER)


@check("voucher_number", reason="no_voucher", says=_("请填收款凭证号。"))
def voucher_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.voucher_number.strip())
