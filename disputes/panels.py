"""What the case page shows of a lawsuit, of a mediation, and of the disputes below another case."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from access.scopes import sees
from casework.panels import panel
from casework.timeline import case_url
from damages import api as damages
from disputes import selectors
from disputes.models import Litigation, Mediation
from legislation.money import ZERO

if TYPE_CHECKING:
    from access.actors import Actor
    from casework.models import Case


@dataclass(frozen=True)
class DisputeLine:
    """One dispute below a case: where it is fought, where it stands, what came out."""

    dispute: Litigation | Mediation
    url: str
    is_suit: bool
    amount: Decimal | None


def _below(case: Case, actor: Actor) -> dict[str, Any] | None:
    lines = [
        DisputeLine(d, case_url(d), isinstance(d, Litigation), d.amount)
        for d in selectors.disputes_below(case.pk)
        if sees(actor, d.pk, d.organisation_ids, d.place, is_open_by_place=d.is_open_by_place)
    ]
    return {"lines": lines, "open": sum(1 for line in lines if not line.dispute.is_ended)} if lines else None


@panel("claim", template="disputes/panels/below.html", order=28)
def disputes_of_claim(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The lawsuits and mediations over a claim; an open one holds its closing."""
    return _below(case, actor)


@panel("payout", template="disputes/panels/below.html", order=45)
def disputes_of_payout(case: Case, actor: Actor) -> dict[str, Any] | None:
    return _below(case, actor)


@panel("recovery_file", template="disputes/panels/below.html", order=45)
@panel("recovery_target", template="disputes/panels/below.html", order=45)
def disputes_of_recovery(case: Case, actor: Actor) -> dict[str, Any] | None:
    return _below(case, actor)


def _parent(case: Case, actor: Actor) -> tuple[Case, str] | None:
    parent = selectors.parent_of(case)
    if parent is None or not sees(actor, parent.pk, parent.organisation_ids, parent.place, is_open_by_place=parent.is_open_by_place):
        return None
    return parent, case_url(parent)


@panel("litigation", template="disputes/panels/litigation.html", order=10)
def lawsuit(case: Case, actor: Actor) -> dict[str, Any]:
    suit: Litigation = case.specific  # type: ignore[assignment]
    heads = [(damages.label(head["code"]), Decimal(head["amount"])) for head in suit.heads]
    return {"suit": suit, "heads": heads, "parent": _parent(case, actor)}


@panel("litigation", template="disputes/panels/hearings.html", order=20)
def hearings(case: Case, actor: Actor) -> dict[str, Any] | None:
    suit: Litigation = case.specific  # type: ignore[assignment]
    held = list(suit.hearings.all())
    return {"suit": suit, "hearings": held} if held or suit.next_hearing_at else None


@panel("litigation", template="disputes/panels/costs.html", order=30)
def costs(case: Case, actor: Actor) -> dict[str, Any] | None:
    suit: Litigation = case.specific  # type: ignore[assignment]
    lines = list(suit.costs.all())
    return {"costs": lines, "total": sum((line.amount for line in lines), ZERO)} if lines else None


@panel("mediation", template="disputes/panels/mediation.html", order=10)
def mediation(case: Case, actor: Actor) -> dict[str, Any]:
    file: Mediation = case.specific  # type: ignore[assignment]
    sides = [(_("甲方"), file.first.get("name", "")), (_("乙方"), file.second.get("name", ""))]
    return {"mediation": file, "sides": sides, "parent": _parent(case, actor)}


@panel("mediation", template="disputes/panels/sessions.html", order=20)
def sessions(case: Case, actor: Actor) -> dict[str, Any] | None:
    file: Mediation = case.specific  # type: ignore[assignment]
    held = list(file.sessions.all())
    return {"sessions": held} if held else None
