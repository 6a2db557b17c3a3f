"""Who may take which step of a recovery file. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

PAYER = frozenset({CaseRole.PAYER})
OFFICERS = frozenset({Role.MANAGER_CLERK, Role.MANAGER_APPROVER})

MAY = {
    "recovery_file.open": Allowed({Role.SYSTEM, Role.MANAGER_CLERK}),
    "recovery_file.record_payment": Allowed({Role.SYSTEM}),
    "recovery_file.record_reimbursement": Allowed({Role.SYSTEM}),
    "recovery_file.collect": Allowed({Role.MANAGER_CLERK, Role.MANAGER_CASHIER}, as_=PAYER),
    "recovery_file.close": Allowed(OFFICERS, as_=PAYER),
    "recovery_file.propose_write_off": Allowed({Role.MANAGER_CLERK}, as_=PAYER),
    "recovery_file.confirm_write_off": Allowed({Role.MANAGER_APPROVER}, not_by=("propose_write_off",), as_=PAYER),
    "recovery_file.decline_write_off": Allowed({Role.MANAGER_APPROVER}, as_=PAYER),
    "recovery_file.reopen": Allowed(OFFICERS, as_=PAYER),
}
