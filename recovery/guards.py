"""What must be true before a recovery file may be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from recovery.selectors import RecoveryPosition


@guard(
    "receivable_left",
    says=_("还有应收未收的追偿款。收齐了才能按“已收齐”结案；收不回的，先提请核销。"),
    cure=Cure(_("登记追回"), verb="collect"),
)
def nothing_is_left(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.receivable == 0


@guard("nothing_to_write_off", says=_("没有应收未收的追偿款，不用核销。"), cure=Cure(_("按已收齐结案"), verb="close"))
def something_is_left(case: Any, law: Any, position: RecoveryPosition) -> bool:
    return position.receivable > 0
