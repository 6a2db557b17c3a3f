"""What a step changed on its case: cleaned, written in one statement a table, and kept for the audit row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from casework import sql
from casework.errors import FactsRefused
from casework.facts import plain
from casework.models import Case


def snapshot(case: Case) -> dict[str, Any]:
    """The fields of a case as they stand before the act."""
    return {f.attname: getattr(case, f.attname) for f in case._meta.concrete_fields}


def clean(case: Case, names: Iterable[str]) -> None:
    """Raises FactsRefused, by field, for what is there and not of its shape."""
    wanted = set(names) - {"state"}
    exclude = {f.name for f in case._meta.fields} - wanted | {"state", "reference", "parent"}
    # Emptiness is the form's business and the database's; here only what is there must be of its shape.
    exclude |= {f.name for f in case._meta.fields if f.is_relation or getattr(case, f.attname) in f.empty_values}
    try:
        case.clean_fields(exclude=exclude)
    except ValidationError as error:
        raise FactsRefused(dict(error.message_dict)) from error


_DERIVED = frozenset({"sequence", "head", "turn_organisation_id", "turn_role", "turn_verb", "turn_since", "next_deadline_at"})


def changes(case: Case, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields a step changed, or all of a newborn, as the audit row keeps them."""
    return {
        f.attname: plain_or_text(getattr(case, f.attname))
        for f in case._meta.concrete_fields
        if f.attname not in _DERIVED and (before is None or getattr(case, f.attname) != before[f.attname])
    }


def save(case: Case, before: Mapping[str, Any]) -> None:
    """Write what changed, cleaned, in one statement a table; `state` always among it, so that a stale one is noticed."""
    changed = [f.name for f in case._meta.concrete_fields if getattr(case, f.attname) != before[f.attname]]
    clean(case, changed)
    sql.update(case, {*changed, "state"}, guard="state", was=before["state"])
    case._update_initial_state()


def plain_or_text(value: Any) -> Any:
    """A field's value for the audit row; files and the like by their text."""
    try:
        return plain(value)
    except TypeError:
        return str(value)
