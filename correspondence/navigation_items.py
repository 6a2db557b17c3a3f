"""Messages in the main navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.navigation import Item, register
from correspondence.selectors import unread

register(Item(label=_("消息"), url_name="correspondence:inbox", order=90, count=lambda actor: unread(actor=actor), at_hand=True))
