"""The papers of recovery: demand, subrogation notice, reminder, proposed shares, repayment agreement, statement of the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from casework.outbox import after
from casework.steps import law_of, today
from correspondence import api as correspondence
from correspondence.declarations import Document
from elevators import api as elevators
from legislation.money import ZERO
from recovery import selectors
from recovery.models import Receipt, RecoveryFile, RecoveryTarget, ShareVersion
from recovery.terms import Basis, Capacity, Outcome

if TYPE_CHECKING:
    from casework.models import CaseEvent


@dataclass(frozen=True)
class Matter:
    """What every paper of a recovery says of the incident and of who claims."""

    reference: str
    incident_reference: str
    payer: str
    payer_phone: str
    payer_address: str
    is_subrogation: bool
    elevator: str
    code: str
    address: str
    happened_at: datetime | None


@dataclass(frozen=True)
class ShareLine:
    """One line of the fault table."""

    name: str
    capacity: str
    share: Fraction
    amount: Decimal


@dataclass(frozen=True)
class PaymentLine:
    """One payment, or receipt."""

    on: date
    what: str
    amount: Decimal


@dataclass(frozen=True)
class SharesFacts:
    matter: Matter
    number: int
    basis: str
    liability: str
    reason: str
    loss: Decimal
    lines: tuple[ShareLine, ...]


@dataclass(frozen=True)
class DemandFacts:
    """What a letter to a target says; the share and its version are those of the day it was sent."""

    matter: Matter
    target: str
    address: str
    contact: str
    ground: str
    paid: Decimal
    payments: tuple[PaymentLine, ...]
    loss: Decimal
    share: Fraction | None
    version: int
    version_basis: str
    liability: str
    claimable: Decimal
    collected: Decimal
    left: Decimal
    sent_on: date
    delivery: str
    note: str
    reply_days: int
    earlier_on: date | None


@dataclass(frozen=True)
class PlanFacts:
    matter: Matter
    target: str
    address: str
    claimable: Decimal
    collected: Decimal
    left: Decimal
    share: Fraction | None
    version: int
    instalments: tuple[PaymentLine, ...]
    terms: str
    signed_on: date


@dataclass(frozen=True)
class TargetResult:
    name: str
    capacity: str
    share: Fraction | None
    claimable: Decimal
    collected: Decimal
    state: str


@dataclass(frozen=True)
class StatementFacts:
    matter: Matter
    paid: Decimal
    returned: Decimal
    reimbursed: Decimal
    collected: Decimal
    written_off: Decimal
    borne: Decimal
    loss: Decimal
    version: int
    write_off_reason: str
    payments: tuple[PaymentLine, ...]
    receipts: tuple[PaymentLine, ...]
    targets: tuple[TargetResult, ...]
    closed_on: date


def matter_of(file: RecoveryFile) -> Matter:
    """The incident as the register tells it; its title alone where the register does not know it."""
    payer, parent = file.payer_organisation, file.parent
    known: tuple[str, str, str, datetime | None]
    try:
        view = elevators.incident_view(file.parent_id or 0)
        known = (view.elevator_name, view.elevator_code, view.address, view.started_at)
    except ObjectDoesNotExist:
        known = (parent.title if parent else file.title, "", "", None)
    return Matter(
        file.reference, parent.reference if parent else "", payer.name, payer.phone, payer.address, file.basis == Basis.SUBROGATION, *known
    )


def _payments(file: RecoveryFile) -> tuple[PaymentLine, ...]:
    given_back, direct = now_("归还被保险人"), now_("支付给受害人或者为其支付")
    back = now_("收款人退回")
    return tuple(
        PaymentLine(o.on, back if o.amount < 0 else given_back if o.is_moved else direct, o.amount)
        for o in file.outlays.order_by("on", "pk")
    )


def _file(case_id: int) -> RecoveryFile:
    file: RecoveryFile = RecoveryFile.objects.select_related("payer_organisation", "parent").get(pk=case_id)
    return file


class RecoveryPaper(Document):
    """A paper of whoever claims."""

    def issuer_id(self, event: CaseEvent) -> int | None:
        file_id = event.case.parent_id if event.case.kind == RecoveryTarget.KIND else event.case_id
        found: int = RecoveryFile.objects.values_list("payer_organisation_id", flat=True).get(pk=file_id)
        return found

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        matter = facts["matter"]
        return [(now_("电梯"), matter["elevator"]), (now_("追偿人"), matter["payer"]), (now_("案号"), matter["reference"])]


class SharesProposal(RecoveryPaper):
    """责任份额建议书: who bears what, on which basis, jointly or severally (民法典 172, 177, 178)."""

    title = _("责任份额建议书")
    template = "recovery/documents/shares.html"
    prefix = "FE"
    supersedes = True
    provisions = ("recourse.ground.joint", "recourse.ground.several", "recourse.equal_if_unclear")

    def facts(self, event: CaseEvent) -> SharesFacts:
        file = _file(event.case_id)
        version = ShareVersion.objects.get(event_id=event.id)
        loss = selectors.account_of(file.parent_id or 0).loss
        lines = tuple(
            ShareLine(x["name"], str(Capacity(x["capacity"]).label), Fraction(x["share"]), _part(Fraction(x["share"]), loss))
            for x in version.shares
        )
        basis, liability = version.get_basis_display(), version.get_liability_display()
        return SharesFacts(matter_of(file), version.number, str(basis), str(liability), version.reason, loss, lines)


def _part(share: Fraction, loss: Decimal) -> Decimal:
    from legislation.money import to_fen

    return to_fen(share * Fraction(loss))


class TargetPaper(RecoveryPaper):
    """A letter to one target."""

    def facts(self, event: CaseEvent) -> DemandFacts:
        target: RecoveryTarget = RecoveryTarget.objects.get(pk=event.case_id)
        file, told = _file(target.parent_id or 0), event.record.facts or {}
        account = selectors.account_of(target.lineage[0])
        line = next(t for t in account.files[file.pk].targets if t.case_id == target.pk)
        version = selectors.version_of(target.lineage[0])
        earlier = target.events.filter(verb__in=("demand", "remind"), number__lt=event.number).order_by("-number").first()
        return DemandFacts(
            matter=matter_of(file),
            target=target.name,
            address=target.address,
            contact=target.contact,
            ground=target.ground,
            paid=file.net,
            payments=_payments(file),
            loss=account.loss,
            share=version.fractions.get(target.party) if version else None,
            version=version.number if version else 0,
            version_basis=str(version.get_basis_display()) if version else "",
            liability=str(version.get_liability_display()) if version else "",
            claimable=line.claimable,
            collected=line.collected,
            left=target.demanded if target.demanded is not None else line.left,
            sent_on=date.fromisoformat(told["sent_on"]),
            delivery=told["delivery"],
            note=told["note"],
            reply_days=int(law_of(target, event.happened_at).provision("recourse.reply_period").value),
            earlier_on=date.fromisoformat((earlier.record.facts or {})["sent_on"]) if earlier else None,
        )

    def rests_on(self, facts: Any) -> tuple[str, ...]:
        ground = (facts.ground,) if facts.ground else ()
        return (*ground, *self.provisions)

    def public(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        return [*super().public(facts), (now_("金额"), f"¥{Decimal(facts['left']):,.2f}")]


class RecourseNotice(TargetPaper):
    """追偿告知函: what was paid for whom, what the target bears, until when to answer."""

    title = _("追偿告知函")
    template = "recovery/documents/demand.html"
    prefix = "ZG"
    provisions = ("recourse.ground.paid_costs", "recourse.ground.joint", "recourse.demand_interrupts")


class SubrogationNotice(TargetPaper):
    """代位求偿通知书: from the notice on the third party pays the insurer (保险法 60; 解释四 10)."""

    title = _("代位求偿通知书")
    template = "recovery/documents/demand.html"
    prefix = "DW"
    provisions = (
        "insurance.subrogation",
        "insurance.subrogation_in_own_name",
        "insurance.notice_binds_third_party",
        "recourse.demand_interrupts",
    )


class Reminder(TargetPaper):
    """催款函: interrupts limitation each time (民法典 195(1))."""

    title = _("催款函")
    template = "recovery/documents/reminder.html"
    prefix = "CK"
    provisions = ("recourse.demand_interrupts", "recourse.limitation")


class RepaymentAgreement(RecoveryPaper):
    """还款协议: instalments; signing it acknowledges the debt (民法典 195(2))."""

    title = _("还款协议")
    template = "recovery/documents/plan.html"
    prefix = "HX"
    supersedes = True
    provisions = ("recourse.demand_interrupts",)

    def facts(self, event: CaseEvent) -> PlanFacts:
        target: RecoveryTarget = RecoveryTarget.objects.get(pk=event.case_id)
        told, version = event.record.facts or {}, selectors.version_of(target.lineage[0])
        parts = tuple(
            PaymentLine(date.fromisoformat(p["due_on"]), now_("第 %(n)s 期") % {"n": n}, Decimal(p["amount"]))
            for n, p in enumerate(told["instalments"], 1)
        )
        left = sum((p.amount for p in parts), ZERO)
        return PlanFacts(
            matter=matter_of(_file(target.parent_id or 0)),
            target=target.name,
            address=target.address,
            claimable=target.planned_from + left,
            collected=target.planned_from,
            left=left,
            share=version.fractions.get(target.party) if version else None,
            version=version.number if version else 0,
            instalments=parts,
            terms=told["terms"],
            signed_on=date.fromisoformat(told["signed_on"]),
        )


class AccountStatement(RecoveryPaper):
    """追偿账户结算单: paid, given back, collected, borne; the sums meet to the fen."""

    title = _("追偿账户结算单")
    template = "recovery/documents/statement.html"
    prefix = "ZJ"
    supersedes = True
    provisions = ("recourse.ground.joint", "recourse.ground.several", "recourse.paid_within_loss")

    def facts(self, event: CaseEvent) -> StatementFacts:
        file = _file(event.case_id)
        account = selectors.account_of(file.parent_id or 0)
        version = selectors.version_of(file.parent_id or 0)
        shares = version.fractions if version else {}
        by_id = {t.pk: t for t in selectors.targets_of(file.pk)}
        names = {t.party: t.name for t in by_id.values()}
        rows = Receipt.objects.filter(file_id=file.pk).order_by("on", "pk")
        return StatementFacts(
            matter=matter_of(file),
            paid=file.paid,
            returned=file.returned,
            reimbursed=file.reimbursed,
            collected=account.files[file.pk].collected,
            written_off=file.written_off,
            borne=file.borne,
            loss=account.loss,
            version=version.number if version else 0,
            write_off_reason=file.write_off_reason if file.written_off else "",
            payments=_payments(file),
            receipts=tuple(PaymentLine(r.on, f"{names.get(r.party, r.party)}　{r.get_way_display()}", r.amount) for r in rows),
            targets=tuple(
                TargetResult(
                    by_id[t.case_id].name,
                    str(by_id[t.case_id].get_capacity_display()),
                    shares.get(t.party),
                    by_id[t.case_id].claimed,
                    t.collected,
                    str(Outcome(by_id[t.case_id].outcome).label if by_id[t.case_id].outcome else by_id[t.case_id].state_label),
                )
                for t in account.files[file.pk].targets
            ),
            closed_on=today(event.happened_at),
        )


@after("recovery.recovery_file.record_shares")
def issue_shares(event: CaseEvent) -> None:
    correspondence.issue(SharesProposal, event)


@after("recovery.recovery_target.demand")
def issue_demand(event: CaseEvent) -> None:
    basis = RecoveryTarget.objects.values_list("basis", flat=True).get(pk=event.case_id)
    correspondence.issue(SubrogationNotice if basis == Basis.SUBROGATION else RecourseNotice, event)


@after("recovery.recovery_target.remind")
def issue_reminder(event: CaseEvent) -> None:
    correspondence.issue(Reminder, event)


@after("recovery.recovery_target.agree_plan")
def issue_plan(event: CaseEvent) -> None:
    correspondence.issue(RepaymentAgreement, event)


@after("recovery.recovery_file.close", "recovery.recovery_file.confirm_write_off")
def issue_statement(event: CaseEvent) -> None:
    correspondence.issue(AccountStatement, event)
