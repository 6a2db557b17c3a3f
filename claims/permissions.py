"""Who may take which step of a claim or an advance. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

SYSTEM = frozenset({Role.SYSTEM})
CLERKS = frozenset({Role.MANAGER_CLERK, Role.STREET_CLERK})
OFFICERS = CLERKS | {Role.MANAGER_APPROVER}
HERE = frozenset({CaseRole.USE_MANAGER, CaseRole.STREET_OFFICE})
MANAGER = frozenset({CaseRole.USE_MANAGER})
#: Where nobody manages the lift, the street office's clerk carries the claim.
APPROVERS = frozenset({Role.MANAGER_APPROVER, Role.STREET_CLERK})

MAY = {
    "claim.open": Allowed(SYSTEM | OFFICERS | {Role.INSURER_HANDLER}),
    "claim.file_application": Allowed(CLERKS, as_=HERE, transcribe=CLERKS),
    "claim.request_documents": Allowed(CLERKS, as_=HERE),
    "claim.receive_documents": Allowed(CLERKS | SYSTEM, as_=HERE, transcribe=CLERKS),
    "claim.identify": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.link_policy": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.record_estimate": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.assess": Allowed(CLERKS | SYSTEM, as_=HERE),
    "claim.revise_assessment": Allowed(CLERKS | SYSTEM, as_=HERE),
    "claim.set_victim_fault": Allowed(OFFICERS, as_=HERE),
    "claim.record_shares": Allowed(OFFICERS, as_=HERE),
    "claim.start_negotiation": Allowed(OFFICERS, as_=HERE),
    "claim.record_minutes": Allowed(OFFICERS, as_=HERE),
    "claim.ask_consent": Allowed(OFFICERS, as_=HERE),
    "claim.record_consent": Allowed(SYSTEM, transcribe=OFFICERS),
    "claim.resume_negotiation": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.settle": Allowed(OFFICERS, as_=HERE),
    "claim.settle_at_own_risk": Allowed(APPROVERS, as_=HERE),
    "claim.sue": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.record_judgment": Allowed(SYSTEM),
    "claim.record_court_settlement": Allowed(SYSTEM),
    "claim.record_not_liable": Allowed(SYSTEM),
    "claim.withdraw_suit": Allowed(SYSTEM),
    "claim.retry_in_court": Allowed(SYSTEM),
    "claim.mediate": Allowed(OFFICERS, as_=HERE),
    "claim.settle_by_mediation": Allowed(SYSTEM),
    "claim.record_cost": Allowed(OFFICERS | SYSTEM | {Role.MANAGER_CASHIER}, as_=HERE),
    "claim.fix_liability": Allowed(SYSTEM),
    "claim.confirm_entrapment": Allowed(APPROVERS, not_by=("assess",), as_=HERE),
    "claim.revoke_liability": Allowed(APPROVERS, as_=HERE),
    "claim.request_payout": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.order_payment": Allowed({Role.MANAGER_APPROVER}, as_=MANAGER),
    "claim.record_payment": Allowed(SYSTEM),
    "claim.prove_payment": Allowed(OFFICERS | {Role.MANAGER_CASHIER}, as_=HERE, transcribe=OFFICERS),
    "claim.record_victim_paid": Allowed(OFFICERS | SYSTEM, as_=HERE),
    "claim.record_heirs": Allowed(CLERKS, as_=HERE, transcribe=CLERKS),
    "claim.record_fund": Allowed(OFFICERS, as_=HERE),
    "claim.hear_victim": Allowed({Role.BY_LINK}, transcribe=CLERKS, purposes={"claims.victim"}),
    "claim.reopen_for_bounce": Allowed(SYSTEM),
    "claim.close": Allowed(APPROVERS, as_=HERE),
    "claim.withdraw": Allowed(OFFICERS, as_=HERE, transcribe=CLERKS),
    "claim.mark_duplicate": Allowed(OFFICERS, as_=HERE),
    "claim.decide_not_covered": Allowed(APPROVERS, as_=HERE),
    "claim.reopen": Allowed(OFFICERS, as_=HERE),
    "claim.suspend": Allowed(OFFICERS, as_=HERE),
    "claim.resume": Allowed(OFFICERS, as_=HERE),
    "advance.propose": Allowed({Role.MANAGER_CLERK, Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.amend": Allowed({Role.MANAGER_CLERK, Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.propose_again": Allowed({Role.MANAGER_CLERK, Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.approve": Allowed({Role.MANAGER_APPROVER}, not_by=("propose", "amend", "propose_again"), as_=MANAGER),
    "advance.approve_in_emergency": Allowed({Role.MANAGER_CLERK, Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.confirm_emergency": Allowed({Role.MANAGER_APPROVER}, not_by=("approve_in_emergency",), as_=MANAGER),
    "advance.object_to_emergency": Allowed({Role.MANAGER_APPROVER}, not_by=("approve_in_emergency",), as_=MANAGER),
    "advance.refuse": Allowed({Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.withdraw": Allowed({Role.MANAGER_CLERK, Role.MANAGER_APPROVER}, as_=MANAGER),
    "advance.record_paid": Allowed(SYSTEM),
    "advance.record_returned": Allowed(SYSTEM),
    "advance.record_bounced": Allowed(SYSTEM),
    "advance.record_refund": Allowed({Role.MANAGER_CLERK, Role.MANAGER_CASHIER}, as_=MANAGER),
}
