"""The one door: who, when, on what facts; one wins, the other is told why."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.utils import timezone

from access.actors import system_actor
from access.models import User
from access.roles import CaseRole, Role
from casework import evidence, registry
from casework.declarations import NO_FACTS
from casework.edges import declared_edges
from casework.errors import FactsRefused, NotPermitted, OutOfScope, StepRefused
from casework.models import Case, CaseEvent, Edge, Evidence
from casework.steps import admit, may, perform, steps_for
from casework.transcription import PAPER
from tests.factories.access import make_actor, make_organisation
from tests.sample.factories import START, decide, open_matter, people
from tests.sample.models import AskMatter, Matter

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
CLERK, HANDLER = Role.MANAGER_CLERK, Role.INSURER_HANDLER


def test_a_step_moves_the_case_and_leaves_its_record():
    clerk, handler = people()
    case = open_matter(clerk, handler)

    event = decide(case, handler)

    fresh = Matter.objects.get(pk=case.pk)
    assert (fresh.state, fresh.granted, fresh.sequence) == ("decided", Decimal("80.00"), 2)
    assert event.record.facts == {"granted": "80.00", "reason": ""}
    assert event.record.changes["granted"] == "80.00"
    assert event.provisions == ["《中华人民共和国保险法》第二十三条第一款"]
    assert (event.source, event.target, event.actor_name) == ("open", "decided", handler.name)


def test_references_count_per_year_and_prefix():
    clerk, handler = people()
    first = open_matter(clerk, handler)
    second = open_matter(clerk, handler)
    assert int(second.reference.split("-")[2]) == int(first.reference.split("-")[2]) + 1
    assert first.reference.startswith("MT-2025-")


def test_a_stranger_learns_nothing():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(OutOfScope):
        decide(case, make_actor(HANDLER))


def test_a_role_that_may_not_is_told_who_may():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(NotPermitted, match="理赔经办人"):
        decide(case, clerk)


def test_a_role_in_the_wrong_part_may_not():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    other = make_actor(HANDLER)
    admit(case, other.organisation_id, CaseRole.MAINTENANCE)
    with pytest.raises(NotPermitted) as refusal:
        decide(case, other)
    assert refusal.value.code == "not_this_part"


def test_four_eyes_hold_for_one_person_with_both_roles():
    organisation = make_organisation("insurer")
    both = make_actor(HANDLER, CLERK, organisation=organisation)
    case = open_matter(both, both)
    with pytest.raises(NotPermitted) as refusal:
        decide(case, both)
    assert refusal.value.code == "four_eyes"
    colleague = make_actor(HANDLER, organisation=organisation)
    assert decide(case, colleague).target == "decided"


def test_a_verb_without_a_row_is_closed_to_everybody(monkeypatch):
    clerk, handler = people()
    case = open_matter(clerk, handler)
    monkeypatch.delitem(registry._may, "matter.decide")
    with pytest.raises(NotPermitted) as refusal:
        decide(case, handler)
    assert refusal.value.code == "not_listed"
    assert not may(case, "decide", handler).allowed


def test_a_guard_refuses_with_reason_article_and_cure():
    clerk, handler = people()
    case = open_matter(clerk, handler, asked="0.00")
    with pytest.raises(StepRefused) as refusal:
        decide(case, handler)
    assert refusal.value.code == "has_been_asked_for"
    assert "第六十五条第三款" in refusal.value.citation
    assert refusal.value.cure.verb == "ask"


def test_a_check_names_the_field_and_nothing_is_stored():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(FactsRefused) as refusal:
        decide(case, handler, granted="100.01")
    assert list(refusal.value.errors) == ["granted"]
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_a_stale_form_is_told_what_changed():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    seen = case.sequence
    perform(case, "ask", by=handler, happened_at=START, seen=seen, facts=AskMatter())
    with pytest.raises(StepRefused) as refusal:
        decide(case, handler, seen=seen)
    assert refusal.value.code == "changed_since"
    assert "要求补充" in str(refusal.value.says)


def test_a_system_event_that_changed_nothing_makes_no_form_stale():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    perform(case, "remind", by=system_actor("sweep"), happened_at=START, seen=None)
    assert decide(case, handler, seen=1).target == "decided"


def test_the_future_and_another_state_are_refused():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(FactsRefused):
        perform(case, "ask", by=handler, happened_at=timezone.now() + timedelta(minutes=1), seen=1, facts=AskMatter())
    decide(case, handler)
    with pytest.raises(StepRefused) as refusal:
        decide(case, handler, seen=2)
    assert refusal.value.code == "not_from_decided"


def test_missing_evidence_is_named():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    decide(case, handler)
    with pytest.raises(StepRefused, match="收据") as refusal:
        perform(case, "close", by=handler, happened_at=START + timedelta(days=2), seen=2)
    assert refusal.value.code == "evidence_missing"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def unmanned():
    """A matter whose use-manager has nobody in the house, and the handler who writes for them."""
    clerk, handler = people()
    case = open_matter(clerk, handler)
    User.objects.filter(pk=clerk.user_id).update(is_active=False)
    return case, handler


def lay_down_paper(case, by):
    return evidence.add(case, code=PAPER, file=SimpleUploadedFile("paper.jpg", JPEG, "image/jpeg"), by=by)


def transcribe(case, by, **more):
    return perform(case, "answer", by=by, happened_at=START, seen=1, facts=AskMatter(), on_behalf_of="黄女士", **more)


def test_a_counterpart_records_for_somebody_without_an_account(unmanned, media):
    case, handler = unmanned
    with pytest.raises(NotPermitted):
        perform(case, "answer", by=handler, happened_at=START, seen=1, facts=AskMatter())
    lay_down_paper(case, handler)
    assert transcribe(case, handler).on_behalf_of == "黄女士"


def test_nobody_records_for_somebody_without_their_paper(unmanned, media):
    case, handler = unmanned
    with pytest.raises(StepRefused) as refusal:
        transcribe(case, handler)
    assert (refusal.value.code, refusal.value.cure.anchor) == ("paper_missing", "evidence")

    withdrawn = lay_down_paper(case, handler)
    Evidence.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(StepRefused, match="paper_missing"):
        transcribe(case, handler)

    event = transcribe(case, handler, paper=SimpleUploadedFile("paper.jpg", JPEG + b"2", "image/jpeg"))
    assert event.on_behalf_of == "黄女士" and case.evidence.filter(code=PAPER, withdrawn_at=None).count() == 1


def test_nobody_records_for_an_organisation_that_can_do_it_itself(media):
    clerk, handler = people()
    case = open_matter(clerk, handler)
    lay_down_paper(case, handler)
    with pytest.raises(NotPermitted) as refusal:
        transcribe(case, handler)
    assert refusal.value.code == "has_account" and clerk.organisation_name in str(refusal.value.says)
    offered = {view.verb: view for view in steps_for(case, handler)}
    assert not offered["answer"].allowed and offered["answer"].code == "has_account"


def test_an_exception_is_said_in_the_row_of_permission(monkeypatch, media):
    clerk, handler = people()
    case = open_matter(clerk, handler)
    row = registry.may("matter", "answer")
    monkeypatch.setitem(registry._may, "matter.answer", dataclasses.replace(row, despite_account=True, by_word=True))
    assert transcribe(case, handler).on_behalf_of == "黄女士"


def test_a_guard_that_hides_leaves_the_step_out_and_still_refuses_it(monkeypatch):
    clerk, handler = people()
    case = open_matter(clerk, handler, asked="0.00")
    assert "decide" in {view.verb for view in steps_for(case, handler)}
    step = registry.kind("matter").steps["decide"]
    hiding = dataclasses.replace(step, guards=tuple(dataclasses.replace(g, hides=True) for g in step.guards))
    monkeypatch.setitem(registry.kind("matter").steps, "decide", hiding)

    assert "decide" not in {view.verb for view in steps_for(case, handler)}
    with pytest.raises(StepRefused, match="has_been_asked_for"):
        decide(case, handler)


def test_steps_for_shows_what_works_and_why_the_rest_does_not():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    for_handler = {v.verb: v for v in steps_for(case, handler)}
    for_clerk = {v.verb: v for v in steps_for(case, clerk)}
    assert for_handler["decide"].allowed and for_handler["decide"].is_turn
    assert not for_handler["close"].allowed and for_handler["close"].code == "not_from_open"
    assert not for_clerk["decide"].allowed and "理赔经办人" in for_clerk["decide"].reason
    assert "remind" not in for_handler


def test_the_turn_stands_on_the_row_for_my_work():
    clerk, handler = people()
    case = Case.objects.get(pk=open_matter(clerk, handler).pk)
    assert (case.turn_organisation_id, case.turn_role, case.turn_verb) == (handler.organisation_id, HANDLER, "decide")


class TestTheDatabaseRefusesWhatTheCodeWouldNot:
    def test_an_update_past_the_edges(self):
        case = open_matter(*people())
        with pytest.raises(InternalError, match="no edge"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state="closed")

    def test_a_birth_in_another_state(self):
        with pytest.raises(InternalError, match="no edge"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO casework_case (kind, state, reference, title, lineage, place, organisation_ids, turn_role, turn_verb,"
                " sequence, is_suspended, happened_at, opened_at) VALUES ('matter', 'closed', 'X-1', '', '{}', '440105', '{}', '',"
                " '', 0, false, now(), now())"
            )

    def test_a_direct_assignment(self):
        case = open_matter(*people())
        with pytest.raises(AttributeError):
            case.state = "closed"

    def test_deleting_a_case_or_touching_an_event(self):
        case = open_matter(*people())
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM casework_case WHERE id = %s", [case.pk])
        with pytest.raises(InternalError), transaction.atomic():
            CaseEvent.objects.filter(case=case).update(actor_name="别人")

    def test_edges_are_the_declared_ones(self):
        assert set(Edge.objects.values_list("kind", "source", "target")) == declared_edges()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def run(self, *calls):
        outcomes, barrier = [], threading.Barrier(len(calls))

        def work(call):
            barrier.wait()
            try:
                outcomes.append(call().verb)
            except StepRefused as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(c,)) for c in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    def test_the_same_step_is_taken_once(self):
        clerk, handler = people()
        case = open_matter(clerk, handler)
        outcomes = self.run(*[lambda: decide(Matter.objects.get(pk=case.pk), handler, seen=1)] * 6)
        assert outcomes.count("decide") == 1
        assert set(outcomes) <= {"decide", "changed_since"}
        assert CaseEvent.objects.filter(case=case, verb="decide").count() == 1

    def test_numbers_are_given_once(self):
        clerk, handler = people()
        self.run(*[lambda: open_matter(clerk, handler).events.get()] * 8)
        references = list(Matter.objects.values_list("reference", flat=True))
        assert len(set(references)) == len(references) == 8


def test_facts_of_another_step_are_a_mistake_of_the_programmer():
    clerk, handler = people()
    case = open_matter(clerk, handler)
    with pytest.raises(TypeError):
        perform(case, "decide", by=handler, happened_at=START, seen=1, facts=NO_FACTS)


def test_a_parent_learns_whose_turn_it_is_when_its_child_ends():
    clerk, handler = people()
    parent = open_matter(clerk, handler)
    Case.objects.filter(pk=parent.pk).update(turn_organisation=None, turn_role="", turn_verb="")
    child = open_matter(clerk, handler, parent=parent)
    decide(child, handler)
    Evidence.objects.create(
        case_id=child.pk, code="receipt", name="收据.pdf", file="x.pdf", media_type="application/pdf", size=1, sha256="0" * 64
    )
    perform(child, "close", by=handler, happened_at=START + timedelta(days=2), seen=None)
    assert Case.objects.get(pk=parent.pk).turn_verb == "decide"
