"""How a payment order moves: proposed, released by the cashier, paid with its voucher or returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import EvidenceRequirement, Turn, step
from casework.facts import plain
from casework.models import Case
from ledger import checks, guards, movements
from ledger.facts import BouncePayment, CancelPayment, MarkPaid, ProposePayment, ReleasePayment, ReturnPayment

if TYPE_CHECKING:
    from decimal import Decimal

    from legislation.lookup import Law


@dataclass(frozen=True)
class PaymentPosition:
    """What the steps of an order must know beside its own fields, read after the lock.

    preparers: users who took any step of the parent case (proposed or approved what is now paid).
    """

    cashier: Role
    has_account: bool
    account_is_confirmed: bool
    account_is_current: bool
    proposed_on: date
    preparers: frozenset[int]
    payer_id: int
    barred: Any  # why what it pays for must not be paid now, in a sentence; "" when nothing does
    vouchers: Any  # answers `number in vouchers`: used before by the same payer


class PaymentOrderLifecycle(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")

    KIND = "payment_order"
    KIND_LABEL = _("付款单")
    PREFIX = "PO"
    INITIAL = "proposed"
    STATES = {
        "proposed": _("待放行"), "released": _("待回单"), "paid": _("已付"), "returned": _("已退"), "bounced": _("已退票"),
        "cancelled": _("已撤销"),
    }
    PATH = ("proposed", "released", "paid")
    ENDED = frozenset({"paid", "returned", "bounced", "cancelled"})
    EVIDENCE = (
        EvidenceRequirement(
            "voucher", _("付款凭证"), how=_("银行回单或转账截图；现金付款的，收款人签字的收据。"), needed_by=("mark_paid",)
        ),
    )

    class Meta:
        abstract = True

    @step(
        source="",
        target="proposed",
        label=_("提出付款"),
        facts=ProposePayment,
        checks=[checks.amount_is_positive, checks.legs_are_named],
        moves=[movements.reserve],
    )
    def propose(self, *, law: Law, facts: ProposePayment, happened_at: datetime) -> None:
        """付款单: 提出一笔付款，先在账上预留。"""
        self.purpose, self.amount, self.note = facts.purpose, facts.amount, facts.note
        self.payer_organisation_id = facts.payer_organisation_id
        self.payee_name, self.payee_account = facts.payee.name, facts.payee.account_masked
        self.payee_account_ref, self.payee_bank = facts.payee.account_ref, facts.payee.bank
        self.legs = plain(facts.legs)

    @step(
        source="proposed",
        target="released",
        label=_("放行付款"),
        facts=ReleasePayment,
        guards=[guards.nothing_bars_it, guards.account_is_current, guards.account_is_confirmed],
        checks=[checks.account_was_compared, checks.releaser_is_a_third_person],
    )
    def release(self, *, law: Law, facts: ReleasePayment, happened_at: datetime) -> None:
        """放行: 出纳核对收款人和账号后放行，经办、审批、出纳是三个人。"""

    @step(
        source="released",
        target="paid",
        label=_("登记已付"),
        facts=MarkPaid,
        moves=[movements.post],
        evidence=("voucher",),
        checks=[checks.voucher_is_given, checks.voucher_is_new, checks.paid_after_proposed, checks.paid_not_later],
        foresee=True,
    )
    def mark_paid(self, *, law: Law, facts: MarkPaid, happened_at: datetime) -> None:
        """已付: 凭银行回单登记付款，只记一次。"""
        self.voucher_number, self.paid_on = facts.voucher_number.strip(), facts.paid_on

    @step(
        source="released",
        target="returned",
        label=_("登记退回"),
        facts=ReturnPayment,
        moves=[movements.void],
        grave=True,
        checks=[checks.return_has_reason],
    )
    def return_(self, *, law: Law, facts: ReturnPayment, happened_at: datetime) -> None:
        """退回: 银行退票或账户有误，预留退还，可以重新提出付款。"""
        self.returned_because = facts.reason.strip()

    @step(
        source="paid",
        target="bounced",
        label=_("登记退票…"),
        facts=BouncePayment,
        moves=[movements.reverse],
        grave=True,
        checks=[checks.bounce_has_reason, checks.bounce_has_number, checks.bounced_after_paid, checks.bounced_not_later],
    )
    def bounce(self, *, law: Law, facts: BouncePayment, happened_at: datetime) -> None:
        """退票: 登记已付以后银行把款退了回来；原来的分录冲销，欠的还欠，另开付款单再付。"""
        self.returned_because = facts.reason.strip()
        self.bounced_on, self.bounce_number = facts.bounced_on, facts.bank_number.strip()

    @step(
        source=("proposed", "released"),
        target="cancelled",
        label=_("撤销付款单"),
        facts=CancelPayment,
        moves=[movements.void],
        grave=True,
        checks=[checks.cancellation_has_reason, checks.released_is_stopped_by_the_cashier],
    )
    def cancel(self, *, law: Law, facts: CancelPayment, happened_at: datetime) -> None:
        """撤销: 这笔款不付了，预留退还。"""
        self.returned_because = facts.reason.strip()

    def turn(self, position: PaymentPosition) -> Turn | None:
        waited = {"proposed": "release", "released": "mark_paid"}.get(self.state)
        return Turn(CaseRole.PAYER, position.cashier, waited) if waited else None

    if TYPE_CHECKING:
        purpose: str
        payer_organisation_id: int
        payee_name: str
        payee_account: str
        payee_account_ref: int | None
        payee_bank: str
        legs: list[dict[str, Any]]
        note: str
        voucher_number: str
        paid_on: date | None
        returned_because: str
        bounced_on: date | None
        bounce_number: str
        amount: Decimal
