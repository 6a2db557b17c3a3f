"""Human-readable numbers, e.g. CL-2026-00731: counted per prefix and year, without gaps or doubles."""

from __future__ import annotations

from django.db import connection


def next_reference(prefix: str, year: int) -> str:
    """The next number of a prefix and year. The counter row is held until commit, so a rollback gives its number back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_referencecounter (prefix, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = casework_referencecounter.last + 1 RETURNING last",
            [prefix, year],
        )
        return f"{prefix}-{year}-{cursor.fetchone()[0]:05d}"
