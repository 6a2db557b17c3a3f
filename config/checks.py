"""Deployment checks of our own: which values of law nobody has read yet and the operator has not acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, register

from legislation import lookup


@register(Tags.security, deploy=True)
def unverified_law_is_acknowledged(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """List each unverified rule that TIBAO_ACKNOWLEDGED_LAW does not name; the papers that rest on one say so."""
    acknowledged = set(settings.ACKNOWLEDGED_LAW)
    cited: dict[str, set[str]] = {}
    for provision in lookup.unverified():
        if provision.name not in acknowledged:
            cited.setdefault(provision.name, set()).add(provision.citation)
    return [
        Info(
            f"{name}: {'; '.join(sorted(citations))}",
            hint="Let a person read the article, or name the rule in TIBAO_ACKNOWLEDGED_LAW.",
            id="tibao.I001",
        )
        for name, citations in sorted(cited.items())
    ]
