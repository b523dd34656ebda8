"""Re-encrypts every secret with the first key, while people work.

Each row is written only where it still holds what was read, so that whoever changed it meanwhile wins, and it
is looked at again. Nothing is kept of the way: what another key sealed is what is left to do, so that it can
be killed at any moment and begun again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from provisioning.crypto import KeyRing, SealError
from provisioning.sealed_places import Source, keys_in_use, sources
from provisioning.sealed_texts import replaced

AT_ONCE = 500
"""Rows read in one query; each is then written by itself."""

PASSES = 5
"""How often all is looked through while others still write with an older key."""


@dataclass
class Outcome:
    """What became of it. `needed` says of older keys how many secrets still need each; `unreadable`, in words
    for whoever is at the server, which rows could not be opened.
    """

    first: str
    done: int = 0
    needed: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)


def rotate() -> Outcome:
    """Re-encrypts what is not sealed with the first key. Runs inside a scope of all tenants."""
    ring = KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
    outcome = Outcome(ring.first)
    for _number in range(PASSES):
        outcome.unreadable = []
        before = outcome.done
        for source in sources():
            _rotate(source, ring, outcome)
        outcome.needed = older_keys_in_use()
        if outcome.done == before or not outcome.needed:
            break
    return outcome


def older_keys_in_use() -> Counter[str]:
    """The ids of keys but the first that stored secrets need, and how many each."""
    needed = keys_in_use()
    del needed[next(iter(settings.PORTAL_ENCRYPTION_KEYS))]
    return needed


def _rotate(source: Source, ring: KeyRing, outcome: Outcome) -> None:
    for row, whose, stored in _stored(source):
        try:
            outcome.done += _reseal(source, ring, row, whose, stored)
        except SealError as error:
            outcome.unreadable.append(f"{source.model._meta.db_table}.{source.column}, row {row}: {error}")


def _stored(source: Source) -> Iterator[tuple[Any, Any, Any]]:
    """Each row with its sealed text, read group by group: no query stays open while others write."""
    last: Any = None
    while True:
        rows = source.rows() if last is None else source.rows().filter(pk__gt=last)
        found = list(rows.values_list("pk", source.whose, source.column)[:AT_ONCE])
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1][0]


def _reseal(source: Source, ring: KeyRing, row: Any, whose: Any, stored: Any) -> bool:
    """Whether it was written here; False where there was nothing to do. Raises SealError."""
    place = source.place(whose)
    while stored is not None:
        sealed = replaced(stored, lambda text: ring.reseal(text, place))
        if sealed == stored:
            return False
        same = source.rows().filter(pk=row, **{source.column: stored})
        if same.update(**{source.column: sealed}):
            return True
        stored = source.rows().filter(pk=row).values_list(source.column, flat=True).first()
    return False
