"""The injury of one person: from the deposit at night over the worksheet and the insurer's word to money and closing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from access.roles import Role
from casework.audit import verify_all
from casework.errors import FactsRefused, StepRefused
from casework.models import Case, Deadline, Task
from casework.selectors import work_page
from claims.facts import (
    AnswerConsent,
    AskConsent,
    AskedHead,
    Because,
    CloseClaim,
    FileApplication,
    MarkDuplicate,
    OrderPayment,
    PartyShare,
    RecordMinutes,
    RecordPayment,
    RecordShares,
    RequestDocuments,
    Settle,
    SettleAtOwnRisk,
    SetVictimFault,
    Sue,
)
from damages import api as damages
from ledger import api as ledger
from policies import api as policies
from policies.facts import AnswerConsent as InsurerAnswers
from tests.factories.claims import (
    add_evidence,
    approve,
    assess,
    do,
    follow,
    fresh,
    insure,
    make_house,
    make_injury,
    pay,
    propose,
    worksheet,
)
from tests.factories.disputes import as_court, judge, judgment, suit_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def claim(house):
    return make_injury(house)


def settle_facts(amount="13200.00", **more):
    return Settle(Decimal(amount), timezone.localdate(), "一次性赔偿，垫付在内", **more)


def negotiated(claim, house):
    claim = assess(claim, house.clerk)
    do(claim, "start_negotiation", house.clerk)
    add_evidence(claim, "identity", "settlement_agreement")
    return fresh(claim)


def test_an_uninsured_injury_is_settled_and_paid_by_the_manager(house, claim):
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    claim = negotiated(claim, house)
    assert (claim.assessed, claim.estimate) == (Decimal("13200.00"), Decimal("13200.00"))
    do(claim, "record_minutes", house.clerk, RecordMinutes(TODAY, "黄女士、梁敏仪", "同意按计算书协商"))
    do(claim, "settle", house.clerk, settle_facts())

    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.outstanding, claim.fixed_by) == (
        "liability_fixed",
        Decimal("13200.00"),
        Decimal("5200.00"),
        "agreement",
    )
    with pytest.raises(FactsRefused):
        do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("5200.01"), "黄女士"))
    do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("5200.00"), "黄女士"))
    with pytest.raises(StepRefused) as refusal:
        do(claim, "order_payment", house.approver, OrderPayment("P1", Decimal("0.01"), "黄女士"))
    assert refusal.value.code == "nothing_owed"
    pay(claim, house.cashier, "HD-0002")

    claim = fresh(claim)
    assert (claim.state, claim.proven) == ("victim_paid", Decimal("13200.00"))
    assert ledger.balance(f"claim/{claim.pk}/received").credited == Decimal("13200.00")
    do(claim, "close", house.approver, CloseClaim("已付清，另案追偿"))
    assert fresh(claim).state == "closed"
    assert list(verify_all()) == []


def test_with_a_policy_the_insurer_is_asked_first_and_its_word_opens_the_settlement(house):
    _policy, insurer = insure(house)
    claim = negotiated(make_injury(house), house)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "settle", house.clerk, settle_facts())
    assert refusal.value.code == "consent_not_granted"

    do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "一次性赔偿 13,200.00 元"))
    claim = fresh(claim)
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    clock = Deadline.objects.get(case_id=claim.pk, rule="consent")
    assert (claim.state, claim.consent, payout.consent, payout.requested) == ("insurer_consent", "asked", "asked", Decimal("13200.00"))
    assert (clock.count, clock.unit, clock.is_statutory) == (3, "working_days", False)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "settle_at_own_risk", house.approver, SettleAtOwnRisk(Decimal("13200.00"), timezone.localdate(), "x", "等不及"))
    assert refusal.value.code == "consent_still_open"

    asked = Case.objects.get(pk=payout.id)
    assert (asked.turn_role, asked.turn_verb) == (Role.INSURER_HANDLER, "answer_consent")
    assert (claim.turn_role, claim.turn_verb) == ("", "payout.answer_consent")
    assert [row.case.pk for row in work_page(actor=insurer.handler).rows] == [payout.id]

    do(asked, "answer_consent", insurer.approver, InsurerAnswers(True))
    assert fresh(claim).consent == "granted"
    do(claim, "settle", house.clerk, settle_facts())
    assert fresh(claim).state == "liability_fixed"


def test_a_refused_consent_leaves_own_risk_or_the_table(house):
    _policy, insurer = insure(house)
    claim = negotiated(make_injury(house), house)
    do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "草案"))
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    do(Case.objects.get(pk=payout.id), "answer_consent", insurer.approver, InsurerAnswers(False, "误工费偏高"))
    assert fresh(claim).turn_verb == "settle_at_own_risk"

    do(claim, "resume_negotiation", house.clerk, Because("再谈"))
    assert fresh(claim).consent == ""
    do(claim, "ask_consent", house.clerk, AskConsent(Decimal("12000.00"), "新草案"))
    do(Case.objects.get(pk=payout.id), "answer_consent", insurer.approver, InsurerAnswers(False, "仍偏高"))
    do(claim, "settle_at_own_risk", house.approver, SettleAtOwnRisk(Decimal("12000.00"), timezone.localdate(), "协议", "受害人急用钱"))
    claim = fresh(claim)
    assert (claim.state, claim.consent, claim.owed) == ("liability_fixed", "own_risk", Decimal("12000.00"))


def test_an_answer_that_does_not_come_opens_own_risk_by_itself(house):
    insure(house)
    claim = negotiated(make_injury(house), house)
    do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "草案"))
    Deadline.objects.filter(case_id=claim.pk, rule="consent").update(due_at=timezone.now() - timezone.timedelta(minutes=1))

    do(claim, "settle_at_own_risk", house.approver, SettleAtOwnRisk(Decimal("13200.00"), timezone.localdate(), "协议", "逾期未答复"))
    assert fresh(claim).state == "liability_fixed"


@pytest.mark.parametrize("verb", ["settle", "settle_at_own_risk"])
def test_no_settlement_gives_up_rights_against_others(house, verb):
    claim = negotiated(make_injury(house), house)
    if verb == "settle":
        with pytest.raises(FactsRefused) as refusal:
            do(claim, "settle", house.clerk, settle_facts(waives_others=True))
        assert list(refusal.value.errors) == ["waives_others"]
    else:
        with pytest.raises(StepRefused):
            do(claim, verb, house.approver, SettleAtOwnRisk(Decimal("1.00"), TODAY, "x", "y", waives_others=True))


def test_a_settlement_needs_the_signed_paper(house):
    claim = assess(make_injury(house), house.clerk)
    do(claim, "start_negotiation", house.clerk)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "settle", house.clerk, settle_facts())
    assert refusal.value.code == "evidence_missing"
    assert set(refusal.value.details["codes"]) == {"identity", "settlement_agreement"}


def test_a_judgment_fixes_the_liability(house, claim):
    assess(claim, house.clerk)
    do(claim, "sue", house.clerk, Sue("广州市海珠区人民法院", "（2026）粤0105民初0000号", "黄女士"))
    with pytest.raises(StepRefused) as refusal:
        as_court(suit_of(claim), "record_judgment", house.clerk, judgment("15000.00", on=TODAY))
    assert refusal.value.code == "evidence_missing"
    judge(claim, house.clerk, "15000.00")

    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.fixed_by, claim.amount) == (
        "liability_fixed",
        Decimal("15000.00"),
        "judgment",
        Decimal("15000.00"),
    )
    assert [e.amount for e in claim.estimates.all()][-1] == Decimal("15000.00")


def test_not_liable_is_an_end_of_its_own_and_what_was_advanced_is_asked_back(house, claim):
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, "0.00")

    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.excess) == ("not_liable", Decimal("0.00"), Decimal("8000.00"))
    task = Task.objects.get(case_id=claim.pk, code="refund", done_at=None)
    assert "8,000.00" in task.says or "8000.00" in task.says
    with pytest.raises(StepRefused) as refusal:
        do(claim, "close", house.approver, CloseClaim("x"))
    assert refusal.value.code == "own_things_open"
    Task.objects.filter(pk=task.pk).update(done_at=timezone.now(), outcome="转追偿案")
    do(claim, "close", house.approver, CloseClaim("判决不承担责任，垫付款另案追偿"))
    assert fresh(claim).state == "closed"


def test_closing_names_everything_that_is_open(house, claim):
    paid = approve(propose(claim, house.clerk, "8000.00", "20000.00"), house.clerk, "approve_in_emergency")
    pay(paid, house.cashier)
    waiting = propose(claim, house.clerk, "100.00", "20000.00")
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, "8000.00")
    assert fresh(claim).state == "victim_paid"

    with pytest.raises(StepRefused) as refusal:
        do(claim, "close", house.approver, CloseClaim("x"))

    assert waiting.reference in str(refusal.value.says)
    assert f"{paid.reference} 紧急垫付" in str(refusal.value.says)


def test_what_is_paid_above_is_recorded_and_asked_back_never_barred(house, claim):
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, "100.00")
    paid = RecordPayment("other", Decimal("150.00"), TODAY, "收据 1")
    with pytest.raises(StepRefused) as refusal:
        do(claim, "prove_payment", house.clerk, paid)
    assert refusal.value.code == "evidence_missing"
    add_evidence(claim, "payment_voucher")
    do(claim, "prove_payment", house.clerk, paid)

    claim = fresh(claim)
    assert (claim.state, claim.excess) == ("victim_paid", Decimal("50.00"))
    assert Task.objects.filter(case_id=claim.pk, code="refund", done_at=None).count() == 1


def test_a_revised_worksheet_replaces_the_assessment_and_the_old_one_stays(house, claim):
    claim = negotiated(claim, house)
    worksheet(claim, house.clerk, "20000.00", reason="补交票据")
    claim = assess(fresh(claim), house.clerk, "20500.00", reason="补交票据")
    assert (claim.state, claim.assessed) == ("assessed", Decimal("21700.00"))
    assert [v.version for v in damages.versions(claim.pk)] == [3, 2, 1]
    assert [e.amount for e in claim.estimates.all()] == [Decimal("13200.00"), Decimal("21700.00")]


def test_an_incomplete_worksheet_is_no_assessment(house, claim):
    with pytest.raises(StepRefused) as refusal:
        from claims import services

        services.assess_from_worksheet(claim=claim, by=house.clerk, happened_at=timezone.now(), seen=None)
    assert refusal.value.code == "worksheet_incomplete"


def test_papers_are_asked_for_in_one_list(house, claim):
    with pytest.raises(FactsRefused):
        do(claim, "request_documents", house.clerk, RequestDocuments((" ",)))
    do(claim, "request_documents", house.clerk, RequestDocuments(("身份证", "病历")))
    clock = Deadline.objects.get(case_id=claim.pk, rule="documents")
    assert (fresh(claim).state, clock.is_statutory, clock.count) == ("docs_missing", False, 15)
    do(claim, "receive_documents", house.clerk)
    assert fresh(claim).state == "open"


def test_the_application_of_somebody_without_an_account_is_transcribed(house, claim):
    facts = FileApplication("黄女士", "本人", (AskedHead("medical", Decimal("15000.00"), 3),), True, TODAY)
    with pytest.raises(StepRefused, match="paper_missing"):
        do(claim, "file_application", house.clerk, facts, on_behalf_of="黄女士本人，到场口述")
    add_evidence(claim, "transcription")
    event = do(claim, "file_application", house.clerk, facts, on_behalf_of="黄女士本人，到场口述")
    assert event.on_behalf_of == "黄女士本人，到场口述"
    assert fresh(claim).asked == [{"code": "medical", "amount": "15000.00", "bills": 3}]
    with pytest.raises(FactsRefused) as refusal:
        do(claim, "file_application", house.clerk, FileApplication("黄女士", "本人", (), False, TODAY))
    assert list(refusal.value.errors) == ["consent"]


@pytest.mark.parametrize(
    "shares",
    [
        (("use_manager", "7/10"), ("maintenance", "1/5")),
        (("use_manager", "1/2"), ("use_manager", "1/2")),
        (("use_manager", "3/2"), ("maintenance", "-1/2")),
    ],
)
def test_shares_must_be_one_whole(house, claim, shares):
    facts = RecordShares("provisional", tuple(PartyShare(p, Fraction(s)) for p, s in shares), "暂定")
    with pytest.raises(FactsRefused) as refusal:
        do(claim, "record_shares", house.clerk, facts)
    assert list(refusal.value.errors) == ["shares"]


def test_each_determination_is_a_version(house, claim):
    for basis, mine in (("provisional", "1/2"), ("investigation", "1/3")):
        rest = 1 - Fraction(mine)
        shares = (PartyShare("use_manager", Fraction(mine)), PartyShare("maintenance", rest))
        do(claim, "record_shares", house.clerk, RecordShares(basis, shares, "调查报告"))
    versions = list(fresh(claim).liability_versions.values_list("basis", "shares"))
    assert versions == [
        ("provisional", {"use_manager": "1/2", "maintenance": "1/2"}),
        ("investigation", {"use_manager": "1/3", "maintenance": "2/3"}),
    ]


def test_fault_of_the_injured_is_a_persons_decision_with_its_reason(house, claim):
    with pytest.raises(FactsRefused):
        do(claim, "set_victim_fault", house.clerk, SetVictimFault(Fraction(11, 10), "x"))
    with pytest.raises(FactsRefused):
        do(claim, "set_victim_fault", house.clerk, SetVictimFault(Fraction(1, 10), " "))
    do(claim, "set_victim_fault", house.clerk, SetVictimFault(Fraction(1, 10), "扒门"))
    assert fresh(claim).fault_share == Fraction(1, 10)


def test_a_duplicate_keeps_both_and_reopens(house, claim):
    with pytest.raises(FactsRefused):
        do(claim, "mark_duplicate", house.clerk, MarkDuplicate(claim.reference, "同一人"))
    do(claim, "mark_duplicate", house.clerk, MarkDuplicate("CL-2026-09999", "同一人"))
    assert (fresh(claim).state, fresh(claim).duplicate_of) == ("duplicate", "CL-2026-09999")
    do(claim, "reopen", house.clerk, Because("不是同一人"))
    assert (fresh(claim).state, fresh(claim).duplicate_of) == ("open", "")


def test_suspension_is_a_flag_that_never_bars_the_money(house, claim):
    do(claim, "suspend", house.clerk, Because("监管部门要求封存设备"))
    assert fresh(claim).is_suspended
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    assert fresh(claim).proven == Decimal("8000.00")
    do(claim, "resume", house.clerk)
    assert not fresh(claim).is_suspended


def test_a_fixed_liability_is_undone_by_a_new_record(house, claim):
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, "9000.00")
    do(claim, "revoke_liability", house.approver, Because("再审改判"))
    claim = fresh(claim)
    assert (claim.state, claim.owed, claim.fixed_on) == ("assessed", None, None)
    assert claim.events.filter(verb="record_judgment").count() == 1


def test_advances_paid_before_reach_the_insurer_with_the_request(house):
    insure(house)
    claim = make_injury(house)
    pay(approve(propose(claim, house.clerk, "8000.00"), house.approver), house.cashier)
    do(claim, "request_payout", house.clerk)
    (payout,) = policies.payouts_of(claim_id=claim.pk)
    from policies.models import VictimPayment

    assert payout.requested == Decimal("8000.00")
    assert [v.amount for v in VictimPayment.objects.filter(payout_id=payout.id)] == [Decimal("8000.00")]
    with pytest.raises(StepRefused) as refusal:
        do(claim, "request_payout", house.clerk)
    assert refusal.value.code == "payout_asked"

    assess(fresh(claim), house.clerk)
    assert policies.payout_view(payout.id).requested == Decimal("13200.00")


def test_nobody_manages_the_lift_then_the_street_office_carries_the_claim():
    from claims.models import Claim
    from elevators.api import Harm, Nature, PersonFacts
    from elevators.models import UseManagement
    from tests.factories.elevators import make_incident, make_lobby

    lobby = make_lobby(insured=False)
    UseManagement.objects.all().delete()
    incident = make_incident(
        lobby, nature=Nature.INJURY, people_count=1, by=lobby.street_clerk, people=(PersonFacts(key="", name="老人", harm=Harm.INJURED),)
    )
    follow()
    claim = Claim.objects.get(parent_id=incident.pk)
    assert (claim.turn_role, claim.turn_verb) == (Role.STREET_CLERK, "assess")
    assess(claim, lobby.street_clerk)
    assert fresh(claim).state == "assessed"


def test_consent_by_paper_is_transcribed(house):
    insure(house)
    claim = negotiated(make_injury(house), house)
    do(claim, "ask_consent", house.clerk, AskConsent(Decimal("13200.00"), "草案"))
    add_evidence(claim, "transcription")
    do(claim, "record_consent", house.clerk, AnswerConsent(True), on_behalf_of="南粤财险来函")
    assert fresh(claim).consent == "granted"


def test_without_any_figure_the_insurer_is_not_asked(house):
    insure(house)
    claim = make_injury(house)
    with pytest.raises(StepRefused) as refusal:
        do(claim, "request_payout", house.clerk)
    assert refusal.value.code == "loss_unknown"


@pytest.mark.parametrize("day", [timezone.localdate() - timezone.timedelta(days=400), timezone.localdate() + timezone.timedelta(days=1)])
def test_impossible_dates_are_refused_beside_their_field(house, claim, day):
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    add_evidence(claim, "payment_voucher")
    with pytest.raises(FactsRefused) as judged:
        judge(claim, house.clerk, "1.00", on=day)
    with pytest.raises(FactsRefused) as paid:
        do(claim, "prove_payment", house.clerk, RecordPayment("other", Decimal("1.00"), day, "收据"))
    assert ("judged_on" in judged.value.errors, list(paid.value.errors)) == (True, ["paid_on"])


def test_a_refund_settles_the_task_that_asked_for_it(house, claim):
    from claims.facts import RefundAdvance

    advance = approve(propose(claim, house.clerk, "8000.00"), house.approver)
    pay(advance, house.cashier)
    do(claim, "sue", house.clerk, Sue("法院", "案号", "黄女士"))
    judge(claim, house.clerk, "6000.00")
    task = Task.objects.get(case_id=claim.pk, code="refund", done_at=None)

    do(advance, "record_refund", house.cashier, RefundAdvance(Decimal("2000.00"), timezone.localdate(), "TK-1"))

    task.refresh_from_db()
    assert (task.done_at is not None, fresh(claim).excess) == (True, Decimal("0.00"))
