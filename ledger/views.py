"""The cashier's list, and the whole account number of a payment that is about to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

import parties.api
from ledger import selectors
from ledger.permissions import CASHIERS

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """The payment orders of my organisation, by what they wait for."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    show = request.GET.get("show", "")
    page = selectors.orders_page(actor=actor, show=show, number=request.GET.get("page", "1"))
    return render(request, "ledger/payments.html", {"page": page, "show": show})


@login_required
@require_POST
@never_cache
def account(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the payee's whole account number to the paying cashier; the look is logged."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    order = get_object_or_404(
        selectors.orders_for(actor=actor, states=("proposed", "released")), reference=reference, payee_account_ref__isnull=False
    )
    if not actor.has(*CASHIERS) or order.payer_organisation_id != actor.organisation_id:
        raise PermissionDenied(_("完整账号只给付款单位的出纳看。"))
    reason = _("付款单 %(reference)s") % {"reference": order.reference}
    number = parties.api.reveal_account(order.payee_account_ref or 0, by=actor, reason=reason)
    return render(request, "ledger/account.html", {"order": order, "number": number})
