"""Facts as canonical JSON: what digests are taken over and what audit rows keep."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import uuid
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import models


@dataclasses.dataclass(frozen=True)
class Because:
    """The facts of a step that needs a reason and nothing else."""

    reason: str


def plain(value: Any) -> Any:
    """A value as JSON-able data, the same text for the same meaning: money two decimals, dates ISO, fractions "2/3".

    Raises TypeError for a type that has no canonical form, so that nothing is recorded by its repr.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value.value if isinstance(value, enum.Enum) else (str(value) if isinstance(value, str) else value)
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, (Decimal, Fraction, uuid.UUID)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(v) for v in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*parts: str) -> str:
    """SHA-256 over length-prefixed parts, hex."""
    running = hashlib.sha256()
    for part in parts:
        data = part.encode()
        running.update(str(len(data)).encode() + b":" + data)
    return running.hexdigest()
