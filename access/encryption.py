"""Identity data at rest: encrypted fields, keyed digests for equality, keys that can be replaced. Never a plain value in a log."""

from __future__ import annotations

import base64
import hmac
import json
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


@lru_cache(maxsize=8)
def _secrets(configured: str) -> tuple[str, ...]:
    """The secrets in force: the first encrypts, all decrypt ("new,old" while a key is being replaced)."""
    found = tuple(part.strip() for part in configured.split(",") if part.strip())
    if not found:
        raise ValueError("FIELD_ENCRYPTION_KEY is empty")
    return found


@lru_cache(maxsize=8)
def _box(configured: str) -> MultiFernet:
    keys = [base64.urlsafe_b64encode(_derive(s, b"tibao field encryption")) for s in _secrets(configured)]
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=8)
def _digest_keys(configured: str) -> tuple[bytes, ...]:
    return tuple(_derive(s, b"tibao field equality") for s in _secrets(configured))


def encrypt(text: str) -> str:
    return _box(settings.FIELD_ENCRYPTION_KEY).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises cryptography.fernet.InvalidToken when no key in force fits."""
    return _box(settings.FIELD_ENCRYPTION_KEY).decrypt(token.encode()).decode()


def digest(text: str) -> str:
    """A keyed digest for equality under the first key; "" for nothing."""
    return digests(text)[0] if text else ""


def digests(text: str) -> list[str]:
    """The digests of a value under every key in force, for searching while a key is being replaced."""
    return [hmac.new(key, text.encode(), sha256).hexdigest() for key in _digest_keys(settings.FIELD_ENCRYPTION_KEY)]


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """Text that the database only ever sees encrypted. Cannot be searched: keep a `digest` beside it for equality."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value)) if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is encrypted and cannot be searched by {lookup_name}; use its digest")


class EncryptedJSONField(EncryptedField):
    """JSON-able data that the database only ever sees encrypted."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else None

    def get_prep_value(self, value: Any) -> str:
        return encrypt(json.dumps(value, ensure_ascii=False))
