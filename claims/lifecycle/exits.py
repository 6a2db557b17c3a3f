"""The ways of a claim through court, out of the case and back into it. No query, request, mail or clock in this file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.declarations import step
from casework.errors import FactsRefused
from casework.facts import plain
from claims import checks, guards, rows
from claims.facts import (
    Because,
    MarkDuplicate,
    Mediate,
    NotLiable,
    RecordCost,
    RecordFund,
    RecordHeirs,
    RecordJudgment,
    SettleByMediation,
    Sue,
    VictimSays,
)
from claims.lifecycle.fields import ClaimFields
from claims.terms import Consent, EstimateSource, FixedBy
from legislation.money import ZERO

if TYPE_CHECKING:
    from legislation.lookup import Law

UNDECIDED = ("open", "docs_missing", "assessed", "negotiating", "insurer_consent")
OPEN = (*UNDECIDED, "settled", "litigated", "not_liable", "liability_fixed", "victim_paid")
LEFT = ("withdrawn", "duplicate", "not_covered")
ALL = (*OPEN, *LEFT, "closed")


def not_later(field: str, day: date | None, happened_at: datetime) -> None:
    """Refuse a day after the one on which the step happened."""
    if day is not None and day > timezone.localtime(happened_at).date():
        raise FactsRefused({field: [_("这一天还没到，请看一眼。")]})


class ClaimExits(ClaimFields):
    """Court, withdrawal, duplicates, reopening, suspension; and what every way of fixing liability does."""

    class Meta:
        abstract = True

    # -- in court and before the committee ----------------------------------------------------------------------------

    @step(source=(*UNDECIDED, "settled"), target="litigated", label=_("登记诉讼"), facts=Sue)
    def sue(self, *, law: Law, facts: Sue, happened_at: datetime) -> None:
        """诉讼: 受害人起诉或者本单位起诉，填法院和案号；开庭、判决在诉讼案里登记。"""
        not_later("filed_on", facts.filed_on, happened_at)
        not_later("served_on", facts.served_on, happened_at)
        self.court, self.court_number, self.plaintiff = facts.court, facts.number, facts.plaintiff

    @step(
        source="litigated", target="liability_fixed", label=_("登记生效判决"), facts=RecordJudgment, rows=[rows.estimate_decided],
        checks=[checks.amount_is_not_negative, checks.effective_after_accident], system_only=True,
        provisions=["insurance.liability_fixed_by", "insurance.limitation_from_liability_fixed"],
    )
    def record_judgment(self, *, law: Law, facts: RecordJudgment, happened_at: datetime) -> None:
        """生效判决: 诉讼案里的判决生效，赔偿责任由此确定，金额是判决应得的全部，垫付从中抵扣。"""
        not_later("effective_on", facts.effective_on, happened_at)
        self._fix(facts.amount, FixedBy.JUDGMENT, facts.effective_on)

    @step(
        source="litigated", target="liability_fixed", label=_("登记法院调解"), facts=RecordJudgment, rows=[rows.estimate_decided],
        checks=[checks.amount_is_not_negative, checks.effective_after_accident], system_only=True,
        provisions=["insurance.liability_fixed_by", "insurance.limitation_from_liability_fixed"],
    )
    def record_court_settlement(self, *, law: Law, facts: RecordJudgment, happened_at: datetime) -> None:
        """法院调解: 调解书生效后和判决一样确定赔偿责任。"""
        not_later("effective_on", facts.effective_on, happened_at)
        self._fix(facts.amount, FixedBy.JUDGMENT, facts.effective_on)

    @step(
        source="litigated", target="not_liable", label=_("登记判决不承担责任"), facts=NotLiable, system_only=True,
        checks=[checks.effective_after_accident],
    )
    def record_not_liable(self, *, law: Law, facts: NotLiable, happened_at: datetime) -> None:
        """不承担责任: 已垫付的可以追回，追不回的核销，写进追偿案。"""
        not_later("effective_on", facts.effective_on, happened_at)
        self.owed, self.fixed_by, self.fixed_on = ZERO, FixedBy.JUDGMENT, facts.effective_on
        self._headline()

    @step(
        source="litigated", target="negotiating", label=_("撤诉，恢复协商"), facts=Because, checks=[checks.reason_is_given],
        system_only=True,
    )
    def withdraw_suit(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤诉: 诉讼没有判决就结束了，回到协商。"""

    @step(
        source=("liability_fixed", "victim_paid", "not_liable", "closed"), target="litigated", label=_("再审，重回诉讼"),
        facts=Because, system_only=True,
    )
    def retry_in_court(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """再审: 生效的裁判重新审理，责任等新的结果；已付的钱和原来的记录不动。"""
        self.owed, self.fixed_by, self.fixed_on = None, "", None
        self._headline()

    @step(
        source=("negotiating", "insurer_consent"), target=None, label=_("提交人民调解"), facts=Mediate,
        guards=[guards.no_mediation_is_open],
    )
    def mediate(self, *, law: Law, facts: Mediate, happened_at: datetime) -> None:
        """人民调解: 双方愿意的，请人民调解委员会主持，不收费；达成协议后三十日内可以共同申请司法确认。"""
        not_later("applied_on", facts.applied_on, happened_at)

    @step(
        source=("negotiating", "insurer_consent"), target="settled", label=_("调解达成协议"), facts=SettleByMediation,
        checks=[checks.amount_is_not_negative, checks.signed_after_accident], system_only=True,
        provisions=["insurance.liability_fixed_by", "insurance.unapproved_settlement_reassessed"],
    )
    def settle_by_mediation(self, *, law: Law, facts: SettleByMediation, happened_at: datetime) -> None:
        """调解协议: 调解案里签了字盖了章就成立；保险人没有同意这个金额的，可以重新核定。"""
        approved = self.consent == Consent.GRANTED and self.draft_amount is not None and facts.amount <= self.draft_amount
        if self.policy_id is not None and not approved:
            self.consent = Consent.OWN_RISK
        self.settled_amount, self.settled_on, self.terms, self.mediator = facts.amount, facts.signed_on, facts.terms, facts.mediator

    @step(
        source=(*OPEN, "closed"), target=None, label=_("登记限额外费用"), facts=RecordCost, rows=[rows.cost],
        checks=[checks.amount_is_positive, checks.voucher_is_given, checks.cost_voucher_is_new, checks.paid_after_accident],
        provisions=[
            "insurance.mitigation_costs_in_addition", "insurance.investigation_costs_in_addition",
            "insurance.litigation_costs_in_addition",
        ],
    )
    def record_cost(self, *, law: Law, facts: RecordCost, happened_at: datetime) -> None:
        """限额外费用: 施救减损、查明原因、诉讼仲裁花的钱，凭票据登记，由保险人在责任限额以外承担。"""
        not_later("paid_on", facts.paid_on, happened_at)

    # -- ways out and back --------------------------------------------------------------------------------------------

    @step(
        source=OPEN, target="withdrawn", label=_("撤回…"), facts=Because, guards=[guards.nothing_is_on_its_way, guards.no_dispute_is_pending],
        checks=[checks.reason_is_given], grave=True,
    )
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤回: 受害人不再主张；已付的垫付不受影响，随时可以重新打开。"""
        self.left_because = facts.reason

    @step(
        source=OPEN, target="duplicate", label=_("并入另案…"), facts=MarkDuplicate, grave=True,
        guards=[guards.nothing_is_on_its_way, guards.no_dispute_is_pending],
        checks=[checks.original_is_another, checks.reason_is_given],
    )
    def mark_duplicate(self, *, law: Law, facts: MarkDuplicate, happened_at: datetime) -> None:
        """并案: 同一个人登记了两次，以另一件为准；两件的记录都保留。"""
        self.duplicate_of, self.left_because = facts.original.strip(), facts.reason

    @step(
        source=OPEN, target="not_covered", label=_("不属于首负责任…"), facts=Because, checks=[checks.reason_is_given], grave=True,
        guards=[guards.nothing_is_on_its_way, guards.no_dispute_is_pending],
        provisions=["first_responsibility.policy"],
    )
    def decide_not_covered(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """不属于首负责任: 写明理由并告诉受害人向谁主张；迟报不是理由。"""
        self.left_because = facts.reason

    @step(source=(*LEFT, "closed"), target="open", label=_("重新打开…"), facts=Because, checks=[checks.reason_is_given], grave=True)
    def reopen(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """重新打开: 有了新的事实，写明理由，从受理接着办。"""
        self.owed, self.fixed_by, self.fixed_on = None, "", None
        self.duplicate_of, self.left_because, self.consent = "", "", Consent.NOT_ASKED
        self._headline()

    @step(source=OPEN, target=None, label=_("中止…"), facts=Because, guards=[guards.is_running], checks=[checks.reason_is_given])
    def suspend(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """中止: 有关机关要求暂停的，挂上标记；救助、垫付和付款不停。"""
        self.is_suspended, self.suspended_because = True, facts.reason

    @step(source=OPEN, target=None, label=_("恢复办理"), guards=[guards.is_standing_still])
    def resume(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """恢复: 中止的原因没有了。"""
        self.is_suspended, self.suspended_because = False, ""

    @step(
        source=OPEN, target=None, label=_("登记去世和继承人"), facts=RecordHeirs, guards=[guards.is_injury_of_one],
        checks=[checks.heirs_are_named, checks.shares_of_heirs_sum_to_one, checks.representative_is_an_heir, checks.died_after_accident],
        provisions=["damages.head.death_compensation"],
    )
    def record_heirs(self, *, law: Law, facts: RecordHeirs, happened_at: datetime) -> None:
        """继承人: 受害人去世的，由近亲属承接；已付的垫付照样抵扣，死亡赔偿金和丧葬费出新版计算书。"""
        not_later("died_on", facts.died_on, happened_at)
        self.died_on = facts.died_on
        self.heirs = [{"key": f"H{n}", **plain(heir)} for n, heir in enumerate(facts.heirs, 1)]
        self.representative = next((h["key"] for h in self.heirs if h["party_id"] == facts.representative), "")

    @step(
        source=OPEN, target=None, label=_("登记基金先行支付"), facts=RecordFund, guards=[guards.is_injury_of_one],
        checks=[checks.amount_is_positive, checks.fund_is_documented],
    )
    def record_fund(self, *, law: Law, facts: RecordFund, happened_at: datetime) -> None:
        """基金: 医保、工伤保险基金先付的医疗费，从应付的数里归还基金，不再付给受害人。"""
        self.funds = [*self.funds, {"key": f"F{len(self.funds) + 1}", **plain(facts)}]

    @step(source=ALL, target=None, label=_("记下受害人的话"), facts=VictimSays, checks=[checks.text_is_given])
    def hear_victim(self, *, law: Law, facts: VictimSays, happened_at: datetime) -> None:
        """受害人的话: 提问要有人答复，异议要有人复核；一句不漏地留在案件里。"""

    def _fix(self, amount: Decimal, fixed_by: str, fixed_on: date) -> None:
        self.owed, self.fixed_by, self.fixed_on = amount, fixed_by, fixed_on
        self.estimate, self.estimate_source = amount, EstimateSource.DECIDED
        self._headline()

    def _headline(self) -> None:
        self.amount = self.owed if self.owed is not None else self.estimate
