"""Ballots, rolls and objections in the navigation of those who hold them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.navigation import Item, register
from consultation.permissions import ORGANISERS

register(Item(label=_("表决"), url_name="consultation:ballots", roles=ORGANISERS, order=40))
register(Item(label=_("业主名册"), url_name="consultation:rolls", roles=ORGANISERS, order=41))
register(Item(label=_("异议"), url_name="consultation:objections", roles=ORGANISERS, order=42))
