"""How a people's mediation moves, from the committee's table to the court's confirmation. No query, request, mail or clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.declarations import DeadlineRule, EvidenceRequirement, Turn, step
from casework.facts import plain
from disputes import checks, rows
from disputes import facts as told
from disputes.lifecycle.fields import MediationFields, not_later
from disputes.lifecycle.litigation import DESKS, leads
from disputes.terms import Confirmation

if TYPE_CHECKING:
    from legislation.lookup import Law


class MediationLifecycle(MediationFields):
    KIND = "mediation"
    KIND_LABEL = _("人民调解")
    PREFIX = "MD"
    INITIAL = "open"
    STATES = {
        "open": _("调解中"), "agreed": _("已达成协议"), "confirming": _("申请司法确认中"), "confirmation_refused": _("法院未予确认"),
        "confirmed": _("已司法确认"), "concluded": _("协议已了结"), "failed": _("调解未成"),
    }
    PATH = ("open", "agreed", "confirming", "confirmed")
    ENDED = frozenset({"confirmed", "concluded", "failed"})
    DEADLINES = (
        DeadlineRule(
            "judicial_confirmation", _("共同申请司法确认"), starts=("agree",), restarts=True, start_fact="signed_on",
            parameter="settlement.judicial_confirmation_period", responsible=CaseRole.USE_MANAGER, answers=leads,
            met_by=("apply_confirmation",), ends_with=("conclude", "reopen"),
        ),
    )
    EVIDENCE = (
        EvidenceRequirement(
            "mediation_minutes", _("调解笔录"), how=_("调解委员会的记录，各方签名。"), applies=lambda case: case.sessions_held > 0,
        ),
        EvidenceRequirement(
            "mediation_agreement", _("签字盖章的调解协议书"), how=_("双方签名、调解员签名、调解委员会盖章，拍照或扫描。"),
            needed_by=("agree",),
        ),
        EvidenceRequirement(
            "confirmation_ruling", _("司法确认裁定书"), how=_("法院的裁定书，全文。"), needed_by=("confirm_judicially", "refuse_confirmation"),
            applies=lambda case: case.confirmation_applied_on is not None,
        ),
    )

    class Meta:
        abstract = True

    @step(source="", target="open", label=_("提交人民调解"), facts=told.OpenMediation, checks=[checks.committee_is_named])
    def open(self, *, law: Law, facts: told.OpenMediation, happened_at: datetime) -> None:
        """提交调解: 双方自愿，由人民调解委员会主持，不收费；不愿意的随时可以起诉。"""
        not_later(happened_at, applied_on=facts.applied_on)
        self.committee, self.mediator, self.matter = facts.committee.strip(), facts.mediator.strip(), facts.matter.strip()
        self.first, self.second, self.led_by = plain(facts.first), plain(facts.second), facts.led_by
        self.applied_on, self.claimed, self.amount, self.source = facts.applied_on, facts.claimed, facts.claimed, facts.source

    @step(source="open", target=None, label=_("登记调解会议"), facts=told.RecordSession, rows=[rows.session])
    def record_session(self, *, law: Law, facts: told.RecordSession, happened_at: datetime) -> None:
        """调解会议: 哪天、谁在场、谈了什么。"""
        not_later(happened_at, held_on=facts.held_on)
        self.sessions_held += 1

    @step(
        source="open", target=None, label=_("拟定调解协议"), facts=told.DraftAgreement, checks=[checks.amount_is_not_negative],
        provisions=["settlement.mediation_agreement_form"],
    )
    def draft_agreement(self, *, law: Law, facts: told.DraftAgreement, happened_at: datetime) -> None:
        """拟定协议: 打出调解协议书，送双方签名、调解员签名、委员会盖章。"""
        self._terms(facts)

    @step(
        source="open", target="agreed", label=_("登记调解协议"), facts=told.Agree,
        checks=[
            checks.amount_is_not_negative, checks.parties_have_signed, checks.mediator_has_signed, checks.committee_has_sealed,
            checks.nobody_else_is_released, checks.signed_since_matter,
        ],
        provisions=["settlement.mediation_agreement_form", "settlement.judicial_confirmation_period"],
    )
    def agree(self, *, law: Law, facts: told.Agree, happened_at: datetime) -> None:
        """达成协议: 双方签名、调解员签名、委员会盖章之日生效；三十日内可以共同申请司法确认。"""
        not_later(happened_at, signed_on=facts.signed_on)
        self._terms(facts)
        self.signed_on = facts.signed_on

    def _terms(self, facts: Any) -> None:
        self.agreed_amount, self.amount, self.terms, self.performance = facts.amount, facts.amount, facts.terms, facts.performance

    @step(source="open", target="failed", label=_("登记调解未成"), facts=told.FailMediation, checks=[checks.reason_is_given])
    def fail(self, *, law: Law, facts: told.FailMediation, happened_at: datetime) -> None:
        """调解未成: 终止调解，告诉双方可以仲裁、起诉。"""
        not_later(happened_at, ended_on=facts.ended_on)
        self.left_because = facts.reason.strip()

    @step(
        source="agreed", target="confirming", label=_("登记申请司法确认"), facts=told.ApplyConfirmation,
        checks=[checks.court_is_named, checks.both_apply], provisions=["settlement.judicial_confirmation_period"],
    )
    def apply_confirmation(self, *, law: Law, facts: told.ApplyConfirmation, happened_at: datetime) -> None:
        """申请司法确认: 双方自协议生效之日起三十日内共同提出；逾期的由法院审查，这里不拦。"""
        not_later(happened_at, applied_on=facts.applied_on)
        self.court, self.confirmation_applied_on, self.confirmation = facts.court, facts.applied_on, Confirmation.APPLIED

    @step(source="confirming", target="agreed", label=_("撤回确认申请"), facts=told.Because, checks=[checks.reason_is_given])
    def withdraw_application(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """撤回申请: 协议仍然有效。"""
        self.confirmation, self.left_because = Confirmation.NONE, facts.reason

    @step(
        source="confirming", target="confirmed", label=_("登记裁定有效"), facts=told.ConfirmJudicially,
        checks=[checks.ruled_after_application], provisions=["settlement.confirmed_agreement_enforceable"],
    )
    def confirm_judicially(self, *, law: Law, facts: told.ConfirmJudicially, happened_at: datetime) -> None:
        """司法确认: 一方不履行的，另一方可以直接申请执行。"""
        not_later(happened_at, ruled_on=facts.ruled_on)
        self.ruling_number, self.ruled_on, self.confirmation = facts.number, facts.ruled_on, Confirmation.CONFIRMED

    @step(
        source="confirming", target="confirmation_refused", label=_("登记裁定驳回申请"), facts=told.RefuseConfirmation,
        checks=[checks.reason_is_given, checks.ruled_after_application], provisions=["settlement.confirmed_agreement_enforceable"],
    )
    def refuse_confirmation(self, *, law: Law, facts: told.RefuseConfirmation, happened_at: datetime) -> None:
        """驳回申请: 可以变更协议或者重新调解，也可以起诉。"""
        not_later(happened_at, ruled_on=facts.ruled_on)
        self.ruling_number, self.ruled_on, self.confirmation = facts.number, facts.ruled_on, Confirmation.REFUSED
        self.left_because = facts.reason

    @step(
        source=("agreed", "confirmation_refused"), target="concluded", label=_("不再申请确认，了结"), facts=told.Because,
        checks=[checks.reason_is_given],
    )
    def conclude(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """了结: 协议已经履行，或者双方不申请司法确认；协议的效力不变。"""
        self.left_because = facts.reason

    @step(
        source=("failed", "concluded", "confirmation_refused", "agreed"), target="open", label=_("重新调解…"),
        facts=told.Because, checks=[checks.reason_is_given], grave=True,
    )
    def reopen(self, *, law: Law, facts: told.Because, happened_at: datetime) -> None:
        """重新调解: 双方愿意再谈，或者要变更协议；原来的协议和记录不动。"""
        self.left_because, self.confirmation, self.confirmation_applied_on = "", Confirmation.NONE, None
        self.signed_on, self.ruling_number, self.ruled_on = None, "", None

    def governing_dates(self) -> dict[str, date]:
        return {"settlement": self.signed_on} if self.signed_on else {}

    def turn(self, position: Any) -> Turn | None:
        verb = {
            "open": "agree" if self.agreed_amount is not None else ("draft_agreement" if self.sessions_held else "record_session"),
            "agreed": "apply_confirmation", "confirming": "confirm_judicially", "confirmation_refused": "conclude",
        }.get(self.state)
        part = leads(self)
        return Turn(part, DESKS.get(part, Role.MANAGER_CLERK), verb) if verb else None
