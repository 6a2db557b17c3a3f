"""What must be true before a step of a lawsuit can be taken; each with its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard
from legislation.money import ZERO

if TYPE_CHECKING:
    from disputes.models import Litigation


@guard(
    "judgment_is_final",
    says=_("这是终审判决，或者实行一审终审，不能上诉。有错误的，可以申请再审。"),
    law="litigation.final_judgment",
    cure=Cure(_("登记裁判生效"), verb="take_effect"),
)
def may_be_appealed(case: Litigation, law: Any, position: Any) -> bool:
    return not case.is_final


@guard("nothing_to_enforce", says=_("裁判没有要给付的金额，不用申请执行。"), cure=Cure(_("结束诉讼"), verb="close"))
def something_is_awarded(case: Litigation, law: Any, position: Any) -> bool:
    return (case.awarded or ZERO) > ZERO
