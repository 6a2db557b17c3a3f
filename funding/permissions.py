"""Who may take which step of funding. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

STREET = frozenset({CaseRole.STREET_OFFICE})
FINANCE = frozenset({CaseRole.FINANCE})
DECIDERS = frozenset({Role.STREET_LEADER, Role.HOUSING_OFFICER})
DECIDING = frozenset({CaseRole.STREET_OFFICE, CaseRole.HOUSING})
CLERK = frozenset({Role.STREET_CLERK})

MAY = {
    # the pool
    "budget_pool.open": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "budget_pool.propose_change": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "budget_pool.confirm_change": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "budget_pool.decline_change": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "budget_pool.close": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "budget_pool.reopen": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    # the application
    "subsidy_application.submit": Allowed(CLERK | {Role.SYSTEM}, as_=STREET, transcribe=CLERK),
    "subsidy_application.amend": Allowed(CLERK, as_=STREET, transcribe=CLERK),
    "subsidy_application.name_account": Allowed(CLERK | {Role.FINANCE_OFFICER}, transcribe=CLERK),
    "subsidy_application.request_correction": Allowed(CLERK, as_=STREET),
    "subsidy_application.complete": Allowed(CLERK, as_=STREET, transcribe=CLERK),
    "subsidy_application.accept": Allowed(CLERK, as_=STREET),
    "subsidy_application.decline": Allowed(CLERK | {Role.STREET_LEADER}, as_=STREET),
    "subsidy_application.verify": Allowed(CLERK, as_=STREET),
    "subsidy_application.reserve": Allowed({Role.SYSTEM}),
    "subsidy_application.wait": Allowed({Role.SYSTEM}),
    "subsidy_application.publish": Allowed(CLERK, as_=STREET),
    "subsidy_application.record_objection": Allowed(CLERK, as_=STREET, transcribe=CLERK),
    "subsidy_application.answer_objection": Allowed(CLERK | {Role.STREET_LEADER}, as_=STREET),
    "subsidy_application.approve": Allowed(DECIDERS, as_=DECIDING, not_by=("accept", "verify", "publish")),
    "subsidy_application.deny": Allowed(DECIDERS, as_=DECIDING),
    "subsidy_application.withdraw": Allowed(CLERK, as_=STREET, transcribe=CLERK),
    "subsidy_application.request_review": Allowed(CLERK, as_=STREET, transcribe=CLERK),
    "subsidy_application.uphold": Allowed({Role.HOUSING_OFFICER}, as_={CaseRole.HOUSING}, not_by=("deny", "decline")),
    "subsidy_application.uphold_decline": Allowed({Role.HOUSING_OFFICER}, as_={CaseRole.HOUSING}, not_by=("deny", "decline")),
    "subsidy_application.overturn": Allowed({Role.HOUSING_OFFICER}, as_={CaseRole.HOUSING}, not_by=("deny", "decline")),
    "subsidy_application.order_payment": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE, not_by=("approve",)),
    "subsidy_application.record_paid": Allowed({Role.SYSTEM}),
    "subsidy_application.record_returned": Allowed({Role.SYSTEM}),
    "subsidy_application.audit": Allowed({Role.FINANCE_OFFICER, Role.AUDITOR}, not_by=("order_payment",)),
    "subsidy_application.close": Allowed(CLERK | {Role.STREET_LEADER}, as_=STREET),
    "subsidy_application.claw_back": Allowed(DECIDERS, as_=DECIDING),
    "subsidy_application.record_repayment": Allowed({Role.FINANCE_OFFICER, Role.FINANCE_CASHIER}, as_=FINANCE),
    "subsidy_application.settle_clawback": Allowed({Role.FINANCE_OFFICER}, as_=FINANCE),
    "subsidy_application.waive_clawback": Allowed(DECIDERS, as_=DECIDING, not_by=("claw_back",)),
}
