"""Public money for lifts, act by act: a pool by two people, applications through the counter, the site, the notice, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone

from casework import evidence
from casework.declarations import NO_FACTS
from casework.models import Case, OutboxEntry
from casework.outbox import handle
from casework.steps import perform
from demonstration import papers, services
from elevators.models import Building, Elevator
from funding import facts as told
from funding import services as funding
from funding.models import BudgetPool, SubsidyApplication
from ledger import api as ledger
from parties import api as parties

if TYPE_CHECKING:
    from access.actors import Actor

BANK = "南粤商业银行"
PAPERS = ".documents."


@dataclass(frozen=True)
class Offices:
    """The people who handle public money in one district."""

    place: str
    clerk: Actor
    leader: Actor
    housing: Actor
    officer: Actor
    second: Actor
    cashier: Actor
    street_office: str


def haizhu() -> Offices:
    return _offices("440105", ("su", "guan", "deng", "mai", "yip", "xian"), "rongan")


def jinping() -> Offices:
    return _offices("440511", ("zhuang", "lian", "yao", "cai", "huang", "weng"), "jinping")


def _offices(place: str, people: tuple[str, ...], street_office: str) -> Offices:
    services.establish()
    clerk, leader, housing, officer, second, cashier = map(services.actor, people)
    return Offices(place, clerk, leader, housing, officer, second, cashier, street_office)


def take(case: Case, verb: str, by: Actor, at: datetime, facts: object = NO_FACTS, *, prints: bool = True, **more: Any) -> Case:
    """Take a step and what follows from it; papers only where asked, the others wait for the worker."""
    perform(case, verb, by=by, happened_at=at, seen=None, facts=facts, **more)
    follow(case.pk, prints=prints)
    found: Case = Case.objects.get(pk=case.pk).specific
    return found


def follow(case_id: int, *, prints: bool) -> None:
    while True:
        tree = Q(case_id=case_id) | Q(case_id__in=Case.objects.filter(lineage__contains=[case_id]).values("pk"))
        pending = OutboxEntry.objects.filter(tree, status=OutboxEntry.Status.PENDING)
        entry = (pending if prints else pending.exclude(handler__contains=PAPERS)).order_by("id").first()
        if entry is None:
            return
        handle(entry)
        OutboxEntry.objects.filter(pk=entry.pk).update(status=OutboxEntry.Status.DONE, done_at=timezone.now())


def prove(case: Case, by: Actor, *codes: str) -> None:
    """One invented slip for every code that is still missing."""
    there = set(case.evidence.values_list("code", flat=True))
    for code in codes:
        if code not in there:
            slip = papers.slip((code.replace("_", " "), case.reference, "Invented for the demonstration"))
            evidence.add(case, code=code, file=SimpleUploadedFile(f"{code}.pdf", slip, content_type="application/pdf"), by=by)


def open_pool(offices: Offices, *, scheme: str, year: int, name: str, amount: str, at: datetime) -> BudgetPool:
    facts = told.OpenPool(name, scheme, year, offices.officer.organisation_id or 0)
    pool = funding.open_pool(facts=facts, place=offices.place, by=offices.officer, happened_at=at)
    return add_money(offices, pool, "opening", amount, f"{year}年预算批复", "年初预算", at)


def add_money(offices: Offices, pool: BudgetPool, kind: str, amount: str, document: str, reason: str, at: datetime) -> BudgetPool:
    """One officer proposes, the other compares with the document and confirms."""
    change = told.ProposeChange(kind, Decimal(amount), document, reason)
    found = take(pool, "propose_change", offices.officer, at, change)
    prove(found, offices.officer, "budget_document")
    found = take(found, "confirm_change", offices.second, at + timedelta(hours=2))
    return cast("BudgetPool", found)


def apply(
    offices: Offices, pool: BudgetPool, lift: Elevator, *, name: str, at: datetime, prints: bool = True, **known: Any
) -> SubsidyApplication:
    """The owners' representative comes to the counter; the clerk records the application with its papers."""
    party = parties.register_person(name, by=offices.clerk)
    facts = told.Submit(
        scheme=pool.scheme,
        pool_id=pool.pk,
        elevator_id=lift.pk,
        elevator_name=lift.name,
        building_id=lift.building_id,
        applicant_kind="owners",
        applicant_party_id=party.id,
        applicant_name=name,
        **{"stops": lift.stops, "floors": lift.floors, "is_completed": False, **known},
    )
    case = funding.submit(facts=facts, by=offices.clerk, happened_at=at, on_behalf_of=name)
    prove(case, offices.clerk, *case.required_documents)
    follow(case.pk, prints=prints)
    return fresh(case)


