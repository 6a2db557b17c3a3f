"""From a step's facts to rows of the claim's own tables: estimates, share versions, proven payments. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from casework.facts import plain
from claims.terms import EstimateSource

if TYPE_CHECKING:
    from uuid import UUID

    from claims.models import Claim, ClaimCost, Estimate, LiabilityVersion, VictimPayment


def estimate(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Estimate]:
    yield _estimate(case, event_id, facts.amount, facts.source, facts.note)


def estimate_of_worksheet(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Estimate]:
    yield _estimate(case, event_id, facts.amount, EstimateSource.WORKSHEET, facts.reason)


def estimate_decided(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[Estimate]:
    yield _estimate(case, event_id, facts.amount, EstimateSource.DECIDED, _("责任确定"))


def _estimate(case: Claim, event_id: UUID, amount: Any, source: str, note: str) -> Estimate:
    from claims.models import Estimate

    return Estimate(claim_id=case.pk, event_id=event_id, amount=amount, source=source, note=note[:300])


def share_version(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[LiabilityVersion]:
    from claims.models import LiabilityVersion

    yield LiabilityVersion(
        claim_id=case.pk,
        event_id=event_id,
        basis=facts.basis,
        reason=facts.reason[:300],
        shares={share.party: plain(share.share) for share in facts.shares},
    )


def cost(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[ClaimCost]:
    from claims.models import ClaimCost

    yield ClaimCost(
        claim_id=case.pk,
        event_id=event_id,
        head=facts.head,
        amount=facts.amount,
        paid_on=facts.paid_on,
        voucher=facts.voucher.strip(),
        note=facts.note[:200],
        source=facts.source,
    )


def victim_payment(case: Claim, facts: Any, law: Any, event_id: UUID, position: Any) -> Iterator[VictimPayment]:
    from claims.models import VictimPayment

    yield VictimPayment(
        claim_id=case.pk,
        event_id=event_id,
        payer=facts.payer,
        amount=facts.amount,
        paid_on=facts.paid_on,
        voucher=facts.voucher,
        person_key=facts.key,
        source_case_id=facts.source_case_id,
    )
