"""Lawsuits and mediations for tests, walked through real steps."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from access.actors import Actor, system_actor
from casework.models import Case, CaseEvent
from disputes import api as disputes
from disputes import facts as told
from disputes.models import Litigation, Mediation
from tests.factories.claims import add_evidence, do

COURT, COMMITTEE = "广州市海珠区人民法院", "赤岗街道人民调解委员会"
NUMBER = "（2026）粤0105民初0000号"
SYSTEM = system_actor("outbox")


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days)


def suit_facts(**changes: Any) -> told.OpenLitigation:
    facts: dict[str, Any] = {
        "court": COURT,
        "number": NUMBER,
        "plaintiff": "黄女士",
        "defendant": "测试物业",
        "claimed": Decimal("20000.00"),
        "filed_on": today(-40),
        "served_on": today(-38),
    }
    return told.OpenLitigation(**{**facts, **changes})


def mediation_facts(**changes: Any) -> told.OpenMediation:
    facts: dict[str, Any] = {
        "committee": COMMITTEE,
        "mediator": "何调解员",
        "matter": "电梯事故人身损害赔偿",
        "first": told.DisputeParty("测试物业"),
        "second": told.DisputeParty("黄女士"),
        "claimed": Decimal("20000.00"),
    }
    return told.OpenMediation(**{**facts, **changes})


def judgment(amount: str = "15000.00", *, on: date | None = None, **changes: Any) -> told.RecordJudgment:
    """A first judgment served three weeks ago, whose appeal period is over; not liable for nothing."""
    outcome = "liable" if Decimal(amount) else "not_liable"
    facts = {"judged_on": today(-25), "served_on": today(-20), "number": "判决书", **changes}
    if on is not None:
        facts |= {"judged_on": on, "served_on": on, "is_final": True}
    return told.RecordJudgment(outcome, Decimal(amount), **facts)


def open_suit(parent: Case, **changes: Any) -> Litigation:
    case = disputes.open_litigation(parent=parent, facts=suit_facts(**changes), by=SYSTEM, happened_at=timezone.now())
    return Litigation.objects.get(pk=case.pk)


def open_mediation(parent: Case, **changes: Any) -> Mediation:
    case = disputes.open_mediation(parent=parent, facts=mediation_facts(**changes), by=SYSTEM, happened_at=timezone.now())
    return Mediation.objects.get(pk=case.pk)


def suit_of(parent: Case) -> Litigation:
    """The lawsuit that lies open below a case."""
    return Litigation.objects.get(parent_id=parent.pk, closed_at=None)


def as_court(case: Case, verb: str, by: Actor, facts: object) -> CaseEvent:
    """Record what the court (or the committee) decided, for it."""
    add_evidence(case, "transcription")
    return do(case, verb, by, facts, on_behalf_of=COURT)


def judge(parent: Case, by: Actor, amount: str, *, on: date | None = None) -> Litigation:
    """Record on the open lawsuit of a case a judgment against which no appeal lies, with its paper."""
    suit = suit_of(parent)
    add_evidence(suit, "judgment")
    as_court(suit, "record_judgment", by, judgment(amount, on=on or today()))
    return Litigation.objects.get(pk=suit.pk)
