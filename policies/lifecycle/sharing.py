"""The steps of a payout when several receive, several insurers pay, or more comes later."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import step
from casework.facts import plain
from policies import facts as told
from policies.checks import person_is_known, reason_is_given
from policies.checks import sharing as checks
from policies.lifecycle.disputes import PayoutDisputes
from policies.lifecycle.payments import OPEN, UNDECIDED

if TYPE_CHECKING:
    from legislation.lookup import Law


class PayoutSharing(PayoutDisputes):
    """Heirs and funds as payees, contribution between insurers, further requests. Part of PayoutLifecycle."""

    class Meta:
        abstract = True

    @step(
        source=OPEN, target=None, label=_("登记由谁领款"), facts=told.NamePayees,
        checks=[person_is_known, checks.payees_are_named, checks.shares_make_the_whole, checks.right_is_proven],
        provisions=["insurance.direct_payment_option"],
    )
    def name_payees(self, *, law: Law, facts: told.NamePayees, happened_at: datetime) -> None:
        """由谁领款：受害人死亡的由继承人按份领取；基金先行支付的，先还基金；写明证明材料。"""
        self.people = [{**p, "payees": plain(facts.payees)} if p["key"] == facts.person else p for p in self.people]

    @step(
        source=("requested", *UNDECIDED, "disputed"), target=None, label=_("登记重复保险的分摊"), facts=told.SetContribution,
        checks=[checks.contribution_is_possible, checks.others_are_named, reason_is_given], provisions=["insurance.contribution"],
    )
    def set_contribution(self, *, law: Law, facts: told.SetContribution, happened_at: datetime) -> None:
        """重复保险：除合同另有约定外，各保险人按保险金额的比例承担，合计不超过损失。"""
        self.contribution, self.contribution_note = facts.share, f"{facts.others}：{facts.reason}"[:300]

    @step(
        source=("requested", *UNDECIDED, "proposed", "decided", "disputed"), target=None, label=_("向另一张保单请求"),
        facts=told.AskOtherPolicy, checks=[checks.other_policy_covers], provisions=["insurance.contribution"],
    )
    def ask_other_policy(self, *, law: Law, facts: told.AskOtherPolicy, happened_at: datetime) -> None:
        """另一张保单：同一责任有两张保单的，以同样的人员和损失向另一保险人请求，期限各自计算。"""

    @step(
        source=("agreed", "paid", "closed"), target=None, label=_("后续请求"), facts=told.RequestFurther,
        checks=[checks.further_lines_are_possible], provisions=["insurance.one_supplement_request", "insurance.decision_period"],
    )
    def request_further(self, *, law: Law, facts: told.RequestFurther, happened_at: datetime) -> None:
        """后续请求：以后月份的票据作为新的请求，另立赔付案，期限和一次性补正各自计算，限额连续计算。"""

    if TYPE_CHECKING:  # fields of the model
        asked_as: Any
        contribution: Any
        contribution_note: Any
