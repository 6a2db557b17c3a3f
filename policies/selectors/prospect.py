"""Whether an insurer may still pay for an accident: what the waiver rules of Insurance Law art 61 hang on."""

from __future__ import annotations

from typing import Literal

from policies.models import Payout
from policies.terms import Head

Prospect = Literal["none", "possible", "open", "over"]


def prospect_of(incident_id: int) -> Prospect:
    """none: nobody asked. possible: asked and not decided. open: something was decided to be paid. over: nothing is left open.

    The strongest of all payouts of the accident; a refusal that was sent and not disputed leaves nothing open.
    """
    payouts = list(Payout.objects.filter(incident_id=incident_id))
    waiting = [p for p in payouts if p.closed_at is None and p.state != "refusal_sent"]
    if any(p.decided_amount for p in waiting):
        return "open"
    if waiting:
        return "possible"
    return "over" if payouts else "none"


def is_small(payout: Payout) -> bool:
    """Entrapment money of unhurt people and nothing else, with complete evidence: nobody computes or retypes."""
    return payout.is_complete_at_birth and payout.heads == [Head.ENTRAPMENT] and not any(p["is_injured"] for p in payout.people)
