"""A claim before the court and before the committee: what goes down, what comes back, what an open file holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import User
from casework.audit import verify_all
from casework.errors import FactsRefused, StepRefused
from casework.models import CaseEvent, Deadline, Task
from claims.documents import news
from claims.effects import disputes as effects
from claims.facts import AskConsent, Because, CloseClaim, Mediate, RecordCost, RecordPayment, Sue
from correspondence.models import Message
from disputes import api as disputes
from disputes import facts as told
from disputes.models import Litigation, Mediation
from policies import api as policies
from policies.facts import AnswerConsent as InsurerAnswers
from policies.models import Payout
from policies.selectors import payout_position
from tests.factories.claims import add_evidence, approve, assess, do, fresh, insure, make_house, make_injury, pay, printing, propose
from tests.factories.disputes import COMMITTEE, COURT, NUMBER, as_court, judge, judgment, suit_of, today

pytestmark = pytest.mark.django_db
LONG_AGO = 60 * 24 * 60
FILED = Sue(COURT, NUMBER, "黄女士", claimed=Decimal("20000.00"), filed_on=today(-40), served_on=today(-38))


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    return make_injury(house, started=LONG_AGO)


def sued(claim, house):
    do(claim, "sue", house.clerk, FILED)
    suit = suit_of(claim)
    add_evidence(suit, "judgment", "judgment_second", "judgment_retrial")
    return suit


def negotiating(claim, house):
    claim = assess(claim, house.clerk)
    do(claim, "start_negotiation", house.clerk)
    return fresh(claim)


def mediated(claim, house):
    do(claim, "mediate", house.clerk, Mediate(COMMITTEE, "何调解员", today()))
    file = Mediation.objects.get(parent_id=claim.pk)
    add_evidence(file, "mediation_agreement", "confirmation_ruling")
    return file


def signed(amount="13200.00", **changes):
    facts = {"signed_on": today(), "parties_signed": True, "mediator_signed": True, "committee_sealed": True, **changes}
    return told.Agree(Decimal(amount), "一次性赔偿", "七日内付清", **facts)


# -- in court ---------------------------------------------------------------------------------------------------------


def test_suing_opens_one_file_with_who_answers_and_until_when(house, claim):
    suit = sued(claim, house)
    assert (suit.court, suit.defendant, suit.side, suit.led_by) == (COURT, house.lobby.manager.name, "defendant", "use_manager")
    assert suit.turn_organisation_id == house.lobby.manager.pk
    clock = Deadline.objects.get(case_id=suit.pk, rule="answer")
    assert (clock.count, clock.citation, clock.is_statutory) == (15, "《中华人民共和国民事诉讼法》第一百二十八条第一款", True)
    assert clock.organisation_id == house.lobby.manager.pk

    event = CaseEvent.objects.get(case_id=claim.pk, verb="sue")
    effects.open_the_lawsuit(event)
    assert Litigation.objects.filter(parent_id=claim.pk).count() == 1


def test_a_first_judgment_waits_for_the_appeal_period_then_fixes_the_liability(house, claim):
    suit = sued(claim, house)
    as_court(suit, "record_judgment", house.clerk, judgment("15000.00", judged_on=today(-2), served_on=today(-1)))
    assert (fresh(claim).state, Litigation.objects.get(pk=suit.pk).state) == ("litigated", "judged")
    with pytest.raises(FactsRefused) as early:
        do(suit, "take_effect", house.clerk, told.TakeEffect(today(), today()))
    assert list(early.value.errors) == ["effective_on"]

    do(suit, "appeal", house.clerk, told.Appeal("黄女士", today(), "广州市中级人民法院", "二审案号"))
    as_court(suit, "record_judgment", house.clerk, judgment("18000.00", judged_on=today(), served_on=today()))

    suit, claim = Litigation.objects.get(pk=suit.pk), fresh(claim)
    assert (suit.state, suit.is_final, suit.effective_on) == ("effective", True, today())
    assert (claim.state, claim.owed, claim.fixed_by, claim.fixed_on) == ("liability_fixed", Decimal("18000.00"), "judgment", today())


def test_not_liable_ends_the_file_and_leaves_the_advance_to_be_claimed_back(house, claim):
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    sued(claim, house)
    suit = judge(claim, house.clerk, "0.00")
    claim = fresh(claim)
    assert (suit.state, claim.state, claim.excess) == ("closed", "not_liable", Decimal("8000.00"))
    assert Task.objects.filter(case_id=claim.pk, code="refund", done_at=None).exists()


def test_a_court_settlement_fixes_the_liability_as_a_judgment_does(house, claim):
    suit = sued(claim, house)
    as_court(suit, "settle_in_court", house.clerk, told.SettleInCourt(Decimal("12000.00"), "调解书", today(), today()))
    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.fixed_by) == ("liability_fixed", Decimal("12000.00"), "judgment")
    assert claim.events.filter(verb="record_court_settlement").count() == 1


def test_a_withdrawn_suit_leads_back_to_the_table_and_a_new_one_to_court(house, claim):
    suit = sued(claim, house)
    as_court(suit, "withdraw", house.clerk, told.WithdrawSuit("withdrawn", "裁定", today(), "愿意再谈"))
    assert fresh(claim).state == "negotiating"
    do(suit, "reopen", house.approver, told.ReopenLitigation("又起诉", COURT, "新案号"))
    assert fresh(claim).state == "litigated"
    assert Litigation.objects.filter(parent_id=claim.pk).count() == 1


def test_an_appeal_withdrawn_leaves_the_first_judgment_in_force(house, claim):
    suit = sued(claim, house)
    as_court(suit, "record_judgment", house.clerk, judgment("15000.00"))
    do(suit, "appeal", house.clerk, told.Appeal("物业", today(-18), "广州市中级人民法院"))
    as_court(suit, "withdraw_appeal", house.clerk, told.WithdrawAppeal("裁定", today()))
    assert (fresh(claim).owed, Litigation.objects.get(pk=suit.pk).effective_on) == (Decimal("15000.00"), today())


def test_a_case_sent_back_is_heard_and_judged_anew(house, claim):
    suit = sued(claim, house)
    as_court(suit, "record_judgment", house.clerk, judgment("15000.00"))
    do(suit, "appeal", house.clerk, told.Appeal("物业", today(-18), "广州市中级人民法院"))
    as_court(suit, "remand", house.clerk, told.Remand("裁定", today(), COURT, "重审案号"))
    suit = Litigation.objects.get(pk=suit.pk)
    assert (suit.state, suit.procedure, suit.awarded, suit.outcome, suit.amount) == ("open", "first", None, "", Decimal("20000.00"))
    assert fresh(claim).state == "litigated"


def test_a_retrial_reopens_what_was_fixed_and_the_new_judgment_counts(house, claim):
    sued(claim, house)
    suit = judge(claim, house.clerk, "15000.00")
    assert fresh(claim).state == "liability_fixed"
    do(suit, "reopen", house.approver, told.ReopenLitigation("再审裁定", COURT, "再审案号"))
    claim = fresh(claim)
    assert (claim.state, claim.owed, Litigation.objects.get(pk=suit.pk).procedure) == ("litigated", None, "retrial")

    as_court(suit, "record_judgment", house.clerk, judgment("9000.00", on=today()))
    assert fresh(claim).owed == Decimal("9000.00")


def test_the_same_news_twice_is_the_same_as_once(house, claim):
    sued(claim, house)
    suit = judge(claim, house.clerk, "15000.00")
    event = CaseEvent.objects.select_related("case", "record").get(case_id=suit.pk, verb="take_effect")
    before = fresh(claim).sequence
    effects.take_the_outcome(event)
    assert fresh(claim).sequence == before
    assert not Task.objects.filter(case_id=claim.pk, code="outcome_beside", done_at=None).exists()


def test_whoever_was_paid_has_nothing_left_to_enforce(house, claim):
    sued(claim, house)
    suit = judge(claim, house.clerk, "15000.00")
    assert suit.state == "effective"
    add_evidence(claim, "payment_voucher")
    do(claim, "prove_payment", house.clerk, RecordPayment("other", Decimal("15000.00"), today(), "收据"))
    assert (fresh(claim).state, Litigation.objects.get(pk=suit.pk).state) == ("victim_paid", "closed")
    do(claim, "close", house.approver, CloseClaim("付清"))
    assert fresh(claim).state == "closed"
    assert list(verify_all()) == []


@pytest.mark.parametrize("verb", ["withdraw", "decide_not_covered"])
def test_a_claim_whose_suit_is_undecided_is_not_left(house, claim, verb):
    suit = sued(claim, house)
    with pytest.raises(StepRefused) as refusal:
        do(claim, verb, house.approver, Because("不想办了"))
    assert (refusal.value.code, refusal.value.cure.anchor) == ("dispute_pending", "disputes")
    assert suit.reference in str(refusal.value.says)


def test_an_open_file_holds_the_closing_and_is_named(house, claim):
    sued(claim, house)
    judge(claim, house.clerk, "15000.00")
    add_evidence(claim, "payment_voucher")
    second = disputes.open_litigation(
        parent=claim,
        facts=disputes.OpenLitigation(COURT, "另案", "物业", "黄女士", side="plaintiff"),
        by=effects.BY,
        happened_at=timezone.now(),
    )
    do(claim, "prove_payment", house.clerk, RecordPayment("other", Decimal("15000.00"), today(), "收据"))
    with pytest.raises(StepRefused) as refusal:
        do(claim, "close", house.approver, CloseClaim("付清"))
    assert second.reference in str(refusal.value.says)


def test_a_judgment_older_than_the_accident_is_refused_beside_its_field(house, claim):
    suit = sued(claim, house)
    with pytest.raises(FactsRefused) as refusal:
        as_court(suit, "record_judgment", house.clerk, judgment("1.00", judged_on=today(-400), served_on=today(-399)))
    assert set(refusal.value.errors) == {"judged_on"}


# -- before the committee ---------------------------------------------------------------------------------------------


def test_an_agreement_before_the_committee_settles_the_claim_without_a_policy(house, claim):
    claim = negotiating(claim, house)
    file = mediated(claim, house)
    assert (file.first["organisation_id"], file.second["name"]) == (house.lobby.manager.pk, claim.people[0]["name"])
    with pytest.raises(FactsRefused) as refusal:
        as_court(file, "agree", house.clerk, signed(committee_sealed=False, waives_others=True))
    assert set(refusal.value.errors) == {"committee_sealed", "waives_others"}
    as_court(file, "agree", house.clerk, signed())

    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.fixed_by, claim.consent, claim.mediator) == (
        "liability_fixed",
        Decimal("13200.00"),
        "agreement",
        "",
        COMMITTEE,
    )
    clock = Deadline.objects.get(case_id=file.pk, rule="judicial_confirmation")
    assert (clock.count, clock.citation) == (30, "《中华人民共和国人民调解法》第三十三条第一款")


def test_confirmed_by_the_court_the_mediation_ends(house, claim):
    file = mediated(negotiating(claim, house), house)
    as_court(file, "agree", house.clerk, signed())
    with pytest.raises(FactsRefused) as refusal:
        do(file, "apply_confirmation", house.clerk, told.ApplyConfirmation(COURT, today(), False))
    assert list(refusal.value.errors) == ["is_joint"]
    do(file, "apply_confirmation", house.clerk, told.ApplyConfirmation(COURT, today(), True))
    as_court(file, "confirm_judicially", house.clerk, told.ConfirmJudicially("裁定", today()))
    assert (Mediation.objects.get(pk=file.pk).state, disputes.open_of(claim.pk)) == ("confirmed", ())


@pytest.mark.parametrize(
    ("consented", "agreed", "binds"), [("13200.00", "13200.00", True), ("12000.00", "13200.00", False), (None, "13200.00", False)]
)
def test_the_insurer_is_bound_only_by_what_it_consented_to(house, consented, agreed, binds):
    _policy, insurer = insure(house)
    claim = negotiating(make_injury(house), house)
    if consented:
        do(claim, "ask_consent", house.clerk, AskConsent(Decimal(consented), "草案"))
        (payout,) = policies.payouts_of(claim_id=claim.pk)
        do(Payout.objects.get(pk=payout.id), "answer_consent", insurer.handler, InsurerAnswers(True))
    file = mediated(fresh(claim), house)
    as_court(file, "agree", house.clerk, signed(agreed))
    news.tell_of_unapproved_settlement(CaseEvent.objects.get(case_id=claim.pk, verb="settle_by_mediation"))
    assert Message.objects.filter(kind="claims.settled_unapproved", recipient_id=insurer.handler.user_id).exists() is not binds
    assert (fresh(claim).state, fresh(claim).consent) == ("liability_fixed", "granted" if binds else "own_risk")


def test_a_failed_mediation_leaves_the_table_open_and_is_told(house, claim):
    claim = negotiating(claim, house)
    file = mediated(claim, house)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "mediate", house.clerk, Mediate(COMMITTEE))
    assert refusal.value.code == "mediation_open"
    as_court(file, "fail", house.clerk, told.FailMediation(today(), "分歧太大"))
    assert fresh(claim).state == "negotiating"
    do(claim, "mediate", house.clerk, Mediate(COMMITTEE))
    assert Mediation.objects.filter(parent_id=claim.pk).count() == 2


# -- costs ------------------------------------------------------------------------------------------------------------


def test_costs_reach_the_insurer_beside_the_limits_as_the_insureds_own(client, house):
    insure(house)
    claim = assess(make_injury(house), house.clerk)
    do(claim, "request_payout", house.clerk)
    do(claim, "record_cost", house.clerk, RecordCost("mitigation_cost", Decimal("800.00"), today(), "抢险票据"))
    do(claim, "sue", house.clerk, Sue(COURT, NUMBER, "黄女士"))
    suit = suit_of(claim)
    do(suit, "record_cost", house.clerk, told.RecordCost("court_fee", Decimal("300.00"), today(), "诉讼费票据"))

    (payout,) = policies.payouts_of(claim_id=claim.pk)
    lines = {(line.person, line.head): line.asked for line in payout_position(Payout.objects.get(pk=payout.id)).lines}
    assert lines["insured", "mitigation_cost"] == Decimal("800.00")
    assert lines["insured", "litigation_cost"] == Decimal("300.00")
    client.force_login(User.objects.get(pk=house.clerk.user_id))
    page = client.get(reverse("casework:case", args=[claim.reference])).content.decode()
    assert all(words in page for words in ("限额外费用", "1,100.00", "抢险票据"))
    assert fresh(claim).estimate == Decimal("13200.00"), "costs are no loss of the injured"

    event = CaseEvent.objects.select_related("case", "record").get(case_id=suit.pk, verb="record_cost")
    effects.count_the_cost(event)
    assert fresh(claim).costs.count() == 2
    with pytest.raises(FactsRefused) as refusal:
        do(claim, "record_cost", house.clerk, RecordCost("mitigation_cost", Decimal("800.00"), today(), "抢险票据"))
    assert list(refusal.value.errors) == ["voucher"]


def test_everybody_concerned_hears_of_hearing_and_judgment(house, claim):
    token = printing.set(True)
    suit = sued(claim, house)
    at = timezone.now() + timezone.timedelta(days=3)
    do(suit, "schedule_hearing", house.clerk, told.ScheduleHearing(at, "第三法庭"))
    clock = Deadline.objects.get(case_id=suit.pk, rule="hearing")
    assert (clock.due_at, clock.is_statutory) == (at, False)
    as_court(suit, "record_judgment", house.clerk, judgment("15000.00", judged_on=today(), served_on=today()))
    printing.reset(token)
    kinds = set(Message.objects.filter(case_id=suit.pk, recipient_id=house.clerk.user_id).values_list("kind", flat=True))
    assert kinds == {"disputes.suit_opened", "disputes.hearing_scheduled", "disputes.judged"}
    assert Deadline.objects.get(case_id=suit.pk, rule="hearing").status == Deadline.Status.VOID
