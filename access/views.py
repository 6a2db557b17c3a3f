"""Signing in and out, the second factor, one's own account, and how large the type is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import segno
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.signals import user_login_failed
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import second_factor
from access.forms import CodeForm, OwnPasswordForm, SignInForm
from access.middleware import ORGANISATION_KEY, SECOND_FACTOR_KEY
from access.models import User
from access.selectors import invented_accounts, organisations_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PENDING_KEY = "sign_in"
PENDING_SECONDS = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; throttled by name and address. People who move money go on to their code."""
    form = SignInForm(request.POST or None, initial=_offered(request))
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
        if user is not None:
            return _after_password(request, user)
        form.add_error(None, _("用户名或密码不对。连续输错 %(times)s 次会锁定一段时间。") % {"times": settings.AXES_FAILURE_LIMIT})
    context = {"form": form, "accounts": invented_accounts() if settings.DEMONSTRATION else (), "next": _next(request)}
    return render(request, "access/sign_in.html", context, status=422 if form.errors else 200)


@never_cache
@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right within the last ten minutes."""
    user = _pending(request)
    if user is None:
        return redirect("access:sign_in")
    if not second_factor.has_one(user):
        return redirect("access:enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _may_try(request, user) and second_factor.accept(user, form.cleaned_data["code"]):
            return _finish(request, user, with_second_factor=True)
        _count_failure(request, user)
        form.add_error("code", _("口令不对，或者已经用过。等它换成下一组再输。"))
    shown = second_factor.current_code(user) if settings.DEMONSTRATION else ""
    return render(request, "access/code.html", {"form": form, "shown": shown}, status=422 if form.errors else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the second factor on first sign-in; the secret counts only once its first code was typed."""
    user = _pending(request)
    if user is None or second_factor.has_one(user):
        return redirect("access:sign_in")
    pending = request.session[PENDING_KEY]
    if "secret" not in pending:
        pending["secret"] = second_factor.new_secret()
        request.session.modified = True
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if second_factor.matching_counter(pending["secret"], form.cleaned_data["code"]) is not None:
            second_factor.enrol(user, pending["secret"])
            return _finish(request, user, with_second_factor=True)
        form.add_error("code", _("口令对不上。请看手机时间是不是自动的，再输一次。"))
    picture = segno.make(second_factor.address(user, pending["secret"]), micro=False).svg_data_uri(scale=5, border=2)
    context = {
        "form": form,
        "secret": pending["secret"],
        "picture": picture,
        "shown": second_factor.code_at(pending["secret"]) if settings.DEMONSTRATION else "",
    }
    return render(request, "access/enrol.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("access:sign_in")


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, for which organisation I act, and my password."""
    context = {"organisations": organisations_of(user=request.user), "form": OwnPasswordForm(request.user)}  # type: ignore[arg-type]
    return render(request, "access/account.html", context)


@login_required
@require_POST
def choose_organisation(request: HttpRequest) -> HttpResponse:
    """Act for another of my organisations from now on."""
    wanted = request.POST.get("organisation", "")
    chosen = next((o for o, _roles in organisations_of(user=request.user) if str(o.pk) == wanted), None)  # type: ignore[arg-type]
    if chosen is None:
        raise Http404
    request.session[ORGANISATION_KEY] = chosen.pk
    messages.success(request, _("现在代表%(name)s办事。") % {"name": chosen.short_name})
    return redirect("/")


@login_required
@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST)
    if not form.is_valid():
        context = {"organisations": organisations_of(user=request.user), "form": form}  # type: ignore[arg-type]
        return render(request, "access/account.html", context, status=422)
    update_session_auth_hash(request, form.save())
    messages.success(request, _("密码已改。"))
    return redirect("access:account")


@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Larger or normal type; kept in a cookie, for it belongs to the eyes at this screen and not to the account."""
    response = HttpResponseRedirect(_next(request) or "/")
    is_large = request.COOKIES.get("tb_large") == "1"
    response.set_cookie("tb_large", "0" if is_large else "1", max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure())
    return response


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What somebody sees who guessed too often (AXES_LOCKOUT_CALLABLE)."""
    wait = get_cool_off(request)
    minutes = max(1, int(wait.total_seconds() // 60)) if wait else 0
    return render(request, "access/locked.html", {"minutes": minutes}, status=429)


def _offered(request: HttpRequest) -> dict[str, str]:
    """In the demonstration a click on an account fills both fields."""
    username = request.GET.get("account", "")
    return {"username": username, "password": settings.DEMONSTRATION_PASSWORD} if username and settings.DEMONSTRATION else {}


def _after_password(request: HttpRequest, user: User) -> HttpResponse:
    if not second_factor.is_needed(user) and not second_factor.has_one(user):
        return _finish(request, user, with_second_factor=False)
    request.session[PENDING_KEY] = {"user": user.pk, "at": time.time(), "next": _next(request)}
    return redirect("access:code")


def _pending(request: HttpRequest) -> User | None:
    pending = request.session.get(PENDING_KEY)
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    return User.objects.filter(pk=pending["user"], is_active=True).first()


def _finish(request: HttpRequest, user: User, *, with_second_factor: bool) -> HttpResponse:
    target = request.session.pop(PENDING_KEY, {}).get("next", "") or _next(request) or settings.LOGIN_REDIRECT_URL
    login(request, user, backend=BACKEND)
    request.session[SECOND_FACTOR_KEY] = with_second_factor
    return redirect(target)


def _may_try(request: HttpRequest, user: User) -> bool:
    return not settings.AXES_ENABLED or AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def _count_failure(request: HttpRequest, user: User) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)


def _next(request: HttpRequest) -> str:
    """Where to go on to, if it is on this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if is_ours else ""
