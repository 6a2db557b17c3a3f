"""What the steps of a claim and of an advance are told. Frozen; never a model. Amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from casework.facts import Because as Because
from policies.facts import AnswerConsent as AnswerConsent


@dataclass(frozen=True)
class ClaimPerson:
    """One person of a claim. `key` is the incident's; `name` masked, or how an unknown person is described."""

    key: str
    name: str
    is_injured: bool
    party_id: int | None = None
    account_id: int | None = None
    account: str = ""


@dataclass(frozen=True)
class OpenClaim:
    """立案. `minutes` are the minutes held (entrapment). The policy is the one that covered the lift at that minute."""

    subject: str
    accident_at: datetime
    people: tuple[ClaimPerson, ...]
    minutes: int | None = None
    policy_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class AskedHead:
    """主张: what the injured asks for under one head, with the number of bills."""

    code: str
    amount: Decimal
    bills: int = 0


@dataclass(frozen=True)
class FileApplication:
    """索赔申请: who applies and what is asked. `consent` to the use of identity and health data (个人信息保护法 29)."""

    claimant: str
    relation: str
    heads: tuple[AskedHead, ...]
    consent: bool
    applied_on: date


@dataclass(frozen=True)
class RequestDocuments:
    """一次性补正: everything that is missing, in one list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Assess:
    """核算: the version of the worksheet it rests on and its total."""

    worksheet_id: int
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True)
class RecordEstimate:
    """估计: what the claim may cost, as far as is known now. It is the ceiling of the advances."""

    amount: Decimal
    source: str
    note: str = ""


@dataclass(frozen=True)
class SetVictimFault:
    """受害人过错: the part of the loss that the injured bears; a human decision with its reason (民法典 1173)."""

    share: Fraction
    reason: str


@dataclass(frozen=True)
class PartyShare:
    """One party's share of the liability."""

    party: str
    share: Fraction


@dataclass(frozen=True)
class RecordShares:
    """责任比例: one version. The fractions sum to one."""

    basis: str
    shares: tuple[PartyShare, ...]
    reason: str


@dataclass(frozen=True)
class IdentifyPerson:
    """补登身份: who somebody described until now is, or where their money goes."""

    key: str
    name: str
    party_id: int | None = None
    account_id: int | None = None
    account: str = ""


@dataclass(frozen=True)
class RecordMinutes:
    """协商记录."""

    held_on: date
    present: str
    text: str


@dataclass(frozen=True)
class AskConsent:
    """征求保险人同意: the draft as it is put to the insurer."""

    amount: Decimal
    draft: str


@dataclass(frozen=True)
class Settle:
    """和解. `amount` is everything the injured receives in all, advances included. `waives_others`: gives up rights
    against third parties, which is never accepted (保险法 61)."""

    amount: Decimal
    signed_on: date
    terms: str
    waives_others: bool = False
    mediator: str = ""


@dataclass(frozen=True)
class SettleAtOwnRisk:
    """未获保险人同意仍和解."""

    amount: Decimal
    signed_on: date
    terms: str
    reason: str
    waives_others: bool = False
    mediator: str = ""


@dataclass(frozen=True)
class FixLiability:
    """责任确定."""

    amount: Decimal
    fixed_by: str
    fixed_on: date
    document: str = ""


@dataclass(frozen=True)
class Sue:
    """登记诉讼."""

    court: str
    number: str
    plaintiff: str
    defendant: str = ""
    side: str = "defendant"
    claimed: Decimal | None = None
    filed_on: date | None = None
    served_on: date | None = None


@dataclass(frozen=True)
class Mediate:
    """提交人民调解: to which committee; both sides want it."""

    committee: str
    mediator: str = ""
    applied_on: date | None = None


@dataclass(frozen=True)
class SettleByMediation:
    """调解达成协议: as the mediation file has it. `mediator` is the committee."""

    amount: Decimal
    signed_on: date
    terms: str
    mediator: str


@dataclass(frozen=True)
class RecordCost:
    """登记限额外费用: what was spent beside the loss (保险法 57, 64, 66). `source`: the event of the lawsuit it comes from."""

    head: str
    amount: Decimal
    paid_on: date
    voucher: str
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class RecordJudgment:
    """登记裁判: the amount in all, what was paid before included."""

    amount: Decimal
    number: str
    effective_on: date


@dataclass(frozen=True)
class NotLiable:
    """判决不承担责任."""

    number: str
    effective_on: date


@dataclass(frozen=True)
class OrderPayment:
    """付款给受害人."""

    key: str
    amount: Decimal
    payee_name: str
    account_id: int | None = None
    account: str = ""
    bank: str = ""


@dataclass(frozen=True)
class RecordPayment:
    """登记已付: a proven payment to the injured. Negative when money came back. `source_case_id` counts once."""

    payer: str
    amount: Decimal
    paid_on: date
    voucher: str
    key: str = ""
    source_case_id: int | None = None


@dataclass(frozen=True)
class Heir:
    """One heir of an injured person who died: who they are to parties, the name masked, their part of the money."""

    party_id: int
    name: str
    relation: str
    share: Fraction


@dataclass(frozen=True)
class RecordHeirs:
    """登记去世和继承人. The shares sum to one. `representative` is the party id of the heir who receives for all; None: each apart."""

    died_on: date
    heirs: tuple[Heir, ...]
    representative: int | None
    document: str


@dataclass(frozen=True)
class RecordFund:
    """登记基金先行支付: what a fund paid for the injured in advance, to be repaid out of what is owed, never twice to the injured."""

    fund: str
    name: str
    amount: Decimal
    document: str


@dataclass(frozen=True)
class VictimSays:
    """受害人来话: a question or an objection by her own link, or taken down for her (代录)."""

    kind: str
    text: str


@dataclass(frozen=True)
class MarkDuplicate:
    """并案: which claim is the other one."""

    original: str
    reason: str


@dataclass(frozen=True)
class CloseClaim:
    """结案: what became of the recourse, and the conclusion."""

    conclusion: str


@dataclass(frozen=True)
class LinkPolicy:
    """补登保单: the policy that covered the lift at the minute of the accident."""

    policy_id: int
    note: str = ""


@dataclass(frozen=True)
class ProposeAdvance:
    """提出垫付: to whom, how much, on which basis. Identity, account and liability of the injured may still be unknown.

    payer_organisation_id: the use-manager that pays; needed at birth, kept afterwards. estimate_before, estimate_raised_to:
    what the proposer raised the estimate from and to at the same time; whoever approves must see that the ceiling moved.
    """

    amount: Decimal
    basis: str
    payee_kind: str
    payee_name: str
    purpose: str
    key: str = ""
    basis_document: str = ""
    account_id: int | None = None
    account: str = ""
    bank: str = ""
    payer_organisation_id: int | None = None
    estimate_before: Decimal | None = None
    estimate_raised_to: Decimal | None = None


@dataclass(frozen=True)
class ApproveAdvance:
    """批准垫付: the amount the approver saw."""

    amount: Decimal


@dataclass(frozen=True)
class PaidAdvance:
    """已付: the order, its voucher and day."""

    order_id: int
    voucher: str
    paid_on: date


@dataclass(frozen=True)
class ReturnedAdvance:
    """退回: the order did not reach its payee."""

    order_id: int
    reason: str


@dataclass(frozen=True)
class RefundAdvance:
    """退款: money that the payee gave back, e.g. what was left of a deposit."""

    amount: Decimal
    received_on: date
    voucher: str
