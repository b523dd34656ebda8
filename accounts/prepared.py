"""Queries that are put in words once and then only run: for addresses where Django takes longer to write the
SQL than the database to answer it. The managers write it, with the tenant's scope in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Value = uuid.UUID | str | int
Rows = tuple[tuple[Any, ...], ...]


class Prepared:
    """The query that `build` makes of values, run with others in their places. `build` may do no more with
    its values than to pass them on, each of which is a UUID, a text or a whole number.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._written = lru_cache(maxsize=100)(self._write)

    def rows(self, *values: Value) -> Rows:
        """What the database answers, as its driver gives it: fit to be compared, not to be read."""
        kinds = tuple(type(value) for value in values)
        sql, places = self._written(connection.vendor, kinds)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_of_place(place, values) for place in places])
            return tuple(cursor.fetchall())

    def _write(self, vendor: str, kinds: Sequence[type[Value]]) -> tuple[str, list[Any]]:
        """The SQL, and for each of its parameters the number of a value, or the parameter itself."""
        stand_ins = [_stand_in(kind) for kind in kinds]
        sql, parameters = self._build(*stand_ins).query.sql_with_params()
        numbers = {_stored(value): _Number(index) for index, value in enumerate(stand_ins)}
        return sql, [numbers.get(each, each) for each in parameters]


def _stand_in(kind: type[Value]) -> Value:
    """A value of this kind that no query has of its own."""
    made = uuid.uuid4()
    if kind is int:
        return made.int >> 68  # as much as a column of 64 bits holds
    return made if kind is uuid.UUID else made.hex


class _Number(int):
    """The number of a value, told from a parameter that is a number itself."""


def _of_place(place: Any, values: Sequence[Value]) -> Any:
    return _stored(values[place]) if isinstance(place, _Number) else place


def _stored(value: Value) -> Value:
    """As the database takes it."""
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
