"""What the steps of a ballot, a notice or an objection must know, read after the lock, each part when it is asked for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from access.models import Organisation
from access.roles import CaseRole, Role
from casework import registry
from casework.models import CaseOrganisation, Deadline, Evidence
from consultation.calculations import Outcome, Tally, line_from, outcome
from consultation.facts import CountVotes
from consultation.models import Objection, PaperSheet, Proxy, Roll, RollDispute, RollUnit, StruckVote, Vote, Voter
from consultation.selectors import counting, rolls
from consultation.terms import Category, SheetState
from correspondence.api import links_of
from legislation.lookup import at

if TYPE_CHECKING:
    from casework.models import Case
    from consultation.models import Ballot, PublicNotice


class Position:
    """Shared by the three kinds: in whose desk the next step lies."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __bool__(self) -> bool:
        return True

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def organiser_role(self) -> Role:
        kind = (
            CaseOrganisation.objects.filter(case_id=self.case.pk, role=CaseRole.ORGANISER)
            .values_list("organisation__kind", flat=True)
            .order_by("pk")
            .first()
        )
        return Role.OWNERS_OFFICER if kind == Organisation.Kind.OWNERS_COMMITTEE else Role.STREET_CLERK


class BallotPosition(Position):
    case: Ballot

    def __bool__(self) -> bool:
        """Read what the rows of a step need as it stood before the act."""
        return bool(self.votes_so_far + 1)

    @cached_property
    def votes_so_far(self) -> int:
        return Vote.objects.filter(ballot_id=self.case.pk).count()

    @cached_property
    def roll(self) -> Roll:
        return Roll.objects.get(pk=self.case.roll_id)

    @cached_property
    def is_first_freeze(self) -> bool:
        return not Roll.objects.filter(pk=self.case.roll_id, frozen_at__isnull=False).exists()

    @cached_property
    def groups(self) -> tuple[rolls.Group, ...]:
        return rolls.groups_of(self.roll)

    @cached_property
    def roll_digest(self) -> str:
        return rolls.digest_of(self.groups)

    @cached_property
    def roll_size(self) -> int:
        return RollUnit.objects.filter(roll_id=self.case.roll_id).count()

    @cached_property
    def roll_base(self) -> tuple[int, Decimal]:
        return len(self.groups), sum((group.area for group in self.groups), Decimal("0.00"))

    @cached_property
    def open_disputes(self) -> int:
        return RollDispute.objects.filter(roll_id=self.case.roll_id, answered_at=None).count()

    @cached_property
    def waiting_sheets(self) -> int:
        return PaperSheet.objects.filter(ballot_id=self.case.pk, state_of_keying__in=(SheetState.ONCE, SheetState.MISMATCH)).count()

    @cached_property
    def tally(self) -> Tally:
        """As certified when the figures stand, else as the votes stand now."""
        case = self.case
        if case.participating_persons is not None and case.state not in ("open", "counting"):
            return Tally(
                case.persons or 0,
                case.area or Decimal("0.00"),
                case.participating_persons,
                case.participating_area or Decimal("0.00"),
                case.agreeing_persons or 0,
                case.agreeing_area or Decimal("0.00"),
            )
        return counting.tally_of(case.pk)

    @cached_property
    def count(self) -> CountVotes:
        """The figures that the counting step must be told."""
        found = counting.tally_of(self.case.pk)
        return CountVotes(
            found.persons,
            found.area,
            found.participating_persons,
            found.participating_area,
            found.agreeing_persons,
            found.agreeing_area,
            recount_digest=counting.recount(self.case)["digest"],
        )

    @cached_property
    def outcome(self) -> Outcome:
        table = at(self.case.law_date, self.case.place).table(f"consultation.line.{self.case.matter}").value
        return outcome(self.tally, line_from(table))

    @cached_property
    def is_challenge_over(self) -> bool:
        row = Deadline.objects.filter(case_id=self.case.pk, rule="challenge").exclude(status=Deadline.Status.VOID).order_by("-pk").first()
        return row is not None and row.due_at is not None and self.now >= row.due_at

    @cached_property
    def open_challenges(self) -> tuple[str, ...]:
        """Objections to roll or votes of this ballot that have no conclusion."""
        found = Objection.objects.filter(
            lineage__contains=[self.case.pk], closed_at=None, category__in=(Category.ROLL, Category.BALLOT, Category.PROCESS)
        )
        return tuple(found.order_by("pk").values_list("reference", flat=True))

    def has_voter(self, voter_id: int) -> bool:
        return Voter.objects.filter(pk=voter_id, ballot_id=self.case.pk).exists()

    def has_evidence(self, evidence_id: int) -> bool:
        return Evidence.objects.filter(pk=evidence_id, case_id=self.case.pk, withdrawn_at=None).exists()

    def proxy_holds(self, proxy_id: int, voter_id: int, moment: datetime) -> bool:
        return Proxy.objects.filter(pk=proxy_id, ballot_id=self.case.pk, voter_id=voter_id, until__gte=moment).exists()

    def vote_id(self, receipt: str) -> int | None:
        struck = StruckVote.objects.filter(vote__ballot_id=self.case.pk).values("vote_id")
        found = Vote.objects.filter(ballot_id=self.case.pk, receipt=receipt).exclude(pk__in=struck).values_list("pk", flat=True).first()
        return found

    def voter_of_link(self, link_id: int) -> int | None:
        party = next((link.party_id for link in links_of(self.case) if link.id == link_id), None)
        if party is None:
            return None
        return Voter.objects.filter(ballot_id=self.case.pk, party_id=party).values_list("pk", flat=True).first()


class NoticePosition(Position):
    case: PublicNotice


@registry.position_for("ballot")
def ballot_position(case: Ballot) -> BallotPosition:
    return BallotPosition(case)


@registry.position_for("public_notice")
def notice_position(case: PublicNotice) -> NoticePosition:
    return NoticePosition(case)


@registry.position_for("objection")
def objection_position(case: Objection) -> Position:
    return Position(case)
