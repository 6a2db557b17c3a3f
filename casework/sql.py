"""The writes that every step makes, without compiling each of them anew: that costs a step more than the writing itself.

What a field stores is still the field's own business. Names come from the models, values go as parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, models
from django.db.utils import DEFAULT_DB_ALIAS
from django_fsm import ConcurrentTransition

M = TypeVar("M", bound=models.Model)
#: Values of these types go to the driver as they are, for fields that do nothing else with them.
AS_THEY_ARE = frozenset({str, int, bool, type(None), datetime, UUID})
PLAIN_FIELDS = (
    models.CharField, models.TextField, models.IntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField,
    models.BigIntegerField, models.BooleanField, models.UUIDField, models.DateTimeField, models.ForeignKey, models.OneToOneField,
)  # fmt: skip


def insert(rows: Sequence[models.Model], *, renewed: Sequence[str] = (), once: Sequence[str] = ()) -> None:
    """Insert unsaved rows of one model in one statement; `renewed` fields overwrite the row that has the same `once` fields.

    Keys that the database makes are not read back.
    """
    if not rows:
        return
    model = type(rows[0])
    head, one, fields = _insert_head(model)
    tail = _conflict(model, tuple(once), tuple(renewed)) if once else ""
    connection = connections[DEFAULT_DB_ALIAS]  # the proxy `django.db.connection` costs a look-up at every touch
    values = []
    for row in rows:
        for field, is_plain in fields:
            value = getattr(row, field.attname) if is_plain else None
            plain = is_plain and type(value) in AS_THEY_ARE
            values.append(value if plain else field.get_db_prep_save(field.pre_save(row, True), connection))
    _execute(f"{head} {', '.join([one] * len(rows))}{tail}", values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, names: Collection[str], *, guard: str, was: Any) -> None:
    """Write these fields of a row and of its parents, one statement a table, where `guard` still holds the value it had.

    Raises ConcurrentTransition when it does not.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    by_model: dict[type[models.Model], list[Any]] = {}
    for field in row._meta.concrete_fields:
        if field.name in names and not field.primary_key:
            by_model.setdefault(field.model, []).append(field)
    for model, fields in by_model.items():
        values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
        settings = ", ".join(f"{_column(model, field.name)} = {_placeholder(field)}" for field in fields)
        where, key = f"{_column(model, 'pk')} = %s", [row.pk]
        if any(field.name == guard for field in fields):
            where, key = f"{where} AND {_column(model, guard)} = %s", [row.pk, was]
        table = _quoted(model._meta.db_table)
        count = _execute(f"UPDATE {table} SET {settings} WHERE {where}", [*values, *key])  # noqa: S608
        if count != 1:
            raise ConcurrentTransition(f"{model._meta.label} {row.pk} is no longer in {was!r}")


def locked(model: type[M], key: Any, *, before: str = "", values: Sequence[Any] = ()) -> M:
    """One row of a model with its parents', fresh and locked against writers. Raises DoesNotExist.

    before: a statement that takes other locks first, sent along; each sees what was committed until it runs.
    """
    text, names, converters = _select_locked(model)
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(f"{before}; {text}" if before else text, [*values, key])
        found = cursor.fetchone()
    if found is None:
        raise model.DoesNotExist(f"{model._meta.label} {key}")  # type: ignore[attr-defined]
    fresh = list(found)
    for position, (functions, expression) in converters.items():
        for convert in functions:
            fresh[position] = convert(fresh[position], expression, connection)
    return model.from_db(connection.alias, names, fresh)


def rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Read with bare SQL."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _execute(sql: str, values: Sequence[Any]) -> int:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


@lru_cache(maxsize=512)
def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return _quoted(field.column)


def _placeholder(field: Any) -> str:
    return str(field.get_placeholder(None, None, connections[DEFAULT_DB_ALIAS])) if hasattr(field, "get_placeholder") else "%s"


@lru_cache(maxsize=64)
def _select_locked(model: type[models.Model]) -> tuple[str, list[str], Any]:
    """The statement as Django compiles it, its fields, and what turns the driver's values into theirs."""
    compiler = model._default_manager.select_for_update(no_key=True).filter(pk=0).query.get_compiler(DEFAULT_DB_ALIAS)
    text, _values = compiler.as_sql()
    expressions = [expression for expression, _sql, _alias in compiler.select or ()]
    return text, [expression.target.attname for expression in expressions], compiler.get_converters(expressions)


@lru_cache(maxsize=64)
def _insert_head(model: type[models.Model]) -> tuple[str, str, tuple[tuple[Any, bool], ...]]:
    fields = tuple(f for f in model._meta.local_concrete_fields if not isinstance(f, models.AutoField))
    columns = ", ".join(_quoted(field.column) for field in fields)
    one = f"({', '.join(_placeholder(field) for field in fields)})"
    known = tuple((field, _is_plain(field)) for field in fields)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES", one, known


def _is_plain(field: Any) -> bool:
    return type(field) in PLAIN_FIELDS and not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


@lru_cache(maxsize=64)
def _conflict(model: type[models.Model], once: tuple[str, ...], renewed: tuple[str, ...]) -> str:
    settings = ", ".join(f"{_column(model, name)} = EXCLUDED.{_column(model, name)}" for name in renewed)
    columns = ", ".join(_column(model, name) for name in once)
    return f" ON CONFLICT ({columns}) DO UPDATE SET {settings}"
