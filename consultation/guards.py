"""What must be true before a ballot or a notice goes on, with the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.declarations import Cure, guard

if TYPE_CHECKING:
    from consultation.selectors.positions import BallotPosition, NoticePosition

LIST = Cure(_("看名册"), anchor="roll")


@guard("official_result", says=_("这一次以市级平台的结果为准，不在这里投票。"), cure=Cure(_("录入市级平台结果"), verb="import_official"))
def is_our_own(case: Any, law: Any, position: BallotPosition) -> bool:
    return not case.is_official


@guard("own_ballot", says=_("这一次是自己组织的表决，不录市级平台的结果。"), cure=Cure(_("公告表决"), verb="announce"))
def is_of_the_city(case: Any, law: Any, position: BallotPosition) -> bool:
    return bool(case.is_official)


@guard("roll_is_empty", says=_("名册里还没有一户。"), law="consultation.area_basis", cure=LIST)
def roll_has_units(case: Any, law: Any, position: BallotPosition) -> bool:
    return position.roll_size > 0


@guard("roll_is_disputed", says=_("名册还有没处理的疑问，处理完再往下办。"), cure=LIST)
def roll_is_undisputed(case: Any, law: Any, position: BallotPosition) -> bool:
    return position.open_disputes == 0


@guard("opening_lies_ahead", says=_("还没有到公告的开始时间。"))
def opening_has_come(case: Any, law: Any, position: BallotPosition) -> bool:
    return case.is_practice or (case.opens_at is not None and position.now >= case.opens_at)


@guard("window_is_open", says=_("投票还没有到公告的最后一分钟，不能提前截止。"), cure=Cure(_("看还差什么"), anchor="gap"))
def end_has_come(case: Any, law: Any, position: BallotPosition) -> bool:
    return case.is_practice or (case.closes_at is not None and position.now >= case.closes_at)


@guard("sheet_waits", says=_("还有纸质票等第二人录入，或者两人录得不一致，核对完再统计。"), cure=Cure(_("核对纸质票"), anchor="paper"))
def no_sheet_waits(case: Any, law: Any, position: BallotPosition) -> bool:
    return position.waiting_sheets == 0


@guard(
    "tally_unpublished",
    says=_("初步统计还没有公示询异，不能公告结果。"),
    law="consultation.challenge_period",
    cure=Cure(_("公示询异"), verb="publish_tally"),
)
def tally_was_published(case: Any, law: Any, position: BallotPosition) -> bool:
    return bool(case.is_official or case.state == "challenge")


@guard(
    "challenge_runs", says=_("公示询异的期间还没有过完。"), law="consultation.challenge_period", cure=Cure(_("看期限"), anchor="deadlines")
)
def challenge_is_over(case: Any, law: Any, position: BallotPosition) -> bool:
    return case.is_official or case.is_practice or position.is_challenge_over


def _which(case: Any, position: BallotPosition) -> str:
    return _now("还有 %(n)s 件针对名册或者选票的异议没有结论：%(list)s。") % {
        "n": len(position.open_challenges),
        "list": "、".join(position.open_challenges),
    }


@guard("challenge_is_open", says=_which, cure=Cure(_("看异议"), anchor="objections"))
def no_challenge_is_open(case: Any, law: Any, position: BallotPosition) -> bool:
    return not position.open_challenges


@guard("line_is_missed", says=_("参与或者同意没有达到法定比例，不能公告通过。"), cure=Cure(_("公告未通过"), verb="declare_failed"))
def line_is_reached(case: Any, law: Any, position: BallotPosition) -> bool:
    return position.outcome.passed


@guard("line_is_reached", says=_("两道线都达到了，应公告通过。"), cure=Cure(_("公告通过"), verb="certify"))
def line_is_missed(case: Any, law: Any, position: BallotPosition) -> bool:
    return not position.outcome.passed


@guard("period_runs", says=_("公示期还没有过完，最后一天过完才算期满。"), law="consultation.notice_period")
def period_is_over(case: Any, law: Any, position: NoticePosition) -> bool:
    return bool(case.displayed_until) and (case.is_practice or position.today > case.displayed_until)
