"""From a step's facts to rows of recovery's own tables: payments, share versions, receipts, instalments. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.facts import plain
from legislation.money import split

if TYPE_CHECKING:
    from recovery.models import Instalment, Outlay, Receipt, ShareVersion


def paid_out(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Outlay]:
    from recovery.models import Outlay

    yield Outlay(
        file_id=case.pk, event_id=event_id, claim_id=facts.claim_id, amount=facts.amount, on=facts.paid_on, is_moved=facts.is_moved
    )


def paid_back(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Outlay]:
    from recovery.models import Outlay

    yield Outlay(
        file_id=case.pk, event_id=event_id, claim_id=facts.claim_id, amount=-facts.amount, on=facts.paid_on, is_moved=facts.is_moved
    )


def share_version(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[ShareVersion]:
    from recovery.models import ShareVersion

    yield ShareVersion(
        incident_id=case.parent_id,
        event_id=event_id,
        number=position.shares_number + 1,
        basis=facts.basis,
        liability=facts.liability,
        reason=facts.reason[:300],
        shares=[plain(share) for share in facts.shares],
    )


def received(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Receipt]:
    from recovery.models import Receipt

    yield Receipt(
        file_id=case.parent_id,
        party=case.party,
        event_id=event_id,
        way=facts.way,
        amount=facts.amount,
        on=facts.received_on,
        voucher=facts.voucher_number,
    )


def refunded(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Receipt]:
    from recovery.models import Receipt

    yield Receipt(
        file_id=case.parent_id,
        party=case.party,
        event_id=event_id,
        way="refund",
        amount=-facts.amount,
        on=facts.paid_on,
        voucher=facts.voucher_number,
    )


def handed_over(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Receipt]:
    """Out of this file, party by party, what each of them had paid."""
    from recovery.models import Receipt

    collected = {party: amount for party, amount in position.collected_of.items() if amount > 0}
    for party, amount in zip(collected, split(facts.amount, list(collected.values())), strict=True):
        if amount:
            yield Receipt(
                file_id=case.pk,
                party=party,
                event_id=event_id,
                way="hand_over",
                amount=-amount,
                on=facts.paid_on,
                voucher=facts.voucher_number,
            )


def taken_over(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Receipt]:
    from recovery.models import Receipt

    for part in facts.parts:
        yield Receipt(
            file_id=case.pk,
            party=part.party,
            event_id=event_id,
            way="hand_over",
            amount=part.amount,
            on=facts.received_on,
            voucher=facts.voucher_number,
        )


def instalments(case: Any, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Instalment]:
    from recovery.models import Instalment

    for number, part in enumerate(facts.instalments, 1):
        yield Instalment(target_id=case.pk, event_id=event_id, number=number, due_on=part.due_on, amount=part.amount)
