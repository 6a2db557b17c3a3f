"""The injured and her personal link: making it, and what she is shown by it, which is only hers and never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import evidence
from casework.selectors import waits_for
from claims.models import Claim
from claims.terms import Subject
from correspondence import api as correspondence
from damages import api as damages
from elevators import api as elevators
from ledger import api as ledger
from legislation.money import ZERO

if TYPE_CHECKING:
    from access.actors import Actor
    from correspondence.api import LinkView

VICTIM_PURPOSE = "claims.victim"
#: What she herself can bring; everything else is the manager's to get.
HERS = ("identity", "medical_records", "medical_bills")


@dataclass(frozen=True)
class Decided:
    """One head of damage: asked, agreed (None while open) and why, in yuan."""

    head: Any
    asked: Decimal | None
    agreed: Decimal | None
    why: str


@dataclass(frozen=True)
class Received:
    """One payment that counts as hers, to whomever it went; negative when it went back."""

    paid_on: date
    payer: Any
    amount: Decimal
    voucher: str


@dataclass(frozen=True)
class VictimPage:
    """The claim as its injured sees it."""

    claim: Claim
    who: str
    elevator: str
    address: str
    started_at: datetime
    what: str
    carried_by: str
    minutes: int | None
    heads: tuple[Decided, ...]
    is_entrapment: bool
    owed: Decimal | None
    received: tuple[Received, ...]
    received_sum: Decimal
    on_its_way: int
    lacking: tuple[evidence.EvidenceLine, ...]
    asked_for: tuple[str, ...]
    waits_for: str
    due_at: datetime | None
    words: tuple[tuple[datetime, str, str, bool], ...]

    @property
    def left(self) -> Decimal | None:
        return None if self.owed is None else max(self.owed - self.received_sum, ZERO)


def key_of(claim: Claim, party_id: int | None) -> str:
    """Which person of the claim the link is for; "" for one who acts for the injured (an heir, an agent)."""
    return next((p["key"] for p in claim.people if party_id is not None and p["party_id"] == party_id), "")


def victim_page(claim: Claim, link: LinkView) -> VictimPage:
    """Everything on her page. Of the unhurt who share a claim each sees what was paid for themselves only."""
    incident = elevators.incident_view(claim.parent_id or 0)
    key, is_shared = key_of(claim, link.party_id), claim.subject == Subject.ENTRAPMENT
    payments = [p for p in claim.victim_payments.order_by("paid_on", "pk") if not is_shared or (key and p.person_key == key)]
    received = tuple(Received(p.paid_on, p.get_payer_display(), p.amount, p.voucher) for p in payments)
    missing = evidence.missing(claim, set(HERS))
    lines = tuple(line for line in evidence.meter(claim) if line.code in {r.code for r in missing})
    orders = [o for o in ledger.orders_of([claim.pk]) if not o.is_gone and o.state != "paid"]
    asked = claim.tasks.filter(code__startswith="victim_word_").order_by("pk")
    return VictimPage(
        claim=claim,
        who=link.label,
        elevator=incident.elevator_name,
        address=incident.address,
        started_at=incident.started_at,
        what=incident.kind_label,
        carried_by=incident.use_manager_name,
        minutes=incident.trapped_minutes,
        heads=_heads(claim),
        is_entrapment=is_shared,
        owed=_share(claim) if is_shared else claim.owed,
        received=received,
        received_sum=sum((r.amount for r in received), ZERO),
        on_its_way=len(orders),
        lacking=lines,
        asked_for=tuple(claim.documents_asked),
        waits_for=waits_for(claim) if not claim.is_ended else "",
        due_at=claim.next_deadline_at,
        words=tuple((t.created_at, t.says, t.outcome, t.done_at is not None) for t in asked),
    )


def _heads(claim: Claim) -> tuple[Decided, ...]:
    sheet = damages.current(claim.pk)
    if sheet is None or claim.assessed is None:
        return tuple(Decided(damages.label(h["code"]), Decimal(h["amount"]), None, "") for h in claim.asked)
    return tuple(
        Decided(x.label, x.asked, x.agreed if x.agreed is not None else x.assessed, x.reason or x.formula or _("按票据"))
        for x in sheet.lines
    )


def _share(claim: Claim) -> Decimal | None:
    """What one of the unhurt who were held gets of the sum: the same for everybody."""
    return None if claim.owed is None or not claim.people else (claim.owed / len(claim.people)).quantize(ZERO)


@dataclass(frozen=True)
class Slip:
    """A personal link as it is printed: address and QR code on one part, the code on the other, to be handed over apart."""

    label: str
    url: str
    qr: str
    code: str
    expires_at: datetime


def issue_victim_link(claim: Claim, data: dict[str, Any], *, by: Actor) -> Slip:
    """Make the link of one person of a claim; an older one of the same person ends. Raises OutOfScope, ValidationError."""
    person = next(p for p in claim.people if p["key"] == data["key"])
    expires_at = timezone.now() + timedelta(days=data["days"])
    made = correspondence.issue_link(
        case=claim, purpose=VICTIM_PURPOSE, party_id=person["party_id"], label=data["label"], expires_at=expires_at, by=by
    )
    url = f"{settings.PUBLIC_ADDRESS}{made.path}"
    return Slip(data["label"], url, correspondence.qr_svg(url), made.code, expires_at)
