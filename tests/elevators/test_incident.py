"""The life of an incident: facts in any order, one hour to report, reports of one event joined, closed last."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from access.actors import Actor, system_actor
from access.roles import Role
from casework.audit import verify_case
from casework.declarations import NO_FACTS
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.models import Case, Deadline
from casework.steps import perform, steps_for
from elevators import api, services
from elevators.facts import ChangePeople, MarkDuplicate
from elevators.models import Incident
from tests.factories.access import make_actor
from tests.factories.elevators import Lobby, ago, make_elevator, make_incident, make_lobby, register_drained
from tests.factories.ledger import make_order, make_payer

pytestmark = pytest.mark.django_db
N = api.Nature
BADLY = api.PersonFacts(key="", name="黄淑芬", is_named=True, harm=api.Harm.SERIOUS)
HURT = api.PersonFacts(key="", name="黄淑芬", is_named=True, harm=api.Harm.INJURED)


@pytest.fixture
def lobby() -> Lobby:
    return make_lobby()


def fresh(incident: Case) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def do(incident: Case, verb: str, by: Actor, facts: object = None, at=None) -> Incident:
    extra = {} if facts is None else {"facts": facts}
    with register_drained():
        perform(fresh(incident), verb, by=by, happened_at=at or timezone.now(), seen=None, **extra)
    return fresh(incident)


def clock(incident: Case) -> Deadline | None:
    return Deadline.objects.filter(case_id=incident.pk, rule="regulator_report").first()


def reported(lobby: Lobby, **how) -> Incident:
    with register_drained():
        incident = make_incident(lobby, **how)
    return fresh(incident)


# Birth


def test_everything_the_register_knows_comes_with_the_report(lobby):
    incident = reported(lobby, people_count=3)
    assert incident.reference.startswith("IN-")
    assert incident.title == "榕岸花园 3 栋 1 梯"
    assert (incident.use_manager, incident.insurer) == (lobby.manager, lobby.insurer)
    assert incident.policy_reference == f"P-{lobby.elevator.pk}"
    assert set(incident.parts.values_list("role", flat=True)) == {"use_manager", "maintenance", "insurer", "street_office", "regulator"}
    view = api.incident_view(incident.pk)
    assert [(p.key, p.name, p.was_trapped) for p in view.people] == [("P1", "乘客 1", True), ("P2", "乘客 2", True), ("P3", "乘客 3", True)]
    assert verify_case(incident) is None


def test_cover_and_manager_are_those_of_the_minute_it_happened(lobby):
    services.end_use_management(lobby.elevator, on=timezone.localdate() - timedelta(weeks=1))
    incident = reported(lobby, by=lobby.street_clerk)
    assert incident.use_manager is None
    assert incident.use_manager_name == "没有使用管理人"
    assert incident.turn_role == Role.STREET_CLERK


@pytest.mark.parametrize("who", ["clerk", "maintainer", "street_clerk", "officer"])
def test_those_on_the_spot_may_report(lobby, who):
    assert reported(lobby, by=getattr(lobby, who)).state == "open"


@pytest.mark.parametrize("who", ["handler", "approver"])
def test_others_may_not_report(lobby, who):
    with pytest.raises(NotPermitted):
        make_incident(lobby, by=getattr(lobby, who))


def test_an_elevator_of_somebody_else_is_not_there(lobby):
    with pytest.raises(OutOfScope):
        make_incident(lobby, by=make_lobby(place="440305").clerk)


def test_an_office_of_the_city_reports_in_its_own_name(lobby):
    city = make_actor(Role.REGULATOR_OFFICER, place="440100")
    incident = reported(lobby, by=city)
    assert incident.parts.filter(role="regulator").count() == 2


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"started": -5}, "started_at"),
        ({"started": 60, "learnt": 90}, "learnt_at"),
        ({"people_count": 100_000}, "people_count"),
        ({"people_count": 0}, "people_count"),
        ({"people_count": -1}, "people_count"),
        ({"nature": N.INJURY, "people_count": 1}, "people"),
        ({"people_count": 1, "people": (HURT, HURT)}, "people_count"),
        ({"people": (api.PersonFacts(key="", name="某人", age=200),)}, "people"),
        ({"started": 60, "trapped": -1}, "released_at"),
        ({"started": 60, "trapped": 90}, "released_at"),
    ],
)
def test_impossible_facts_are_refused_by_their_field_and_nothing_is_written(lobby, how, field):
    with pytest.raises(FactsRefused) as refusal:
        make_incident(lobby, **how)
    assert next(iter(refusal.value.errors)) == field
    assert Case.objects.count() == 0


def test_a_fault_without_people_needs_nobody(lobby):
    incident = reported(lobby, nature=N.FAULT, people_count=0)
    assert (incident.people_count, incident.must_report) == (0, False)
    assert clock(incident) is None


# The hour


def test_one_hour_from_when_the_head_of_the_unit_learnt_of_it(lobby):
    incident = make_incident(lobby, nature=N.INJURY, people_count=1, people=(BADLY,), started=50, learnt=44)
    due = clock(incident)
    assert due.due_at == ago(44) + timedelta(hours=1)
    assert due.status == Deadline.Status.RUNNING
    assert "事故报告" in due.citation
    assert due.organisation == lobby.manager
    assert incident.next_deadline_at == due.due_at


def test_the_regulator_who_works_here_is_told_at_once(lobby):
    incident = reported(lobby, nature=N.INJURY, people_count=1, people=(BADLY,), started=50, learnt=44)
    assert incident.regulator_notified_at is not None
    assert "系统内送达" in incident.regulator_receipt
    assert clock(incident).status == Deadline.Status.MET
    assert not clock(incident).was_late


def test_an_hour_missed_is_kept_as_late(lobby):
    incident = reported(lobby, nature=N.INJURY, people_count=1, people=(BADLY,), started=300, learnt=290)
    assert clock(incident).was_late


def test_the_duty_stands_only_where_the_grade_rule_says_so(lobby):
    slight = make_incident(lobby, nature=N.INJURY, people_count=1, people=(HURT,), started=50)
    held = make_incident(lobby, started=200)
    assert (slight.must_report, held.must_report, clock(slight), clock(held)) == (False, False, None, None)

    rescue = api.RecordRescue(released_at=held.started_at + timedelta(minutes=130))
    perform(held, "record_rescue", by=lobby.clerk, happened_at=ago(60), seen=None, facts=rescue)
    assert (fresh(held).must_report, clock(held).due_at) == (True, ago(60) + timedelta(hours=1))


def test_the_hour_runs_from_when_the_facts_showed_it(lobby):
    incident = make_incident(lobby, nature=N.INJURY, people_count=1, people=(HURT,), started=600)
    (row,) = incident.people.all()
    worse = api.PersonFacts(row.key, row.name, harm=api.Harm.DEAD, party_id=row.party_id)
    facts = api.ChangePeople(people=(worse,), people_count=1, reason="医院通知抢救无效")
    perform(incident, "change_people", by=lobby.clerk, happened_at=ago(20), seen=None, facts=facts)

    assert clock(incident).due_at == ago(20) + timedelta(hours=1)


def test_a_report_by_telephone_is_recorded(lobby):
    incident = make_incident(lobby, nature=N.INJURY, people_count=1, people=(HURT,), started=30)
    done = do(incident, "notify_regulator", lobby.clerk, api.NotifyRegulator(ago(5), "telephone", "值班员 李某"))
    assert done.regulator_receipt == "值班员 李某"
    with pytest.raises(StepRefused, match="regulator_already_told"):
        do(incident, "notify_regulator", lobby.clerk, api.NotifyRegulator(ago(5), "telephone"))


# Rescue and grade


@pytest.mark.parametrize(("minutes", "grade"), [(0, "none"), (39, "none"), (119, "none"), (120, "ordinary"), (600, "ordinary")])
def test_trapped_minutes_give_the_grade(lobby, minutes, grade):
    incident = reported(lobby, started=700, trapped=minutes)
    assert (incident.trapped_minutes, incident.accident_grade) == (minutes, grade)
    assert "特种设备安全监察条例" in incident.grade_provision
    assert not incident.is_grade_confirmed


@pytest.mark.parametrize(
    ("harm", "grade"), [(api.Harm.UNHURT, "none"), (api.Harm.INJURED, "none"), (api.Harm.SERIOUS, "ordinary"), (api.Harm.DEAD, "ordinary")]
)
def test_harm_gives_the_grade(lobby, harm, grade):
    person = api.PersonFacts(key="", name="黄淑芬", is_named=True, harm=harm)
    assert reported(lobby, people=(person,), trapped=10).accident_grade == grade


def test_three_dead_are_a_larger_accident(lobby):
    people = tuple(api.PersonFacts(key="", name=f"某{n}", harm=api.Harm.DEAD) for n in range(3))
    incident = reported(lobby, nature=N.INJURY, people=people)
    assert (incident.deaths, incident.accident_grade) == (3, "larger")


def test_a_changed_fact_proposes_a_new_grade_and_asks_again(lobby):
    incident = reported(lobby, trapped=10)
    assert do(incident, "confirm_grade", lobby.clerk, api.ConfirmGrade()).is_grade_confirmed
    again = do(incident, "correct_facts", lobby.clerk, corrected(incident, loss_estimate=Decimal("10000.00")))
    assert (again.accident_grade, again.is_grade_confirmed) == ("ordinary", False)


def test_what_the_regulator_decided_stays(lobby):
    incident = reported(lobby, trapped=10)
    regraded = do(incident, "regrade", lobby.officer, api.Regrade("ordinary", "调查认定一人重伤"))
    assert (regraded.accident_grade, regraded.is_grade_confirmed, regraded.must_report) == ("ordinary", True, True)
    assert do(incident, "correct_facts", lobby.clerk, corrected(incident)).accident_grade == "ordinary"


def test_an_excluded_cause_is_no_accident_but_stays_an_incident(lobby):
    incident = reported(lobby, started=300, trapped=200)
    excluded = do(incident, "correct_facts", lobby.clerk, corrected(incident, exclusion="outside_cause", exclusion_reason="全市停电"))
    assert (excluded.accident_grade, excluded.must_report, excluded.state) == ("none", False, "open")
    assert "第三条" in excluded.grade_provision
    with pytest.raises(FactsRefused) as refusal:
        do(incident, "correct_facts", lobby.clerk, corrected(incident, exclusion="outside_cause", exclusion_reason=" "))
    assert list(refusal.value.errors) == ["exclusion_reason"]


def corrected(incident: Incident, **changes) -> api.CorrectFacts:
    now = {
        name: getattr(incident, name)
        for name in ("nature", "started_at", "people_count", "description", "loss_estimate", "exclusion", "exclusion_reason")
    }
    return api.CorrectFacts(**{**now, "reason": "补充", **changes})


def test_a_correction_measures_again_and_keeps_what_was(lobby):
    incident = reported(lobby, started=200, trapped=30)
    earlier = incident.started_at - timedelta(minutes=15)
    changed = do(incident, "correct_facts", lobby.clerk, corrected(incident, started_at=earlier, reason="96333 记录为准"))
    assert changed.trapped_minutes == 45
    first, last = incident.events.get(verb="report"), incident.events.filter(verb="correct_facts").get()
    assert first.record.facts["started_at"] == incident.started_at.isoformat()
    assert last.record.facts["reason"] == "96333 记录为准"


@pytest.mark.parametrize(
    ("released", "arrived", "field"),
    [(-1, None, "released_at"), (30, -5, "arrival_at"), (30, 40, "arrival_at"), (1000, None, "released_at")],
)
def test_rescue_times_that_cannot_be_are_refused(lobby, released, arrived, field):
    incident = reported(lobby, started=100)
    start = incident.started_at
    facts = api.RecordRescue(start + timedelta(minutes=released), start + timedelta(minutes=arrived) if arrived is not None else None)
    with pytest.raises(FactsRefused) as refusal:
        do(incident, "record_rescue", lobby.clerk, facts)
    assert list(refusal.value.errors) == [field]


# People


def test_a_name_learnt_later_keeps_the_person(lobby):
    incident = reported(lobby, people_count=2, people=(api.PersonFacts(key="", name="穿红衣的女士", harm=api.Harm.INJURED),))
    services.set_party(incident, key="P1", party_id=77, name="黄淑芬", by=lobby.clerk, happened_at=timezone.now())
    first, second = api.incident_view(incident.pk).people
    assert (first.key, first.party_id, first.name, first.is_named, first.injured) == ("P1", 77, "黄淑芬", True, True)
    assert (second.key, second.name) == ("P2", "乘客 2")
    before = fresh(incident).sequence
    services.set_party(incident, key="P1", party_id=77, name="黄淑芬", by=lobby.clerk, happened_at=timezone.now())
    assert fresh(incident).sequence == before


def test_nobody_on_record_is_silently_dropped(lobby):
    incident = reported(lobby, people_count=2)
    with pytest.raises(FactsRefused) as refusal:
        do(incident, "change_people", lobby.clerk, ChangePeople((api.PersonFacts(key="P1", name="黄淑芬"),), 2, "补名"))
    assert list(refusal.value.errors) == ["people"]
    both = (api.PersonFacts(key="P1", name="黄淑芬", harm=api.Harm.SERIOUS), api.PersonFacts(key="P2", removed_because="数错了"))
    changed = do(incident, "change_people", lobby.clerk, ChangePeople(both, 1, "补名"))
    assert [p.key for p in api.incident_view(incident.pk).people] == ["P1"]
    assert (changed.serious_injuries, changed.accident_grade) == (1, "ordinary")


# Reports of one event


def test_a_second_report_is_recognised_and_joined_without_a_second_case(lobby):
    incident = reported(lobby, started=60)
    (candidate,) = api.same_event_candidates(elevator_id=lobby.elevator.pk, started_at=ago(55))
    assert candidate.case_id == incident.pk
    with register_drained():
        services.join_report(
            incident,
            by=lobby.maintainer,
            source="maintenance",
            reported_at=ago(50),
            started_at=ago(55),
            people_count=2,
            description="业主打来，说里面有两个人",
        )
    assert Incident.objects.count() == 1
    kept = incident.linked_reports.get()
    assert (kept.people_count, kept.description, kept.started_at) == (2, "业主打来，说里面有两个人", ago(55))
    assert fresh(incident).people_count == 3


def test_another_elevator_or_another_day_is_no_candidate(lobby):
    reported(lobby, started=60, trapped=10)
    assert not api.same_event_candidates(elevator_id=make_elevator().pk, started_at=ago(60))
    assert not api.same_event_candidates(elevator_id=lobby.elevator.pk, started_at=ago(60) - timedelta(weeks=1))


def test_somebody_still_inside_makes_a_candidate_however_long_ago(lobby):
    reported(lobby, started=600)
    assert api.same_event_candidates(elevator_id=lobby.elevator.pk, started_at=ago(5))


def test_two_cases_of_one_event_become_one_and_both_are_kept(lobby):
    first, second = reported(lobby, started=60), reported(lobby, started=58, by=lobby.maintainer, people_count=2)
    with register_drained():
        services.join_incidents(second, first, by=lobby.clerk, reason="同一次停梯", happened_at=timezone.now())
    assert (fresh(second).state, fresh(second).duplicate_of) == ("duplicate", first.reference)
    assert first.linked_reports.get().case_reference == second.reference
    assert fresh(second).people.count() == 2
    assert verify_case(fresh(first)) is None
    assert verify_case(fresh(second)) is None


def test_a_case_is_not_joined_to_itself_or_to_another_elevator(lobby):
    first, elsewhere = reported(lobby), reported(make_lobby())
    with pytest.raises(FactsRefused):
        services.join_incidents(first, elsewhere, by=lobby.clerk, reason="x", happened_at=timezone.now())
    with pytest.raises(FactsRefused):
        do(first, "mark_duplicate", lobby.clerk, MarkDuplicate(first.reference, first.pk, "x"))


# Closing


def test_an_incident_closes_when_people_are_out_the_grade_stands_and_nothing_is_open(lobby):
    incident = make_incident(lobby, started=180)  # the outbox stays as it is: no claims open below
    assert refusal_of(incident, "close", lobby.clerk) == "somebody_still_trapped"
    step(incident, "record_rescue", lobby.maintainer, api.RecordRescue(ago(140), ago(150)))
    assert refusal_of(incident, "close", lobby.clerk) == "no_grade_yet"
    step(incident, "grade", system_actor("elevators"), NO_FACTS)
    assert refusal_of(incident, "close", lobby.clerk) == "grade_not_confirmed"
    assert step(incident, "confirm_grade", lobby.clerk, api.ConfirmGrade()).turn_verb == "close"
    closed = step(incident, "close", lobby.clerk, api.CloseIncident("更换门锁触点，恢复使用"))
    assert closed.state == "closed"
    assert closed.closed_at is not None
    reopened = step(incident, "reopen", lobby.clerk, api.ReopenIncident("乘客来电说当晚头晕"))
    assert (reopened.state, reopened.closed_at) == ("open", None)


def step(incident: Case, verb: str, by: Actor, facts: object) -> Incident:
    perform(fresh(incident), verb, by=by, happened_at=timezone.now(), seen=None, facts=facts)
    return fresh(incident)


def refusal_of(incident: Case, verb: str, by: Actor) -> str:
    return next(v.code for v in steps_for(fresh(incident), by) if v.verb == verb)


def test_closing_lists_what_is_still_open_below(lobby):
    incident = reported(lobby, trapped=10)
    do(incident, "confirm_grade", lobby.clerk, api.ConfirmGrade())
    below = make_order(make_payer(), parent=incident, by=system_actor("outbox"))
    view = next(v for v in steps_for(fresh(incident), lobby.clerk) if v.verb == "close")
    assert view.code == "children_open"
    assert below.reference in view.reason
    assert str(below.state_label) in view.reason


def test_an_accident_not_reported_holds_the_incident_open(lobby):
    incident = make_incident(lobby, started=200, trapped=150)
    Incident.objects.filter(pk=incident.pk).update(accident_grade="ordinary", is_grade_confirmed=True)
    assert refusal_of(incident, "close", lobby.clerk) == "regulator_not_told"


# Permissions

STEPS = {
    "record_rescue": {"clerk", "maintainer", "street_clerk", "officer"},
    "confirm_grade": {"clerk", "approver", "street_clerk"},
    "regrade": {"officer", "clerk", "approver", "street_clerk"},  # clerks record the regulator's decision with its paper
    "notify_regulator": {"clerk", "approver", "street_clerk"},
    "notify_insurer": {"clerk", "approver", "street_clerk"},
    "correct_facts": {"clerk", "approver", "street_clerk", "officer"},
    "change_people": {"clerk", "approver", "street_clerk"},
    "join": {"clerk", "maintainer", "street_clerk", "officer"},
    "mark_duplicate": {"clerk", "approver", "street_clerk", "officer"},
    "close": {"clerk", "approver", "street_clerk"},
}


@pytest.mark.parametrize("who", ["clerk", "approver", "maintainer", "street_clerk", "officer", "handler"])
def test_who_may_do_what(lobby, who):
    incident = make_incident(lobby, started=60)
    views = steps_for(incident, getattr(lobby, who))
    allowed = {v.verb for v in views if v.code not in ("not_this_role", "not_this_part", "not_listed")}
    assert allowed == {verb for verb, people in STEPS.items() if who in people}


def test_grading_is_nobodys_button(lobby):
    incident = make_incident(lobby, started=60)
    assert "grade" not in {v.verb for v in steps_for(incident, lobby.clerk)}
    with pytest.raises(NotPermitted):
        perform(incident, "grade", by=lobby.clerk, happened_at=timezone.now(), seen=None)


def test_a_stranger_does_not_see_the_case(lobby):
    incident = make_incident(lobby)
    with pytest.raises(OutOfScope):
        perform(
            incident, "confirm_grade", by=make_lobby(place="440305").clerk, happened_at=timezone.now(), seen=None, facts=api.ConfirmGrade()
        )


def test_the_strip_shows_facts_in_any_order(lobby):
    incident = reported(lobby, started=60)
    assert [done for _label, done, _at in incident.path_progress()] == [True, False, False, True, False]
    do(incident, "record_rescue", lobby.maintainer, api.RecordRescue(ago(30)))
    assert [done for _label, done, _at in do(incident, "confirm_grade", lobby.clerk, api.ConfirmGrade()).path_progress()] == [
        True,
        True,
        True,
        True,
        False,
    ]
