"""What must be true before a step of a claim or of an advance can be taken; each with its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard
from claims.terms import Consent, Subject
from legislation.money import ZERO

if TYPE_CHECKING:
    from claims.models import Advance, Claim
    from claims.selectors import AdvancePosition, ClaimPosition
    from legislation.lookup import Law


@guard("not_an_entrapment", says=_("这不是被困补偿案，赔偿责任要由协议或裁判确定。"), law="insurance.liability_fixed_by", hides=True)
def is_entrapment(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.subject == Subject.ENTRAPMENT


@guard("not_an_injury", says=_("这是被困补偿案，没有受伤的人。"))
def is_injury_of_one(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.subject == Subject.INJURY


@guard("not_assessed", says=_("损失还没有核算，请先做赔偿计算书。"), cure=Cure(_("去做赔偿计算书"), anchor="damages"))
def is_assessed(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.assessed is not None


@guard("worksheet_incomplete", says=_("赔偿计算书还没有做，或者还缺数据，算不出合计。"), cure=Cure(_("去做赔偿计算书"), anchor="damages"))
def worksheet_is_complete(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return position.worksheet_id is not None and position.worksheet_total is not None


@guard(
    "no_policy", says=_("这台电梯当时没有保单，不用征求保险人同意，可以直接和解。"), cure=Cure(_("登记和解协议"), verb="settle"), hides=True
)
def has_policy(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.policy_id is not None


@guard(
    "consent_not_granted",
    says=_("有保单的，和解方案先征得保险人同意：未经同意的和解，保险人可以重新核定。不同意或逾期不答复的，可以自担风险继续。"),
    law="insurance.settlement_approved_binds",
    cure=Cure(_("先送和解草案"), verb="ask_consent"),
)
def settlement_is_free(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return (case.state == "negotiating" and case.policy_id is None) or case.consent == Consent.GRANTED


@guard(
    "consent_still_open",
    says=_("保险人的答复期限还没到，也没有表示不同意。到期未答复的，这一步自动开放。"),
    law="settlement.insurer_consent_period",
)
def consent_failed(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.consent == Consent.REFUSED or (case.consent == Consent.ASKED and position.consent_is_overdue)


@guard(
    "loss_unknown",
    says=_("还没有估计，也没有核算，保险人不知道要留多少。先登记估计，医院的预交款通知就可以。"),
    cure=Cure(_("登记估计"), verb="record_estimate"),
)
def loss_is_known(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return (case.estimate or ZERO) > ZERO


@guard("payout_asked", says=_("已经向保险人请求赔付，不用再提。"), cure=Cure(_("看赔付案"), anchor="money"))
def payout_not_yet_asked(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return not position.has_payout


@guard("no_policy_known", says=_("没有查到这台电梯当时的保单。查到了先补登。"), cure=Cure(_("补登保单"), verb="link_policy"))
def policy_is_known(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.policy_id is not None


@guard("policy_known", says=_("已经登记了保单。"), hides=True)
def no_policy_yet(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.policy_id is None


@guard(
    "victim_not_paid",
    says=_("受害人还没有全部收到，有凭证的付款还不到应付的数。"),
    law="insurance.pay_victim_first",
    cure=Cure(_("付款给受害人"), verb="order_payment"),
)
def victim_has_been_paid(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.owed is not None and position.proven >= case.owed


@guard("nothing_owed", says=_("应付的已经付清，或者付款单已经开出，没有剩下的。"), cure=Cure(_("看收付"), anchor="money"))
def something_is_owed(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.owed is not None and position.proven + position.ordered < case.owed


def open_matters(case: Any, position: Any) -> Any:
    """The refusal to close names every open matter."""
    return _now("还有没办完的事：%(list)s。办完才能结案。") % {"list": "；".join(position.open_matters)}


@guard("own_things_open", says=open_matters, cure=Cure(_("看未了事项"), anchor="open-matters"))
def nothing_is_open(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return not position.open_matters


def pending_suits(case: Any, position: Any) -> Any:
    """The refusal names every dispute that nobody knows the end of yet."""
    return _now("%(list)s还没有结果。先登记它的结果：判决、调解，或者撤诉、调解未成。") % {"list": "、".join(position.pending_disputes)}


@guard("dispute_pending", says=pending_suits, cure=Cure(_("看诉讼和调解"), anchor="disputes"))
def no_dispute_is_pending(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return not position.pending_disputes


@guard("mediation_open", says=_("已经有一件调解在办。"), cure=Cure(_("看诉讼和调解"), anchor="disputes"))
def no_mediation_is_open(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return not position.has_open_mediation


@guard("suspended", says=_("已经中止。"), cure=Cure(_("恢复办理"), verb="resume"))
def is_running(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return not case.is_suspended


@guard("not_suspended", says=_("没有中止，不用恢复。"), hides=True)
def is_standing_still(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return case.is_suspended


@guard("payee_unknown", says=_("还没有写明付给谁。"), cure=Cure(_("修改这笔垫付"), verb="amend"))
def payee_is_named(case: Advance, law: Law, position: AdvancePosition) -> bool:
    return bool(case.payee_name)


@guard("no_estimate", says=_("还没有估计，医院的预交款通知就可以作为估计。"), cure=Cure(_("登记估计"), anchor="money"))
def estimate_is_known(case: Advance, law: Law, position: AdvancePosition) -> bool:
    return position.estimate is not None


@guard("no_confirmation_due", says=_("这笔垫付不是紧急批准的，或者已经补充确认。"), hides=True)
def confirmation_is_due(case: Advance, law: Law, position: AdvancePosition) -> bool:
    return case.is_emergency and case.confirmed_at is None


@guard("order_is_running", says=_("付款单还在办，先由出纳撤销付款单或登记退回。"), cure=Cure(_("看付款单"), anchor="money"))
def no_order_is_running(case: Advance, law: Law, position: AdvancePosition) -> bool:
    return not position.order_is_running


@guard(
    "money_on_its_way",
    says=_("还有付款单在路上：先登记付讫、退回，或者撤销付款单，再离开这一步。"),
    cure=Cure(_("看付款单"), anchor="money"),
)
def nothing_is_on_its_way(case: Claim, law: Law, position: ClaimPosition) -> bool:
    return position.ordered == ZERO
