"""What follows from the steps of a dispute inside its own room. Idempotent; steps are taken through the door."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from access.actors import Actor, system_actor
from casework.outbox import after
from casework.steps import perform, today
from disputes.facts import CloseLitigation, TakeEffect
from disputes.models import Litigation
from disputes.terms import Outcome

if TYPE_CHECKING:
    from casework.models import CaseEvent

BY: Actor = system_actor("disputes")


@after("disputes.litigation.record_judgment", "disputes.litigation.withdraw_appeal")
def a_final_judgment_stands_at_once(event: CaseEvent) -> None:
    """A judgment against which no appeal lies is in force with its service; the first judgment, with the ruling that lets
    the appeal be withdrawn (民事诉讼法 158, 180, 182)."""
    suit = Litigation.objects.get(pk=event.case_id)
    if suit.state != "judged" or not suit.is_final:
        return
    withdrawn = event.verb == "withdraw_appeal"
    told = (event.record.facts or {}).get("ruled_on" if withdrawn else "served_on")
    day = date.fromisoformat(told) if told else suit.judgment_served_on or today(event.happened_at)
    perform(suit, "take_effect", by=BY, happened_at=event.happened_at, seen=None, facts=TakeEffect(day, day))


@after("disputes.litigation.take_effect")
def nothing_is_to_be_performed(event: CaseEvent) -> None:
    """Whoever was not found liable owes nothing: the file ends by itself."""
    suit = Litigation.objects.get(pk=event.case_id)
    if suit.state == "effective" and suit.outcome == Outcome.NOT_LIABLE:
        facts = CloseLitigation(_("判决不承担责任，没有要履行的内容。"))
        perform(suit, "close", by=BY, happened_at=event.happened_at, seen=None, facts=facts)
