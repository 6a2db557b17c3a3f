"""Every step of the house is whole: a row of permission, a label, a docstring, facts, provisions that exist."""

from __future__ import annotations

import dataclasses

import pytest

from casework import registry
from casework.declarations import NoFacts
from legislation.lookup import all_parameters

KINDS = [spec for spec in registry.kinds() if spec.app != "sample"]
STEPS = [(spec, step) for spec in KINDS for step in spec.steps.values()]
NAMES = [step.topic for _spec, step in STEPS]
PARAMETERS = {p.name for p in all_parameters()}


@pytest.mark.parametrize(("spec", "step"), STEPS, ids=NAMES)
class TestStep:
    def test_somebody_may(self, spec, step):
        assert registry.may(spec.kind, step.verb) is not None, "no row in MAY: nobody could ever do it"

    def test_it_says_what_it_is(self, spec, step):
        assert str(step.label).strip()
        assert step.description, "the docstring is the Chinese term and one sentence of law"

    def test_its_states_exist(self, spec, step):
        known = set(spec.states) | {""}
        assert set(step.sources) <= known
        assert step.target is None or step.target in known

    def test_its_facts_are_a_frozen_dataclass_and_its_checks_name_their_fields(self, spec, step):
        assert dataclasses.is_dataclass(step.facts) and step.facts.__dataclass_params__.frozen
        fields = {f.name for f in dataclasses.fields(step.facts)}
        assert {c.field for c in step.checks} <= fields | {"__all__"}

    def test_its_provisions_are_parameters_of_the_law(self, spec, step):
        named = {*step.provisions, *(g.law for g in step.guards if g.law), *(c.law for c in step.checks if c.law)}
        assert named <= PARAMETERS

    def test_its_cures_lead_somewhere(self, spec, step):
        for guard in step.guards:
            if guard.cure and guard.cure.verb:
                assert any(guard.cure.verb in other.steps for other in registry.kinds()), guard.cure.verb

    def test_a_step_with_facts_that_a_person_types_has_a_form(self, spec, step):
        row = registry.may(spec.kind, step.verb)
        by_people = row is not None and any(str(role) != "system" for role in row.roles)
        if step.system_only or step.is_birth or step.facts is NoFacts or not by_people:
            return
        assert registry.form_of(step.topic) is not None, "a person could not type its facts"


@pytest.mark.parametrize("spec", KINDS, ids=lambda s: s.kind)
class TestKind:
    def test_every_row_of_permission_is_a_step(self, spec):
        rows = {name for name in registry.all_may() if name.startswith(f"{spec.kind}.")}
        assert rows == {f"{spec.kind}.{verb}" for verb in spec.steps}

    def test_four_eyes_name_steps(self, spec):
        for verb in spec.steps:
            row = registry.may(spec.kind, verb)
            assert set(row.not_by) <= set(spec.steps), verb

    def test_every_state_can_be_reached_and_left_unless_it_ends(self, spec):
        reached = {s.target for s in spec.steps.values() if s.target}
        left = {source for s in spec.steps.values() if s.target for source in s.sources if source}
        assert set(spec.states) == reached, "a state nobody can reach, or one without a name"
        assert set(spec.states) - left <= set(spec.ended), "a state without a way out"

    def test_the_path_is_made_of_states(self, spec):
        assert set(spec.path) <= set(spec.states)
        assert set(spec.ended) <= set(spec.states) and spec.ended

    def test_deadlines_hang_on_steps_and_on_the_law(self, spec):
        for rule in spec.deadlines:
            verbs = {*rule.starts, *rule.met_by, *rule.ends_with, *(v for p in rule.pauses for v in (p.begins, p.ends))}
            assert verbs <= set(spec.steps), rule.name
            assert rule.parameter in PARAMETERS, rule.parameter

    def test_evidence_holds_back_steps_that_exist(self, spec):
        codes = {r.code for r in spec.evidence}
        for requirement in spec.evidence:
            assert set(requirement.needed_by) <= set(spec.steps), requirement.code
        for step in spec.steps.values():
            assert set(step.evidence) <= codes, step.verb
