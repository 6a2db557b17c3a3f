"""The whole matrix: in every state every step is either done or refused with its reason; every state has ways on and out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from django.utils import timezone

from access.actors import system_actor
from access.roles import UNHELD_ROLES, Role
from casework import registry
from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import Deadline
from casework.steps import perform
from claims import facts as told
from claims.models import Advance
from damages import api as damages
from ledger.facts import ReturnPayment
from tests.factories.access import make_actor
from tests.factories.claims import (
    add_evidence,
    approve,
    assess,
    deposit,
    do,
    follow,
    fresh,
    insure,
    make_house,
    make_injury,
    order_of,
    pay,
    propose,
)
from tests.factories.disputes import judge
from tests.factories.elevators import make_incident
from tests.factories.ledger import release

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YUAN = Decimal("13200.00")
SYSTEM = system_actor("outbox")
WHY = told.Because("理由")


def facts_of(verb, case):
    """Facts that hold by themselves; whether the step may be taken is the matrix's question."""
    sheet = damages.current(case.pk)
    assess_facts = told.Assess(sheet.id if sheet else 0, (sheet.total if sheet else None) or Decimal(0), "新版")
    signed = {"amount": YUAN, "signed_on": timezone.localdate(), "terms": "协议"}
    return {
        "file_application": told.FileApplication("黄女士", "本人", (), True, TODAY),
        "request_documents": told.RequestDocuments(("病历",)),
        "identify": told.IdentifyPerson("P1", "黄*芬"),
        "link_policy": told.LinkPolicy(1),
        "record_estimate": told.RecordEstimate(Decimal("1.00"), "clerk"),
        "assess": assess_facts,
        "revise_assessment": assess_facts,
        "set_victim_fault": told.SetVictimFault(Fraction(1, 10), "扒门"),
        "record_shares": told.RecordShares("provisional", (told.PartyShare("use_manager", Fraction(1)),), "暂定"),
        "record_minutes": told.RecordMinutes(TODAY, "双方", "谈"),
        "ask_consent": told.AskConsent(YUAN, "草案"),
        "record_consent": told.AnswerConsent(True),
        "settle": told.Settle(**signed),
        "settle_at_own_risk": told.SettleAtOwnRisk(**signed, reason="急"),
        "sue": told.Sue("法院", "号", "黄女士"),
        "mediate": told.Mediate("人民调解委员会"),
        "settle_by_mediation": told.SettleByMediation(YUAN, timezone.localdate(), "协议", "人民调解委员会"),
        "record_cost": told.RecordCost("mitigation_cost", Decimal("1.00"), TODAY, "号"),
        "record_judgment": told.RecordJudgment(YUAN, "号", TODAY),
        "record_court_settlement": told.RecordJudgment(YUAN, "号", TODAY),
        "record_not_liable": told.NotLiable("号", TODAY),
        "fix_liability": told.FixLiability(YUAN, "agreement", TODAY),
        "order_payment": told.OrderPayment("P1", Decimal("1.00"), "黄女士"),
        "record_payment": told.RecordPayment("manager", Decimal("1.00"), TODAY, "号"),
        "prove_payment": told.RecordPayment("other", Decimal("1.00"), TODAY, "号"),
        "close": told.CloseClaim("办完"),
        "mark_duplicate": told.MarkDuplicate("CL-2026-99999", "重复"),
        "propose_again": deposit("100.00"),
        "amend": deposit("100.00"),
        "approve": told.ApproveAdvance(case.amount),
        "approve_in_emergency": told.ApproveAdvance(case.amount),
        "record_paid": told.PaidAdvance(1, "号", TODAY),
        "record_returned": told.ReturnedAdvance(1, "退"),
        "record_heirs": told.RecordHeirs(TODAY, (told.Heir(1, "黄*芬", "配偶", Fraction(1)),), None, "证明"),
        "record_fund": told.RecordFund("medical_insurance", "医保中心", Decimal("1.00"), "通知书"),
        "hear_victim": told.VictimSays("question", "什么时候付？"),
        "record_bounced": told.ReturnedAdvance(1, "退票"),
        "record_refund": told.RefundAdvance(Decimal("1.00"), TODAY, "号"),
    }.get(verb)


