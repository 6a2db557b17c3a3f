"""The invented province: 300 elevators in several districts, who answers for them, and their insurance. Always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from demonstration import accounts, services
from elevators import services as register
from elevators.models import Building, Elevator, UseManagement
from policies import api as policies

if TYPE_CHECKING:
    from access.models import Organisation
    from policies.models import Policy

    Offices = dict[str, Organisation]

SEED = 20190401
BASIS = UseManagement.Basis
#: The terms of a policy like the Guangdong programme of 2019; the entrapment amount is the contract's own inside 200-400.
TERMS: dict[str, Any] = {
    "programme": "GD-2019",
    "medical_per_person": Decimal("200000.00"),
    "per_person": Decimal("1000000.00"),
    "per_accident": Decimal("3000000.00"),
    "aggregate": Decimal("10000000.00"),
    "entrapment_amount": Decimal("200.00"),
    "entrapment_minutes": 40,
    "legal_cost_limit": Decimal("50000.00"),
    "exclusions_proof": "投保提示书，投保人盖章",
}


@dataclass(frozen=True)
class District:
    """A district with its estates. manager "": estates without a property company."""

    place: str
    street_office: str
    manager: str
    maintenance: str
    insurer: str
    road: str
    estates: tuple[str, ...]
    elevators: int


DISTRICTS = (
    District("440105", "rongan", "anhe", "xunti", "nanyue", "广州市海珠区榕岸路", ("榕岸花园", "江燕新苑", "晓港雅居", "南边里小区"), 90),
    District("440104", "hemu", "yuejing", "xunti", "nanyue", "广州市越秀区禾木街", ("禾木大院", "东濠名轩", "麓景台"), 50),
    District("440106", "zhujiang", "yuejing", "antai", "nanyue", "广州市天河区珠影路", ("珠影轩", "木棉公馆", "棠岗花苑"), 50),
    District("440111", "luhu", "yunlu", "antai", "nanyue", "广州市白云区麓湖街", ("云麓家园", "鹤边里", "同和翠庭"), 45),
    District("440113", "shawan", "yunlu", "antai", "nanyue", "广州市番禺区沙洲大街", ("沙洲水岸", "桥北新城"), 30),
    District("440304", "haixing", "haiwan", "pengcheng", "lingnan", "深圳市福田区海星路", ("海星湾", "莲岭雅苑", "景田里"), 35),
)
#: Estates without anybody: no property company, no owners' assembly, no maintenance fund (三无).
ORPHANED = "南边里小区"


@transaction.atomic
def build() -> None:
    """The whole province, or nothing. Does nothing where it stands."""
    if "province" in services.stamped():
        return
    services.establish()
    offices = {spec.key: services.organisation(spec.key) for spec in accounts.OFFICES}
    chance = Random(SEED)  # noqa: S311
    insured: dict[tuple[str, str], list[int]] = {}
    serial = 0
    for district in DISTRICTS:
        for building, name in _buildings(district, offices, chance):
            serial += 1
            elevator = _elevator(district, building, name, serial, chance)
            if building.estate == ORPHANED:
                _orphan(elevator, chance)
            else:
                _manage(district, offices, elevator, chance)
                insured.setdefault((district.manager, district.insurer), []).append(elevator.pk)
    for (manager, insurer), elevators in insured.items():
        insure(offices[manager], offices[insurer], elevators)
    services.stamp("province")


def _buildings(district: District, offices: Offices, chance: Random) -> Iterator[tuple[Building, str]]:
    """A building and a name for each elevator of the district: two or three to a building."""
    office = offices[district.street_office]
    left, number = district.elevators, 0
    while left:
        estate = district.estates[number % len(district.estates)]
        house = number // len(district.estates) + 1
        building = Building.objects.create(
            name=f"{estate} {house} 栋",
            estate=estate,
            place=district.place,
            street_office=office,
            address=f"{district.road} {20 + 2 * district.estates.index(estate)} 号",
        )
        count = min(left, chance.choice((2, 2, 3)))
        for lift in range(1, count + 1):
            yield building, f"{building.name} {lift} 梯"
        left, number = left - count, number + 1


def _elevator(district: District, building: Building, name: str, serial: int, chance: Random) -> Elevator:
    year = chance.randint(1996, 2008) if building.estate == ORPHANED else chance.randint(2003, 2022)
    floors = chance.randint(7, 33)
    return Elevator.objects.create(
        code=f"3110{chance.choice((10890, 10442, 20071))}{year}{serial:05d}",
        name=name,
        building=building,
        rescue_code=f"{district.place[2:4]}{serial:05d}",
        use_registration=f"梯11粤{'B' if district.place[:4] == '4403' else 'A'}D{serial:04d}",
        floors=floors,
        stops=floors,
        put_into_use_on=date(year, chance.randint(1, 12), chance.randint(1, 28)),
    )


def _orphan(elevator: Elevator, chance: Random) -> None:
    basis = chance.choice((BASIS.ALL_OWNERS, BASIS.STREET_OFFICE_COORDINATES))
    register.appoint_use_manager(elevator, since=date(2015, 1, 1), basis=basis)
    register.record_inspection(elevator, inspected_on=date(2023, 5, 10), passed=True, valid_until=date(2024, 5, 31))


def _manage(district: District, offices: Offices, elevator: Elevator, chance: Random) -> None:
    """Property company since it began there, maintenance, and an inspection that is valid except on a few."""
    since = max(elevator.put_into_use_on or date(2010, 1, 1), date(2010, 1, 1))
    register.appoint_use_manager(
        elevator,
        since=since,
        basis=BASIS.ENTRUSTED,
        organisation_id=offices[district.manager].pk,
        document=f"物业服务合同 {since.year}-{elevator.pk:04d}",
    )
    register.contract_maintenance(
        elevator,
        organisation_id=offices[district.maintenance].pk,
        since=max(since, date(2018, 1, 1)),
        duty_phone="020-0000 9633",
        document=f"WB-{elevator.pk:05d}",
    )
    today = timezone.localdate()
    ago = chance.randint(400, 700) if chance.random() < 0.04 else chance.randint(10, 350)
    inspected = today - timedelta(days=ago)
    register.record_inspection(
        elevator,
        inspected_on=inspected,
        passed=True,
        valid_until=inspected + timedelta(days=364),
        body="广东省特种设备检测研究院（演示）",
        report_number=f"TD{inspected:%Y%m}{elevator.pk:05d}",
    )


def insure(manager: Organisation, insurer: Organisation, elevators: list[int]) -> list[Policy]:
    """The contract of this year and the one before it, so that an accident of last winter is covered too."""
    year = timezone.localdate().year
    return [
        policies.issue_policy(
            insured=[(manager.pk, policies.Capacity.USE_MANAGER)],
            elevator_ids=elevators,
            number=f"DTX{insurer.pk:03d}{manager.pk:03d}-{y}",
            insurer=insurer,
            policyholder=manager,
            since=new_year(y),
            until=new_year(y + 1),
            exclusions_explained_on=date(y - 1, 12, 20),
            aggregate_used=Decimal("186400.00") if y < year else Decimal("23600.00"),
            **TERMS,
        )
        for y in (year - 1, year)
    ]


def new_year(year: int) -> datetime:
    """The first minute of a year."""
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone())
