"""What is wrong with the facts of a request for records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from casework.steps import today

if TYPE_CHECKING:
    from legislation.lookup import Law


@check("since", reason="days_turned_round", says=_("起的日子晚于止的日子，请看一眼哪个写反了。"))
def since_before_until(case: Any, law: Law, position: Any, facts: Any, by: object) -> bool:
    return bool(facts.since <= facts.until)


@check("due_on", reason="due_too_early", says=_("答复的日子要在今天以后。"))
def due_is_ahead(case: Any, law: Law, position: Any, facts: Any, by: object) -> bool:
    return bool(facts.due_on > today(case.happened_at))


@check("addressee_name", reason="nobody_is_asked", says=_("还没有写明向谁调取。"))
def somebody_is_asked(case: Any, law: Law, position: Any, facts: Any, by: object) -> bool:
    return facts.addressee_id is not None or bool(facts.addressee_name.strip())


@check("what", reason="nothing_is_asked", says=_("还没有写明要哪些资料。"))
def something_is_asked(case: Any, law: Law, position: Any, facts: Any, by: object) -> bool:
    return bool(facts.what.strip())


@check("reason", reason="no_reason", says=_("要写一句原因。"))
def reason_is_given(case: Any, law: Law, position: Any, facts: Any, by: object) -> bool:
    return bool(facts.reason.strip())
