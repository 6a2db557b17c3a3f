"""What the typed facts of a ballot, a notice or an objection must satisfy; each names its field."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.declarations import check
from casework.steps import today
from consultation.terms import Channel
from legislation.lookup import at

if TYPE_CHECKING:
    from consultation.selectors.positions import BallotPosition

MIDNIGHT = _("截止写成了零点：零点是前一天的夜里，当天白天就不能投了。要投到当天，请写当天 23:59；确实到零点为止的，勾选“就是零点截止”。")


@check("reason", reason="no_reason", says=_("请写明理由。"))
def reason_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.reason.strip())


@check("scope_reason", reason="no_reason", says=_("写明为什么是这些业主有票，例如“电梯只服务本单元”。"))
def scope_has_a_reason(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.scope_reason.strip())


@check("law_date", reason="no_line", says=_("这一天、这个地方没有这件事的表决线，请核对日期和事项。"))
def line_exists(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return at(facts.law_date, case.place).has(f"consultation.line.{facts.matter}")


@check("closes_at", reason="wrong_order", says=_("截止要晚于开始。"))
def window_has_an_order(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return facts.opens_at is None or facts.closes_at is None or facts.closes_at > facts.opens_at


@check("opens_at", reason="in_the_past", says=_("开始投票的时间已经过了，公告要在投票以前。"))
def window_lies_ahead(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return bool(case.is_practice or today(facts.opens_at) >= law.on)


@check("opens_at", reason="no_window", says=_("已经公告过，改方案要重新定投票起止。"))
def new_window_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return case.state != "announced" or (facts.opens_at is not None and facts.closes_at is not None)


@check("closes_at", reason="midnight", says=MIDNIGHT)
def midnight_is_meant(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    if facts.closes_at is None or facts.is_midnight_meant:
        return True
    local = timezone.localtime(facts.closes_at)
    return (local.hour, local.minute) != (0, 0)


@check(
    "short_notice_reason",
    reason="short_notice",
    law="consultation.call_period",
    says=_("从公告到开始投票的天数少于通常的期间，请推后开始，或者写明为什么可以缩短。"),
)
def call_is_long_enough(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    if facts.opens_at is None or case.is_practice or facts.short_notice_reason.strip():
        return True
    days = law.calendar_days("consultation.call_period").value
    return bool(today(facts.opens_at) >= law.on + timedelta(days=days))


@check("roll_digest", reason="roll_changed", says=_("名册在您打开页面之后改过，请重新打开再开始投票。"))
def roll_is_as_read(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return bool(facts.roll_digest == position.roll_digest)


@check("voter_id", reason="no_such_voter", says=_("这次表决的名册里没有这一户。"))
def voter_is_here(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    if case.state == "announced":
        return False
    return position.has_voter(facts.voter_id)


@check("cast_at", reason="outside_the_window", says=_("投票时间不在公告的起止之内。"))
def vote_is_in_time(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    if facts.channel != Channel.PAPER and case.state != "open":
        return False
    return bool(case.opens_at <= facts.cast_at < case.closes_at) or (case.is_practice and case.state == "open")


@check("voter_id", reason="not_your_vote", says=_("这个链接只能给自己的房号投票。"))
def link_is_the_voters(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return by.link is None or position.voter_of_link(by.link.id) == facts.voter_id


@check("proxy_id", reason="proxy_does_not_hold", says=_("委托书不是这一户的，或者已经过期。"))
def proxy_holds(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return facts.proxy_id is None or position.proxy_holds(facts.proxy_id, facts.voter_id, facts.cast_at)


@check("powers", reason="no_powers", says=_("写明委托什么，例如“就更新 1 号电梯一事代为表决”。"))
def powers_are_written(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.powers.strip())


@check("document_id", reason="no_paper", says=_("委托书的照片不在本案的材料里。"))
def proxy_paper_is_here(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return position.has_evidence(facts.document_id)


@check("closes_at", reason="not_later", says=_("只能延后，不能提前。"))
def end_moves_later(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.closes_at > case.closes_at)


@check("receipt", reason="unknown_vote", says=_("没有这个回执号的有效票，请核对。"))
def vote_is_known(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return position.vote_id(facts.receipt) is not None


@check("__all__", reason="count_changed", says=_("打开页面之后又有票录入，请重新打开再统计。"))
def count_is_as_read(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    return bool(facts == position.count)


@check("participating_persons", reason="wrong_order", says=_("参与的不能多于全体，同意的不能多于参与的，请核对人数和面积。"))
def figures_have_an_order(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    persons = 0 <= facts.agreeing_persons <= facts.participating_persons <= facts.persons
    return persons and bool(0 <= facts.agreeing_area <= facts.participating_area <= facts.area) and facts.persons > 0


@check("published_on", reason="wrong_order", says=_("三次公示的日期应依次是投票通知、初步统计、结果。"))
def notices_have_an_order(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.called_on <= facts.tallied_on <= facts.published_on <= law.on)


@check("explanation", reason="unexplained", says=_("平台的总人数或者总面积和本名册不一样，请写明差在哪里。"))
def differences_are_explained(case: Any, law: Any, position: BallotPosition, facts: Any, by: Any) -> bool:
    base = position.roll_base
    return (facts.persons, facts.area) == base or bool(facts.explanation.strip())


@check("places", reason="no_place", says=_("写明贴在哪里，一行一处。"))
def places_are_named(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return any(place.strip() for place in facts.places)


@check("displayed_from", reason="in_the_future", says=_("张贴的日子还没有到，贴出去再登记。"))
def posted_not_in_future(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.displayed_from <= law.on)


@check("displayed_until", reason="too_short", law="consultation.notice_period", says=_("公示期比规定的最短期间短；张贴当天不算。"))
def period_is_long_enough(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    days = law.table("consultation.notice_period").value[case.purpose]
    return bool(facts.displayed_until >= facts.displayed_from + timedelta(days=days))


@check("displayed_until", reason="not_later", says=_("公示期只能延长，不能缩短。"))
def period_grows(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.displayed_until > case.displayed_until)


@check("text", reason="same_text", says=_("内容没有改。只是延长的，用“延长公示”。"))
def content_differs(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.text_digest != case.text_digest)


@check("displayed_from", reason="not_anew", says=_("新内容的公示从贴出新内容那天起算，不能早于原来的起算日。"))
def period_starts_anew(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.displayed_from >= case.displayed_from)


@check("answer", reason="no_answer", says=_("写出答复。"))
def answer_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.answer.strip())


@check("held_at", reason="in_the_future", says=_("会议还没有开，开过再记。"))
def session_was_held(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.held_at <= timezone.now())


@check("conclusion", reason="no_conclusion", says=_("写明结论和理由。"))
def conclusion_is_given(case: Any, law: Any, position: Any, facts: Any, by: Any) -> bool:
    return bool(facts.conclusion.strip())
