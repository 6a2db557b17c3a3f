"""What must be true before a payment order is released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from ledger.lifecycle import PaymentPosition
    from ledger.models import PaymentOrder
    from legislation.lookup import Law


def _barred(case: PaymentOrder, position: PaymentPosition) -> Any:
    return position.barred


@guard("parent_bars_payment", says=_barred, cure=Cure(_("撤销这张付款单"), verb="cancel"))
def nothing_bars_it(case: PaymentOrder, law: Law, position: PaymentPosition) -> bool:
    return not position.barred


@guard(
    "payee_account_not_confirmed",
    says=_("收款账户还没有第二个人核对。新增或改过的账户，须由添加人以外的同事确认后才能付款。"),
    cure=Cure(_("去核对收款账户"), anchor="payee"),
)
def account_is_confirmed(case: PaymentOrder, law: Law, position: PaymentPosition) -> bool:
    return not position.has_account or position.account_is_confirmed


@guard(
    "payee_account_replaced",
    says=_("收款人后来换了账户，这张付款单上的是旧账户。请撤销本单，用新账户重新提出。"),
    cure=Cure(_("撤销这张付款单"), verb="cancel"),
)
def account_is_current(case: PaymentOrder, law: Law, position: PaymentPosition) -> bool:
    return not position.has_account or position.account_is_current
