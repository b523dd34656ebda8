"""Whether it is the database that cannot be had for a while: away, restarting, locked, full, or read-only.
That is no fault of whoever asked, and nothing that asking again would not mend.
"""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, OperationalError

READ_ONLY = "25006"
"""PostgreSQL's code for a write where only reading is allowed, which psycopg files under its own faults.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""
REFUSALS = (OperationalError, InterfaceError)


def is_refusal(error: BaseException | None) -> bool:
    """Whether an exception says so."""
    if isinstance(error, REFUSALS):
        return True
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", None) == READ_ONLY


def reason(error: BaseException) -> str:
    """What the database said, in one line."""
    return str(error).strip().partition("\n")[0]
