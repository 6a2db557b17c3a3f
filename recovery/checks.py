"""What the typed facts of a recovery step must satisfy; each names its field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.actors import authority_of
from casework.declarations import check
from legislation.money import ZERO
from recovery.terms import Prospect, ShareBasis

if TYPE_CHECKING:
    from access.actors import Actor
    from recovery.selectors import RecoveryPosition, TargetPosition

FREE = (Prospect.NONE, Prospect.OVER)
WAIVER = "insurance.waiver_before_payment_frees_insurer"
WAIVER_SAYS = _("保险赔付前放弃追偿的，保险人不承担赔偿责任；赔付后未经保险人同意放弃的无效。保险赔付有望或正在办理时不能放弃。")


@check("amount", reason="not_positive", says=_("金额要大于 0。"))
def amount_is_positive(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount > 0)


@check("claimed", reason="not_positive", says=_("金额要大于 0。"))
def claimed_is_positive(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.claimed > 0)


@check("reason", reason="no_reason", says=_("请写明理由。"))
def reason_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.reason.strip())


@check("name", reason="no_name", says=_("请写对方的全称。"))
def name_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.name.strip())


@check("court", reason="no_court", says=_("请写受理法院。"))
def court_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.court.strip())


@check("document", reason="no_document", says=_("请写明根据哪一份文书。"))
def document_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.document.strip())


@check("voucher_number", reason="no_voucher", says=_("请填凭证号。"))
def voucher_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.voucher_number.strip())


# -- the file -----------------------------------------------------------------------------------------------------------


@check("shares", reason="not_whole", says=_("各方份额加起来要正好是 100%，每一方只写一次；受害人自己的部分不写在这里。"))
def shares_sum_to_one(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    parties = [s.party for s in facts.shares]
    return len(set(parties)) == len(parties) and all(0 <= s.share <= 1 for s in facts.shares) and sum(s.share for s in facts.shares) == 1


@check("shares", reason="not_equal", law="recourse.equal_if_unclear", says=_("按“平均承担”的，各方份额要相等。"))
def equal_means_equal(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return facts.basis != ShareBasis.EQUAL or len({s.share for s in facts.shares}) == 1


@check("amount", reason="above_hand_over", says=_("移交的金额超过应当移交的。"))
def within_hand_over(case: Any, law: Any, position: RecoveryPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount <= position.hand_over)


@check("is_waiver", reason="waiver_before_payout", law=WAIVER, says=WAIVER_SAYS)
def no_waiver_while_payout_is_possible(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    """The insured may not; the insurer may leave its own claim."""
    return not facts.is_waiver or case.basis == "subrogation" or position.prospect in FREE


@check("__all__", reason="above_authority", says=_("核销的金额超出您的权限，请有权限的同事批准。"))
def write_off_within_authority(case: Any, law: Any, position: RecoveryPosition, facts: Any, by: Actor) -> bool:
    limit = authority_of(by, "recovery.give_up")
    return limit is not None and (case.amount or ZERO) <= limit


# -- a target -----------------------------------------------------------------------------------------------------------


@check("sent_on", reason="in_future", says=_("发函日期不能晚于今天。"))
def sent_not_later(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.sent_on <= timezone.localdate())


@check("received_on", reason="in_future", says=_("收到日期不能晚于今天。"))
def received_not_later(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.received_on <= timezone.localdate())


@check("amount", reason="above_left", says=_("登记的金额超过对方应付未付的，请核对；多付的请退给对方。"))
def within_what_is_left(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount <= position.left)


@check("amount", reason="above_refund", says=_("退还的金额超过多收的。"))
def within_refund(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount <= position.refund)


@check("instalments", reason="not_what_is_left", says=_("各期加起来要正好等于还没付的数。"))
def plan_sums_to_what_is_left(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return bool(sum((i.amount for i in facts.instalments), ZERO) == position.left)


@check("instalments", reason="not_in_order", says=_("每期金额大于 0，日期一期比一期晚。"))
def plan_is_in_order(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    days = [i.due_on for i in facts.instalments]
    return all(i.amount > 0 for i in facts.instalments) and days == sorted(set(days))


@check("amount", reason="not_below", says=_("和解总额不低于应收的，不用提请，直接登记追回。"))
def settlement_is_below(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount < position.collected + position.left)


@check("amount", reason="below_collected", says=_("和解总额包括已付的，不能低于已经收到的。"))
def settlement_covers_what_came(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return bool(facts.amount >= position.collected)


@check("amount", reason="settlement_before_payout", law=WAIVER, says=WAIVER_SAYS)
def settling_is_free(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return case.basis == "subrogation" or position.prospect in FREE


@check("__all__", reason="waiver_before_payout", law=WAIVER, says=WAIVER_SAYS)
def approved_waiver_is_free(case: Any, law: Any, position: TargetPosition, facts: Any, by: Any) -> bool:
    return case.proposal != "waiver" or case.basis == "subrogation" or position.prospect in FREE


@check("__all__", reason="above_authority", says=_("少收的金额超出您的权限，请有权限的同事批准。"))
def giving_up_within_authority(case: Any, law: Any, position: TargetPosition, facts: Any, by: Actor) -> bool:
    limit = authority_of(by, "recovery.give_up")
    given_up = position.left - max((case.proposed or ZERO) - position.collected, ZERO)
    return limit is not None and given_up <= limit
