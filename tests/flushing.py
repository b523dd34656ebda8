"""Emptying a test's database on PostgreSQL, where the record refuses to be emptied."""

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations

OFF = "ALTER TABLE accounts_auditentry DISABLE TRIGGER record_only_grows"
ON = "ALTER TABLE accounts_auditentry ENABLE ALWAYS TRIGGER record_only_grows"


def past_the_record() -> None:
    """From now on Django's `flush`, and it alone, takes the trigger off for its own transaction."""

    def execute_sql_flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        BaseDatabaseOperations.execute_sql_flush(self, [OFF, *sql_list, ON])

    DatabaseOperations.execute_sql_flush = execute_sql_flush
