"""Who may take which step of a payment order. Closed unless listed."""

from __future__ import annotations

from access.roles import Allowed, CaseRole, Role

CASHIERS = frozenset({Role.MANAGER_CASHIER, Role.INSURER_CASHIER, Role.FINANCE_CASHIER})
OFFICERS = frozenset({Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.INSURER_HANDLER, Role.INSURER_APPROVER, Role.FINANCE_OFFICER})
PAYER = frozenset({CaseRole.PAYER})

MAY = {
    "payment_order.propose": Allowed(OFFICERS | {Role.SYSTEM}),
    "payment_order.release": Allowed(CASHIERS, not_by=("propose",), as_=PAYER),
    "payment_order.mark_paid": Allowed(CASHIERS, as_=PAYER),
    "payment_order.return_": Allowed(CASHIERS, as_=PAYER),
    "payment_order.bounce": Allowed(CASHIERS, as_=PAYER),
    "payment_order.cancel": Allowed(CASHIERS | OFFICERS | {Role.SYSTEM}, as_=PAYER),
}
