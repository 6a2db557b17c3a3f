"""The stories by name: what each tells, on which stage, and what it plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from demonstration import stage
from demonstration.stage import Stage
from demonstration.stories import (
    entrapment,
    five,
    haizhu,
    heirs,
    joint,
    judgment,
    mediated,
    night,
    ownerless,
    provisional,
    refused,
    shantou,
    thirty,
    three,
)

Play = Callable[[Stage], Iterator[str]]


@dataclass(frozen=True)
class Story:
    """A story that can be told again and again: `set_up` makes its own stage, `play` yields after every state."""

    name: str
    title: str
    set_up: Callable[[], Stage]
    play: Play


def moment(text: str) -> datetime:
    """A local minute: 2020-08-14 19:32."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.get_default_timezone())


def own_stage(begins: datetime, *, shenzhen: bool = False, **terms: Any) -> Stage:
    """A stage with an elevator and a contract of its own, on the day of the accident."""
    on = begins.date()
    if shenzhen:
        cast, where = stage.shenzhen(), ("440304", "海星湾", "深圳市福田区海星路 20 号", "haixing")
    else:
        cast, where = stage.guangzhou(), ("440105", "榕岸花园", "广州市海珠区榕岸路 20 号", "rongan")
    place, estate, address, office = where
    elevator = stage.new_elevator(cast, place=place, estate=estate, address=address, street_office=office, on=on)
    stage.new_policy(cast, elevator, on=on, **{**LIMITS, **terms})
    return Stage(cast, elevator, begins)


def uninsured_stage(begins: datetime) -> Stage:
    """A stage without any policy: what is paid is the manager's own, until it is recovered."""
    cast, on = stage.guangzhou(), begins.date()
    elevator = stage.new_elevator(
        cast, place="440105", estate="榕岸花园", address="广州市海珠区榕岸路 20 号", street_office="rongan", on=on
    )
    return Stage(cast, elevator, begins)


LIMITS: dict[str, Any] = {
    "medical_per_person": Decimal("200000.00"),
    "per_person": Decimal("1000000.00"),
    "per_accident": Decimal("3000000.00"),
    "aggregate": Decimal("10000000.00"),
}


def _entrapment_2019() -> Stage:
    """The contract chooses 200.00 inside the programme's range; the threshold of 40 minutes is the programme's."""
    return own_stage(
        moment("2020-08-14 09:32"),
        programme="GD-2019",
        entrapment_amount=Decimal("200.00"),
        medical_per_person=None,
        per_person=None,
        per_accident=None,
    )


def three_injured(begins: datetime) -> Stage:
    """The accident limit will not do for three."""
    return own_stage(begins, medical_per_person=None, per_person=three.PER_PERSON, per_accident=three.PER_ACCIDENT)


def five_injured(begins: datetime) -> Stage:
    """No limit per accident: the year's aggregate alone will not do for five."""
    return own_stage(begins, medical_per_person=None, per_person=five.PER_PERSON, per_accident=None, aggregate=five.AGGREGATE)


def _thirty() -> Stage:
    """A programme that caps what one accident may cost in entrapment money."""
    return own_stage(
        moment("2025-08-04 08:20"), entrapment_amount=Decimal(thirty.PER_PERSON), entrapment_minutes=40, entrapment_cap=Decimal(thirty.CAP)
    )


def _without_manager() -> Stage:
    """An elevator whose owners agreed on nobody, and which nobody insured."""
    begins = moment("2025-05-20 17:15")
    cast = stage.guangzhou()
    elevator = stage.orphaned_elevator(cast, on=begins.date())
    return Stage(cast, elevator, begins)


STORIES = {
    story.name: story
    for story in (
        Story(
            "shenzhen-judgment",
            "深圳判决的九项损失，合计 273115.17 元：判决、一次补正、核定、直接赔付",
            lambda: own_stage(moment("2025-03-08 10:20"), shenzhen=True),
            judgment.play,
        ),
        Story("entrapment-2019", "三人被困 52 分钟，按 2019 年广东统保方案每人 200.00 元", _entrapment_2019, entrapment.play),
        Story(
            "three-injured",
            "三人受伤而每次事故限额不够：各按比例赔付，其余由使用管理人付",
            lambda: three_injured(moment("2025-04-11 08:05")),
            three.play,
        ),
        Story(
            "five-claims-aggregate",
            "五人各 3000000.00 元的损失，全年累计限额 10000000.00 元：各得 2000000.00 元，限额从不超过",
            lambda: five_injured(moment("2025-05-20 17:35")),
            five.play,
        ),
        Story(
            "night-deposit",
            "深夜为身份不明的伤者垫付住院预交款，24 小时内补充确认，后来认出姓名",
            lambda: own_stage(moment("2025-09-18 22:56")),
            night.play,
        ),
        Story(
            "provisional-60",
            "使用管理人无力支付，第 60 日先予支付确定的部分，伤残定级后付余款",
            lambda: own_stage(moment("2025-02-10 18:40")),
            provisional.play,
        ),
        Story(
            "mediated",
            "协商不成请人民调解委员会主持，调解协议三十日内共同申请司法确认，保险人直接赔付",
            lambda: own_stage(moment("2025-06-05 18:10")),
            mediated.play,
        ),
        Story(
            "refusal-turned",
            "保险人拒赔，使用管理人先付清再起诉，判决推翻拒赔：重新核定、归还、追偿转代位",
            lambda: own_stage(moment("2025-01-09 08:50")),
            refused.play,
        ),
        Story(
            "joint-liability",
            "四方责任 20 / 70 / 10 / 0，连带：制造单位破产，份额由其余两方按 2:7 分担；起诉维保单位，追到最后一元",
            lambda: uninsured_stage(moment("2025-01-14 17:25")),
            joint.play,
        ),
        Story(
            "several-liability",
            "同一事故按份责任：制造单位破产，付不出的由使用管理人自己承担",
            lambda: uninsured_stage(moment("2025-01-14 17:25")),
            joint.severally,
        ),
        Story("thirty-entrapped", "三十人被困，方案每次事故有上限：按上限分给每个人，分到分", _thirty, thirty.play),
        Story("no-manager", "没有使用管理人、没有保险的电梯：街道办立案，全体业主承担，推举代表付清", _without_manager, ownerless.play),
        Story(
            "death-three-heirs",
            "手术后第九日死亡：三位继承人按份额领款，两名被扶养人，垫付和医保先行支付抵扣",
            lambda: uninsured_stage(moment("2022-09-10 14:30")),
            heirs.play,
        ),
        Story(
            "shantou-149",
            "汕头 2025 年 149 台更新，每台 150000.00 元：一个资金池，先到先得，不够的轮候，追加后按次序递补",
            lambda: own_stage(moment("2025-04-28 09:00")),
            shantou.play,
        ),
        Story(
            "haizhu-edges",
            "海珠增设补助的首尾两天：使用登记证 2018-06-05、06 和 2021-06-05、06",
            lambda: own_stage(moment("2018-06-04 09:00")),
            haizhu.play,
        ),
    )
}
