"""What the steps of funding must know beside their case's own fields, read after its lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Max
from django.utils import timezone

import parties.api
from access.models import AuthorityLimit, Organisation
from access.roles import CaseRole, Role
from casework import registry
from casework.models import CaseEvent, CaseOrganisation, Deadline
from funding.checks import APPROVE
from funding.models import BudgetPool, SubsidyApplication
from funding.selectors.figures import Figures, figures_of
from legislation.money import ZERO


@dataclass(frozen=True)
class PoolPosition:
    figures: Figures
    proposer_id: int | None


@dataclass(frozen=True)
class Twins:
    """Other verified applications for the same lift and cost, or the same entrance; asked one at a time for the same one."""

    case_id: int
    elevator_id: int
    cost_item: str
    scheme: str
    building_id: int

    def of_lift(self) -> bool:
        self._one_at_a_time(f"lift/{self.elevator_id}/{self.cost_item}")
        return self._others(elevator_id=self.elevator_id, cost_item=self.cost_item)

    def of_entrance(self, entrance: str) -> bool:
        self._one_at_a_time(f"entrance/{self.scheme}/{self.building_id}/{entrance}")
        return self._others(scheme=self.scheme, building_id=self.building_id, entrance_key=entrance)

    def _others(self, **same: object) -> bool:
        found: bool = SubsidyApplication.objects.filter(is_counted=True, **same).exclude(pk=self.case_id).exists()
        return found

    def _one_at_a_time(self, what: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 12))", [what])


@dataclass(frozen=True)
class ApplicationPosition:
    """review_until: the last day on which a review may be asked, None when no refusal stands."""

    account_is_confirmed: bool
    review_until: date | None
    is_above_street: bool
    twins: Twins


@registry.position_for("budget_pool")
def pool_position(case: BudgetPool) -> PoolPosition:
    proposed = CaseEvent.objects.filter(case_id=case.pk, verb="propose_change").order_by("number").last()
    return PoolPosition(figures_of(case), proposed.actor_user_id if proposed else None)


@registry.position_for("subsidy_application")
def application_position(case: SubsidyApplication) -> ApplicationPosition:
    account = parties.api.account(case.account_id) if case.account_id else None
    review = Deadline.objects.filter(case_id=case.pk, rule="review").values_list("due_at", flat=True).first()
    return ApplicationPosition(
        account_is_confirmed=account is not None and account.is_confirmed and account.is_current,
        review_until=timezone.localtime(review).date() if review else None,
        is_above_street=(case.amount or ZERO) > street_authority(case),
        twins=Twins(case.pk, case.elevator_id, case.cost_item, case.scheme, case.building_id),
    )


def street_authority(case: SubsidyApplication) -> Decimal:
    """Up to which amount the leader of the case's street office grants alone."""
    offices = CaseOrganisation.objects.filter(case_id=case.pk, role=CaseRole.STREET_OFFICE).values("organisation_id")
    row = AuthorityLimit.objects.filter(organisation_id__in=offices, role=Role.STREET_LEADER, act=APPROVE).aggregate(most=Max("amount"))
    return row["most"] or ZERO


def organisations_for(place: str, kind: str) -> list[Organisation]:
    """The offices of a kind that look after a place, the nearest first."""
    found = [
        o
        for o in Organisation.objects.filter(kind=kind)
        if place.startswith(o.place.rstrip("0").ljust(len(o.place.rstrip("0")) // 2 * 2, "0"))
    ]
    return sorted(found, key=lambda o: -len(o.place.rstrip("0")))
