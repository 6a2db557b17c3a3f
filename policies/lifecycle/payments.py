"""The steps of a payout that concern its money: proposed, paid, returned, waiting for proof, settled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.declarations import NoFacts, step
from casework.models import Case
from legislation.money import ZERO
from policies import checks, guards, movements, rows
from policies import facts as told

if TYPE_CHECKING:
    from legislation.lookup import Law

UNDECIDED = ("registered", "supplement", "complete")
OPEN = ("requested", *UNDECIDED, "proposed", "refusal_proposed", "decided", "refused", "refusal_sent", "agreed", "disputed")
DECIDED = ("decided", "agreed")
MAY_PAY = tuple(state for state in OPEN if state != "requested")
#: A payment beside the insurance money may still be on its way when the payout itself is paid.
MAY_ARRIVE = (*MAY_PAY, "paid")


class PayoutPayments(Case):
    """What a payout does with money (Insurance Law 25, 65). Part of PayoutLifecycle."""

    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    class Meta:
        abstract = True

    @step(
        source=DECIDED, target=None, label=_("赔给受害人"), facts=told.ProposePayout, rows=[rows.payment_to_victim],
        guards=[guards.something_is_owed_to_the_victim],
        checks=[checks.payment_is_positive, checks.person_is_known, checks.payee_is_named, checks.within_owed_to_victim],
        provisions=["insurance.direct_payment_option", "insurance.direct_payment_duty"], foresee=True,
    )
    def pay_victim(self, *, law: Law, facts: told.ProposePayout, happened_at: datetime) -> None:
        """直接赔给受害人：依照法律或者约定，可以直接向受害人赔付；责任确定而被保险人怠于请求的，应当直接赔付。"""

    @step(
        source=DECIDED, target=None, label=_("补偿被保险人的垫付"), facts=told.ProposePayout, rows=[rows.payment_to_insured],
        guards=[guards.victim_was_paid_first],
        checks=[checks.payment_is_positive, checks.person_is_known, checks.payee_is_named, checks.within_proven_payments],
        provisions=["insurance.pay_victim_first"], foresee=True,
    )
    def reimburse_insured(self, *, law: Law, facts: told.ProposePayout, happened_at: datetime) -> None:
        """补偿垫付：被保险人没有向受害人赔付的，保险人不得向被保险人赔付；最多补偿已证明的付款。"""

    @step(
        source=(*UNDECIDED, "proposed", "disputed"), target=None, label=_("先予支付"), facts=told.ProvisionalPayout,
        guards=[guards.cover_is_checked, guards.cover_stands],
        rows=[rows.provisional_payment], moves=[movements.move_limits],
        checks=[
            checks.payment_is_positive, checks.person_is_known, checks.payee_is_named, checks.provisional_is_within_loss,
            checks.provisional_is_proven, checks.provisional_stands_under_limits, checks.provisional_is_within_authority,
        ],
        provisions=["insurance.provisional_payment_after", "insurance.pay_victim_first"], foresee=True,
    )
    def pay_provisionally(self, *, law: Law, facts: told.ProvisionalPayout, happened_at: datetime) -> None:
        """先予支付：六十日内数额不能确定的，按已有证明可以确定的数额先付；也可以提前。"""
        self.holds = movements.renewed(self, movements.provisional_targets(self, facts))

    @step(
        source=MAY_ARRIVE, target=None, label=_("登记一笔已付"), facts=told.RecordPayment, checks=[checks.not_recorded_before],
        moves=[movements.move_limits], system_only=True,
    )
    def record_payment(self, *, law: Law, facts: told.RecordPayment, happened_at: datetime) -> None:
        """已付：付款单付出后，预留的限额转为已用。"""
        self.recorded_payments = [*self.recorded_payments, facts.number]
        if facts.beside:
            self.holds, self.beside_amount = movements.renewed(self, {}), (self.beside_amount or ZERO) + facts.amount
            return
        drawn = movements.drawn_by_payment(self, facts.person, facts.amount)
        targets = {key: movements.held(self, *key) - amount for key, amount in drawn.items()}
        self.holds = movements.renewed(self, targets, drawn)
        self.posted = movements.posted_after(self, facts.person, facts.amount, drawn)
        self.paid_amount = (self.paid_amount or ZERO) + facts.amount

    @step(
        source=MAY_ARRIVE, target=None, label=_("登记一笔未付成"), facts=told.RecordReturn, checks=[checks.not_recorded_before],
        moves=[movements.move_limits], system_only=True,
    )
    def record_return(self, *, law: Law, facts: told.RecordReturn, happened_at: datetime) -> None:
        """退回：付款单退回或者撤销；核定以前的先予支付，预留的限额一并退回。"""
        targets = {} if self.state in DECIDED or facts.beside else movements.returned_targets(self, facts)
        self.holds = movements.renewed(self, targets)
        self.recorded_payments = [*self.recorded_payments, facts.number]

    @step(
        source=(*MAY_ARRIVE, "closed"), target=None, label=_("登记一笔退票"), facts=told.RecordBounce,
        moves=[movements.undo_use, movements.move_limits], system_only=True,
    )
    def record_bounce(self, *, law: Law, facts: told.RecordBounce, happened_at: datetime) -> None:
        """退票：登记已付以后银行退了回来，已用的限额冲回并重新预留，欠的还欠。"""
        self._take_back(facts)

    @step(
        source=("paid", "closed"), target="agreed", label=_("因退票重新待付"), facts=told.RecordBounce,
        moves=[movements.undo_use, movements.move_limits], provisions=["insurance.payment_period"], system_only=True,
    )
    def reopen_for_bounce(self, *, law: Law, facts: told.RecordBounce, happened_at: datetime) -> None:
        """因退票重新待付：付清以后有一笔被银行退回，就不算付清，回到已达成协议，另开付款单。"""
        self._take_back(facts)

    def _take_back(self, facts: told.RecordBounce) -> None:
        if facts.beside:
            self.holds, self.beside_amount = movements.renewed(self, {}), (self.beside_amount or ZERO) - facts.amount
            return
        used = {(facts.person, part.limit): part.amount for part in facts.used}
        self.holds = movements.renewed(self, {key: movements.held(self, *key) + amount for key, amount in used.items()})
        self.posted = movements.posted_after(self, facts.person, -facts.amount, {key: -amount for key, amount in used.items()})
        self.paid_amount = (self.paid_amount or ZERO) - facts.amount

    @step(source="agreed", target=None, label=_("等待付款凭证"), provisions=["insurance.pay_victim_first"], system_only=True)
    def wait_for_proof(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """等待付款凭证：余下的只能补偿被保险人，而它还没有证明已付给受害人，付款期限停止计时。"""
        self.is_waiting_for_proof = True

    @step(source="agreed", target=None, label=_("恢复付款期限"), system_only=True)
    def resume_payment(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """恢复计时：收到已付给受害人的凭证，付款期限继续计算。"""
        self.is_waiting_for_proof = False

    @step(
        source="agreed", target="paid", label=_("确认付清"), guards=[guards.everything_is_paid], provisions=["insurance.payment_period"],
    )
    def settle(self, *, law: Law, facts: NoFacts, happened_at: datetime) -> None:
        """付清：全部付款单已付出，与协议金额一致。"""
        self.is_waiting_for_proof = False

    if TYPE_CHECKING:  # fields of the model
        policy_id: Any
        incident_id: Any
        elevator_id: Any
        accident_on: Any
        people: Any
        heads: Any
        holds: Any
        posted: Any
        sheet: Any
        decided_amount: Any
        documents_on: Any
        first_received_on: Any
        paid_amount: Any
        recorded_payments: Any
        cover_version: Any
        decision_version: Any
        loss_version: Any
        requested_amount: Any
        refused_amount: Any
        is_complete_at_birth: Any
        beside_amount: Any
        supplement_requested_on: Any
        supplement_received_on: Any
        decided_on: Any
        agreed_on: Any
        liability_fixed_on: Any
        refusal_sent_on: Any
