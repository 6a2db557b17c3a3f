"""Who may take which step of a recovery file or of a target. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

PAYER = frozenset({CaseRole.PAYER})
SYSTEM = frozenset({Role.SYSTEM})
CLERKS = frozenset({Role.MANAGER_CLERK, Role.INSURER_HANDLER})
APPROVERS = frozenset({Role.MANAGER_APPROVER, Role.INSURER_APPROVER})
OFFICERS = CLERKS | APPROVERS
CASHIERS = frozenset({Role.MANAGER_CASHIER, Role.INSURER_CASHIER})
OWN = Allowed(OFFICERS, as_=PAYER)
MONEY = Allowed(CLERKS | CASHIERS, as_=PAYER)
BY_SYSTEM = Allowed(SYSTEM)
#: The target answers by its link, or on paper and somebody here records it for it (代录).
ANSWER = Allowed({Role.BY_LINK}, as_=PAYER, transcribe=OFFICERS, purposes={"recovery.target"})

MAY = {
    "recovery_file.open": Allowed(SYSTEM | {Role.MANAGER_CLERK}),
    "recovery_file.record_payment": BY_SYSTEM,
    "recovery_file.record_return": BY_SYSTEM,
    "recovery_file.record_reimbursement": BY_SYSTEM,
    "recovery_file.take_reimbursement_back": BY_SYSTEM,
    "recovery_file.reckon": BY_SYSTEM,
    "recovery_file.record_shares": OWN,
    "recovery_file.name_party": OWN,
    "recovery_file.hand_over": MONEY,
    "recovery_file.receive": BY_SYSTEM,
    "recovery_file.close": OWN,
    "recovery_file.propose_write_off": Allowed(CLERKS, as_=PAYER),
    "recovery_file.confirm_write_off": Allowed(APPROVERS, not_by=("propose_write_off",), as_=PAYER),
    "recovery_file.decline_write_off": Allowed(APPROVERS, as_=PAYER),
    "recovery_file.reopen": OWN,
    "recovery_file.take_up": BY_SYSTEM,
    "recovery_target.name_target": BY_SYSTEM,
    "recovery_target.identify": OWN,
    "recovery_target.refer": OWN,
    "recovery_target.decide_referral": Allowed(APPROVERS, not_by=("refer",), as_=PAYER),
    "recovery_target.demand": OWN,
    "recovery_target.remind": OWN,
    "recovery_target.accept": ANSWER,
    "recovery_target.contest": ANSWER,
    "recovery_target.agree_plan": OWN,
    "recovery_target.declare_default": OWN,
    "recovery_target.sue": OWN,
    "recovery_target.record_judgment": BY_SYSTEM,
    "recovery_target.record_court_settlement": BY_SYSTEM,
    "recovery_target.record_dismissal": BY_SYSTEM,
    "recovery_target.resume_talks": BY_SYSTEM,
    "recovery_target.propose_settlement": Allowed(CLERKS, as_=PAYER),
    "recovery_target.approve_settlement": Allowed(APPROVERS, not_by=("propose_settlement",), as_=PAYER),
    "recovery_target.propose_write_off": Allowed(CLERKS, as_=PAYER),
    "recovery_target.approve_write_off": Allowed(APPROVERS, not_by=("propose_write_off",), as_=PAYER),
    "recovery_target.decline_proposal": Allowed(APPROVERS, as_=PAYER),
    "recovery_target.collect": MONEY,
    "recovery_target.refund": MONEY,
    "recovery_target.declare_insolvent": OWN,
    "recovery_target.lift_insolvency": OWN,
    "recovery_target.reckon": BY_SYSTEM,
    "recovery_target.claim_more": BY_SYSTEM,
    "recovery_target.close": OWN,
    "recovery_target.reopen": OWN,
}
