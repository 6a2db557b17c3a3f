from __future__ import annotations

from casework.registry import position_for
from tests.sample.models import Matter, MatterPosition


@position_for("matter")
def matter_position(case: Matter) -> MatterPosition:
    return MatterPosition(asked=case.asked)
