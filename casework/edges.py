"""Writes the permitted changes of state into the database, where a trigger holds everybody to them."""

from __future__ import annotations

from typing import Any

from django.db import connections

from casework import registry


def declared_edges() -> set[tuple[str, str, str]]:
    """All (kind, source, target) that the declarations allow, births included as source ''."""
    return {
        (spec.kind, source, step.target)
        for spec in registry.kinds()
        for step in spec.steps.values()
        if step.target is not None
        for source in step.sources
    }


def write_edges(*, using: str = "default", **kwargs: Any) -> None:
    """Bring casework_edge in line with the declarations (post_migrate; idempotent)."""
    connection = connections[using]
    if "casework_edge" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, source, target FROM casework_edge")
        stored = set(cursor.fetchall())
        wanted = declared_edges()
        for edge in wanted - stored:
            cursor.execute("INSERT INTO casework_edge (kind, source, target) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", edge)
        for edge in stored - wanted:
            cursor.execute("DELETE FROM casework_edge WHERE kind = %s AND source = %s AND target = %s", edge)
