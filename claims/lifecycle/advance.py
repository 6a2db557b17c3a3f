"""How an advance moves: proposed, approved by a second person or in an emergency, paid or returned (rulebook 9.0)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from claims import checks, guards, movements
from claims.facts import ApproveAdvance, Because, PaidAdvance, ProposeAdvance, RefundAdvance, ReturnedAdvance
from claims.lifecycle.fields import AdvanceFields
from legislation.money import ZERO

if TYPE_CHECKING:
    from claims.selectors import AdvancePosition
    from legislation.lookup import Law

PROPOSAL_CHECKS = [checks.amount_is_positive, checks.payee_name_is_given, checks.basis_is_documented]


class AdvanceLifecycle(AdvanceFields):
    KIND = "advance"
    KIND_LABEL = _("垫付")
    PREFIX = "AD"
    INITIAL = "proposed"
    STATES = {
        "proposed": _("待批准"), "approved": _("已批准，待付款"), "paid": _("已付"), "returned": _("已退回"),
        "refused": _("未批准"), "withdrawn": _("已撤回"),
    }
    PATH = ("proposed", "approved", "paid")
    ENDED = frozenset({"paid", "refused", "withdrawn"})
    DEADLINES = (
        DeadlineRule(
            "emergency_confirmation", _("补充确认紧急垫付"), starts=("approve_in_emergency",), restarts=True, statutory=False,
            parameter="first_responsibility.emergency_confirmation", responsible=CaseRole.USE_MANAGER,
            met_by=("confirm_emergency", "object_to_emergency"),
        ),
    )
    EVIDENCE = (
        EvidenceRequirement(
            "deposit_notice", _("预交款通知或费用清单"), how=_("医院的预交款通知拍照即可；垫付给个人的，附票据。"),
            applies=lambda advance: advance.estimate_raised_to is None,
        ),
        EvidenceRequirement(
            "deposit_notice", _("上调估损所依据的预交款通知"), needed_by=("approve_in_emergency",),
            how=_("这笔垫付提出时同时上调了估损。一个人先批先付的，要有医院的预交款通知，拍照即可。"),
            applies=lambda advance: advance.estimate_raised_to is not None,
        ),
    )

    class Meta:
        abstract = True

    @step(
        source="", target="proposed", label=_("提出垫付"), facts=ProposeAdvance, checks=PROPOSAL_CHECKS,
        provisions=["first_responsibility.policy"],
    )
    def propose(self, *, law: Law, facts: ProposeAdvance, happened_at: datetime) -> None:
        """垫付: 先救人、先付钱；垫付不等于承认责任，在最终赔偿中抵扣，保留追偿权。"""
        self._take(facts)
        self.estimate_before, self.estimate_raised_to = facts.estimate_before, facts.estimate_raised_to

    @step(source=("proposed", "returned"), target="proposed", label=_("修改"), facts=ProposeAdvance, checks=PROPOSAL_CHECKS)
    def amend(self, *, law: Law, facts: ProposeAdvance, happened_at: datetime) -> None:
        """修改: 收款人、金额、依据有变的，改过重新送批；退回的款也从这里重新提出。"""
        self._take(facts)
        self.is_emergency, self.confirmed_at, self.objection = False, None, ""

    def _take(self, facts: ProposeAdvance) -> None:
        self.payer_organisation_id = facts.payer_organisation_id or self.payer_organisation_id
        self.amount, self.basis, self.basis_document = facts.amount, facts.basis, facts.basis_document.strip()
        self.payee_kind, self.payee_name, self.purpose = facts.payee_kind, facts.payee_name.strip(), facts.purpose.strip()
        self.person_key, self.account_id, self.account, self.bank = facts.key, facts.account_id, facts.account, facts.bank

    @step(
        source="proposed", target="approved", label=_("批准垫付"), facts=ApproveAdvance,
        guards=[guards.payee_is_named, guards.estimate_is_known],
        checks=[checks.amount_is_as_proposed, checks.advance_within_estimate, checks.advance_within_authority],
        provisions=["first_responsibility.policy", "first_responsibility.advance_needs_two_people"],
    )
    def approve(self, *, law: Law, facts: ApproveAdvance, happened_at: datetime) -> None:
        """批准: 由经办人以外的人批准，批准后出纳即可付款；不构成对最终责任的承认。"""
        self.approved_amount = facts.amount

    @step(
        source="proposed", target="approved", label=_("紧急垫付，先行批准"), facts=ApproveAdvance,
        guards=[guards.payee_is_named, guards.estimate_is_known],
        checks=[checks.amount_is_as_proposed, checks.advance_within_estimate, checks.within_emergency_limit],
        provisions=["first_responsibility.policy", "first_responsibility.emergency_confirmation"],
    )
    def approve_in_emergency(self, *, law: Law, facts: ApproveAdvance, happened_at: datetime) -> None:
        """紧急垫付: 救人等不及第二个人，在本单位额度以内先批先付，第二个人限时补充确认。"""
        self.approved_amount, self.is_emergency = facts.amount, True

    @step(
        source=("approved", "paid", "returned"), target=None, label=_("补充确认紧急垫付"), guards=[guards.confirmation_is_due],
        provisions=["first_responsibility.emergency_confirmation"],
    )
    def confirm_emergency(self, *, law: Law, facts: Any, happened_at: datetime) -> None:
        """补充确认: 第二个人看过材料后确认；逾期只作提示，不影响受害人拿钱。"""
        self.confirmed_at = happened_at

    @step(
        source=("approved", "paid", "returned"), target=None, label=_("对紧急垫付提出异议"), facts=Because,
        guards=[guards.confirmation_is_due], checks=[checks.reason_is_given],
    )
    def object_to_emergency(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """异议: 第二个人不认可的，写明理由留痕；钱已付的不追回受害人，由本单位内部处理。"""
        self.objection = facts.reason

    @step(source="proposed", target="refused", label=_("不批准…"), facts=Because, checks=[checks.reason_is_given], grave=True)
    def refuse(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """不批准: 写明理由；可以重新提出。"""
        self.left_because = facts.reason

    @step(
        source=("proposed", "approved", "returned"), target="withdrawn", label=_("撤回垫付…"), facts=Because, grave=True,
        guards=[guards.no_order_is_running], checks=[checks.reason_is_given],
    )
    def withdraw(self, *, law: Law, facts: Because, happened_at: datetime) -> None:
        """撤回: 不用垫付了；付款单在办的，先撤销付款单。"""
        self.left_because = facts.reason

    @step(source=("refused", "withdrawn"), target="proposed", label=_("重新提出"), facts=ProposeAdvance, checks=PROPOSAL_CHECKS)
    def propose_again(self, *, law: Law, facts: ProposeAdvance, happened_at: datetime) -> None:
        """重新提出: 情况有变，改过再送批。"""
        self._take(facts)
        self.is_emergency, self.confirmed_at, self.objection, self.left_because = False, None, "", ""

    @step(source="approved", target="paid", label=_("垫付已付"), facts=PaidAdvance, system_only=True)
    def record_paid(self, *, law: Law, facts: PaidAdvance, happened_at: datetime) -> None:
        """已付: 出纳登记了银行回单。"""
        self.paid_on, self.voucher = facts.paid_on, facts.voucher

    @step(source="approved", target="returned", label=_("垫付被退回"), facts=ReturnedAdvance, system_only=True)
    def record_returned(self, *, law: Law, facts: ReturnedAdvance, happened_at: datetime) -> None:
        """退回: 银行退票、账户有误或出纳撤销，可以改过收款人重新提出。"""
        self.left_because = facts.reason

    @step(source="paid", target="returned", label=_("垫付被退票"), facts=ReturnedAdvance, system_only=True)
    def record_bounced(self, *, law: Law, facts: ReturnedAdvance, happened_at: datetime) -> None:
        """退票: 登记已付以后银行把款退了回来，等于没有付过，可以改过收款人重新提出。"""
        self.left_because, self.paid_on, self.voucher, self.refunded = facts.reason, None, "", ZERO

    @step(
        source="paid", target=None, label=_("登记退款"), facts=RefundAdvance, moves=[movements.refund],
        checks=[checks.refund_within_paid, checks.voucher_is_given, checks.refunded_after_payment],
    )
    def record_refund(self, *, law: Law, facts: RefundAdvance, happened_at: datetime) -> None:
        """退款: 医院退回预交款余额的，凭凭证登记，受害人已收和应追偿的数同时减少。"""
        self.refunded += facts.amount

    def governing_dates(self) -> dict[str, date]:
        return {}

    def turn(self, position: AdvancePosition) -> Turn | None:
        if self.state == "proposed":
            return Turn(CaseRole.USE_MANAGER, Role.MANAGER_APPROVER, "approve")
        if self.is_emergency and self.confirmed_at is None and not self.objection and self.state in ("approved", "returned"):
            return Turn(CaseRole.USE_MANAGER, Role.MANAGER_APPROVER, "confirm_emergency")
        if self.state == "returned":
            return Turn(CaseRole.USE_MANAGER, Role.MANAGER_CLERK, "amend")
        return None
