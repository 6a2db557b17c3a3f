"""What must be true before a recovery file or the claim against a target moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from recovery.models import RecoveryTarget
    from recovery.selectors import RecoveryPosition, TargetPosition

# -- the file -----------------------------------------------------------------------------------------------------------


@guard(
    "receivable_left",
    says=_("还有应收未收的追偿款。收齐了才能结清；收不回的，先提请核销。"),
    cure=Cure(_("看还有谁没付"), anchor="targets"),
)
def nothing_is_left(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.receivable == 0


@guard("nothing_to_write_off", says=_("没有应收未收的追偿款，不用核销。"), cure=Cure(_("结清结案"), verb="close"))
def something_is_left(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.receivable > 0


@guard("targets_open", says=_("还有追偿对象没有了结，逐个收齐、和解或者核销以后再办。"), cure=Cure(_("看追偿对象"), anchor="targets"))
def no_target_is_open(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.open_targets == 0


@guard("hand_over_first", says=_("先追回、后由保险归还的部分还没有移交保险人。"), cure=Cure(_("移交保险人"), verb="hand_over"))
def nothing_to_hand_over(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.hand_over == 0


@guard("nothing_to_hand_over", says=_("没有应当移交保险人的钱。"))
def something_to_hand_over(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.hand_over > 0


# -- a target -----------------------------------------------------------------------------------------------------------


@guard("nothing_owed", says=_("按现有份额和已收的钱，对方没有要付的了。"), cure=Cure(_("了结"), verb="close"))
def something_is_owed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return position.left > 0


@guard("still_owed", says=_("对方还有没付的。收齐了才能了结；少收或者不收，要提请和解、核销。"), cure=Cure(_("登记追回"), verb="collect"))
def nothing_is_owed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return position.left == 0


@guard("refund_first", says=_("多收的还没有退给对方。"), cure=Cure(_("登记退还"), verb="refund"))
def nothing_to_refund(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return position.refund == 0


@guard("nothing_to_refund", says=_("没有多收的钱。"))
def something_to_refund(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return position.refund > 0


@guard("lawsuit_open", says=_("诉讼案还没有结束，结束以后再了结。"), cure=Cure(_("看诉讼"), anchor="below"))
def no_lawsuit_is_open(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return not position.lawsuits


@guard("proposal_open", says=_("已经有一件提请等第二人批准。"))
def nothing_is_proposed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return not case.proposal


@guard("nothing_proposed", says=_("没有等批准的提请。"))
def something_is_proposed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return bool(case.proposal)


@guard("no_settlement_proposed", says=_("没有等批准的和解。"), cure=Cure(_("提请和解"), verb="propose_settlement"))
def settlement_is_proposed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.proposal == "settlement"


@guard("no_write_off_proposed", says=_("没有等批准的核销或者放弃。"), cure=Cure(_("提请核销"), verb="propose_write_off"))
def write_off_is_proposed(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.proposal in ("write_off", "waiver")


@guard("not_in_arrears", says=_("还款协议没有到期未付的一期。"))
def is_in_arrears(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return position.arrears > 0


@guard("already_insolvent", says=_("已经登记为无力偿还。"))
def is_solvent(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return not case.is_insolvent


@guard("not_insolvent", says=_("没有登记过无力偿还。"))
def is_insolvent(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.is_insolvent


@guard("not_subrogation", says=_("同一保单的限制只对保险人的代位求偿，不影响垫付人自己追偿。"))
def is_subrogation(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.basis == "subrogation"


@guard("no_referral", says=_("没有待研判的事项。"))
def referral_is_open(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.referral == "open"


@guard(
    "referral_open",
    law="insurance.no_subrogation_against_insured",
    says=_("对方可能是同一保单的被保险人，先由第二人研判追不追。"),
    cure=Cure(_("研判决定"), verb="decide_referral"),
)
def referral_is_decided(case: RecoveryTarget, law: Any, position: TargetPosition) -> bool:
    return case.referral != "open"
