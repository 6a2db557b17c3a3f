"""An elevator that nobody manages (三无): the street office files the accident and carries the claim; all owners answer."""

from __future__ import annotations

from collections.abc import Iterator

from demonstration import acts
from demonstration.stage import Stage
from elevators import api as elevators


def play(stage: Stage) -> Iterator[str]:
    """An old man is hurt on the stairs out of a stopped car; there is no manager and no insurer."""
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.STREET_OFFICE,
        learnt_after=25,
        description="老旧电梯停在 5 楼半，一名老人自行爬出时摔伤。小区没有物业公司，电梯没有使用管理人，也没有保险。",
        people=(elevators.PersonFacts(key="", name="戴灰帽的老伯", harm=elevators.Harm.INJURED),),
    )
    acts.confirm_grade(stage, at=stage.at(hours=4))
    yield "reported"
