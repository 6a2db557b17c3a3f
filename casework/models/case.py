"""The parent row of every case, its permitted changes of state, and the organisations that take part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, User, place_validator
from access.roles import CaseRole
from casework.fsm import StateField, StatefulModel

if TYPE_CHECKING:
    from casework.declarations import DeadlineRule, EvidenceRequirement, Turn


class Case(StatefulModel):
    """One case of any kind. Holds the only state of the house; kinds extend it by multi-table inheritance.

    A kind sets the class attributes below. `lineage` are the keys of its ancestors from the root down; parents are born
    before their children, so ascending keys lock from root to leaf.
    """

    KIND: ClassVar[str] = ""
    KIND_LABEL: ClassVar[Any] = ""
    PREFIX: ClassVar[str] = ""
    INITIAL: ClassVar[str] = ""
    OPEN_BY_PLACE: ClassVar[bool] = False
    #: A panel of its own lists the cases below it; the skeleton then does not list them again.
    LISTS_CHILDREN: ClassVar[bool] = False
    RETENTION: ClassVar[str] = "claim_file"
    STATES: ClassVar[dict[str, Any]] = {}
    PATH: ClassVar[tuple[str, ...]] = ()
    ENDED: ClassVar[frozenset[str]] = frozenset()
    DEADLINES: ClassVar[tuple[DeadlineRule, ...]] = ()
    EVIDENCE: ClassVar[tuple[EvidenceRequirement, ...]] = ()

    kind = models.CharField(max_length=40, editable=False)
    state = StateField(max_length=40)
    reference = models.CharField(_("案号"), max_length=30, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", editable=False)
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    place = models.CharField(_("所在地"), max_length=6, validators=[place_validator])
    is_open_by_place = models.BooleanField(default=False, editable=False)
    organisation_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"))
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    turn_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", editable=False)
    turn_role = models.CharField(max_length=30, blank=True, editable=False)
    turn_verb = models.CharField(max_length=40, blank=True, editable=False)
    turn_since = models.DateTimeField(null=True, editable=False)
    next_deadline_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, editable=False)  # the digest of the last event
    is_suspended = models.BooleanField(_("暂停"), default=False)
    happened_at = models.DateTimeField(_("发生时间"))
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("案件")
        indexes = [
            models.Index(fields=["turn_organisation", "turn_role", "next_deadline_at"], name="case_turn"),
            models.Index(fields=["kind", "state", "next_deadline_at"], name="case_kind_state"),
            models.Index(fields=["place", "kind"], name="case_place"),
            models.Index(fields=["parent"], name="case_parent"),
            GinIndex(fields=["organisation_ids"], name="case_organisations"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="edge",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "kind", "parent_id", "reference"),  # type: ignore[no-untyped-call]
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.kind <> OLD.kind OR NEW.reference <> OLD.reference
                           OR NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
                            RAISE EXCEPTION 'kind, reference and parent of case % never change', OLD.reference;
                        END IF;
                        IF NEW.state = OLD.state THEN RETURN NEW; END IF;
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM casework_edge
                        WHERE kind = NEW.kind AND target = NEW.state
                          AND source = CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END
                    ) THEN
                        RAISE EXCEPTION 'no edge to state % for % %', NEW.state, NEW.kind, NEW.reference;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def specific(self) -> Case:
        """This case as its own kind (one query, unless it already is)."""
        from casework import registry

        model: Any = registry.kind(self.kind).model
        found: Case = self if isinstance(self, model) else model.objects.get(pk=self.pk)
        return found

    @property
    def state_label(self) -> Any:
        from casework import registry

        return registry.kind(self.kind).states.get(self.state, self.state)

    @property
    def is_ended(self) -> bool:
        return self.closed_at is not None

    def governing_dates(self) -> dict[str, date]:
        """The dates that choose the law beside the event's own: keys accident, receipt, settlement, application ..."""
        return {}

    def turn(self, position: Any) -> Turn | None:
        """Whose turn it is in this state; None when nobody is waited for."""
        return None


class Edge(models.Model):
    """Every permitted change of state, written from the declarations after each migration; the trigger reads it."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source", "target"], name="edge_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source} → {self.target}"


class ReferenceCounter(models.Model):
    """The last number given, per prefix and year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last}"


class CaseOrganisation(models.Model):
    """An organisation's part in a case: what brings the case into its scope."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=30, choices=CaseRole)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "organisation", "role"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.organisation_id} {self.role}"
