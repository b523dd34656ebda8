"""What was read from rows, kept in the process for as long as the rows stay as they were.

Each request asks the database for the rows, by a query that is written once: so what is revoked or changed
counts for the next request, whichever process changed it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from accounts.kept import Kept
from accounts.prepared import Prepared, Rows, Value

LONGEST = 100

T = TypeVar("T")


class Recalled(Generic[T]):
    """Things read from rows, each with the rows as they stood before it was read. Whoever gets one changes
    nothing of it: other requests hold the same.
    """

    def __init__(self, rows: Prepared, most: int = 1_000) -> None:
        self._rows = rows
        self._kept: Kept[tuple[Rows, T]] = Kept(most)

    def get(self, values: tuple[Value, ...], read: Callable[[], T]) -> T:
        """What was read when the rows of these values stood as they do now; else `read` reads it.

        What values have no rows for is not kept, for anybody can ask for what is not there; nor is what is
        made of more than LONGEST, which would take up the process's memory.
        """
        rows = self._rows.rows(*values)
        known = self._kept.get(values)
        if known is not None and known[0] == rows:
            return known[1]
        found = read()
        if 0 < len(rows) <= LONGEST or not values:
            self._kept.put(values, (rows, found))
        return found
