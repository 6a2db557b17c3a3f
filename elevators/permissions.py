"""Who may take which step of an incident. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

_ON_THE_SPOT = {CaseRole.USE_MANAGER, CaseRole.MAINTENANCE, CaseRole.STREET_OFFICE, CaseRole.REGULATOR}
_IN_CHARGE = {CaseRole.USE_MANAGER, CaseRole.STREET_OFFICE}
_REPORTERS = {Role.MANAGER_CLERK, Role.MAINTENANCE_STAFF, Role.STREET_CLERK, Role.REGULATOR_OFFICER}
_CLERKS = {Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.STREET_CLERK}

MAY = {
    "incident.report": Allowed(
        _REPORTERS | {Role.SYSTEM}, as_=_ON_THE_SPOT, transcribe={Role.MANAGER_CLERK, Role.STREET_CLERK}, by_word=True, despite_account=True
    ),
    "incident.record_rescue": Allowed(
        _REPORTERS, as_=_ON_THE_SPOT, transcribe={Role.MANAGER_CLERK, Role.STREET_CLERK}, by_word=True, despite_account=True
    ),
    "incident.grade": Allowed({Role.SYSTEM}),
    "incident.confirm_grade": Allowed(_CLERKS, as_=_IN_CHARGE),
    "incident.regrade": Allowed({Role.REGULATOR_OFFICER}, transcribe=_CLERKS),
    "incident.notify_regulator": Allowed(_CLERKS | {Role.SYSTEM}, as_=_IN_CHARGE),
    "incident.notify_insurer": Allowed(_CLERKS | {Role.SYSTEM}, as_=_IN_CHARGE),
    "incident.correct_facts": Allowed(_CLERKS | {Role.REGULATOR_OFFICER}, as_=_IN_CHARGE | {CaseRole.REGULATOR}),
    "incident.change_people": Allowed(_CLERKS, as_=_IN_CHARGE, transcribe={Role.MANAGER_CLERK, Role.STREET_CLERK}),
    "incident.join": Allowed(_REPORTERS | {Role.SYSTEM}, as_=_ON_THE_SPOT),
    "incident.mark_duplicate": Allowed(_CLERKS | {Role.REGULATOR_OFFICER}, as_=_IN_CHARGE | {CaseRole.REGULATOR}),
    "incident.close": Allowed(_CLERKS, as_=_IN_CHARGE),
    "incident.reopen": Allowed(_CLERKS | {Role.REGULATOR_OFFICER, Role.SYSTEM}, as_=_IN_CHARGE | {CaseRole.REGULATOR}),
}
