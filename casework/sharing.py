"""Who may have which piece of evidence in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access.roles import Verdict

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Evidence


def may_read(row: Evidence, actor: Actor) -> Verdict:
    return Verdict(True)
