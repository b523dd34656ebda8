"""On PostgreSQL, composite foreign keys: what belongs to a request belongs to its tenant, and so does the grant
that a request works with."""

from django.db import migrations

OF_ONE_TENANT = """
ALTER TABLE provisioning_{table} ADD CONSTRAINT {table}_and_{column}_of_one_tenant
    FOREIGN KEY (tenant_id, {column}_id) REFERENCES provisioning_{target} (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
PAIRS = [
    ("provisioningrequest", "grant", "credential"),
    ("accountticket", "request", "provisioningrequest"),
    ("requestevent", "request", "provisioningrequest"),
    ("requestlink", "request", "provisioningrequest"),
    ("consent", "request", "provisioningrequest"),
]
ADD = "".join(OF_ONE_TENANT.format(table=table, column=col, target=target) for table, col, target in PAIRS)
DROP = "".join(
    f"ALTER TABLE provisioning_{table} DROP CONSTRAINT {table}_and_{col}_of_one_tenant;"
    for table, col, _ in PAIRS
)


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """Constraints that Django cannot express."""

    dependencies = [("provisioning", "0004_grants_and_requests")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
