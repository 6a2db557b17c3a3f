"""What becomes of an application after it was decided: review, payment, audit, claw-back. Mixed into its life cycle."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.declarations import step
from funding import calculations, checks, guards, movements
from funding.facts import Audit, Because, ClawBack, OrderPayment, RecordPaid, RecordRepayment, RecordReturned, RequestReview
from legislation.money import ZERO

if TYPE_CHECKING:
    from legislation.lookup import Law


class OutcomeSteps(models.Model):
    class Meta:
        abstract = True

    @step(
        source=("not_accepted", "denied"), target="under_review", label=_("申请复核"), facts=RequestReview,
        guards=[guards.review_is_in_time], checks=[checks.review_has_grounds], provisions=["subsidy.reconsideration_period"],
    )
    def request_review(self, *, law: Law, facts: RequestReview, happened_at: datetime) -> None:
        """申请复核: 申请人对不予受理、不予批准不服的，在期限内提出，由上级部门复核。"""
        self.review_grounds = facts.grounds.strip()

    @step(
        source="under_review", target="denied", label=_("维持不予批准"), facts=Because, guards=[guards.was_denied],
        checks=[checks.reason_is_given], provisions=["subsidy.suit_period"],
    )
    def uphold(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """维持: 复核认为原决定正确，写明理由，告知可以起诉。"""

    @step(
        source="under_review", target="not_accepted", label=_("维持不予受理"), facts=Because, guards=[guards.was_declined],
        checks=[checks.reason_is_given], provisions=["subsidy.suit_period"],
    )
    def uphold_decline(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """维持: 复核认为不予受理正确，写明理由，告知可以起诉。"""

    @step(source="under_review", target="submitted", label=_("撤销原决定，继续办理"), facts=Because, checks=[checks.reason_is_given])
    def overturn(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤销原决定: 回到待受理继续办理，已经受理过的，轮候次序不变。"""
        self.refused_as = self.refusal_ground = self.refusal_reason = self.refusal_article = ""

    @step(
        source="approved", target="ordered", label=_("提出拨付"), facts=OrderPayment, guards=[guards.account_is_confirmed],
        checks=[checks.document_is_named],
    )
    def order_payment(self, *, law: Law, facts: OrderPayment, happened_at: datetime) -> None:
        """提出拨付: 财政部门开付款单，付到申请人指定的账户，大写金额印在通知书上。"""
        self.payment_document = facts.document.strip()

    @step(source="ordered", target="paid", label=_("登记已拨付"), facts=RecordPaid, system_only=True)
    def record_paid(self, *, law: Law, facts: RecordPaid, happened_at: datetime) -> None:
        """已拨付: 付款单凭回单登记后，自动记到申请上。"""
        self.paid_on, self.voucher_number, self.hold = facts.paid_on, facts.voucher_number, "paid"

    @step(
        source=("ordered", "paid", "audited", "closed"), target="approved", label=_("登记退回"), facts=RecordReturned, system_only=True
    )
    def record_returned(self, *, law: Law, facts: RecordReturned, happened_at: datetime) -> None:
        """退回: 付款单撤销或者付后银行退票，额度还在，改好账户重新提出。"""
        self.paid_on, self.voucher_number, self.hold = None, "", "committed"

    @step(source="paid", target="audited", label=_("登记核查"), facts=Audit, checks=[checks.finding_is_said])
    def audit(self, *, law: Law, facts: Audit, happened_at: datetime) -> None:
        """核查: 拨付后核对材料、登记和实物，有问题的转追回。"""

    @step(source="audited", target="closed", label=_("办结"))
    def close(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """办结: 钱已到账、核查无误，归档。"""

    @step(
        source=("paid", "audited", "closed"), target="clawback", label=_("决定追回…"), facts=ClawBack, grave=True,
        checks=[checks.claw_back_is_reasoned, checks.claw_back_within_paid],
        provisions=["subsidy.repayment_period", "subsidy.reconsideration_period", "subsidy.suit_period"],
    )
    def claw_back(self, *, law: Law, facts: ClawBack, happened_at: datetime) -> None:
        """追回: 以不实材料取得、没有完工或者没有登记的，决定追回，发追回决定书。"""
        self.clawback_amount, self.clawback_reason = self.returned_amount + facts.amount, facts.reason.strip()

    @step(
        source="clawback", target=None, label=_("登记退款"), facts=RecordRepayment, evidence=("repayment_voucher",),
        checks=[checks.repayment_within_owed, checks.repayment_has_voucher], moves=[movements.repay],
    )
    def record_repayment(self, *, law: Law, facts: RecordRepayment, happened_at: datetime) -> None:
        """登记退款: 可以分期，退回的钱回到资金池，自动递补给轮候的下一台。"""
        self.returned_amount += facts.amount

    @step(source="clawback", target="closed", label=_("追回完毕，办结"), guards=[guards.clawback_is_repaid])
    def settle_clawback(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """追回完毕: 应退的全部退回，办结。"""

    @step(source="clawback", target="closed", label=_("撤销或者终止追回…"), facts=Because, grave=True, checks=[checks.reason_is_given])
    def waive_clawback(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """终止追回: 决定被撤销或者确实收不回的，由第二人写明理由终止。"""

    # -- what several steps do to the case's own fields

    def _know(self, facts: Any) -> None:
        """Take over what is now known; what is still unknown stays as it was."""
        for name in ("stops", "floors", "investment", "registered_on", "certificate_on", "owners", "is_completed"):
            value = getattr(facts, name)
            if value is not None:
                setattr(self, name, value)

    def _price(self) -> None:
        self.amount = calculations.judge(calculations.scheme(self.scheme), self.known).amount

    def _refuse(self, facts: Any, how: str) -> None:
        self.refusal_ground, self.refusal_reason, self.refusal_article = facts.ground, facts.reason.strip(), facts.article.strip()
        self.refused_as = how

    def _let_go(self) -> None:
        """Free the lift and the entrance for others, and remember what the ledger must give back."""
        self.releasing, self.hold, self.is_counted = self.hold, "", False

    @property
    def owed(self) -> Decimal:
        """What is still to be paid back, in CNY."""
        return (self.clawback_amount or ZERO) - self.returned_amount

    if TYPE_CHECKING:
        pk: int
        scheme: str
        pool_id: int
        elevator_id: int
        elevator_name: str
        building_id: int
        applicant_kind: str
        applicant_party_id: int
        applicant_name: str
        account_id: int | None
        account_masked: str
        submitted_on: date | None
        stops: int | None
        floors: int | None
        entrance: str
        entrance_key: str
        cost_item: str
        lifts_at_entrance: int | None
        is_counted: bool
        was_corrected: bool
        note: str
        amount: Decimal | None
        approved_amount: Decimal | None
        attempt: int
        hold: str
        releasing: str
        published_on: date | None
        published_until: date | None
        places: str
        refused_as: str
        review_grounds: str
        refusal_ground: str
        refusal_reason: str
        refusal_article: str
        payment_document: str
        paid_on: date | None
        voucher_number: str
        clawback_amount: Decimal | None
        clawback_reason: str
        returned_amount: Decimal

        @property
        def known(self) -> calculations.Facts: ...
