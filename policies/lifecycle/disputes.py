"""The steps of a payout around disputes: objection, judgment, upheld, referral, costs and payments beside the insurance money."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import step
from legislation.money import ZERO
from policies import facts as told
from policies import guards, rows
from policies.checks import disputes as checks
from policies.checks import payee_is_named, payment_is_positive, reason_is_given
from policies.lifecycle.payments import MAY_PAY, OPEN, UNDECIDED, PayoutPayments
from policies.terms import Suspicion

if TYPE_CHECKING:
    from legislation.lookup import Law

ANSWERED = ("decided", "refused", "refusal_sent", "agreed")


class PayoutDisputes(PayoutPayments):
    """What follows when somebody disagrees, doubts, or is owed more than the insurance money. Part of PayoutLifecycle."""

    class Meta:
        abstract = True

    @step(
        source=ANSWERED, target="disputed", label=_("登记异议"), facts=told.Dispute, checks=[reason_is_given],
        provisions=["insurance.joint_liability_covered", "insurance.litigation_costs_in_addition"],
    )
    def dispute(self, *, law: Law, facts: told.Dispute, happened_at: datetime) -> None:
        """争议：任何一方对核定有异议的，写明理由，重新核定或者等判决；正在计算的期限不停。"""
        self.disputed_by = facts.raised_by

    @step(
        source="disputed", target="refusal_sent", label=_("维持拒赔"), facts=told.Because, grave=True, checks=[reason_is_given],
        guards=[guards.whole_refusal_was_sent, guards.award_does_not_ask_for_more, guards.no_dispute_is_open],
        provisions=["insurance.refusal_notice_period"],
    )
    def uphold_refusal(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """维持拒赔：异议复核以后仍不予赔付的，写明理由书面答复；请求人仍可起诉或者申请仲裁。"""
        self.upheld_because = facts.reason

    @step(
        source="disputed", target="decided", label=_("维持核定"), facts=told.Because, checks=[reason_is_given],
        guards=[guards.something_was_accepted, guards.award_does_not_ask_for_more, guards.no_dispute_is_open],
        provisions=["insurance.decision_period"],
    )
    def uphold(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """维持核定：异议撤回或者不成立的，原核定继续履行；没有争议的部分不因争议停付。"""
        self.upheld_because = facts.reason

    @step(
        source=(*ANSWERED, "disputed"), target="disputed", label=_("登记诉讼"), facts=told.RecordSuit,
        checks=[checks.suit_is_named, checks.suit_was_filed], provisions=["insurance.litigation_costs_in_addition"],
    )
    def record_suit(self, *, law: Law, facts: told.RecordSuit, happened_at: datetime) -> None:
        """诉讼：受害人或者被保险人起诉保险人的，立诉讼案卷；案卷没有了结，赔付案不能结案。"""
        self.disputed_by = facts.plaintiff[:60]

    @step(
        source="disputed", target=None, label=_("登记裁判结果"), facts=told.RecordAward, provisions=["insurance.liability_fixed_by"],
        checks=[checks.amount_is_possible, checks.document_is_named, checks.award_is_in_force],
    )
    def record_award(self, *, law: Law, facts: told.RecordAward, happened_at: datetime) -> None:
        """裁判结果：生效判决、调解书或者仲裁裁决确定的金额；支持请求的按裁判重新核定，不支持的维持原核定。"""
        self.award_amount, self.award_on = facts.amount, facts.effective_on
        self.award_document = f"{facts.forum} {facts.document}".strip()[:120]

    @step(
        source=(*UNDECIDED, "disputed"), target=None, label=_("移送核查可疑之处"), facts=told.ReferSuspicion,
        guards=[guards.no_suspicion_is_open], checks=[reason_is_given, checks.facts_are_named], provisions=["insurance.false_part_refused"],
    )
    def refer_suspicion(self, *, law: Law, facts: told.ReferSuspicion, happened_at: datetime) -> None:
        """移送核查：怀疑虚假的写明理由和事实，由另一人核查；核查不停止任何期限，也不是拒赔的理由。"""
        self.suspicion, self.suspicion_reason = Suspicion.REFERRED, facts.reason
        self.suspicion_found = facts.found

    @step(
        source=(*UNDECIDED, "proposed", "refusal_proposed", "disputed"), target=None, label=_("登记核查结论"), facts=told.ConcludeSuspicion,
        guards=[guards.suspicion_is_open], checks=[checks.facts_are_named], provisions=["insurance.false_part_refused"],
    )
    def conclude_suspicion(self, *, law: Law, facts: told.ConcludeSuspicion, happened_at: datetime) -> None:
        """核查结论：编造原因、夸大损失的，只对虚假的部分不承担责任；属实的照常核定。"""
        self.suspicion = Suspicion.FALSE if facts.is_false else Suspicion.CLEARED
        self.suspicion_found = facts.found

    @step(
        source=("requested", *UNDECIDED, "proposed", "decided", "disputed"), target=None, label=_("请求限额以外的费用"),
        facts=told.AskCosts, rows=[rows.costs_asked], checks=[payment_is_positive, checks.head_is_a_cost, checks.document_is_named],
        provisions=[
            "insurance.mitigation_costs_in_addition", "insurance.investigation_costs_in_addition",
            "insurance.litigation_costs_in_addition",
        ],
    )
    def ask_costs(self, *, law: Law, facts: told.AskCosts, happened_at: datetime) -> None:
        """限额以外的费用：施救、查明原因和损失、诉讼仲裁的必要合理费用由保险人另行承担，不占限额。"""
        self.loss_version += 1
        self.heads = sorted({*self.heads, facts.head})
        self.requested_amount = (self.requested_amount or ZERO) + facts.amount

    @step(
        source=(*OPEN, "paid"), target=None, label=_("登记迟延损失"), facts=told.RecordDelay, provisions=["insurance.delay_damages"],
        checks=[checks.amount_is_possible, checks.document_is_named],
    )
    def record_delay(self, *, law: Law, facts: told.RecordDelay, happened_at: datetime) -> None:
        """迟延损失：未及时赔付造成的损失，按裁判或者协议登记；系统只记迟了几天，不代为计算金额。"""
        self.delay_amount, self.delay_document = facts.amount, facts.document

    @step(
        source=(*MAY_PAY, "paid"), target=None, label=_("限额以外付款"), facts=told.PayBeside, rows=[rows.payment_beside],
        checks=[
            payment_is_positive, payee_is_named, reason_is_given, checks.beside_is_known, checks.delay_is_recorded,
            checks.beside_is_within_authority,
        ],
        provisions=["insurance.delay_damages"],
    )
    def pay_beside(self, *, law: Law, facts: told.PayBeside, happened_at: datetime) -> None:
        """限额以外付款：迟延损失、通融付款，单独记账，不算赔款，不占限额，不表示承认保险责任。"""

    if TYPE_CHECKING:  # fields of the model
        disputed_by: Any
        upheld_because: Any
        award_amount: Any
        award_on: Any
        award_document: Any
        suspicion: Any
        suspicion_reason: Any
        suspicion_found: Any
        delay_amount: Any
        delay_document: Any
