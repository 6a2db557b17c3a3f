"""The whole matrix of both kinds: in every state every step is done or refused with its reason; every state ends."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from casework import registry
from casework.errors import FactsRefused, StepRefused
from casework.models import Case
from casework.steps import perform
from disputes import facts as told
from tests.factories.claims import add_evidence, do, make_house, make_injury
from tests.factories.disputes import COURT, SYSTEM, as_court, judgment, open_mediation, open_suit, today

pytestmark = pytest.mark.django_db

WHY = told.Because("理由")
SUIT_FACTS = {
    "amend": told.AmendLitigation(COURT, "新案号", "黄女士", "测试物业"),
    "record_service": told.RecordService(today(-30)),
    "name_agent": told.NameAgent("罗律师", "lawyer"),
    "answer": told.Answer(today(-20), "不承担全部责任"),
    "schedule_hearing": told.ScheduleHearing(timezone.now() + timezone.timedelta(days=3), "第三法庭"),
    "record_hearing": told.RecordHearing(today(), "审判员", "双方", "举证质证"),
    "record_judgment": judgment(),
    "appeal": told.Appeal("黄女士", today(), "广州市中级人民法院"),
    "withdraw_appeal": told.WithdrawAppeal("裁定", today()),
    "remand": told.Remand("裁定", today(), COURT),
    "take_effect": told.TakeEffect(today(), today()),
    "settle_in_court": told.SettleInCourt(Decimal("100.00"), "调解书", today(), today()),
    "withdraw": told.WithdrawSuit("withdrawn", "裁定", today(), "和解了"),
    "apply_enforcement": told.ApplyEnforcement("黄女士", today(), COURT),
    "record_cost": told.RecordCost("court_fee", Decimal("50.00"), today(), "票据"),
    "close": told.CloseLitigation("付清"),
    "reopen": told.ReopenLitigation("再审裁定", COURT, "再审案号"),
}
SIGNED = {"signed_on": today(), "parties_signed": True, "mediator_signed": True, "committee_sealed": True}
AGREED = told.Agree(Decimal("9000.00"), "一次性赔偿", "七日内付清", **SIGNED)
MEDIATION_FACTS = {
    "record_session": told.RecordSession(today(), "双方", "谈"),
    "draft_agreement": told.DraftAgreement(Decimal("9000.00"), "一次性赔偿", "七日内付清"),
    "agree": AGREED,
    "fail": told.FailMediation(today(), "分歧太大"),
    "apply_confirmation": told.ApplyConfirmation(COURT, today(), True),
    "confirm_judicially": told.ConfirmJudicially("裁定", today()),
    "refuse_confirmation": told.RefuseConfirmation("裁定", today(), "内容不明确"),
}
WAYS = {
    "litigation": {
        "open": (),
        "judged": ("record_judgment",),
        "appealed": ("record_judgment", "appeal"),
        "effective": ("record_judgment", "take_effect"),
        "enforcing": ("record_judgment", "take_effect", "apply_enforcement"),
        "closed": ("record_judgment", "take_effect", "close"),
        "withdrawn": ("withdraw",),
    },
    "mediation": {
        "open": (),
        "agreed": ("agree",),
        "confirming": ("agree", "apply_confirmation"),
        "confirmation_refused": ("agree", "apply_confirmation", "refuse_confirmation"),
        "confirmed": ("agree", "apply_confirmation", "confirm_judicially"),
        "concluded": ("agree", "conclude"),
        "failed": ("fail",),
    },
}
LONG_AGO = 60 * 24 * 60  # minutes: the accident lies two months back
PAPERS = ("judgment", "judgment_second", "judgment_retrial", "mediation_agreement", "confirmation_ruling")
ALL = [(kind, state) for kind, ways in WAYS.items() for state in ways]


def facts_of(kind, verb):
    return {**(SUIT_FACTS if kind == "litigation" else MEDIATION_FACTS)}.get(verb, WHY)


def take(case, verb, by):
    """One step as its own doer: recorded for court or committee where they alone may."""
    row = registry.may(case.kind, verb)
    act = do if by.has(*row.roles) else as_court
    return act(case, verb, by, facts_of(case.kind, verb))


def bring(kind, state, house):
    claim = make_injury(house, started=LONG_AGO)
    case = (open_suit if kind == "litigation" else open_mediation)(claim)
    add_evidence(case, *PAPERS)
    for verb in WAYS[kind][state]:
        take(case, verb, house.approver if verb == "reopen" else house.clerk)
    case = Case.objects.get(pk=case.pk).specific
    assert case.state == state
    return case


@pytest.fixture
def house():
    return make_house()


@pytest.mark.parametrize(("kind", "state"), ALL)
def test_every_step_in_every_state(house, kind, state):
    case = bring(kind, state, house)
    moved = set()
    for verb, spec in registry.kind(kind).steps.items():
        if spec.is_birth:
            continue
        with transaction.atomic():
            try:
                row = registry.may(kind, verb)
                by, behalf = (house.approver, {}) if house.approver.has(*row.roles) else (house.approver, {"on_behalf_of": COURT})
                perform(case, verb, by=by, happened_at=timezone.now(), seen=None, facts=facts_of(kind, verb), **behalf)
                done = True
            except (StepRefused, FactsRefused) as refusal:
                done = False
                assert state in spec.sources or refusal.code == f"not_from_{state}", verb
            transaction.set_rollback(True)
        assert not done or state in spec.sources, verb
        if done and spec.target not in (None, state):
            moved.add(verb)
    ended = registry.kind(kind).ended
    assert moved or state in ended, f"nobody finds a way out of {state}"


@pytest.mark.parametrize("kind", WAYS)
def test_every_state_leads_to_an_end_on_the_graph(kind):
    spec = registry.kind(kind)
    edges = {(source, step.target) for step in spec.steps.values() for source in step.sources if step.target and source}
    reaches = set(spec.ended)
    while grown := {source for source, target in edges if target in reaches} - reaches:
        reaches |= grown
    assert reaches == set(spec.states) == set(WAYS[kind])


@pytest.mark.parametrize(("kind", "state"), ALL)
def test_whose_turn_it_is_can_be_taken(house, kind, state):
    case = bring(kind, state, house)
    if state in registry.kind(kind).ended:
        assert case.turn_verb == ""
        return
    assert state in registry.kind(kind).steps[case.turn_verb].sources
    assert case.turn_organisation_id == house.lobby.manager.pk


def test_births_are_recorded_by_the_system(house):
    suit = open_suit(make_injury(house))
    event = suit.events.get()
    assert (event.verb, event.actor_is_system, suit.reference[:3]) == ("open", True, "LT-")
    assert SYSTEM.is_system
