"""Role by step by state, generated from the declarations and run: the table of permissions is what the one door does.

Each kind has one row in the database, walked along its own edges to each of its states; whoever tries what is not listed,
not in their scope or not from here is refused with its own code, and nothing is written.
"""

from __future__ import annotations

from collections import deque
from datetime import date, datetime
from itertools import count

import pytest
from django.db import models, transaction
from django.utils import timezone

from access.actors import Actor, Link
from access.roles import CaseRole, Role
from casework import registry
from casework.errors import NotPermitted, OutOfScope, StepRefused
from casework.models import Case, CaseEvent, CaseOrganisation
from casework.permits import Standing, ensure_permitted
from casework.steps import may, perform
from tests.factories.access import PLACE, make_actor, make_organisation, make_user

KINDS = [spec for spec in registry.kinds() if spec.app != "sample"]
HERE, ELSEWHERE = 7, 8
_number = count(1)
by_kind = pytest.mark.parametrize("spec", KINDS, ids=lambda s: s.kind)


def actor(role: Role, organisation: int | None = None, *, case: int = 0, purpose: str = "", user: int | None = None) -> Actor:
    """Somebody with one role. People by link and the system belong to no organisation."""
    if role == Role.SYSTEM:
        return Actor("系统", frozenset({role}), sees_all=True)
    if role == Role.BY_LINK:
        return Actor("凭链接的人", frozenset({role}), link=Link(0, case, purpose, "link"))
    return Actor("测试员", frozenset({role}), organisation_id=organisation, user_id=user)


def expected(row, role: Role, parts: set[CaseRole]) -> str:
    """What the row of permission says: "" when allowed, else the code of the refusal."""
    if row is None:
        return "not_listed"
    if role not in row.roles:
        return "not_this_role"
    return "not_this_part" if row.as_ and role not in (Role.SYSTEM, Role.BY_LINK) and not parts & set(row.as_) else ""


def answer(ask) -> str:
    try:
        ask()
    except NotPermitted as refusal:
        assert str(refusal.says)
        return refusal.code
    return ""


# ---- the whole table, without a database ----


@by_kind
def test_every_role_in_every_part_may_exactly_what_is_listed(spec):
    holdings: list[set[CaseRole]] = [set(), *({part} for part in CaseRole), set(CaseRole)]
    for verb, step in spec.steps.items():
        row = registry.may(spec.kind, verb)
        case = spec.model(pk=None if step.is_birth else 1, kind=spec.kind, place=PLACE, organisation_ids=[HERE])
        purpose = next(iter(row.purposes), "") if row else ""
        for role in Role:
            for parts in holdings:
                standing = Standing(tuple((HERE, str(part)) for part in parts))
                who = actor(role, HERE, case=1, purpose=purpose)
                got = answer(lambda case=case, step=step, who=who, standing=standing: ensure_permitted(case, step, who, "", standing))
                assert got == expected(row, role, parts), (verb, role, parts)


@by_kind
def test_only_the_listed_may_record_for_somebody_without_an_account(spec):
    for verb, step in spec.steps.items():
        row = registry.may(spec.kind, verb)
        case = spec.model(pk=1, kind=spec.kind, place=PLACE, organisation_ids=[HERE])
        standing = Standing(tuple((HERE, str(part)) for part in CaseRole))
        for role in set(Role) - {Role.BY_LINK, Role.SYSTEM}:
            got = answer(
                lambda case=case, step=step, role=role, standing=standing: ensure_permitted(
                    case, step, actor(role, HERE), "不会上网的人", standing
                )
            )
            assert (got == "") == (row is not None and role in row.transcribe), (verb, role)


@by_kind
def test_a_link_to_another_case_or_for_another_purpose_opens_nothing(spec):
    for verb, step in spec.steps.items():
        row = registry.may(spec.kind, verb)
        if step.is_birth or row is None or Role.BY_LINK not in row.roles:
            continue
        assert row.purposes, f"{verb}: any link to the case would open it"
        case = spec.model(pk=1, kind=spec.kind, place=PLACE, organisation_ids=[HERE])
        with pytest.raises(NotPermitted) as refusal:
            ensure_permitted(case, step, actor(Role.BY_LINK, case=1, purpose="else"), "", Standing(()))
        assert refusal.value.code == "not_this_link"
        with pytest.raises(OutOfScope):
            ensure_permitted(case, step, actor(Role.BY_LINK, case=2, purpose=next(iter(row.purposes))), "", Standing(()))


# ---- one row of each kind, through the door itself ----


def filled(model, **known) -> models.Model:
    """A row of a model with something in every field that must hold something."""
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in known or field.attname in known or field.null or field.blank or field.has_default():
            continue
        if isinstance(field, models.ForeignKey):
            known[field.attname] = known["organisation_ids"][0] if field.related_model.__name__ == "Organisation" else 1
        elif isinstance(field, models.DateTimeField):
            known[field.name] = timezone.now()
        elif isinstance(field, models.DateField):
            known[field.name] = date(2026, 1, 1)
        elif isinstance(field, (models.IntegerField, models.DecimalField)):
            known[field.name] = 1
        elif getattr(field, "choices", None):
            known[field.name] = field.choices[0][0]
        elif field.unique:
            known[field.name] = str(next(_number))
    return model(**known)


