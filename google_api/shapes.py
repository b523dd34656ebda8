"""Reads JSON whose shape is promised but not certain: what is absent has a default, what is wrong is a
`BadAnswer`.

Google leaves out false, zero and empty (proto3 JSON), so absence is normal everywhere. The errors name the
key and never the value, which is Google's.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import cast

from google_api.errors import BadAnswer

Json = dict[str, object]

_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")


def text(parent: Json, key: str) -> str:
    """A string, "" where absent; without what a database cannot hold."""
    value = parent.get(key, "")
    if not isinstance(value, str):
        raise _wrong(key)
    return _storable(value)


def flag(parent: Json, key: str) -> bool:
    """A boolean, False where absent."""
    value = parent.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key)
    return value


def count(parent: Json, key: str) -> int:
    """An integer, which JSON of Google's writes as a number (32 bits) or as a string (64 bits); 0 where
    absent.
    """
    value = parent.get(key, 0)
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) <= 20:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(key)
    return value


def moment(parent: Json, key: str) -> datetime | None:
    """A point in time ("2026-01-31T10:00:00.5Z"), None where absent."""
    value = parent.get(key)
    if value is None:
        return None
    found = _moment(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(key)
    return found


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else None
    except ValueError:  # the 30th of February
        return None


def child(parent: Json, key: str) -> Json:
    """An object, {} where absent."""
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(key)
    return cast(Json, value)


def children(parent: Json, key: str) -> list[Json]:
    """A list of objects, [] where absent."""
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _wrong(key)
    return cast(list[Json], value)


def _storable(value: str) -> str:
    """People put anything into the name of a property, visitors into the address or title of a page."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def texts(parent: Json, key: str) -> tuple[str, ...]:
    """A list of strings, () where absent."""
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(key)
    return tuple(_storable(item) for item in cast(list[str], value))


def _wrong(key: str) -> BadAnswer:
    return BadAnswer(f"unexpected {key}")