def fresh(case: Case) -> SubsidyApplication:
    found: SubsidyApplication = SubsidyApplication.objects.get(pk=case.pk)
    return found


def verify(offices: Offices, case: SubsidyApplication, at: datetime, *, entrance: str = "", prints: bool = True) -> SubsidyApplication:
    """Two people go there, count and photograph."""
    prove(case, offices.clerk, "site_photo")
    seen = told.Verify(
        timezone.localtime(at).date(),
        f"{offices.clerk.name}、社区网格员",
        case.stops or 1,
        case.floors or 1,
        entrance,
        case.lifts_at_entrance or 1,
        False,
        "电梯在原位，层站、楼栋号与申请一致；查补助台账，同一费用没有别的补助。",
    )
    take(case, "verify", offices.clerk, at, seen, prints=prints)
    return fresh(case)


def publish(offices: Offices, case: SubsidyApplication, at: datetime, days: int = 14) -> SubsidyApplication:
    prove(case, offices.clerk, "publication_photo")
    first = timezone.localtime(at).date()
    facts = told.Publish(first, first + timedelta(days=days), "本梯口、社区公告栏、街道办网站")
    take(case, "publish", offices.clerk, at, facts)
    return fresh(case)


def name_account(offices: Offices, case: SubsidyApplication, number: str, at: datetime) -> SubsidyApplication:
    added = parties.add_account(case.applicant_party_id, bank=BANK, number=number, holder=case.applicant_name, by=offices.clerk)
    confirmed = parties.confirm_account(added.id, by=offices.leader)
    take(case, "name_account", offices.clerk, at, told.NameAccount(confirmed.id, f"{confirmed.bank} {confirmed.masked}"))
    return fresh(case)


def approve(offices: Offices, case: SubsidyApplication, at: datetime) -> SubsidyApplication:
    by = offices.housing if case.turn_role == "housing_officer" else offices.leader
    take(case, "approve", by, at, told.Approve("符合补助条件，公示无异议，同意补助。"))
    return fresh(case)


def order(offices: Offices, case: SubsidyApplication, at: datetime, document: str) -> SubsidyApplication:
    take(case, "order_payment", offices.officer, at, told.OrderPayment(document))
    return fresh(case)


def pay(offices: Offices, case: SubsidyApplication, at: datetime) -> SubsidyApplication:
    """The cashier compares, pays at the bank and records the voucher."""
    (waiting,) = [o for o in ledger.orders_of([case.pk]) if not o.is_gone]
    payment = Case.objects.get(pk=waiting.id).specific
    take(payment, "release", offices.cashier, at, ledger.ReleasePayment(account_checked=True))
    prove(payment, offices.cashier, "voucher")
    facts = ledger.MarkPaid(f"GK{timezone.localtime(at):%Y%m%d}-{waiting.id:05d}", timezone.localtime(at).date())
    take(payment, "mark_paid", offices.cashier, at, facts)
    follow(case.pk, prints=True)
    return fresh(case)


def finish(offices: Offices, case: SubsidyApplication, at: datetime) -> SubsidyApplication:
    take(case, "audit", offices.second, at, told.Audit(timezone.localtime(at).date(), "合同、发票、使用登记与实物一致。"))
    take(fresh(case), "close", offices.clerk, at + timedelta(hours=1))
    return fresh(case)


def new_lift(offices: Offices, *, estate: str, number: int, stops: int, used_since: date, road: str, code: str) -> Elevator:
    """A lift of a story's own, in a house of its own estate."""
    building, _created = Building.objects.get_or_create(
        name=f"{estate} {number} 幢",
        estate=estate,
        defaults={"address": f"{road} {number} 号", "place": offices.place, "street_office": services.organisation(offices.street_office)},
    )
    return Elevator.objects.create(
        code=code,
        name=f"{building.name} 1 梯",
        building=building,
        floors=stops,
        stops=stops,
        put_into_use_on=used_since,
        use_registration=f"梯11粤{code[-6:]}",
    )
