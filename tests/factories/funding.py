"""A street office with its leader, the housing authority, the finance bureau, a pool with money, lifts that apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from access.actors import Actor
from access.models import Organisation
from access.roles import Role
from casework.declarations import NO_FACTS
from casework.models import Case, Evidence
from casework.steps import perform
from elevators.models import Building, Elevator
from funding import facts as told
from funding import services
from funding.models import BudgetPool, SubsidyApplication
from parties import api as parties
from tests.factories.access import make_actor, make_authority, make_organisation
from tests.factories.claims import follow as drain

_number = count(1)
PLACE = "440105"


@dataclass(frozen=True)
class Town:
    """Everybody who handles public money for lifts in one district."""

    office: Organisation
    housing: Organisation
    finance: Organisation
    clerk: Actor
    leader: Actor
    housing_officer: Actor
    finance_officer: Actor
    second_officer: Actor
    cashier: Actor


def make_town(place: str = PLACE, *, leader_limit: str = "150000.00") -> Town:
    office = make_organisation(Organisation.Kind.STREET_OFFICE, place)
    housing = make_organisation(Organisation.Kind.HOUSING_AUTHORITY, place)
    finance = make_organisation(Organisation.Kind.FINANCE_BUREAU, place)
    make_authority(office, Role.STREET_LEADER, "subsidy.approve", leader_limit)
    make_authority(housing, Role.HOUSING_OFFICER, "subsidy.approve", "500000.00")
    return Town(
        office,
        housing,
        finance,
        clerk=make_actor(Role.STREET_CLERK, organisation=office, name="办事员"),
        leader=make_actor(Role.STREET_LEADER, organisation=office, name="负责人"),
        housing_officer=make_actor(Role.HOUSING_OFFICER, organisation=housing),
        finance_officer=make_actor(Role.FINANCE_OFFICER, organisation=finance),
        second_officer=make_actor(Role.FINANCE_OFFICER, organisation=finance),
        cashier=make_actor(Role.FINANCE_CASHIER, organisation=finance),
    )


def do(case: Case, verb: str, by: Actor, facts: object = NO_FACTS, *, at: datetime | None = None, **more: object) -> Case:
    """Take a step on the case as it stands and everything that follows from it; the case afterwards."""
    model = type(case)
    if more.get("on_behalf_of"):
        prove(case, "transcription")
    perform(model.objects.get(pk=case.pk), verb, by=by, happened_at=at or timezone.now(), seen=None, facts=facts, **more)
    drain()
    return model.objects.get(pk=case.pk)


def prove(case: Case, *codes: str) -> None:
    """Rows of evidence only; the files are casework's concern."""
    for code in codes:
        Evidence.objects.create(
            case_id=case.pk, code=code, name=f"{code}.jpg", file=f"evidence/{code}.jpg", media_type="image/jpeg", size=1, sha256="0" * 64
        )


def make_pool(
    town: Town, amount: str = "1000000.00", *, scheme: str = "NAT-2026-RENEW", year: int = 2026, at: datetime | None = None
) -> BudgetPool:
    """A pool whose opening budget one officer proposed and the other confirmed."""
    at = at or timezone.now()
    facts = told.OpenPool(f"{year} 年 {scheme}", scheme, year, town.finance.pk)
    pool = services.open_pool(facts=facts, place=PLACE, by=town.finance_officer, happened_at=at)
    if Decimal(amount):
        change(town, pool, amount, at=at)
    return BudgetPool.objects.get(pk=pool.pk)


def change(town: Town, pool: BudgetPool, amount: str, kind: str = "opening", *, at: datetime | None = None) -> BudgetPool:
    do(pool, "propose_change", town.finance_officer, told.ProposeChange(kind, Decimal(amount), "海财〔2026〕1号", "年初预算"), at=at)
    prove(pool, "budget_document")
    found = do(pool, "confirm_change", town.second_officer, at=at)
    assert isinstance(found, BudgetPool)
    return found


