"""Who is told what about a payout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.roles import CaseRole, Role
from casework.outbox import after
from correspondence import api as correspondence
from correspondence.messages import message_kind
from correspondence.templatetags.papers import yuan
from policies.documents.reading import due_on, payout_of

if TYPE_CHECKING:
    from casework.models import CaseEvent

HANDLER = (CaseRole.INSURER, Role.INSURER_HANDLER)
CLERK, APPROVER = (CaseRole.USE_MANAGER, Role.MANAGER_CLERK), (CaseRole.USE_MANAGER, Role.MANAGER_APPROVER)

message_kind(
    "policies.decision_due",
    subject=_("核定期限：{due}"),
    text=_("{reference} 应在 {due} 前作出核定，请求金额 {amount}。材料不齐的，只能一次性通知补充。"),
    default=((*HANDLER, "in_app"),),
)
message_kind(
    "policies.review_due",
    subject=_("待复核：{reference}，{amount}"),
    text=_("经办人已提出核定，{amount}。请核对限额和理由后复核。"),
    default=((CaseRole.INSURER, Role.INSURER_APPROVER, "in_app"), (CaseRole.INSURER, Role.INSURER_APPROVER, "mail")),
)
message_kind(
    "policies.supplement_asked",
    subject=_("保险公司一次性通知补充材料：{reference}"),
    text=_("还缺 {count} 项：{items}。补齐以前核定期限停止计算。通知书在案件的“文书”里。"),
    default=((*CLERK, "in_app"), (*CLERK, "mail")),
)
message_kind(
    "policies.refused",
    subject=_("{reference} 有不予赔付的部分"),
    text=_("不予赔付 {amount}，理由和条款见拒绝赔付通知书。有异议的，在案件里登记异议。"),
    default=((*CLERK, "in_app"), (*APPROVER, "in_app"), (*APPROVER, "mail")),
)
message_kind(
    "policies.paid",
    subject=_("{reference} 已付 {amount}"),
    text=_("保险公司付出 {amount}，付款单 {order}。累计已付 {paid}。"),
    default=((*CLERK, "in_app"), (*APPROVER, "in_app"), (*HANDLER, "in_app")),
)


@after("policies.payout.register", "policies.payout.receive_supplement")
def tell_when_to_decide(event: CaseEvent) -> None:
    payout, due = payout_of(event), due_on(event.case_id, "decision")
    if due is not None and payout.state in ("registered", "complete"):
        when = f"{due.year}年{due.month}月{due.day}日"
        correspondence.send("policies.decision_due", event, due=when, amount=yuan(payout.requested_amount))


@after("policies.payout.decide", "policies.payout.decide_refusal")
def tell_the_approver(event: CaseEvent) -> None:
    payout = payout_of(event)
    amount = payout.decided_amount if event.verb == "decide" else 0
    correspondence.send("policies.review_due", event, amount=yuan(amount))


@after("policies.payout.request_supplement")
def tell_what_is_missing(event: CaseEvent) -> None:
    items = (event.record.facts or {}).get("items", ())
    correspondence.send("policies.supplement_asked", event, count=len(items), items="；".join(items))


@after("policies.payout.approve", "policies.payout.approve_refusal")
def tell_of_refusal(event: CaseEvent) -> None:
    payout = payout_of(event)
    if payout.refused_amount:
        correspondence.send("policies.refused", event, amount=yuan(payout.refused_amount))


@after("policies.payout.record_payment")
def tell_of_payment(event: CaseEvent) -> None:
    told, payout = event.record.facts or {}, payout_of(event)
    correspondence.send("policies.paid", event, amount=yuan(told["amount"]), order=told["order_reference"], paid=yuan(payout.paid_amount))
