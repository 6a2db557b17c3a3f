"""No machine has a trap: from every state that a case can reach, steps that somebody may take lead to an end."""

from __future__ import annotations

import pytest

from casework import registry
from casework.edges import declared_edges

KINDS = [spec for spec in registry.kinds() if spec.app != "sample"]
EDGES = sorted((kind, source, target) for kind, source, target in declared_edges() if kind in {spec.kind for spec in KINDS})


def edges_of(spec, *, taken_by_somebody=False):
    """(source, target) of every step that changes the state; births leave from ''."""
    return {
        (source, step.target)
        for step in spec.steps.values()
        if step.target is not None and not (taken_by_somebody and not can_be_taken(spec, step.verb))
        for source in step.sources
    }


def can_be_taken(spec, verb):
    row = registry.may(spec.kind, verb)
    return row is not None and bool(row.roles | row.transcribe)


def reached_from(edges, *starts):
    """Every state to which these edges lead, the starts included."""
    seen, waiting = set(starts), list(starts)
    while waiting:
        here = waiting.pop()
        for source, target in edges:
            if source == here and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


@pytest.mark.parametrize("spec", KINDS, ids=lambda s: s.kind)
class TestGraph:
    def test_a_case_is_born_into_its_first_state_and_reaches_every_other(self, spec):
        births = {target for source, target in edges_of(spec) if source == ""}
        assert births == {spec.model.INITIAL}
        assert reached_from(edges_of(spec, taken_by_somebody=True), "") - {""} == set(spec.states)

    def test_every_state_has_a_way_to_an_end(self, spec):
        back = {(target, source) for source, target in edges_of(spec, taken_by_somebody=True)}
        assert set(spec.states) - reached_from(back, *spec.ended) == set(), "a case that came here would never end"

    def test_no_state_but_an_end_is_a_dead_end(self, spec):
        left = {source for source, target in edges_of(spec, taken_by_somebody=True) if source != target}
        assert set(spec.states) - set(spec.ended) <= left

    def test_no_step_leads_out_of_the_declared_states(self, spec):
        states = set(spec.states)
        assert {target for _source, target in edges_of(spec)} <= states
        assert {source for step in spec.steps.values() for source in step.sources} <= states | {""}
        assert all(step.sources for step in spec.steps.values())

    def test_the_drawn_path_can_be_walked_from_birth_to_an_end(self, spec):
        assert not spec.path or (spec.path[0] == spec.model.INITIAL and spec.path[-1] in spec.ended)
        for here, there in zip(spec.path, spec.path[1:], strict=False):
            assert there in reached_from(edges_of(spec), here), (here, there)


@pytest.mark.django_db
def test_the_database_permits_exactly_the_declared_changes_of_state():
    from casework.models import Edge

    stored = Edge.objects.filter(kind__in=[spec.kind for spec in KINDS]).values_list("kind", "source", "target")
    assert sorted(stored) == EDGES


def test_a_machine_with_a_trap_would_be_found():
    """The search itself: 'lost' is left only for 'stuck', and 'stuck' for nothing."""
    edges = {("", "open"), ("open", "closed"), ("open", "lost"), ("lost", "stuck"), ("stuck", "stuck")}
    assert reached_from(edges, "") == {"", "open", "closed", "lost", "stuck"}
    assert reached_from({(b, a) for a, b in edges}, "closed") == {"", "open", "closed"}