def make_lift(town: Town, *, stops: int = 8, building: Building | None = None, put_into_use_on: date = date(2005, 5, 1)) -> Elevator:
    number = next(_number)
    building = building or Building.objects.create(
        name=f"南石大院 {number} 栋", estate="南石大院", address=f"南石路 {number} 号", place=PLACE, street_office=town.office
    )
    return Elevator.objects.create(
        code=f"311010890{2005}{10000 + number:05d}",
        name=f"{building.name} {number} 梯",
        building=building,
        floors=stops,
        stops=stops,
        put_into_use_on=put_into_use_on,
    )


def make_application(
    town: Town, pool: BudgetPool, *, lift: Elevator | None = None, stops: int = 8, at: datetime | None = None, **known: object
) -> SubsidyApplication:
    """An application as the street office records it, with every paper of its scheme."""
    application = apply(town, pool, lift=lift, stops=stops, at=at, **known)
    drain()
    return SubsidyApplication.objects.get(pk=application.pk)


def apply(
    town: Town, pool: BudgetPool, *, lift: Elevator | None = None, stops: int = 8, at: datetime | None = None, **known: object
) -> SubsidyApplication:
    """The same before anything followed from it."""
    lift = lift or make_lift(town, stops=stops)
    party = parties.register_person("李秀英", by=town.clerk)
    facts = told.Submit(
        scheme=pool.scheme,
        pool_id=pool.pk,
        elevator_id=lift.pk,
        elevator_name=lift.name,
        building_id=lift.building_id,
        applicant_kind="owners",
        applicant_party_id=party.id,
        applicant_name="李秀英",
        **{"stops": stops, "floors": stops, "is_completed": False, **known},
    )
    application = services.submit(facts=facts, by=town.clerk, happened_at=at or timezone.now())
    prove(application, *application.required_documents)
    return application


def seen_and_not_yet_queued(town: Town, pool: BudgetPool) -> SubsidyApplication:
    """Accepted and verified by the steps alone; the queue has not been told."""
    application = apply(town, pool)
    prove(application, "site_photo")
    perform(application, "accept", by=town.clerk, happened_at=timezone.now(), seen=None)
    seen = told.Verify(timezone.localdate(), "办事员", 8, 8, "", 1, False, "一致")
    found = perform(application, "verify", by=town.clerk, happened_at=timezone.now(), seen=None, facts=seen).case
    assert isinstance(found, SubsidyApplication)
    return found


def verified(
    town: Town, application: SubsidyApplication, *, at: datetime | None = None, entrance: str = "1 梯口", **seen: object
) -> SubsidyApplication:
    """Accepted and seen on the spot; reserved or waiting, as the pool allows."""
    if application.state == "submitted":
        application = do(application, "accept", town.clerk, at=at)
    prove(application, "site_photo")
    day = timezone.localtime(at or timezone.now()).date()
    told_ = {
        "visited_on": day,
        "officers": "办事员、网格员",
        "stops": application.stops or 8,
        "floors": application.floors or 8,
        "entrance": entrance,
        "lifts_at_entrance": 1,
        "is_funded_elsewhere": False,
        "finding": "与申请一致。",
    }
    found = do(application, "verify", town.clerk, told.Verify(**{**told_, **seen}), at=at)
    assert isinstance(found, SubsidyApplication)
    return found


def published(town: Town, application: SubsidyApplication, *, days_ago: int = 30) -> SubsidyApplication:
    """Published long enough ago to be approved."""
    prove(application, "publication_photo")
    today = timezone.localdate()
    facts = told.Publish(today - timedelta(days=days_ago), today - timedelta(days=1), "本梯口、社区公告栏")
    found = do(application, "publish", town.clerk, facts)
    assert isinstance(found, SubsidyApplication)
    return found


def with_account(town: Town, application: SubsidyApplication) -> SubsidyApplication:
    account = parties.add_account(
        application.applicant_party_id, bank="南粤商业银行海珠支行", number="6222021000000010", holder="李秀英", by=town.clerk
    )
    parties.confirm_account(account.id, by=town.leader)
    found = do(application, "name_account", town.clerk, told.NameAccount(account.id, account.masked))
    assert isinstance(found, SubsidyApplication)
    return found
