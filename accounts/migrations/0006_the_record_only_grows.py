"""On PostgreSQL not even raw SQL changes the record, deletes from it or empties it.

`ENABLE ALWAYS` also holds in a session that has switched ordinary triggers off (session_replication_role). The
table's owner could drop the trigger: so the portal runs as a role that does not own it (docs/record.md).
"""

from django.db import migrations

ADD = """
CREATE FUNCTION record_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER record_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION record_only_grows();
ALTER TABLE accounts_auditentry ENABLE ALWAYS TRIGGER record_only_grows;
"""
DROP = """
DROP TRIGGER record_only_grows ON accounts_auditentry;
DROP FUNCTION record_only_grows();
"""


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(
                    sql
                )  # not schema_editor.execute, which takes the percent sign for a parameter's

    return step


class Migration(migrations.Migration):
    """A trigger, which Django cannot express."""

    dependencies = [("accounts", "0005_the_record")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