BECAUSE = {
    "resume_negotiation",
    "withdraw_suit",
    "retry_in_court",
    "revoke_liability",
    "withdraw",
    "decide_not_covered",
    "reopen",
    "suspend",
    "refuse",
    "object_to_emergency",
}

#: How a claim comes to each of its states, by real steps.
WAYS = {
    "open": (),
    "docs_missing": ("request_documents",),
    "assessed": ("assess",),
    "negotiating": ("assess", "start_negotiation"),
    "insurer_consent": ("assess", "start_negotiation", "ask_consent"),
    "litigated": ("sue",),
    "not_liable": ("sue", "record_not_liable"),
    "liability_fixed": ("sue", "record_judgment"),
    "victim_paid": ("sue", "record_judgment", "prove_all"),
    "closed": ("sue", "record_not_liable", "close"),
    "withdrawn": ("withdraw",),
    "duplicate": ("mark_duplicate",),
    "not_covered": ("decide_not_covered",),
    "settled": ("assess", "start_negotiation", "settle_only"),
}
DONE, REFUSED = "done", "refused"


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def second(house):
    """Somebody who took no part so far and may do everything a manager's people may."""
    return everybody(house)


def everybody(house):
    return make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.MANAGER_CASHIER, organisation=house.lobby.manager)


def bring(claim, state, house, by):
    """Walk a claim to a state through the door."""
    add_evidence(claim, "identity", "settlement_agreement", "payment_voucher")
    for verb in WAYS[state]:
        claim = fresh(claim)
        if verb == "assess":
            assess(claim, house.clerk)
        elif verb == "settle_only":
            perform(claim, "settle", by=by, happened_at=timezone.now(), seen=None, facts=facts_of("settle", claim))
        elif verb in ("record_judgment", "record_not_liable"):
            judge(claim, by, str(YUAN) if verb == "record_judgment" else "0.00")
        elif verb == "prove_all":
            do(claim, "prove_payment", by, told.RecordPayment("other", YUAN, TODAY, "号"))
        else:
            do(claim, verb, by, facts_of(verb, claim) or (WHY if verb in BECAUSE else None))
    claim = fresh(claim)
    assert claim.state == state
    return claim


def try_step(case, verb, spec, by):
    """(what happened, why) of one step, undone afterwards."""
    row = registry.may(case.kind, verb)
    person = by if by.has(*row.roles) else SYSTEM
    behalf = {}
    if verb == "record_consent":
        person, behalf = by, {"on_behalf_of": "保险人来函"}
    facts = facts_of(verb, case) or (WHY if spec.facts is told.Because else None)
    extra = {"facts": facts} if facts is not None else {}
    with transaction.atomic():
        try:
            perform(case, verb, by=person, happened_at=timezone.now(), seen=None, **extra, **behalf)
            case.refresh_from_db()
            answer = (DONE, case.state)
        except StepRefused as refusal:
            answer = (REFUSED, refusal.code)
        except FactsRefused as refusal:
            answer = (REFUSED, ",".join(refusal.errors))
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("insured", [False, True])
@pytest.mark.parametrize("state", WAYS)
def test_every_step_of_a_claim_in_every_state(house, second, state, insured):
    if insured:
        insure(house)
    elif state == "insurer_consent":
        pytest.skip("without a policy the consent step is skipped")
    if insured and state == "settled":
        pytest.skip("with a policy the way leads over the insurer's consent")
    claim = bring(make_injury(house), state, house, everybody(house))
    ways = 0
    for verb, spec in registry.kind("claim").steps.items():
        if spec.is_birth:
            continue
        outcome, why = try_step(fresh(claim), verb, spec, second)
        if state not in spec.sources:
            assert (outcome, why) == (REFUSED, f"not_from_{state}"), verb
        elif outcome == DONE:
            assert why == (spec.target or state), verb
            ways += spec.target not in (None, state) and not spec.system_only
        else:
            assert why and not why.startswith("not_from"), verb
    assert ways or state in ("settled", "litigated"), f"nobody finds a way out of {state}"


