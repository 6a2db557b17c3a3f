"""The stage of a story: an elevator, the people around it, and steps taken at past moments through the apps' doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.roles import CaseRole
from casework import evidence, sharing
from casework.declarations import NO_FACTS
from casework.models import Case
from casework.outbox import drain
from casework.steps import perform
from claims.models import Claim
from demonstration import papers, services
from elevators import api as elevators
from elevators import services as register
from elevators.models import Building, Elevator, Incident, UseManagement
from ledger import api as ledger
from parties import api as parties
from policies import api as policies

if TYPE_CHECKING:
    from access.actors import Actor
    from access.models import Organisation
    from casework.models import CaseEvent
    from policies.models import Policy

#: How the buildings that stories make for themselves are told from those of the province.
OWN = " 座"
OFFICE_OPENS = 9
BANK = "南粤商业银行广州分行"


@dataclass(frozen=True)
class Cast:
    """Who plays: the manager's and the insurer's people, and those around them, as they act when signed in."""

    manager: Organisation
    insurer: Organisation
    clerk: Actor
    approver: Actor
    manager_cashier: Actor
    handler: Actor
    insurer_approver: Actor
    insurer_cashier: Actor
    maintenance: Organisation
    maintainer: Actor
    street_clerk: Actor


def guangzhou() -> Cast:
    return _cast("anhe", "nanyue", ("liang", "zheng", "he"), ("chen", "xu", "li"))


def shenzhen() -> Cast:
    return _cast("haiwan", "lingnan", ("shao", "tang", "jian"), ("gu", "yan", "wei"))


def _cast(manager: str, insurer: str, managers: tuple[str, str, str], insurers: tuple[str, str, str]) -> Cast:
    services.establish()
    clerk, approver, cashier = map(services.actor, managers)
    handler, insurer_approver, insurer_cashier = map(services.actor, insurers)
    return Cast(
        services.organisation(manager),
        services.organisation(insurer),
        clerk,
        approver,
        cashier,
        handler,
        insurer_approver,
        insurer_cashier,
        services.organisation("xunti"),
        services.actor("peng"),
        services.actor("su"),
    )


def new_elevator(cast: Cast, *, place: str, estate: str, address: str, street_office: str, on: date) -> Elevator:
    """An elevator of its own for a story, managed, maintained and inspected around a day."""
    number = Building.objects.filter(name__endswith=OWN).count() + 1
    building = Building.objects.create(
        name=f"{estate} {number}{OWN}", estate=estate, address=address, place=place, street_office=services.organisation(street_office)
    )
    elevator = Elevator.objects.create(
        code=f"311010890{on.year - 8}{50000 + number:05d}",
        name=f"{building.name} 1 梯",
        building=building,
        rescue_code=f"{place[2:4]}{50000 + number}",
        floors=24,
        stops=24,
        put_into_use_on=date(on.year - 8, 6, 1),
    )
    since = date(on.year - 5, 1, 1)
    register.appoint_use_manager(
        elevator, since=since, basis=UseManagement.Basis.ENTRUSTED, organisation_id=cast.manager.pk, document="物业服务合同"
    )
    register.contract_maintenance(elevator, organisation_id=cast.maintenance.pk, since=since, duty_phone="020-0000 9633")
    inspected = on - timedelta(days=120)
    register.record_inspection(elevator, inspected_on=inspected, passed=True, valid_until=inspected + timedelta(days=364))
    return elevator


def orphaned_elevator(cast: Cast, *, on: date) -> Elevator:
    """An elevator of its own that nobody manages, maintains or insures: its owners agreed on nobody."""
    number = Building.objects.filter(name__endswith=OWN).count() + 1
    building = Building.objects.create(
        name=f"南边里小区 {number}{OWN}",
        estate="南边里小区",
        address="广州市海珠区南边里 7 号",
        place="440105",
        street_office=services.organisation("rongan"),
    )
    elevator = Elevator.objects.create(
        code=f"311010890{on.year - 24}{50000 + number:05d}",
        name=f"{building.name} 1 梯",
        building=building,
        rescue_code=f"05{50000 + number}",
        floors=9,
        stops=9,
        put_into_use_on=date(on.year - 24, 6, 1),
    )
    register.appoint_use_manager(elevator, since=date(2015, 1, 1), basis=UseManagement.Basis.ALL_OWNERS)
    return elevator


def new_policy(cast: Cast, elevator: Elevator, *, on: date, **terms: Any) -> Policy:
    """A contract for the year of a day over one elevator; its terms as given."""
    zone = timezone.get_default_timezone()
    return policies.issue_policy(
        insured=[(cast.manager.pk, policies.Capacity.USE_MANAGER)],
        elevator_ids=[elevator.pk],
        number=f"GS{elevator.pk:06d}-{on.year}",
        insurer=cast.insurer,
        policyholder=cast.manager,
        since=datetime(on.year, 1, 1, tzinfo=zone),
        until=datetime(on.year + 1, 1, 1, tzinfo=zone),
        exclusions_explained_on=date(on.year - 1, 12, 20),
        exclusions_proof="投保提示书，投保人盖章",
        **terms,
    )


@dataclass
class Stage:
    """One story on its way. `begins` is the minute of the accident; every step happens some time after it."""

    cast: Cast
    elevator: Elevator
    begins: datetime
    root: Case | None = None
    vouchers: int = field(default=0)

    def at(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """A moment after the beginning, on later days counted from the morning's office hours; never in the future."""
        begin = self.begins
        if days:
            begin = timezone.localtime(begin + timedelta(days=days)).replace(hour=OFFICE_OPENS, minute=self.begins.minute)
        moment = begin + timedelta(hours=hours, minutes=minutes)
        return min(moment.replace(second=0, microsecond=0), timezone.now())

    def day(self, days: float) -> date:
        return timezone.localtime(self.at(days=days)).date()

    def do(self, case: Case, verb: str, by: Actor, at: datetime, facts: object = NO_FACTS, **more: Any) -> CaseEvent:
        """Take a step and everything that follows from it."""
        event = perform(case, verb, by=by, happened_at=at, seen=None, facts=facts, **more)
        self.settle()
        return event

    def settle(self) -> None:
        """Carry out what the steps so far gave rise to."""
        if self.root is not None:
            drain(self.root.pk)

    def report(
        self,
        *,
        nature: str,
        people: tuple[elevators.PersonFacts, ...],
        count: int,
        description: str,
        source: str,
        learnt_after: int,
        released_after: int | None = None,
        arrived_after: int | None = None,
        by: Actor | None = None,
    ) -> Incident:
        """File the incident; regulator and insurer are told by telephone minutes later, as people do."""
        learnt = self.at(minutes=learnt_after)
        case = elevators.report_incident(
            elevator_id=self.elevator.pk,
            by=by or self.cast.clerk,
            nature=nature,
            started_at=self.begins,
            learnt_at=learnt,
            people_count=count,
            people=people,
            source=source,
            description=description,
            arrival_at=self.at(minutes=arrived_after) if arrived_after is not None else None,
            released_at=self.at(minutes=released_after) if released_after is not None else None,
        )
        incident: Incident = Incident.objects.get(pk=case.pk)
        self.root = incident
        told = self.at(minutes=learnt_after + 20)
        if incident.must_report:
            perform(
                incident,
                "notify_regulator",
                by=by or self.cast.clerk,
                happened_at=told,
                seen=None,
                facts=elevators.NotifyRegulator(told, "telephone", "值班员接报"),
            )
        if incident.insurer_id is not None:
            told = self.at(minutes=learnt_after + 25)
            perform(
                incident,
                "notify_insurer",
                by=self.cast.clerk,
                happened_at=told,
                seen=None,
                facts=elevators.NotifyInsurer(told, "telephone", f"BA{self.elevator.pk:06d}"),
            )
        self.settle()
        incident.refresh_from_db()
        return incident

    def prove(self, case: Case, code: str, title: str, by: Actor) -> None:
        """Add a piece of evidence: an invented paper as a real PDF."""
        lines = (title, case.reference, "Invented for the demonstration", str(self.begins.date()))
        file = SimpleUploadedFile(f"{title}.pdf", papers.slip(lines), content_type="application/pdf")
        row = evidence.add(case, code=code, file=file, by=by)
        if row.sensitivity != row.Sensitivity.ORDINARY:
            sharing.record_consent(
                row,
                by=by,
                basis="consent",
                given_by="伤者本人",
                recipients=(CaseRole.USE_MANAGER, CaseRole.INSURER),
                purpose="理赔审核",
                given_on=timezone.localdate(),
                proof="签字的单独同意书",
            )

    def account(self, party_id: int, name: str, number: str) -> parties.AccountRef:
        """Identify a person and give them a payee account that two people of the manager have seen."""
        parties.identify(party_id, name=name, by=self.cast.clerk, reason="补登身份")
        found = parties.add_account(party_id, bank=BANK, number=number, by=self.cast.clerk)
        return parties.confirm_account(found.id, by=self.cast.approver)

    def pay(self, parent: Case, cashier: Actor, at: datetime) -> list[Decimal]:
        """Release every waiting order below a case and mark it paid with its voucher."""
        paid = []
        for order in ledger.orders_of([parent.pk]):
            if order.state != "proposed":
                continue
            self.release(order.id, cashier, at)
            case = Case.objects.get(pk=order.id)
            self.prove(case, "voucher", "Bank voucher", cashier)
            voucher = self.next_voucher(order.id)
            self.do(case, "mark_paid", cashier, at, ledger.MarkPaid(voucher, timezone.localtime(at).date()))
            paid.append(order.amount)
        return paid

    def release(self, order_id: int, cashier: Actor, at: datetime) -> None:
        self.do(Case.objects.get(pk=order_id), "release", cashier, at, ledger.ReleasePayment(account_checked=True))

    def next_voucher(self, order_id: int) -> str:
        self.vouchers += 1
        return f"HD{timezone.localtime(self.begins):%Y%m%d}-{order_id:05d}-{self.vouchers:02d}"

    def claims(self) -> list[Claim]:
        return list(Claim.objects.filter(parent_id=self.root.pk).order_by("pk")) if self.root else []


def fresh(case: Case) -> Any:
    """A case as it stands now, as its own kind."""
    return Case.objects.get(pk=case.pk).specific
