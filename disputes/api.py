"""The door of disputes: open a lawsuit or a mediation below a case, see what hangs there, end what was performed.

News: `disputes.litigation.take_effect / settle_in_court / withdraw / reopen / record_judgment / record_cost` and
`disputes.mediation.agree / fail / confirm_judicially / refuse_confirmation / reopen`, with `event.case.parent_id`.
`take_effect` follows every judgment that stands, `settle_in_court` stands at once: listen to these two for the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from disputes import selectors, services
from disputes.facts import DisputeParty, OpenLitigation, OpenMediation
from disputes.lifecycle.litigation import PENDING
from disputes.models import Litigation, Mediation
from disputes.terms import Outcome, Procedure, Side

if TYPE_CHECKING:
    from access.actors import Actor
    from access.roles import CaseRole
    from casework.models import Case

__all__ = [
    "DisputeParty",
    "DisputeView",
    "OpenLitigation",
    "OpenMediation",
    "Outcome",
    "Procedure",
    "Side",
    "end_what_was_performed",
    "of_case",
    "open_litigation",
    "open_mediation",
    "open_of",
    "view",
]


@dataclass(frozen=True)
class DisputeView:
    """A lawsuit or a mediation as other apps see it. Amounts in yuan.

    is_open: it holds the closing of its parent. is_pending: nobody knows yet how it comes out. forum: the court or the
    committee; number: the court's own. amount: what was awarded or agreed, None before. document: the paper's number.
    """

    id: int
    kind: str
    reference: str
    state: str
    state_label: Any
    is_open: bool
    is_pending: bool
    forum: str
    number: str
    outcome: str
    amount: Decimal | None
    effective_on: date | None
    document: str
    next_hearing_at: datetime | None
    source: str


def open_litigation(
    *, parent: Case, parties: tuple[tuple[int, CaseRole], ...] = (), facts: OpenLitigation, by: Actor, happened_at: datetime
) -> Case:
    """Open a lawsuit below a case. `parties` are (organisation id, part), by default the parent's own; the part named in
    `facts.led_by` answers in court. The same `facts.source` opens one file."""
    return services.open_litigation(parent=parent, parts=parties, facts=facts, by=by, happened_at=happened_at)


def open_mediation(
    *, parent: Case, parties: tuple[tuple[int, CaseRole], ...] = (), facts: OpenMediation, by: Actor, happened_at: datetime
) -> Case:
    """Open a mediation below a case, as open_litigation does a lawsuit."""
    return services.open_mediation(parent=parent, parts=parties, facts=facts, by=by, happened_at=happened_at)


def of_case(case_id: int) -> tuple[DisputeView, ...]:
    """The lawsuits and mediations below a case, the oldest first."""
    return tuple(_view(dispute) for dispute in selectors.disputes_below(case_id))


def open_of(case_id: int) -> tuple[DisputeView, ...]:
    """Those that hold the closing of a case."""
    return tuple(dispute for dispute in of_case(case_id) if dispute.is_open)


def view(case_id: int) -> DisputeView:
    """One lawsuit or mediation. Raises Litigation.DoesNotExist when the case is neither."""
    mediation = Mediation.objects.filter(pk=case_id).first()
    return _view(mediation if mediation is not None else Litigation.objects.get(pk=case_id))


def end_what_was_performed(*, case_id: int, by: Actor, happened_at: datetime, conclusion: str) -> int:
    """Close the lawsuits in force and conclude the agreements below a case whose debt was paid. Idempotent."""
    return services.end_what_was_performed(case_id=case_id, by=by, happened_at=happened_at, conclusion=conclusion)


def _view(dispute: Litigation | Mediation) -> DisputeView:
    shared: dict[str, Any] = {
        "id": dispute.pk,
        "kind": dispute.KIND,
        "reference": dispute.reference,
        "state": dispute.state,
        "state_label": dispute.state_label,
        "is_open": not dispute.is_ended,
        "source": dispute.source,
    }
    if isinstance(dispute, Mediation):
        return DisputeView(
            **shared,
            is_pending=dispute.state == "open",
            forum=dispute.committee,
            number="",
            outcome=dispute.confirmation,
            amount=dispute.agreed_amount if dispute.signed_on else None,
            effective_on=dispute.signed_on,
            document=dispute.ruling_number,
            next_hearing_at=None,
        )
    suit: Any = dispute
    return DisputeView(
        **shared,
        is_pending=suit.state in PENDING,
        forum=suit.court,
        number=suit.number,
        outcome=suit.outcome,
        amount=suit.awarded,
        effective_on=suit.effective_on,
        document=suit.document_number,
        next_hearing_at=suit.next_hearing_at,
    )
