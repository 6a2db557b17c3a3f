"""A ballot from draft to result: windows, votes, paper, proxies, what holds it back. Through the one door."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection, transaction
from django.utils import timezone

from access.actors import link_actor, system_actor
from access.encryption import encrypt
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.steps import perform, steps_for
from consultation import facts
from consultation.api import result_of
from consultation.models import Ballot, PaperSheet, Roll, RollUnit, Vote, Voter
from consultation.selectors import counting
from consultation.selectors.positions import BallotPosition
from consultation.services import ballots, rolls
from correspondence.api import links_of
from tests.factories.consultation import close_now, dongguan_areas, make_ballot, make_committee, make_roll, open_for_votes, photo, vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def committee():
    return make_committee()


@pytest.fixture
def ballot(committee):
    return open_for_votes(committee.first, make_roll(committee.first))


def count(ballot, by):
    perform(ballot, "tally", by=by, happened_at=timezone.now(), seen=None, facts=BallotPosition(ballot).count)
    return Ballot.objects.get(pk=ballot.pk)


def publish(ballot, by):
    """Published, and its challenge period over."""
    perform(ballot, "publish_tally", by=by, happened_at=timezone.now(), seen=None)
    ballot.deadlines.filter(rule="challenge").update(due_at=timezone.now() - timedelta(minutes=1))
    return Ballot.objects.get(pk=ballot.pk)


def decide(ballot, by, verb):
    perform(ballot, verb, by=by, happened_at=timezone.now(), seen=None)
    return Ballot.objects.get(pk=ballot.pk)


@pytest.mark.parametrize(
    ("present", "agreeing", "passes"), [(30, 16, True), (29, 29, False), (30, 15, False), (44, 23, True), (44, 22, False)]
)
def test_the_dongguan_building_through_the_house(committee, present, agreeing, passes):
    ballot = open_for_votes(committee.first, make_roll(committee.first, dongguan_areas()))
    for number in range(1, present + 1):
        vote(ballot, number, "yes" if number <= agreeing else "no", committee.first)
    ballot = count(close_now(ballot, committee.first), committee.first)
    assert (ballot.persons, ballot.area) == (44, Decimal("4433.46"))
    ballot = publish(ballot, committee.first)
    wrong, right = ("declare_failed", "certify") if passes else ("certify", "declare_failed")
    with pytest.raises(StepRefused):
        decide(ballot, committee.first, wrong)
    ballot = decide(ballot, committee.first, right)
    assert result_of(ballot).passed is passes
    assert ballot.deadlines.filter(rule="annulment").exists() is passes


def test_a_thirtieth_owner_closes_exactly_two_thirds(committee):
    ballot = open_for_votes(committee.first, make_roll(committee.first, dongguan_areas()))
    for number in range(1, 30):
        vote(ballot, number, "yes", committee.first)
    missing = BallotPosition(ballot).outcome.participation
    assert missing.missing_persons == 1 and missing.missing_area == Voter.objects.get(ballot=ballot, number=30).area
    vote(ballot, 30, "abstain", committee.first)
    assert BallotPosition(ballot).outcome.participation.reached


def test_the_last_vote_counts_and_all_are_kept(committee, ballot):
    for choice in ("yes", "no", "abstain", "yes"):
        vote(ballot, 1, choice, committee.first)
    assert Vote.objects.count() == 4
    tally = counting.tally_of(ballot.pk)
    assert (tally.participating_persons, tally.agreeing_persons) == (1, 1)
    with pytest.raises(InternalError), transaction.atomic():
        Vote.objects.update(receipt="X")


def test_nobody_reads_a_choice_in_the_database_or_the_chain(committee, ballot):
    vote(ballot, 1, "abstain", committee.first)
    with connection.cursor() as cursor:
        cursor.execute("SELECT choice FROM consultation_vote")
        assert "abstain" not in cursor.fetchone()[0]
    event = ballot.events.get(verb="cast")
    assert "abstain" not in str(event.record.facts) and "abstain" not in str(event.record.changes)
    assert (event.actor_user_id, event.identified_by) == (None, "link+code")


def test_a_link_votes_for_its_own_unit_only(committee, ballot):
    vote(ballot, 1, "yes", committee.first)
    link = links_of(ballot)[0]
    other = Voter.objects.get(ballot=ballot, number=2)
    with pytest.raises(FactsRefused, match="自己的房号"):
        ballots.cast_by_link(ballot, voter_id=other.pk, choice="yes", by=link_actor(link), strength=link.strength)
    elsewhere = open_for_votes(committee.first, make_roll(committee.first))
    with pytest.raises(OutOfScope):
        stranger = Voter.objects.get(ballot=elsewhere, number=1)
        ballots.cast_by_link(elsewhere, voter_id=stranger.pk, choice="yes", by=link_actor(link), strength=link.strength)


def test_a_person_of_the_committee_cannot_cast_a_vote(committee, ballot):
    with pytest.raises(NotPermitted):
        ballots.cast_by_link(ballot, voter_id=Voter.objects.first().pk, choice="yes", by=committee.first, strength="")


def test_a_late_vote_is_refused_before_the_ballot_is_closed(committee, ballot):
    vote(ballot, 1, "yes", committee.first)
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(FactsRefused, match="起止"):
        vote(ballot, 1, "no", committee.first)
    assert counting.tally_of(ballot.pk).agreeing_persons == 1


def test_an_end_at_midnight_is_asked_about(committee):
    ballot = make_ballot(committee.first, make_roll(committee.first))
    now = timezone.localtime()
    midnight = (now + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    window = facts.Announce(opens_at=now + timedelta(days=16), closes_at=midnight)
    with pytest.raises(FactsRefused, match="零点"):
        perform(ballot, "announce", by=committee.first, happened_at=now, seen=None, facts=window)
    meant = facts.Announce(opens_at=window.opens_at, closes_at=midnight, is_midnight_meant=True)
    perform(ballot, "announce", by=committee.first, happened_at=now, seen=None, facts=meant)


def test_a_short_call_needs_its_reason_and_nothing_opens_before_its_time(committee):
    ballot = make_ballot(committee.first, make_roll(committee.first))
    now = timezone.now()
    soon = facts.Announce(opens_at=now + timedelta(days=2), closes_at=(now + timedelta(days=9)).replace(minute=59))
    with pytest.raises(FactsRefused) as refused:
        perform(ballot, "announce", by=committee.first, happened_at=now, seen=None, facts=soon)
    assert list(refused.value.errors) == ["short_notice_reason"]
    reasoned = facts.Announce(soon.opens_at, soon.closes_at, short_notice_reason="电梯已停用，居民一致要求")
    perform(ballot, "announce", by=committee.first, happened_at=now, seen=None, facts=reasoned)
    with pytest.raises(StepRefused, match="开始时间"):
        ballots.start(Ballot.objects.get(), by=committee.first, happened_at=timezone.now())
    assert ballots.move_by_clock() == 0
    assert ballots.move_by_clock(now + timedelta(days=3)) == 0  # the step asks the clock itself


def test_a_window_cannot_begin_before_the_call(committee):
    ballot = make_ballot(committee.first, make_roll(committee.first))
    now = timezone.now()
    past = facts.Announce(now - timedelta(days=2), now + timedelta(days=30), short_notice_reason="急")
    with pytest.raises(FactsRefused, match="已经过了"):
        perform(ballot, "announce", by=committee.first, happened_at=now, seen=None, facts=past)


def test_the_clock_opens_and_closes_what_is_due(committee, ballot):
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert ballots.move_by_clock() == 1
    assert Ballot.objects.get(pk=ballot.pk).state == "counting"
    assert ballots.move_by_clock() == 0


def test_the_window_is_only_ever_extended(committee, ballot):
    for moved, refused in ((-timedelta(hours=1), True), (timedelta(days=5), False)):
        later = facts.ExtendWindow(ballot.closes_at + moved, "台风停电")
        if refused:
            with pytest.raises(FactsRefused, match="延后"):
                perform(ballot, "extend", by=committee.first, happened_at=timezone.now(), seen=None, facts=later)
        else:
            perform(ballot, "extend", by=committee.first, happened_at=timezone.now(), seen=None, facts=later)
    with pytest.raises(StepRefused, match="最后一分钟"):
        perform(ballot, "close", by=committee.first, happened_at=timezone.now(), seen=None)


def test_the_roll_is_frozen_with_its_digest_when_the_ballot_opens(committee, ballot):
    roll = Roll.objects.get(pk=ballot.roll_id)
    assert roll.frozen_at and roll.digest == ballot.roll_digest == rolls_digest(roll)
    with pytest.raises(InternalError), transaction.atomic():
        RollUnit.objects.filter(roll=roll, unit="101").update(area=Decimal("61.00"))
    with pytest.raises(InternalError), transaction.atomic():
        RollUnit.objects.filter(roll=roll, unit="101").delete()
    with pytest.raises(ValidationError, match="固定"):
        rolls.change_owner(roll, unit="101", owners="别人", since=timezone.localdate(), document="房产证", by=committee.first)


def rolls_digest(roll):
    from consultation.selectors.rolls import digest_of, groups_of

    return digest_of(groups_of(roll))


def test_one_area_changes_the_digest(committee):
    roll = make_roll(committee.first)
    before = rolls_digest(roll)
    rolls.change_area(roll, unit="101", area=Decimal("60.01"), basis="register", document="不动产登记簿", by=committee.first)
    assert rolls_digest(roll) != before


def test_a_disputed_roll_opens_no_ballot(committee):
    roll = make_roll(committee.first)
    row = rolls.dispute(roll, unit="101", said_by="赵业主0", text="面积应为 62.00", by=committee.first)
    ballot = make_ballot(committee.first, roll)
    with pytest.raises(StepRefused, match="疑问"):
        perform(
            ballot,
            "announce",
            by=committee.first,
            happened_at=timezone.now(),
            seen=None,
            facts=facts.Announce(timezone.now() + timedelta(days=20), timezone.now() + timedelta(days=30)),
        )
    rolls.answer_dispute(row, answer="以登记簿为准，不改", by=committee.first)
    assert any(step.verb == "announce" and step.allowed for step in steps_for(ballot, committee.first))


def key(ballot, by, choice, unit=1, photo_=None):
    voter = Voter.objects.get(ballot=ballot, number=unit)
    return ballots.key_sheet(
        ballot,
        voter_id=voter.pk,
        choice=choice,
        photo=photo_,
        signed_on=timezone.localdate(),
        received_at=timezone.now() - timedelta(minutes=5),
        by=by,
    )


def test_paper_needs_a_photo_and_two_people(committee, ballot):
    with pytest.raises(ValidationError, match="拍下"):
        key(ballot, committee.first, "yes")
    sheet = key(ballot, committee.first, "yes", photo_=photo(ballot, committee.first))
    assert sheet.state_of_keying == "once" and not Vote.objects.exists()
    with pytest.raises(NotPermitted, match="另一位"):
        key(ballot, committee.first, "yes")
    assert key(ballot, committee.second, "yes").state_of_keying == "matched"
    assert Vote.objects.get().strength == "签名纸票，两人录入"


def test_a_ballot_with_one_keying_cannot_be_counted(committee, ballot):
    key(ballot, committee.first, "yes", photo_=photo(ballot, committee.first))
    ballot = close_now(ballot, committee.first)
    with pytest.raises(StepRefused, match="第二人"):
        count(ballot, committee.first)
    key(ballot, committee.second, "yes")
    assert count(ballot, committee.first).participating_persons == 1


def test_a_sheet_keyed_wrongly_once_is_a_mismatch_for_somebody_else_to_resolve(committee, ballot):
    key(ballot, committee.first, "yes", photo_=photo(ballot, committee.first))
    sheet = key(ballot, committee.second, "no")
    assert sheet.state_of_keying == "mismatch" and not Vote.objects.exists()
    with pytest.raises(NotPermitted, match="自己录的"):
        ballots.resolve_sheet(sheet, choice="yes", reason="照片上是同意", by=committee.first)
    done = ballots.resolve_sheet(sheet, choice="yes", reason="照片上是同意，我看错行了", by=committee.second)
    assert done.state_of_keying == "resolved" and counting.tally_of(ballot.pk).agreeing_persons == 1
    with pytest.raises(ValidationError):
        ballots.resolve_sheet(sheet, choice="no", reason="再改", by=committee.first)


def test_paper_received_after_the_close_does_not_count(committee, ballot):
    ballot = close_now(ballot, committee.first)
    voter = Voter.objects.get(ballot=ballot, number=1)
    values = {
        "voter_id": voter.pk,
        "choice": "yes",
        "photo": photo(ballot, committee.first),
        "signed_on": timezone.localdate(),
        "by": committee.first,
    }
    with pytest.raises(ValidationError, match="不能计"):
        ballots.key_sheet(ballot, received_at=timezone.now(), **values)
    assert ballots.key_sheet(ballot, received_at=timezone.now() - timedelta(hours=1), **values).pk


def test_the_own_vote_wins_over_a_proxy_whenever_it_came(committee, ballot):
    voter = Voter.objects.get(ballot=ballot, number=1)
    paper = photo(ballot, committee.first, "proxy")
    proxy_facts = facts.AddProxy(voter.pk, encrypt("代理人"), paper.pk, "就更新电梯代为表决", timezone.now() + timedelta(days=2))
    perform(ballot, "add_proxy", by=committee.first, happened_at=timezone.now(), seen=None, facts=proxy_facts)
    proxy = voter.proxies.get()
    vote(ballot, 1, "no", committee.first)
    vote(ballot, 1, "yes", committee.first, proxy_id=proxy.pk)
    assert counting.tally_of(ballot.pk).agreeing_persons == 0
    other = Voter.objects.get(ballot=ballot, number=2)
    link = ballots.link_for(other, by=committee.first)
    with pytest.raises(FactsRefused, match="委托"):
        actor = link_actor(next(one for one in links_of(ballot) if one.id == link.id))
        ballots.cast_by_link(ballot, voter_id=other.pk, choice="yes", by=actor, strength="link+code", proxy_id=proxy.pk)


def test_a_dead_owners_signature_is_struck_and_stays_in_the_denominator(committee):
    roll = make_roll(committee.first)
    rolls.note_presence(roll, unit="101", presence="deceased", note="2025 年去世，继承未登记", by=committee.first)
    ballot = open_for_votes(committee.first, roll)
    for actor in (committee.first, committee.second):
        sheet = key(ballot, actor, "yes", photo_=photo(ballot, committee.first))
    ballot = close_now(ballot, committee.first)
    struck = facts.StrikeVote(sheet.vote.receipt, "业主 2025 年去世，签名不是本人")
    perform(ballot, "strike", by=committee.first, happened_at=timezone.now(), seen=None, facts=struck)
    tally = counting.tally_of(ballot.pk)
    assert (tally.persons, tally.participating_persons) == (3, 0)
    assert Vote.objects.count() == 1 and Voter.objects.get(ballot=ballot, number=1).presence == "deceased"
    with pytest.raises(FactsRefused):
        perform(ballot, "strike", by=committee.first, happened_at=timezone.now(), seen=None, facts=struck)


def test_no_result_while_the_challenge_runs_or_a_vote_is_in_doubt(committee, ballot):
    from consultation.services import notices

    for number in (1, 2, 3):
        vote(ballot, number, "yes", committee.first)
    ballot = count(close_now(ballot, committee.first), committee.first)
    with pytest.raises(StepRefused, match="公示询异"):
        decide(ballot, committee.first, "certify")
    perform(ballot, "publish_tally", by=committee.first, happened_at=timezone.now(), seen=None)
    with pytest.raises(StepRefused, match="没有过完"):
        decide(ballot, committee.first, "certify")
    ballot.deadlines.filter(rule="challenge").update(due_at=timezone.now())
    notice = notices.open_notice(
        parent=ballot, purpose="vote_tally", heading="初步统计公示", text="…", place="441900", organiser_id=committee.first.organisation_id,
        by=committee.first, happened_at=timezone.now(),
    )  # fmt: skip
    doubt = notices.object_to(notice, category="ballot", name="周业主", text="102 的签名不是本人")
    with pytest.raises(StepRefused, match=doubt.reference):
        decide(ballot, committee.first, "certify")
    ended = facts.EndObjection("explained", "当面核对，是本人")
    perform(doubt, "settle", by=committee.first, happened_at=timezone.now(), seen=None, facts=ended)
    assert decide(ballot, committee.first, "certify").state == "result"


def test_the_proposal_changes_before_the_window_only_and_moves_it(committee):
    ballot = make_ballot(committee.first, make_roll(committee.first))
    now = timezone.now()
    perform(
        ballot,
        "announce",
        by=committee.first,
        happened_at=now,
        seen=None,
        facts=facts.Announce(now + timedelta(days=16), now + timedelta(days=30)),
    )
    same = facts.ChangeProposal("更新 1 号电梯", "改为 260,000.00 元", "d" * 64, "报价降低")
    with pytest.raises(FactsRefused, match="重新定"):
        perform(ballot, "change_proposal", by=committee.first, happened_at=now, seen=None, facts=same)
    moved = facts.ChangeProposal(
        same.proposal_title, same.proposal_text, "d" * 64, "报价降低", now + timedelta(days=20), now + timedelta(days=40)
    )
    perform(ballot, "change_proposal", by=committee.first, happened_at=now, seen=None, facts=moved)
    opened = open_for_votes(committee.first, make_roll(committee.first))
    with pytest.raises(StepRefused):
        perform(opened, "change_proposal", by=committee.first, happened_at=now, seen=None, facts=moved)


def test_a_practice_ballot_has_its_own_numbers_and_decides_nothing(committee):
    roll = make_roll(committee.first, is_practice=True)
    ballot = open_for_votes(committee.first, roll)
    assert ballot.reference.startswith("YL-") and ballot.is_practice and "演练" in ballot.title
    for number in (1, 2, 3):
        vote(ballot, number, "yes", committee.first)
    ballot = decide(ballot, committee.first, "close")
    ballot = count(ballot, committee.first)
    perform(ballot, "publish_tally", by=committee.first, happened_at=timezone.now(), seen=None)
    ballot = decide(Ballot.objects.get(pk=ballot.pk), committee.first, "certify")
    assert ballot.state == "result" and result_of(ballot).passed is None


def test_a_citys_result_is_taken_over_with_its_differences_explained(committee):
    roll = make_roll(committee.first)
    ballot = make_ballot(committee.first, roll, is_official=True)
    photo(ballot, committee.first, "official_notice")
    today = timezone.localdate()
    figures = {
        "address": "https://example.invalid/vote/1", "called_on": today - timedelta(days=50), "tallied_on": today - timedelta(days=20),
        "published_on": today - timedelta(days=5), "persons": 4, "area": Decimal("240.00"), "participating_persons": 3,
        "participating_area": Decimal("180.00"), "agreeing_persons": 2, "agreeing_area": Decimal("120.00"),
    }  # fmt: skip
    with pytest.raises(FactsRefused) as refused:
        perform(ballot, "import_official", by=committee.first, happened_at=timezone.now(), seen=None, facts=facts.ImportOfficial(**figures))
    assert list(refused.value.errors) == ["explanation"]
    explained = facts.ImportOfficial(**figures, explanation="平台多计一间架空层车库 60.00 ㎡")
    perform(ballot, "import_official", by=committee.first, happened_at=timezone.now(), seen=None, facts=explained)
    ballot = decide(Ballot.objects.get(pk=ballot.pk), committee.first, "certify")
    assert [row["what"] for row in ballot.official.differences] == ["persons", "area"]
    assert result_of(ballot).passed is True


def test_strangers_see_no_ballot_and_others_take_no_step(committee, ballot):
    other = make_committee().first
    with pytest.raises(OutOfScope):
        perform(ballot, "withdraw", by=other, happened_at=timezone.now(), seen=None, facts=facts.Because("x"))
    with pytest.raises(OutOfScope):
        ballots.key_sheet(ballot, voter_id=1, choice="yes", photo=None, signed_on=None, received_at=None, by=other)
    with pytest.raises(NotPermitted):
        perform(ballot, "tally", by=system_actor("x"), happened_at=timezone.now(), seen=None, facts=BallotPosition(ballot).count)


@pytest.mark.django_db(transaction=True)
def test_votes_of_one_person_at_the_same_moment_are_all_kept_and_one_counts():
    committee = make_committee()
    ballot = open_for_votes(committee.first, make_roll(committee.first))
    vote(ballot, 1, "no", committee.first)
    failures = []

    def again(choice):
        try:
            vote(ballot, 1, choice, committee.first)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=again, args=(choice,)) for choice in ("yes", "no", "yes", "abstain")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(Vote.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert counting.tally_of(ballot.pk).participating_persons == 1
    assert PaperSheet.objects.count() == 0