#: What each state of an advance lets a person or the system do, the second person asking.
ADVANCE = {
    "proposed": {"amend", "approve", "approve_in_emergency", "refuse", "withdraw"},
    "approved": {"record_paid", "record_returned", "confirm_emergency", "object_to_emergency"},
    "paid": {"record_bounced", "record_refund", "confirm_emergency", "object_to_emergency"},
    "returned": {"amend", "withdraw", "confirm_emergency", "object_to_emergency"},
    "refused": {"propose_again"},
    "withdrawn": {"propose_again"},
}


def bring_advance(state, house, emergency=True):
    claim = make_injury(house)
    advance = propose(claim, house.clerk, "100.00", "1000.00")
    if state in ("refused", "withdrawn"):
        do(advance, "refuse" if state == "refused" else "withdraw", house.approver, WHY)
    if state in ("approved", "paid", "returned"):
        advance = approve(advance, house.approver, "approve_in_emergency" if emergency else "approve")
    if state == "paid":
        pay(advance, house.cashier)
    if state == "returned":
        order = order_of(advance)
        release(order, house.cashier)
        do(order, "return_", house.cashier, ReturnPayment("账号有误"))
    add_evidence(advance, "deposit_notice")
    advance = Advance.objects.get(pk=advance.pk)
    assert advance.state == state
    return advance


@pytest.mark.parametrize("state", ADVANCE)
def test_every_step_of_an_advance_in_every_state(house, second, state):
    advance = bring_advance(state, house)
    done = set()
    for verb, spec in registry.kind("advance").steps.items():
        if spec.is_birth:
            continue
        outcome, why = try_step(Advance.objects.get(pk=advance.pk), verb, spec, second)
        if outcome == DONE:
            done.add(verb)
        else:
            assert why, verb
            assert state in spec.sources or why == f"not_from_{state}", verb
    assert done == ADVANCE[state]


def test_an_ordinary_approval_asks_for_no_confirmation(house, second):
    advance = bring_advance("approved", house, emergency=False)
    spec = registry.kind("advance").steps["confirm_emergency"]
    assert try_step(advance, "confirm_emergency", spec, second) == (REFUSED, "no_confirmation_due")
    assert not Deadline.objects.filter(case_id=advance.pk).exists()


def test_every_state_is_reached_and_named():
    for kind, ways in (("claim", WAYS), ("advance", ADVANCE)):
        spec = registry.kind(kind)
        assert set(ways) == set(spec.states) == {s for step in spec.steps.values() for s in (step.target, *step.sources) if s}


def test_a_step_that_waits_for_somebody_is_one_they_can_take(house):
    """Whose turn it is, is never a step that the state forbids."""
    claim = make_injury(house)
    for state in WAYS:
        with transaction.atomic():
            moved = bring(claim, state, house, everybody(house)) if state not in ("insurer_consent",) else claim
            if moved.turn_verb:
                assert moved.state in registry.kind("claim").steps[moved.turn_verb].sources
            transaction.set_rollback(True)


# -- who may ----------------------------------------------------------------------------------------------------------

