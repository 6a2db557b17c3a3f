"""The second factor (TOTP, RFC 6238) over allauth.mfa's Authenticator: who needs one, setting one up, taking a code once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils import timezone

from access.models import Membership
from access.roles import MONEY_ROLES

if TYPE_CHECKING:
    from access.models import User

ISSUER = "梯保"


def is_needed(user: User) -> bool:
    """Whether the person holds, in any organisation, a role that moves money."""
    return bool(Membership.objects.filter(user=user, until=None, role__in=[str(r) for r in MONEY_ROLES]).exists())


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def new_secret() -> str:
    """A fresh secret in base32."""
    return str(totp.generate_totp_secret())


def address(user: User, secret: str) -> str:
    """The otpauth address an authenticator app reads from a QR code."""
    label = quote(f"{ISSUER}:{user.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def enrol(user: User, secret: str) -> None:
    """Give the person a second factor, replacing an earlier one."""
    Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(secret)}, "created_at": timezone.now()}
    )


def code_at(secret: str, moment: float | None = None) -> str:
    """The six digits of a secret now, or at an instant in Unix seconds."""
    counter = int(time.time() if moment is None else moment) // app_settings.TOTP_PERIOD
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def current_code(user: User) -> str:
    """The code that the person's own device shows now; empty without one. For the demonstration only."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return code_at(decrypt(row.data["secret"])) if row else ""


def matching_counter(secret: str, code: str) -> int | None:
    """The time step whose code this is, among now and one step either way."""
    digits = "".join(c for c in code if c.isdigit())
    now = int(time.time()) // app_settings.TOTP_PERIOD
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if totp.format_hotp_value(totp.hotp_value(secret, step)) == digits), None)


@transaction.atomic
def accept(user: User, code: str) -> bool:
    """Take a code. Each code works once, also across processes: the last step used is kept with the secret."""
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    step = matching_counter(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data.get("last_step", -1):
        return False
    row.data["last_step"], row.last_used_at = step, timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True
