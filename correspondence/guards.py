"""When a step of a request for records waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import guard

if TYPE_CHECKING:
    from legislation.lookup import Law


@guard("due_day_not_over", says=_("答复的日子还没有过。"))
def due_day_is_over(case: Any, law: Law, position: Any) -> bool:
    return bool(position.today > case.due_on)
