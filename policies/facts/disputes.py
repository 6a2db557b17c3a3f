"""What the steps around disputes and payments beside the insurance money are told. Frozen; never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from policies.facts.payments import PayeeFact


@dataclass(frozen=True)
class Dispute:
    raised_by: str
    reason: str


@dataclass(frozen=True)
class RecordAward:
    """登记裁判结果: what a court or an arbitrator decided between the parties of the contract, in force; 0.00: nothing is owed."""

    forum: str
    document: str
    effective_on: date
    amount: Decimal
    is_arbitration: bool = False


@dataclass(frozen=True)
class RecordSuit:
    """登记诉讼: the insurer is sued for this payout; a litigation file opens below it."""

    court: str
    number: str
    plaintiff: str
    defendant: str
    filed_on: date
    claimed: Decimal | None = None


@dataclass(frozen=True)
class ReferSuspicion:
    """移送核查: what may be untrue and what speaks for it. It decides nothing (Insurance Law art 27)."""

    reason: str
    found: str


@dataclass(frozen=True)
class ConcludeSuspicion:
    """核查结论: false or cleared, by somebody else than who referred it, with the facts."""

    is_false: bool
    found: str


@dataclass(frozen=True)
class AskCosts:
    """请求限额以外的费用: mitigation (57), finding cause and loss (64), lawsuit (66), with the number of its bill."""

    head: str
    amount: Decimal
    document: str


@dataclass(frozen=True)
class RecordDelay:
    """登记迟延损失: the amount as it was judged or agreed; the house computes none (Insurance Law art 23(2))."""

    amount: Decimal
    document: str


@dataclass(frozen=True)
class PayBeside:
    """限额以外付款: damages for delay, or ex gratia. Never part of the decision, never against a limit."""

    kind: str
    amount: Decimal
    payee: PayeeFact
    reason: str
