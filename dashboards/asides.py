"""Small writes beside a read, such as when somebody last looked: no reader waits for one or fails with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)
SQLITE_PATIENCE_MS = 100


@contextmanager
def aside() -> Iterator[None]:
    """Inside, a write that the database does not take at once (locked, read-only, full) is left out."""
    try:
        with _hardly_waiting():
            yield
    except OperationalError as error:
        logger.warning("left out a note: %s", error)


@contextmanager
def _hardly_waiting() -> Iterator[None]:
    """Without the long patience that SQLite has with other writers."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_PATIENCE_MS:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