C, A, K, S = Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.MANAGER_CASHIER, Role.STREET_CLERK
#: Who may do what in a claim over a managed lift. The street office's clerk does it only where nobody manages the lift.
CLERK, EITHER, APPROVER, NOBODY = frozenset({C}), frozenset({C, A}), frozenset({A}), frozenset()
MAY = {
    "claim": {
        **dict.fromkeys(
            ("file_application", "request_documents", "receive_documents", "assess", "revise_assessment", "record_heirs"), CLERK
        ),
        **dict.fromkeys(
            (
                "identify",
                "link_policy",
                "record_fund",
                "record_estimate",
                "set_victim_fault",
                "record_shares",
                "start_negotiation",
                "record_minutes",
                "ask_consent",
                "resume_negotiation",
                "settle",
                "sue",
                "mediate",
                "request_payout",
                "record_victim_paid",
                "withdraw",
                "mark_duplicate",
                "reopen",
                "suspend",
                "resume",
            ),
            EITHER,
        ),
        **dict.fromkeys(
            ("settle_at_own_risk", "confirm_entrapment", "revoke_liability", "order_payment", "close", "decide_not_covered"), APPROVER
        ),
        **dict.fromkeys(("prove_payment", "record_cost"), frozenset({C, A, K})),
        **dict.fromkeys(
            (
                "record_consent",
                "fix_liability",
                "record_payment",
                "record_judgment",
                "record_court_settlement",
                "record_not_liable",
                "withdraw_suit",
                "retry_in_court",
                "settle_by_mediation",
                "reopen_for_bounce",
                "hear_victim",
            ),
            NOBODY,
        ),
    },
    "advance": {
        **dict.fromkeys(("amend", "propose_again", "approve_in_emergency", "withdraw"), EITHER),
        **dict.fromkeys(("approve", "confirm_emergency", "object_to_emergency", "refuse"), APPROVER),
        "record_refund": frozenset({C, K}),
        **dict.fromkeys(("record_paid", "record_returned", "record_bounced"), NOBODY),
    },
}


@pytest.mark.parametrize("kind", MAY)
def test_who_may_take_which_step(house, kind):
    from casework.steps import may
    from tests.factories.access import HOME

    insure(house)
    claim = make_injury(house)
    case = claim if kind == "claim" else propose(claim, house.clerk, "100.00", "1000.00")
    case = case.__class__.objects.get(pk=case.pk)
    homes = {"property_company": house.lobby.manager, "insurer": house.lobby.insurer}
    office = {S: house.lobby.street_clerk, Role.REGULATOR_OFFICER: house.lobby.officer, Role.MAINTENANCE_STAFF: house.lobby.maintainer}
    actors = {role: office.get(role) or make_actor(role, organisation=homes.get(HOME[role])) for role in Role if role not in UNHELD_ROLES}
    verbs = {verb for verb, spec in registry.kind(kind).steps.items() if not spec.is_birth}
    assert verbs == set(MAY[kind])
    for verb in verbs:
        assert {role for role, actor in actors.items() if may(case, verb, actor).allowed} == MAY[kind][verb], verb


def test_the_system_takes_only_the_steps_that_are_its_own(house):
    from casework.steps import may

    claim = make_injury(house)
    allowed = {verb for verb in registry.kind("claim").steps if verb != "open" and may(claim, verb, SYSTEM).allowed}
    assert allowed == {
        "receive_documents",
        "reopen_for_bounce",
        "sue",
        "record_judgment",
        "record_court_settlement",
        "record_not_liable",
        "withdraw_suit",
        "retry_in_court",
        "settle_by_mediation",
        "record_cost",
        "identify",
        "link_policy",
        "record_estimate",
        "assess",
        "revise_assessment",
        "record_consent",
        "resume_negotiation",
        "fix_liability",
        "request_payout",
        "record_payment",
        "record_victim_paid",
    }


def test_a_stranger_gets_no_answer_at_all(house):
    from casework.errors import OutOfScope

    claim = make_injury(house)
    with pytest.raises(OutOfScope):
        do(claim, "withdraw", make_actor(Role.MANAGER_CLERK), WHY)


def test_an_entrapment_has_its_own_short_way(house, second):
    insure(house)
    incident = make_incident(house.lobby, started=600, trapped=52, people_count=2)
    follow()
    from claims.models import Claim

    claim = Claim.objects.get(parent_id=incident.pk)
    injury = make_injury(make_house())
    assert try_step(claim, "confirm_entrapment", registry.kind("claim").steps["confirm_entrapment"], second) == (DONE, "liability_fixed")
    with pytest.raises((StepRefused, NotPermitted)):
        do(injury, "confirm_entrapment", second)
