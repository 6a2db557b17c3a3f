"""What the apps declared, by name: kinds, permissions, positions, forms. Filled once at start, read ever after."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from casework.declarations import KindSpec, StepSpec

if TYPE_CHECKING:
    from access.roles import Allowed
    from casework.models import Case

_kinds: dict[str, KindSpec] = {}
_may: dict[str, Allowed] = {}
_positions: dict[str, Callable[[Any], Any]] = {}
_forms: dict[str, type] = {}
_facts: dict[str, type] = {}

#: Events that are no step of a life cycle: what an office arranges about a case (casework/office.py).
OFFICE = {"assign_officer": _("改经办人"), "name_substitute": _("请同事代办")}

F = TypeVar("F")
MODULES = ("permissions", "selectors", "effects", "forms", "documents", "panels", "navigation_items", "archive_sections", "link_pages")


def autodiscover() -> None:
    """Read every kind's declarations and import the modules that register themselves."""
    for model in apps.get_models():
        if getattr(model, "KIND", "") and not model._meta.proxy:
            _register(model)
    autodiscover_modules(*MODULES)
    for config in apps.get_app_configs():
        module = getattr(config.module, "permissions", None)
        may: Mapping[str, Allowed] = getattr(module, "MAY", {})
        _may.update(may)


def _register(model: Any) -> None:
    app = model._meta.app_label
    steps: dict[str, StepSpec] = {}
    for name in dir(model):
        spec = getattr(getattr(model, name, None), "step", None)
        if isinstance(spec, StepSpec):
            steps[name] = dataclasses.replace(spec, kind=model.KIND, app=app)
    _kinds[model.KIND] = KindSpec(
        kind=model.KIND,
        app=app,
        model=model,
        label=model.KIND_LABEL,
        prefix=model.PREFIX,
        steps=steps,
        states=model.STATES,
        path=model.PATH,
        deadlines=model.DEADLINES,
        evidence=model.EVIDENCE,
        ended=model.ENDED,
    )


def kinds() -> list[KindSpec]:
    return list(_kinds.values())


def kind(name: str) -> KindSpec:
    """The declarations of one kind. KeyError when there is none."""
    return _kinds[name]


def label_of(kind_name: str, verb: str) -> Any:
    """What an event is called: its step's label, or what the office arranged."""
    step = _kinds[kind_name].steps.get(verb)
    return step.label if step is not None else OFFICE.get(verb, verb)


def may(kind_name: str, verb: str) -> Allowed | None:
    """The MAY row of a step; None means nobody may (closed unless listed)."""
    return _may.get(f"{kind_name}.{verb}")


def all_may() -> dict[str, Allowed]:
    return dict(_may)


def position_for(kind_name: str) -> Callable[[F], F]:
    """Register the selector that reads a kind's position: (case) -> frozen read model, after the lock."""

    def register(selector: F) -> F:
        _positions[kind_name] = selector  # type: ignore[assignment]
        return selector

    return register


def position_of(case: Case) -> Any:
    """The frozen read model that a kind's guards judge; None for a kind that registered none.

    It is read when somebody first asks it something: many steps have no guard that does, and their turn neither.
    """
    selector = _positions.get(case.kind)
    return SimpleLazyObject(lambda: selector(case)) if selector else None


def form_for(*topics: str) -> Callable[[F], F]:
    """Register the form that types a step's facts, by the step's topic ("claims.advance.approve")."""

    def register(form: F) -> F:
        for topic in topics:
            _forms[topic] = form  # type: ignore[assignment]
        return form

    return register


def form_of(topic: str) -> type | None:
    return _forms.get(topic)
