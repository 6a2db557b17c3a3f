"""What the typed facts of a step must satisfy; each names the field it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import Check, check
from disputes.terms import Outcome
from legislation.money import ZERO

if TYPE_CHECKING:
    from disputes.selectors import LitigationPosition


@check("court", reason="no_court", says=_("请写明法院。"))
def court_is_named(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.court.strip())


@check("committee", reason="no_committee", says=_("请写明是哪个人民调解委员会。"))
def committee_is_named(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.committee.strip())


@check("amount", reason="negative", says=_("金额不能是负数。"))
def amount_is_not_negative(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount >= 0)


@check("amount", reason="not_positive", says=_("金额要大于 0。"))
def amount_is_positive(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount > 0)


@check("voucher", reason="no_voucher", says=_("请填票据号。"))
def voucher_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.voucher.strip())


@check("reason", reason="no_reason", says=_("请写明理由。"))
def reason_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.reason.strip())


@check("conclusion", reason="no_conclusion", says=_("请写明履行得怎么样。"))
def conclusion_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.conclusion.strip())


@check("outcome", reason="not_a_judgment", says=_("判决只有两种：判令赔偿，或者不承担责任。法院调解和撤诉另有步骤。"))
def outcome_is_a_judgment(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return facts.outcome in (Outcome.LIABLE, Outcome.NOT_LIABLE)


@check("amount", reason="does_not_fit", says=_("判令赔偿的金额要大于 0；不承担责任的，金额是 0。"))
def award_fits_outcome(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.amount > 0) if facts.outcome == Outcome.LIABLE else bool(facts.amount == 0)


@check("heads", reason="heads_differ", says=_("各项加起来和总额不一样，请核对。"))
def heads_sum_to_award(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return not facts.heads or sum((head.amount for head in facts.heads), ZERO) == facts.amount


def _not_before(field: str, known: str, says: Any) -> Check:
    """A day of the facts that is not before a day the case already knows."""

    @check(field, reason="before", says=says)
    def holds(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
        earlier = getattr(case, known)
        return earlier is None or getattr(facts, field) >= earlier

    return holds


def _in_order(field: str, earlier: str, says: Any) -> Check:
    """A day of the facts that is not before another of the same facts."""

    @check(field, reason="before", says=says)
    def holds(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
        return bool(getattr(facts, field) >= getattr(facts, earlier))

    return holds


def _since_the_beginning(field: str) -> Check:
    """A day of the facts that is not before the matter itself began."""

    @check(field, reason="before_matter", says=_("这个日期早于事故或者案件开始，请看一眼哪个写反了。"))
    def holds(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
        return bool(getattr(facts, field) >= position.began_on)

    return holds


judged_since_matter = _since_the_beginning("judged_on")
effective_since_matter = _since_the_beginning("effective_on")
signed_since_matter = _since_the_beginning("signed_on")
paid_since_matter = _since_the_beginning("paid_on")
BEFORE_FILING = _("这一天早于立案，请看一眼哪个写反了。")
served_after_filing = _not_before("served_on", "filed_on", BEFORE_FILING)
held_after_filing = _not_before("held_on", "filed_on", BEFORE_FILING)
judged_after_filing = _not_before("judged_on", "filed_on", BEFORE_FILING)
effective_after_filing = _not_before("effective_on", "filed_on", BEFORE_FILING)
appealed_after_judgment = _not_before("filed_on", "judged_on", _("上诉早于判决，请看一眼哪个写反了。"))
effective_after_judgment = _not_before("effective_on", "judged_on", _("生效早于判决，请看一眼哪个写反了。"))
ruled_after_application = _not_before("ruled_on", "confirmation_applied_on", _("裁定早于申请，请看一眼哪个写反了。"))
served_after_judgment = _in_order("served_on", "judged_on", _("送达早于判决，请看一眼哪个写反了。"))
performed_after_effect = _in_order("perform_by", "effective_on", _("履行期限早于生效日。文书没有写履行期限的，填生效日。"))


@check(
    "effective_on",
    reason="appeal_period_runs",
    says=_("上诉期还没有过：期满没有人上诉，判决才生效。终审判决请在登记判决时勾选。"),
    law="litigation.appeal_period",
)
def effective_after_appeal_period(case: Any, law: Any, position: LitigationPosition, facts: Any, by: Any) -> bool:
    return case.is_final or position.appeal_until is None or facts.effective_on > position.appeal_until


FORM = "settlement.mediation_agreement_form"


@check("parties_signed", reason="not_signed", says=_("双方当事人都签名、盖章或者按指印，协议才成立。"), law=FORM)
def parties_have_signed(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.parties_signed)


@check("mediator_signed", reason="mediator_missing", says=_("调解协议书要有调解员签名。"), law=FORM)
def mediator_has_signed(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.mediator_signed)


@check("committee_sealed", reason="seal_missing", says=_("调解协议书要盖人民调解委员会的印章。"), law=FORM)
def committee_has_sealed(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.committee_sealed)


@check(
    "waives_others",
    reason="waives_others",
    law="insurance.waiver_before_payment_frees_insurer",
    says=_("调解不能让任何一方放弃对制造、维保单位和保险人的权利：放弃了，保险人就不再赔。"),
)
def nobody_else_is_released(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return not facts.waives_others


@check("is_joint", reason="not_joint", says=_("司法确认要双方共同申请。"), law="settlement.judicial_confirmation_period")
def both_apply(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.is_joint)