def put(spec, organisation, parts=tuple(CaseRole)) -> Case:
    """One row of a kind as it is just born, its keys to other tables never looked at (the test takes everything back)."""
    case = filled(
        spec.model,
        kind=spec.kind,
        state=spec.model.INITIAL,
        reference=f"{spec.prefix}-MATRIX-{next(_number)}",
        title="矩阵",
        place=PLACE,
        organisation_ids=[organisation],
        happened_at=timezone.make_aware(datetime(2026, 1, 1)),
        opened_at=timezone.now(),
    )
    models.Model.save_base(case, force_insert=True)
    CaseOrganisation.objects.bulk_create(CaseOrganisation(case=case, organisation_id=organisation, role=part) for part in parts)
    return spec.model.objects.get(pk=case.pk)


@pytest.fixture
def taken_back(db):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def home(taken_back):
    return make_organisation().pk


def ways(spec) -> dict[str, list[str]]:
    """The states on the shortest way from birth to each state."""
    found, waiting = {spec.model.INITIAL: []}, deque([spec.model.INITIAL])
    while waiting:
        here = waiting.popleft()
        for step in spec.steps.values():
            if here in step.sources and step.target and step.target not in found:
                found[step.target] = [*found[here], step.target]
                waiting.append(step.target)
    return found


def somebody_for(row, organisation: int, case: int) -> Actor:
    """Whoever may do it; by link where nobody else may."""
    role = min(row.roles - {Role.BY_LINK}, default=Role.BY_LINK)
    return actor(role, organisation, case=case, purpose=next(iter(row.purposes), ""))


@by_kind
def test_the_door_answers_as_the_table_does(spec, home):
    elsewhere = make_organisation().pk
    case, without = put(spec, home), put(spec, elsewhere, parts=())
    for verb, step in spec.steps.items():
        row = registry.may(spec.kind, verb)
        if step.is_birth or row is None:
            continue
        purpose = next(iter(row.purposes), "")
        for role in Role:
            who = actor(role, home, case=case.pk, purpose=purpose)
            assert may(case, verb, who).allowed == (role in row.roles), (verb, role)
        for role in row.roles - {Role.SYSTEM, Role.BY_LINK}:
            assert may(without, verb, actor(role, elsewhere)).allowed == (not row.as_), (verb, role)


@by_kind
def test_a_step_from_another_state_is_refused_and_writes_nothing(spec, home):
    case = put(spec, home)
    for state, way in ways(spec).items():
        with transaction.atomic():
            for stop in way:
                Case.objects.filter(pk=case.pk).update(state=stop)
            for verb, step in spec.steps.items():
                if step.is_birth or state in step.sources:
                    continue
                who = somebody_for(registry.may(spec.kind, verb), home, case.pk)
                with pytest.raises(StepRefused) as refusal:
                    perform(case, verb, by=who, happened_at=timezone.now(), seen=None)
                assert refusal.value.code == f"not_from_{state}", (state, verb)
                assert str(refusal.value.says)
            transaction.set_rollback(True)
    assert not CaseEvent.objects.filter(case_id=case.pk).exists()


@by_kind
def test_who_may_not_is_told_so_before_anything_of_the_case(spec, home):
    """Neither the state, nor the facts, nor even that the case exists is told to whom it does not concern."""
    case = put(spec, home)
    stranger = make_organisation().pk
    for verb, step in spec.steps.items():
        if step.is_birth:
            continue
        row = registry.may(spec.kind, verb)
        for role in set(Role) - {Role.SYSTEM, Role.BY_LINK}:
            with pytest.raises(OutOfScope):
                perform(case, verb, by=actor(role, stranger), happened_at=timezone.now(), seen=None)
        nobody = next(role for role in (Role.OPERATOR, Role.AUDITOR) if role not in row.roles)
        with pytest.raises(NotPermitted) as refusal:
            perform(case, verb, by=actor(nobody, home), happened_at=timezone.now(), seen=None)
        assert refusal.value.code == "not_this_role"


@by_kind
def test_the_pages_of_a_case_out_of_scope_answer_404(spec, home, client):
    case = put(spec, home)
    user = make_user(make_organisation(), Role.MANAGER_CLERK, Role.MANAGER_APPROVER, Role.INSURER_HANDLER)
    client.force_login(user)
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    for verb, step in spec.steps.items():
        if not step.is_birth:
            assert client.post(f"/cases/{case.reference}/{verb}/", {}).status_code == 404, verb


@by_kind
def test_four_eyes_see_whoever_did_the_step_before(spec, home):
    case = put(spec, home)
    rows = {verb: registry.may(spec.kind, verb) for verb, step in spec.steps.items() if not step.is_birth}
    for verb, row in rows.items():
        for before in row.not_by:
            roles = row.roles - {Role.SYSTEM, Role.BY_LINK}
            first, second = make_actor(*roles), make_actor(*roles)
            for n, who in enumerate((first, second)):
                did(case, before if n == 0 else "note", who)
            mine = Actor(first.name, first.roles, user_id=first.user_id, organisation_id=home)
            others = Actor(second.name, second.roles, user_id=second.user_id, organisation_id=home)
            with pytest.raises(NotPermitted) as refusal:
                ensure_permitted(case, spec.steps[verb], mine, "", Standing(tuple((home, str(p)) for p in CaseRole)))
            assert refusal.value.code == "four_eyes", (verb, before)
            assert may(case, verb, others).allowed, (verb, before)


def did(case, verb, who) -> None:
    CaseEvent.objects.create(
        case=case, number=next(_number), topic=verb, verb=verb, target=case.state, actor_user_id=who.user_id, actor_name=who.name,
        happened_at=timezone.now(), recorded_at=timezone.now(), law_release="", facts_digest="", previous="", digest="",
    )  # fmt: skip
