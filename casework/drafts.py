"""What somebody typed and has not submitted. A draft belongs to one person and one page; it outlives the session."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils import timezone

from casework.models import Draft

if TYPE_CHECKING:
    from datetime import datetime

KEPT_DAYS = 90
#: Never kept: they belong to one sending of the form.
PASSING = frozenset({"csrfmiddlewaretoken", "_confirmed", "_edit"})


def keep(user_id: int, key: str, data: QueryDict) -> datetime:
    """Keep what was typed; the moment of saving."""
    typed = {name: values for name, values in data.lists() if name not in PASSING}
    draft, _created = Draft.objects.update_or_create(user_id=user_id, key=key, defaults={"data": typed})
    return draft.saved_at


def restore(user_id: int, key: str) -> tuple[QueryDict, datetime] | None:
    """What was typed before and when, or None."""
    draft = Draft.objects.filter(user_id=user_id, key=key).first()
    if draft is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    return data, draft.saved_at


def drop(user_id: int, key: str) -> None:
    Draft.objects.filter(user_id=user_id, key=key).delete()


def forget() -> int:
    """Drafts nobody came back to: what people type about others is not kept without a reason. Returns how many went."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    return Draft.objects.filter(saved_at__lt=old).delete()[0]
