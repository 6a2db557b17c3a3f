"""What must be true before a step of funding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from funding.models import BudgetPool, SubsidyApplication
    from funding.selectors.position import ApplicationPosition, PoolPosition
    from legislation.lookup import Law

# -- the pool


@guard("change_missing", says=_l("还没有提出预算变动。"), cure=Cure(_l("提出预算变动"), verb="propose_change"))
def change_is_for_another(case: BudgetPool, law: Law, position: PoolPosition) -> bool:
    return case.change_amount is not None


@guard("money_is_held", says=_l("还有预留或者已批准没付的钱，办完或者退回以后才能关闭。"), cure=Cure(_l("看占用的申请"), anchor="money"))
def nothing_is_held(case: BudgetPool, law: Law, position: PoolPosition) -> bool:
    return position.figures.reserved == 0 and position.figures.committed == 0


# -- the application


@guard(
    "corrected_before",
    says=_l("补正已经一次告知过，不能补了再要。材料还不齐的，按现有材料决定受理或者不予受理。"),
    law="subsidy.correction_period",
    cure=Cure(_l("不予受理"), verb="decline"),
)
def correction_not_yet_asked(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return not case.was_corrected


def _barring(case: SubsidyApplication, position: Any) -> str:
    said = "；".join(f"{answer.says}（{answer.source}）" for answer in case.finding.answers if answer.met is False)
    return _("不符合补助条件：%(said)s。") % {"said": said}


@guard("not_eligible", says=_barring, cure=Cure(_l("不予受理"), verb="decline"))
def no_rule_bars(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return case.finding.eligible


def _unanswered(case: SubsidyApplication, position: Any) -> str:
    return _("还不能判断：%(said)s。") % {"said": "；".join(a.says for a in case.finding.answers if a.met is None)}


@guard("rule_unanswered", says=_unanswered, cure=Cure(_l("更正申请内容"), verb="amend"))
def every_rule_is_answered(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return all(answer.met is not None for answer in case.finding.answers) and case.amount is not None


def _until(case: SubsidyApplication, position: Any) -> str:
    return _("公示到 %(day)s 为止，期满后才能批准。") % {"day": case.published_until}


@guard("publication_running", says=_until, law="subsidy.publication_period")
def publication_is_over(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return case.published_until is not None and law.on > case.published_until


@guard("account_missing", says=_l("还没有登记收款账户，或者账户还没有第二个人核对。"), cure=Cure(_l("登记收款账户"), verb="name_account"))
def account_is_confirmed(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return position.account_is_confirmed


def _review_over(case: SubsidyApplication, position: ApplicationPosition) -> str:
    return _("申请复核的期限到 %(day)s 已过。") % {"day": position.review_until}


@guard("review_too_late", says=_review_over, law="subsidy.reconsideration_period")
def review_is_in_time(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return position.review_until is None or law.on <= position.review_until


@guard("was_not_denied", says=_l("原决定是不予受理，请办“维持不予受理”。"), cure=Cure(_l("维持不予受理"), verb="uphold_decline"))
def was_denied(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return case.refused_as == "denied"


@guard("was_not_declined", says=_l("原决定是不予批准，请办“维持不予批准”。"), cure=Cure(_l("维持不予批准"), verb="uphold"))
def was_declined(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return case.refused_as == "declined"


def _owed(case: SubsidyApplication, position: Any) -> str:
    return _("还有 %(owed)s 元没有退回。") % {"owed": f"{case.owed:,.2f}"}


@guard("still_owed", says=_owed, cure=Cure(_l("登记退款"), verb="record_repayment"))
def clawback_is_repaid(case: SubsidyApplication, law: Law, position: ApplicationPosition) -> bool:
    return case.owed == 0
