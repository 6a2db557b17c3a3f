"""What the steps of a lawsuit and of a mediation are told. Frozen; never a model. Amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class DisputeParty:
    """One side of a dispute as a paper names it. `name` is masked for a person known to the parties (`party_id`)."""

    name: str
    party_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True)
class OpenLitigation:
    """诉讼立案. `led_by`: the part whose organisation answers in court. `source`: the event that gave rise to it, if any."""

    court: str
    number: str
    plaintiff: str
    defendant: str
    side: str = "defendant"
    led_by: str = "use_manager"
    cause: str = ""
    claimed: Decimal | None = None
    filed_on: date | None = None
    served_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class AmendLitigation:
    """更正: court, number and parties as the court's papers have them."""

    court: str
    number: str
    plaintiff: str
    defendant: str
    cause: str = ""
    claimed: Decimal | None = None


@dataclass(frozen=True)
class RecordService:
    """登记送达: the complaint arrived; the days for the answer run from here."""

    served_on: date


@dataclass(frozen=True)
class NameAgent:
    """登记出庭人员: who answers in court, and with which authority."""

    agent: str
    kind: str
    special_authority: bool = False


@dataclass(frozen=True)
class Answer:
    """提交答辩状."""

    submitted_on: date
    points: str


@dataclass(frozen=True)
class ScheduleHearing:
    """登记开庭时间. `held_at` lies in the future."""

    held_at: datetime
    room: str = ""


@dataclass(frozen=True)
class RecordHearing:
    """登记庭审."""

    held_on: date
    judge: str
    present: str
    points: str


@dataclass(frozen=True)
class JudgedHead:
    """One head of damage as the court awarded it."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class RecordJudgment:
    """登记判决. `amount` in all, what was paid before included; `is_final`: no appeal lies (一审终审、终审判决)."""

    outcome: str
    amount: Decimal
    number: str
    judged_on: date
    served_on: date
    heads: tuple[JudgedHead, ...] = ()
    is_final: bool = False


@dataclass(frozen=True)
class Appeal:
    """登记上诉."""

    appellant: str
    filed_on: date
    court: str
    number: str = ""


@dataclass(frozen=True)
class WithdrawAppeal:
    """撤回上诉: the first judgment stands from this ruling on."""

    number: str
    ruled_on: date


@dataclass(frozen=True)
class Remand:
    """发回重审."""

    number: str
    ruled_on: date
    court: str
    new_number: str = ""


@dataclass(frozen=True)
class TakeEffect:
    """裁判生效. `perform_by`: the last day for performing; the day of effect where the paper names none."""

    effective_on: date
    perform_by: date


@dataclass(frozen=True)
class SettleInCourt:
    """法院调解: effective when both sides have signed for it (民事诉讼法 100)."""

    amount: Decimal
    number: str
    effective_on: date
    perform_by: date


@dataclass(frozen=True)
class WithdrawSuit:
    """未经判决结束."""

    way: str
    number: str
    ruled_on: date
    reason: str


@dataclass(frozen=True)
class ApplyEnforcement:
    """申请执行."""

    applicant: str
    filed_on: date
    court: str
    number: str = ""


@dataclass(frozen=True)
class RecordCost:
    """登记费用: what the lawsuit costs beside the award; outside the limit (保险法 66)."""

    kind: str
    amount: Decimal
    paid_on: date
    voucher: str
    note: str = ""


@dataclass(frozen=True)
class CloseLitigation:
    """结束: how the judgment was performed, or that nothing is to be performed."""

    conclusion: str


@dataclass(frozen=True)
class ReopenLitigation:
    """再审或恢复."""

    reason: str
    court: str
    number: str


@dataclass(frozen=True)
class OpenMediation:
    """提交人民调解. `matter`: what the dispute is about, as the committee's papers tell it."""

    committee: str
    mediator: str
    matter: str
    first: DisputeParty
    second: DisputeParty
    led_by: str = "use_manager"
    applied_on: date | None = None
    claimed: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class RecordSession:
    """登记调解会议."""

    held_on: date
    present: str
    text: str


@dataclass(frozen=True)
class DraftAgreement:
    """拟定调解协议: amount in all, terms, way and term of performance (人民调解法 29)."""

    amount: Decimal
    terms: str
    performance: str


@dataclass(frozen=True)
class Agree:
    """登记调解协议: parties sign, mediator signs, committee seals (人民调解法 29)."""

    amount: Decimal
    terms: str
    performance: str
    signed_on: date
    parties_signed: bool
    mediator_signed: bool
    committee_sealed: bool
    waives_others: bool = False


@dataclass(frozen=True)
class FailMediation:
    """调解未成."""

    ended_on: date
    reason: str


@dataclass(frozen=True)
class ApplyConfirmation:
    """共同申请司法确认."""

    court: str
    applied_on: date
    is_joint: bool


@dataclass(frozen=True)
class ConfirmJudicially:
    """裁定调解协议有效."""

    number: str
    ruled_on: date


@dataclass(frozen=True)
class RefuseConfirmation:
    """裁定驳回申请."""

    number: str
    ruled_on: date
    reason: str


@dataclass(frozen=True)
class Because:
    """A step that needs a reason and nothing else."""

    reason: str
