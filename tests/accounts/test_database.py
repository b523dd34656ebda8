"""What says that the database cannot be had for a while, and what says that something is wrong."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError

from accounts.database import is_refusal, reason


def caused(error: DatabaseError, cause: Exception) -> DatabaseError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("database is locked"), True),
        (InterfaceError("connection already closed"), True),
        (caused(InternalError("read-only"), psycopg.errors.ReadOnlySqlTransaction()), True),
        (caused(InternalError("aborted"), psycopg.errors.InFailedSqlTransaction()), False),
        (IntegrityError("duplicate key"), False),
        (ValueError("locked"), False),
        (None, False),
    ],
)
def test_only_what_asking_again_would_mend_is_a_refusal(error, expected):
    assert is_refusal(error) is expected


def test_what_it_said_is_told_in_a_line():
    assert reason(OperationalError("connection failed: refused\n\tIs the server running?\n")) == (
        "connection failed: refused"
    )
