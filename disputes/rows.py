"""From a step's facts to rows of the dispute's own tables: hearings, sessions, costs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from disputes.models import Hearing, LitigationCost, MediationSession


def hearing(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Hearing]:
    from disputes.models import Hearing

    yield Hearing(
        litigation_id=case.pk,
        event_id=event_id,
        procedure=case.procedure,
        held_on=facts.held_on,
        judge=facts.judge,
        present=facts.present,
        summary=facts.points,
    )


def litigation_cost(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[LitigationCost]:
    from disputes.models import LitigationCost

    yield LitigationCost(
        litigation_id=case.pk,
        event_id=event_id,
        kind=facts.kind,
        amount=facts.amount,
        paid_on=facts.paid_on,
        voucher=facts.voucher.strip(),
        note=facts.note,
    )


def session(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[MediationSession]:
    from disputes.models import MediationSession

    yield MediationSession(mediation_id=case.pk, event_id=event_id, held_on=facts.held_on, present=facts.present, text=facts.text)
