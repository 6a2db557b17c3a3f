"""Who is told what about a claim and its advances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.outbox import after
from claims.documents.reading import claim_of
from claims.models import Advance
from claims.terms import Consent
from correspondence import api as correspondence
from correspondence.messages import message_kind
from correspondence.templatetags.papers import yuan

if TYPE_CHECKING:
    from casework.models import CaseEvent

CLERK, APPROVER = (CaseRole.USE_MANAGER, Role.MANAGER_CLERK), (CaseRole.USE_MANAGER, Role.MANAGER_APPROVER)
STREET, HANDLER = (CaseRole.STREET_OFFICE, Role.STREET_CLERK), (CaseRole.INSURER, Role.INSURER_HANDLER)

message_kind(
    "claims.advance_waiting",
    subject=_("垫付待批准：{payee} {amount}"),
    text=_("{purpose}，付给 {payee}，{amount}。批准后出纳才能付款。垫付不等于承认责任。"),
    default=((*APPROVER, "in_app"), (*APPROVER, "mail")),
)
message_kind(
    "claims.emergency_advance",
    subject=_("紧急垫付等您补充确认：{payee} {amount}"),
    text=_("已先行批准付给 {payee} {amount}，请在规定的时限内补充确认或者提出异议。"),
    default=((*APPROVER, "in_app"), (*APPROVER, "mail")),
)
message_kind(
    "claims.advance_paid",
    subject=_("垫付已付：{payee} {amount}"),
    text=_("凭证号 {voucher}。垫付凭证已生成，请交收款人签收。"),
    default=((*CLERK, "in_app"), (*APPROVER, "in_app")),
)
message_kind(
    "claims.advance_refused",
    subject=_("垫付未获批准：{payee} {amount}"),
    text=_("理由：{reason}。改过以后可以重新提出。"),
    default=((*CLERK, "in_app"),),
)
message_kind(
    "claims.papers_missing",
    subject=_("{reference} 还缺 {count} 项材料"),
    text=_("{items}。一次性补正通知书已生成，请送达受害人并帮助补齐。"),
    default=((*CLERK, "in_app"), (*STREET, "in_app")),
)
message_kind(
    "claims.consent_asked",
    subject=_("和解草案等您答复：{amount}"),
    text=_("使用管理人送来和解草案，{amount}。经保险人认可的和解，保险人受其约束；逾期不答复的，对方可以自担风险继续。"),
    default=((*HANDLER, "in_app"), (*HANDLER, "mail")),
)
message_kind(
    "claims.settled_unapproved",
    subject=_("{reference} 未经您同意达成和解：{amount}"),
    text=_("{terms}。未经保险人认可的和解，您可以重新核定；受害人该得的赔偿不因此停下。"),
    default=((*HANDLER, "in_app"), (*HANDLER, "mail")),
)
message_kind(
    "claims.victim_paid",
    subject=_("{reference} 受害人已获赔 {amount}"),
    text=_("有凭证的付款达到应付的数，可以结案。"),
    default=((*CLERK, "in_app"), (*APPROVER, "in_app")),
)


def _send_of_advance(code: str, event: CaseEvent, **more: str) -> None:
    advance = Advance.objects.get(pk=event.case_id)
    amount = yuan(advance.approved_amount or advance.amount)
    correspondence.send(code, event, payee=advance.payee_name, amount=amount, purpose=advance.purpose, **more)


@after("claims.advance.propose", "claims.advance.amend", "claims.advance.propose_again")
def tell_of_waiting_advance(event: CaseEvent) -> None:
    _send_of_advance("claims.advance_waiting", event)


@after("claims.advance.approve_in_emergency")
def tell_of_emergency(event: CaseEvent) -> None:
    _send_of_advance("claims.emergency_advance", event)


@after("claims.advance.record_paid")
def tell_of_paid_advance(event: CaseEvent) -> None:
    _send_of_advance("claims.advance_paid", event, voucher=(event.record.facts or {})["voucher"])


@after("claims.advance.refuse")
def tell_of_refused_advance(event: CaseEvent) -> None:
    _send_of_advance("claims.advance_refused", event, reason=(event.record.facts or {})["reason"])


@after("claims.claim.request_documents")
def tell_of_missing_papers(event: CaseEvent) -> None:
    items = (event.record.facts or {})["items"]
    correspondence.send("claims.papers_missing", event, count=len(items), items="；".join(items))


@after("claims.claim.ask_consent")
def tell_of_draft(event: CaseEvent) -> None:
    correspondence.send("claims.consent_asked", event, amount=yuan(claim_of(event).draft_amount))


@after("claims.claim.settle_at_own_risk", "claims.claim.settle_by_mediation")
def tell_of_unapproved_settlement(event: CaseEvent) -> None:
    """The insurer may assess anew what it did not approve (解释四 19(2)): it hears of it at once."""
    claim = claim_of(event)
    if claim.consent == Consent.OWN_RISK:
        correspondence.send("claims.settled_unapproved", event, amount=yuan(claim.settled_amount), terms=claim.terms)


@after("claims.claim.record_victim_paid")
def tell_of_paid_victim(event: CaseEvent) -> None:
    correspondence.send("claims.victim_paid", event, amount=yuan(claim_of(event).proven))
