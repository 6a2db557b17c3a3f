"""The sheets of a payout's page: cover line by line, the arithmetic, who is paid, authority, the clock, the limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from access.roles import Role
from casework.facts import plain
from casework.panels import panel
from legislation.lookup import at
from legislation.money import ZERO
from policies.calculations.worksheet import PayeeLine
from policies.models import Payout
from policies.selectors import payout_position
from policies.selectors.desk import authorities, clock_picture, late_clocks, limit_bars
from policies.services import accepted_as_asked
from policies.terms import INSURED, NEVER_BARS, Answer, Beside, CoverQuestion, Head, PayeeKind, Reason

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case
    from policies.selectors import PayoutPosition
    from policies.selectors.position import PaymentView

CSS = {Answer.HOLDS: "is-done", Answer.FAILS: "is-over", Answer.LOOK: "is-near", Answer.NOT_ASKED: "is-wait"}
INSIDE = (Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.INSURER_CASHIER, Role.AUDITOR, Role.OPERATOR)


def _payout(case: Case) -> Payout:
    """The payout of the page, read once for all its sheets."""
    known = case.__dict__.get("_payout")
    if known is None:
        known = case.__dict__["_payout"] = Payout.objects.select_related("policy", "policy__programme").get(pk=case.pk)
    payout: Payout = known
    return payout


def _position(case: Case) -> PayoutPosition:
    known = case.__dict__.get("_payout_position")
    if known is None:
        known = case.__dict__["_payout_position"] = payout_position(_payout(case))
    position: PayoutPosition = known
    return position


def _names(payout: Payout) -> dict[str, str]:
    return {INSURED: _("被保险人"), **{p["key"]: p["name"] for p in payout.people}}


@panel("payout", template="policies/panels/cover.html", order=10)
def cover(case: Case, actor: Actor) -> dict[str, Any] | None:
    """属于保险责任吗: each line with its fact, source and verdict."""
    payout = _payout(case)
    rows = list(payout.cover_lines.filter(version=payout.cover_version))
    if not rows:
        return None
    law = at(payout.accident_on, payout.place)
    lines = [
        {
            "label": CoverQuestion(row.code).label,
            "fact": row.fact,
            "source": row.source,
            "verdict": Answer(row.verdict).label,
            "css": CSS[Answer(row.verdict)],
            "citation": law.provision(row.law).citation if row.law and law.has(row.law) else "",
        }
        for row in rows
    ]
    doubts = [row for row in rows if row.verdict in (Answer.FAILS, Answer.LOOK) and row.code not in NEVER_BARS]
    fails = any(row.verdict == Answer.FAILS for row in doubts)
    return {
        "lines": lines,
        "holds": sum(row.verdict in (Answer.HOLDS, Answer.NOT_ASKED) for row in rows),
        "looks": sum(row.verdict in (Answer.FAILS, Answer.LOOK) for row in rows),
        "fails": fails,
        "doubts": len(doubts),
        "policy": payout.policy,
    }


STEPS = {
    "loss": (later("法定损失"), later("{basis} 项，按核定")),
    "share": (later("被保险人应负责任"), later("按责任比例 {basis}")),
    "fixed": (later("不超过已确定的责任"), later("判决、协议确定 {basis} 元")),
    "contribution": (later("与其他保单分摊"), later("本保单承担 {basis}")),
    "deductible": (later("每次事故免赔额"), later("本次事故免赔额 {basis} 元，按各人损失分摊")),
    "sub_limit": (later("分项限额"), later("每人医疗限额 {basis} 元")),
    "per_person": (later("每人限额"), later("每人限额 {basis} 元")),
    "entrapment": (later("困人补偿"), later("{basis} 人，不扣免赔")),
    "per_accident": (later("每次事故限额"), later("本次事故还可用 {basis} 元，多人不足时按估计损失比例")),
    "aggregate": (later("全年累计限额"), later("累计还可用 {basis} 元")),
    "costs": (later("限额以外的费用"), later("施救、查明原因、诉讼等费用")),
}


@panel("payout", template="policies/panels/arithmetic.html", order=20)
def arithmetic(case: Case, actor: Actor) -> dict[str, Any] | None:
    """赔款计算: the sheet of the current decision; before one, a trial by what is asked, shown to the insurer only."""
    payout = _payout(case)
    position, names = _position(case), _names(payout)
    sheet, is_trial = payout.sheet, False
    if not sheet.get("steps"):
        if not actor.has(*INSIDE) or not position.lines or payout.is_ended:
            return None
        trial = position.arithmetic(accepted_as_asked(position.lines), payout.liability_share, is_joint=payout.is_joint)
        sheet, is_trial = plain(trial), True
    heads = [
        {
            "who": names.get(x.person, x.person),
            "head": Head(x.head).label,
            "asked": x.asked,
            "assessed": x.assessed,
            "accepted": x.accepted,
            "reason": Reason(x.reason).label if x.reason else "",
        }
        for x in position.decided_lines
    ]
    return {
        "steps": [_step(row) for row in sheet["steps"]],
        "total": Decimal(sheet["total"]),
        "refused": Decimal(sheet["refused"]),
        "is_trial": is_trial,
        "version": payout.decision_version,
        "heads": heads,
        "is_joint": payout.is_joint,
        "persons": [
            {"name": names.get(p["person"], p["person"]), "payable": Decimal(p["payable"]), "cut_by": [_cut(c) for c in p["cut_by"]]}
            for p in sheet["persons"]
        ],
    }


def _step(row: dict[str, Any]) -> dict[str, Any]:
    label, how = STEPS[row["code"]]
    unlimited = not row["basis"] and row["code"] != "costs"
    return {
        "label": label,
        "how": _("保单没有约定") if unlimited else str(how).format(basis=_basis(row["basis"])),
        "amount": Decimal(row["amount"]),
        "balance": Decimal(row["balance"]),
    }


def _basis(text: str) -> str:
    """Amounts with their separators, a share in percent where it is a whole one, counts as they are."""
    if re.fullmatch(r"-?\d+\.\d{2}", text):
        return f"{Decimal(text):,.2f}"
    share = Fraction(text) if "/" in text else None
    percent = share * 100 if share is not None else None
    return f"{percent.numerator}%" if percent is not None and percent.denominator == 1 else text


def _cut(name: str) -> str:
    return {
        "deductible": _("免赔额"),
        "medical_per_person": _("每人医疗限额"),
        "per_person": _("每人限额"),
        "per_accident": _("每次事故限额"),
        "aggregate": _("累计限额"),
    }[name]


@dataclass(frozen=True)
class PayeeRow:
    """One row of 付给谁 with what it waits for."""

    name: str
    kind: Any
    amount: Decimal
    css: str
    now: str
    citation: str


@panel("payout", template="policies/panels/payees.html", order=30)
def payees(case: Case, actor: Actor) -> dict[str, Any] | None:
    """付给谁: the person first; the insured what it proved."""
    payout = _payout(case)
    position, names = _position(case), _names(payout)
    if not position.payees and not position.payments:
        return None
    law = at(payout.accident_on, payout.place)
    return {
        "rows": [_payee_row(line, names, payout, law, position) for line in position.payees],
        "total": sum((line.amount for line in position.payees), ZERO),
        "payments": _payments(position.payments, names),
        "proven": [(names.get(k, k), v) for k, v in position.proven.items()],
        "is_waiting": payout.is_waiting_for_proof,
        "claw_back": payout.claw_back_amount,
        "policy": payout.policy,
    }


def _payee_row(line: PayeeLine, names: dict[str, str], payout: Payout, law: Any, position: PayoutPosition) -> PayeeRow:
    to_victim = line.payee_kind == PayeeKind.VICTIM
    rule = "insurance.direct_payment_option" if to_victim else "insurance.pay_victim_first"
    css, now = "is-wait", _("达成协议后可付")
    if line.waits_for == "proof":
        css, now = "is-near", _("缺付款凭证")
    elif line.waits_for == "account":
        css, now = "is-near", _("缺收款账户")
    elif not line.open:
        under_way = any(p.person == line.person and p.payee_kind == line.payee_kind for p in position.open_payments)
        css, now = ("is-go", _("已提出付款")) if under_way else ("is-done", _("已付"))
    elif payout.state == "agreed":
        css, now = "is-go", _("可以付款")
    elif payout.liability_fixed_on is None and not payout.is_complete_at_birth:
        now = _("等责任确定")
    return PayeeRow(
        names.get(line.person, line.person),
        PayeeKind(line.payee_kind).label,
        line.amount,
        css,
        now,
        law.provision(rule).citation if law.has(rule) else "",
    )


ORDER_STATES = {
    "": ("is-wait", later("正在开付款单")),
    "proposed": ("is-wait", later("待放行")),
    "released": ("is-go", later("待回单")),
    "paid": ("is-done", later("已付")),
    "returned": ("is-over", later("已退")),
    "cancelled": ("is-hold", later("已撤销")),
}


def _payments(payments: tuple[PaymentView, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "payment": p,
            "who": names.get(p.person, p.person),
            "kind": Beside(p.beside).label if p.beside else PayeeKind(p.payee_kind).label,
            "css": ORDER_STATES[p.status][0],
            "now": ORDER_STATES[p.status][1],
            "reference": p.order_reference,
        }
        for p in payments
    ]


@panel("payout", template="policies/panels/beside.html", order=35)
def beside(case: Case, actor: Actor) -> dict[str, Any] | None:
    """争议与限额以外: what a court said, what is looked into, what was late by how many days, what is paid beside."""
    payout = _payout(case)
    late = late_clocks(payout) if actor.has(*INSIDE) else ()
    payments = _payments(_position(case).beside, _names(payout))
    if not (payments or late or payout.suspicion or payout.delay_amount or payout.upheld_because or payout.award_amount is not None):
        return None
    return {"payout": payout, "late": late, "payments": payments, "shows_suspicion": payout.suspicion and actor.has(*INSIDE)}


@panel("payout", template="policies/panels/supplement.html", order=40)
def supplement(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The one list of missing papers, and when it was answered."""
    payout = _payout(case)
    return {"payout": payout} if payout.supplement_requested_on else None


@panel("payout", template="policies/panels/authority.html", column="side", order=10)
def authority(case: Case, actor: Actor) -> dict[str, Any] | None:
    """权限与复核, for the insurer's own people."""
    payout = _payout(case)
    if not actor.has(*INSIDE) or actor.organisation_id != payout.policy.insurer_id:
        return None
    return {"rows": authorities(payout, actor)}


@panel("payout", template="policies/panels/clock.html", column="side", order=15)
def clock(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The decision's period as a picture."""
    payout = _payout(case)
    picture = clock_picture(payout)
    if picture is None:
        return None
    return {"clock": picture, "today": timezone.localdate(), "payout": payout}


@panel("payout", template="policies/panels/limits.html", column="side", order=20)
def limits(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Limits with what is used, held and left; for the insurer's and the auditor's eyes."""
    payout = _payout(case)
    bars = limit_bars(payout.policy, payout=payout) if actor.has(*INSIDE) else ()
    return {"bars": bars, "policy": payout.policy} if bars else None
