"""Who may take which step of a lawsuit or a mediation. Closed unless listed.

Courts and committees have no account: what they decide is recorded for them (代录), with their paper as evidence.
"""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

SYSTEM = frozenset({Role.SYSTEM})
OFFICERS = frozenset({Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.INSURER_HANDLER, Role.STREET_CLERK})
HERE = frozenset({CaseRole.USE_MANAGER, CaseRole.INSURER, CaseRole.STREET_OFFICE})
OWN = Allowed(OFFICERS, as_=HERE)
OF_COURT = Allowed(SYSTEM, as_=HERE, transcribe=OFFICERS)
#: A reason weighty enough for whoever answers for money.
HEADS = frozenset({Role.MANAGER_APPROVER, Role.INSURER_HANDLER, Role.STREET_CLERK})

MAY = {
    "litigation.open": Allowed(SYSTEM | OFFICERS),
    "litigation.amend": OWN,
    "litigation.record_service": OWN,
    "litigation.name_agent": OWN,
    "litigation.answer": OWN,
    "litigation.schedule_hearing": OWN,
    "litigation.record_hearing": OWN,
    "litigation.record_judgment": OF_COURT,
    "litigation.appeal": OWN,
    "litigation.withdraw_appeal": OF_COURT,
    "litigation.remand": OF_COURT,
    "litigation.take_effect": Allowed(SYSTEM | OFFICERS, as_=HERE),
    "litigation.settle_in_court": OF_COURT,
    "litigation.withdraw": OF_COURT,
    "litigation.apply_enforcement": OWN,
    "litigation.record_cost": Allowed(OFFICERS | {Role.MANAGER_CASHIER, Role.INSURER_CASHIER}, as_=HERE),
    "litigation.close": Allowed(SYSTEM | OFFICERS, as_=HERE),
    "litigation.reopen": Allowed(HEADS, as_=HERE),
    "mediation.open": Allowed(SYSTEM | OFFICERS),
    "mediation.record_session": Allowed(OFFICERS, as_=HERE, transcribe=OFFICERS),
    "mediation.draft_agreement": OWN,
    "mediation.agree": OF_COURT,
    "mediation.fail": OF_COURT,
    "mediation.apply_confirmation": OWN,
    "mediation.withdraw_application": OWN,
    "mediation.confirm_judicially": OF_COURT,
    "mediation.refuse_confirmation": OF_COURT,
    "mediation.conclude": Allowed(SYSTEM | OFFICERS, as_=HERE),
    "mediation.reopen": Allowed(HEADS, as_=HERE),
}
