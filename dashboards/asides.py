"""Small writes beside a read, such as when somebody last looked: no reader waits for one or fails with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection, transaction

from accounts.database import is_refusal, reason

logger = logging.getLogger(__name__)
PATIENCE_MS = 100


@contextmanager
def aside() -> Iterator[None]:
    """Inside, a write that the database does not take at once (locked, read-only, full) is left out."""
    is_there = False
    try:
        with _hardly_waiting():
            is_there = True
            yield
    except (DatabaseError, InterfaceError) as error:
        if not is_there or not is_refusal(error):  # where nothing can be asked at all, nothing is left out
            raise
        logger.warning("left out a note: %s", reason(error))


@contextmanager
def _hardly_waiting() -> Iterator[None]:
    """Without the long patience with other writers."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE_MS:d}")
            yield
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
