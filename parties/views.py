"""The page on which a second person looks at a payee account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parties import api, scopes, services
from parties.forms import ConfirmAccountForm
from parties.models import PayeeAccount

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_http_methods(["GET", "POST"])
def confirm_account(request: HttpRequest, key: int) -> HttpResponse:
    """The number is typed again from the paper; only the same number confirms."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(PayeeAccount.objects.select_related("party", "added_by"), pk=key)
    if not scopes.may_confirm(row, actor, request.GET.get("pass", "")):
        raise Http404
    form = ConfirmAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_account(key, by=actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已核对，可以付款到这个账户了。"))
            return redirect(_back(request))
    context = {
        "row": row,
        "account": api.account(key),
        "party": api.ref(row.party_id),
        "form": form,
        "back": _back(request),
        "is_own": row.added_by_id is not None and row.added_by_id == actor.user_id,
    }
    return render(request, "parties/confirm_account.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"
