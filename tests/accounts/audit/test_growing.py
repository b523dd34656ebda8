"""The record only grows: neither the portal's own code nor, on PostgreSQL, raw SQL changes a row of it."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry
from accounts.models_audit import OnlyGrows
from tests.conftest import Cast


def newest() -> AuditEntry:
    return AuditEntry.written.order_by("-id").first()


@pytest.mark.parametrize("manager", ["written", "objects", "_base_manager", "_default_manager"])
@pytest.mark.parametrize("verb", ["update", "delete", "raw delete", "bulk_update"])
def test_no_manager_changes_or_deletes(cast: Cast, everything, manager, verb):
    audit.record("client.paused", tenant=cast.tenant)
    row, rows = newest(), getattr(AuditEntry, manager).all()
    acts = {
        "update": lambda: rows.update(who="x"),
        "delete": rows.delete,
        "raw delete": lambda: rows._raw_delete("default"),
        "bulk_update": lambda: rows.bulk_update([row], ["who"]),
    }
    with pytest.raises(OnlyGrows):
        acts[verb]()
    assert newest().who == row.who


def test_a_row_is_neither_saved_again_nor_deleted(cast: Cast):
    audit.record("client.paused", tenant=cast.tenant)
    for act in (newest().save, newest().delete):
        with pytest.raises(OnlyGrows):
            act()


def test_it_outlives_its_client_and_its_people(cast: Cast, everything):
    audit.record("client.paused", tenant=cast.tenant, who="alice@acme.example")
    row = newest()
    cast.tenant.delete()
    cast.alice.delete()
    found = AuditEntry.objects.get(pk=row.pk)
    assert (found.tenant_slug, found.tenant_name, found.who) == ("acme", "Acme", "alice@acme.example")


def test_what_is_undone_is_not_said_to_have_happened(cast: Cast):
    before = AuditEntry.written.count()
    with transaction.atomic():
        audit.record("client.paused", tenant=cast.tenant)
        transaction.set_rollback(True)
    assert AuditEntry.written.count() == before


STATEMENTS = [
    "UPDATE accounts_auditentry SET who = 'nobody'",
    "UPDATE accounts_auditentry SET who = 'nobody' WHERE false",
    "DELETE FROM accounts_auditentry",
    "TRUNCATE accounts_auditentry",
    "TRUNCATE accounts_auditentry CASCADE",
]
# What only the table's owner could do, which the portal's role is not.
OWNERS = [
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER record_only_grows",
    "DROP TRIGGER record_only_grows ON accounts_auditentry",
    "DROP TABLE accounts_auditentry",
    "CREATE OR REPLACE FUNCTION record_only_grows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "SET session_replication_role = replica",
]


def said_to(sql: str) -> str:
    """What the database says to a statement; nothing where it does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.postgres
class TestRawSql:
    """As the table's owner, which is who migrates, and as the role that production runs as."""

    @pytest.fixture(autouse=True)
    def _on_postgresql(self, cast: Cast):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no roles; the model refuses alone")
        audit.record("client.paused", tenant=cast.tenant)

    @pytest.fixture
    def _as_portal(self):
        """A role with the rights that docs/record.md gives the portal's."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE belvedere_web NOLOGIN")
            cursor.execute("GRANT USAGE ON SCHEMA public TO belvedere_web")
            cursor.execute(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO belvedere_web"
            )
            cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO belvedere_web")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL ROLE belvedere_web")
        yield
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")

    @pytest.mark.parametrize("sql", STATEMENTS)
    def test_the_trigger_refuses(self, sql):
        assert said_to(sql).startswith("the record only grows")

    def test_also_where_ordinary_triggers_are_off(self):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        assert said_to(STATEMENTS[0]).startswith("the record only grows")

    @pytest.mark.usefixtures("_as_portal")
    def test_the_portals_role_adds_and_reads(self, cast: Cast):
        before = AuditEntry.written.count()
        audit.record("client.resumed", tenant=cast.tenant)
        assert AuditEntry.written.count() == before + 1

    @pytest.mark.parametrize("sql", STATEMENTS)
    @pytest.mark.usefixtures("_as_portal")
    def test_and_is_refused_everything_else(self, sql):
        assert said_to(sql).startswith(("the record only grows", "permission denied"))

    @pytest.mark.parametrize("sql", OWNERS)
    @pytest.mark.usefixtures("_as_portal")
    def test_nor_may_it_take_the_trigger_off(self, sql):
        assert said_to(sql).startswith(("must be owner", "permission denied"))
