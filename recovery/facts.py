"""What the steps of a recovery file and of its targets are told. Frozen; never a model. Amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

# -- the file -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenFile:
    """立案: who paid for somebody else, and on which ground the money is claimed back."""

    payer_organisation_id: int
    basis: str = "recourse"


@dataclass(frozen=True)
class RecordPayment:
    """登记付款: a proven payment that may be claimed back; counts once for each source and number.

    claim_id: the claim it went to. is_moved: the insurer gave it back to its insured, whose payment it was.
    insured: the organisations insured under the same policy.
    """

    source_case_id: int
    amount: Decimal
    paid_on: date
    source_number: int = 0
    claim_id: int = 0
    is_moved: bool = False
    insured: tuple[int, ...] = ()


@dataclass(frozen=True)
class RecordReimbursement:
    """登记已归还: an insurer gave this much back to the payer. Counts once for each source and number."""

    source_case_id: int
    amount: Decimal
    paid_on: date
    source_number: int = 0


@dataclass(frozen=True)
class RecordReturn:
    """登记退回: the payee gave this much back, so it was never paid for others. Counts once for each source and number.

    is_moved: a reimbursement of the insurer's that the bank gave back.
    """

    source_case_id: int
    amount: Decimal
    paid_on: date
    source_number: int = 0
    claim_id: int = 0
    is_moved: bool = False


@dataclass(frozen=True)
class PartyShare:
    """One line of the fault table. `party` is its key through all versions: its capacity, with a number if there are several."""

    party: str
    capacity: str
    name: str
    share: Fraction
    organisation_id: int | None = None


@dataclass(frozen=True)
class RecordShares:
    """登记责任份额: one version for the whole incident. The fractions sum to one; the injured person's part is not among them."""

    basis: str
    liability: str
    shares: tuple[PartyShare, ...]
    reason: str


@dataclass(frozen=True)
class NameParty:
    """登记追偿对象."""

    capacity: str
    name: str


@dataclass(frozen=True)
class PartyAmount:
    """So much, of one party."""

    party: str
    amount: Decimal


@dataclass(frozen=True)
class HandOver:
    """移交: money collected before the insurer gave it back goes to the insurer, who may not collect it again."""

    amount: Decimal
    paid_on: date
    voucher_number: str


@dataclass(frozen=True)
class Receive:
    """收到移交: the same money at the other file, per party that had paid it."""

    source_event: str
    parts: tuple[PartyAmount, ...]
    received_on: date
    voucher_number: str


@dataclass(frozen=True)
class ReckonFile:
    """重算: what the account of the incident says of this file."""

    collected: Decimal
    left: Decimal
    own_burden: Decimal
    hand_over: Decimal
    shares_number: int


@dataclass(frozen=True)
class ProposeWriteOff:
    """提请核销: why the rest will not be claimed. `is_waiver`: given up, not merely unobtainable."""

    reason: str
    is_waiver: bool = False


@dataclass(frozen=True)
class Because:
    """A step that needs a reason and nothing else."""

    reason: str


# -- a target -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NameTarget:
    """追偿对象: one party of the fault table. `is_insured`: under the policy out of which the insurer paid."""

    party: str
    capacity: str
    name: str
    basis: str
    organisation_id: int | None = None
    is_insured: bool = False


@dataclass(frozen=True)
class IdentifyTarget:
    """核对对象: full name and address, as a letter needs them."""

    name: str
    address: str
    contact: str = ""
    ground: str = ""


@dataclass(frozen=True)
class DecideReferral:
    """研判: whether an insured of the same policy is pursued, and why."""

    pursues: bool
    reason: str


@dataclass(frozen=True)
class SendDemand:
    """发函: a demand interrupts limitation (民法典 195(1))."""

    sent_on: date
    delivery: str
    note: str = ""


@dataclass(frozen=True)
class Accept:
    """承认: the target acknowledges; that interrupts limitation too (民法典 195(2)). `proposes`: how it would pay."""

    amount: Decimal
    answered_on: date
    proposes: str = ""


@dataclass(frozen=True)
class Contest:
    """异议: why the target does not owe it, or not as much."""

    answered_on: date
    reason: str
    admits: Decimal | None = None


@dataclass(frozen=True)
class Instalment:
    """One instalment of a plan."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class AgreePlan:
    """还款协议: instalments that sum to what is left."""

    signed_on: date
    instalments: tuple[Instalment, ...]
    terms: str = ""


@dataclass(frozen=True)
class Sue:
    """起诉: the court, its number when known, and the amount asked for."""

    court: str
    number: str
    filed_on: date
    claimed: Decimal


@dataclass(frozen=True)
class RecordOutcome:
    """法院结果: from the file of the lawsuit. `amount` is what the target owes in all."""

    amount: Decimal
    number: str
    effective_on: date


@dataclass(frozen=True)
class ProposeSettlement:
    """提请和解: what the target shall owe in all, what it paid already included."""

    amount: Decimal
    reason: str


@dataclass(frozen=True)
class ProposeGivingUp:
    """提请核销或者放弃: why the rest is given up."""

    reason: str
    is_waiver: bool = False


@dataclass(frozen=True)
class Collect:
    """登记追回: money that came, or a debt set off, wholly or in part."""

    amount: Decimal
    received_on: date
    voucher_number: str
    way: str = "money"
    note: str = ""


@dataclass(frozen=True)
class Refund:
    """登记退还: what was collected above what the target bears went back to it."""

    amount: Decimal
    paid_on: date
    voucher_number: str


@dataclass(frozen=True)
class DeclareInsolvent:
    """登记无力偿还: on which paper it rests, e.g. the ruling that opens bankruptcy or ends enforcement."""

    since: date
    document: str
    reason: str = ""


@dataclass(frozen=True)
class ReckonTarget:
    """重算: what the account of the incident says of this target."""

    claimed: Decimal
    collected: Decimal
    left: Decimal
    refund: Decimal
    shares_number: int
