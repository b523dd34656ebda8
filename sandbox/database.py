"""The SQLite database under everything that outlives a request.

Each part of the sandbox keeps its tables in a file of its own, as a store: it takes the database and defines
its schema there, with what a reset undoes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from typing import Any


class Database:
    """One SQLite file, or one in memory; safe to use from many threads, and beside another process."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._resets: list[str] = []
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        if path != ":memory:":
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")

    def define(self, schema: str, reset: Sequence[str] = ()) -> None:
        """A store's tables (`CREATE TABLE IF NOT EXISTS …`), and the statements that undo what happened while
        serving."""
        with self._lock:
            self._db.executescript(schema)
            self._resets += reset

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def first(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
            return row

    def write(self, sql: str, *values: Any) -> int:
        """How many rows were written. `UPDATE … WHERE NOT used` and a look at that number is how something is
        used once."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def reset(self) -> None:
        for sql in self._resets:
            self.write(sql)

    def close(self) -> None:
        self._db.close()
