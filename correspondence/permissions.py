"""Who may take which step of a request for records. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

ASKERS = frozenset(
    {Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.STREET_CLERK, Role.REGULATOR_OFFICER}
)
LINK = "correspondence.records"  # the purpose of the links by which an addressee without an account answers
_HOLDERS = frozenset({Role.MAINTENANCE_STAFF, Role.BY_LINK})

MAY = {
    "records_request.ask": Allowed(ASKERS),
    "records_request.answer_request": Allowed(_HOLDERS, as_={CaseRole.MAINTENANCE}, transcribe=ASKERS, purposes={LINK}),
    "records_request.refuse": Allowed(_HOLDERS, as_={CaseRole.MAINTENANCE}, transcribe=ASKERS, purposes={LINK}),
    "records_request.note_overdue": Allowed(ASKERS),
    "records_request.withdraw": Allowed(ASKERS),
}
