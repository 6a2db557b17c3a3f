"""Writes and preparations that are not steps: contracts, the cover checklist as the facts answer it, facts of steps made ready."""

from policies.services.contracts import cover_elevator, entrapment_lines, entrapment_per_person, issue_policy, open_limits
from policies.services.preparing import accepted_as_asked, decision, insured_payee, payee_of, payees_of, used_by
from policies.services.requesting import ask_again, open_payout

__all__ = [
    "accepted_as_asked",
    "ask_again",
    "cover_elevator",
    "decision",
    "entrapment_lines",
    "entrapment_per_person",
    "insured_payee",
    "issue_policy",
    "open_limits",
    "open_payout",
    "payee_of",
    "payees_of",
    "used_by",
]
