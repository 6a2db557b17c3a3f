from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

MANAGER, HANDLER = {Role.MANAGER_CLERK}, {Role.INSURER_HANDLER}
MAY = {
    "matter.open_matter": Allowed({Role.MANAGER_CLERK, Role.INSURER_HANDLER}),
    "matter.ask": Allowed(HANDLER),
    "matter.answer": Allowed(MANAGER | {Role.BY_LINK}, transcribe=HANDLER, purposes={"sample.answer"}),
    "matter.decide": Allowed(HANDLER, not_by=("open_matter",), as_={CaseRole.INSURER}),
    "matter.close": Allowed(HANDLER),
    "matter.remind": Allowed({Role.SYSTEM}),
}
